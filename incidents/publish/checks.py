"""The contract as checks: what stops a release, with the rows that fail."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from incidents.duck import connect
from incidents.schema import Column, Table, literal
from incidents.tables import BY_NAME, EVIDENCED, TABLES, UNSAID

# Beside them a date that rests on the day of publication.
WITHOUT_SENTENCE = f"({', '.join(map(literal, UNSAID))})"


@dataclass(frozen=True)
class Failure:
    """A row that breaks a rule of the contract."""

    table: str
    row_id: str
    column: str
    rule: str
    value: str


def check(tables: dict[str, pa.Table]) -> list[Failure]:
    """All rows that break the contract, sorted. An empty list means that the tables may be published."""
    with connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        found = [Failure(*row) for query in _queries() for row in connection.execute(query).fetchall()]
    return sorted(set(found), key=lambda f: (f.table, f.row_id, f.column, f.rule))


def _queries() -> Iterator[str]:
    for table in TABLES:
        yield _unique(table)
        for column in table.columns:
            for rule, condition in _conditions(column):
                yield _select(table, column, rule, condition)
            if column.name in EVIDENCED.get(table.name, ()):
                yield _select(table, column, "has no evidence", _without_evidence(table, column))
    yield _select(
        BY_NAME["evidence"], BY_NAME["evidence"].column("char_end"), "before char_start", "char_end < char_start"
    )
    yield _one_report()


def _select(table: Table, column: Column, rule: str, condition: str) -> str:
    return (
        f"SELECT {literal(table.name)}, coalesce(\"{table.key.name}\", ''), {literal(column.name)}, {literal(rule)}, "
        f'coalesce(CAST("{column.name}" AS VARCHAR), \'\') FROM "{table.name}" AS this WHERE {condition}'
    )


def _unique(table: Table) -> str:
    key = table.key.name
    return (
        f'SELECT {literal(table.name)}, "{key}", {literal(key)}, \'is not unique\', "{key}" '
        f'FROM "{table.name}" GROUP BY "{key}" HAVING count(*) > 1'
    )


def _conditions(column: Column) -> Iterator[tuple[str, str]]:
    name = f'"{column.name}"'
    if column.required:
        yield "is empty", f"{name} IS NULL" + (f" OR {name} = ''" if column.type == "text" else "")
    if column.vocabulary:
        codes = f"SELECT code FROM vocabulary WHERE vocabulary = {literal(column.vocabulary)}"
        yield f"is not a code of {column.vocabulary}", f"{name} IS NOT NULL AND {name} NOT IN ({codes})"
    if column.references:
        target = BY_NAME[column.references]
        keys = f'SELECT "{target.key.name}" FROM "{target.name}"'
        yield f"is not in {target.name}", f"{name} IS NOT NULL AND {name} NOT IN ({keys})"
    if column.pattern:
        yield f"does not fit {column.pattern}", f"NOT regexp_full_match({name}, {literal(column.pattern)})"
    measure = f"length({name})" if column.type == "text" else name
    if column.minimum is not None:
        yield f"is below {column.minimum:g}", f"{measure} < {column.minimum}"
    if column.maximum is not None:
        yield f"is above {column.maximum:g}", f"{measure} > {column.maximum}"


def _without_evidence(table: Table, column: Column) -> str:
    backed = (
        f"SELECT row_id FROM evidence WHERE selected AND table_name = {literal(table.name)} "
        f"AND field = {literal(column.name)}"
    )
    condition = f'"{column.name}" IS NOT NULL AND CAST("{column.name}" AS VARCHAR) NOT IN {WITHOUT_SENTENCE} '
    if column.type == "date":
        condition += "AND date_basis NOT IN ('publication', 'none') "
    return condition + f'AND "{table.key.name}" NOT IN ({backed})'


def _one_report() -> str:
    return (
        "SELECT 'incident_articles', min(incident_article_id), 'article_id', 'reports more than one incident', "
        "article_id FROM incident_articles WHERE relation IN ('reports', 'follow_up') "
        "GROUP BY article_id HAVING count(*) > 1"
    )
