"""The table `quality`: counted in a release, measured on labelled news, and missed at least."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from incidents.duck import connect
from incidents.ids import digest
from incidents.publish import completeness, export
from incidents.publish.checks import WITHOUT_SENTENCE
from incidents.reference import Measurement, Source
from incidents.schema import literal
from incidents.tables import BY_NAME, EVIDENCED

LABELLED = "labelled_news"
# Kinds of source that bring pages of their own publisher only; searches and archives find everybody's.
OF_A_PUBLISHER = ("feed", "sitemap", "listing")
Row = dict[str, Any]


def table(
    tables: Mapping[str, pa.Table], measurements: Iterable[Measurement], sources: Sequence[Source] = ()
) -> pa.Table:
    """The rows of `quality` for these published tables.

    Without `sources` nothing is said by source group, and nothing on what was missed.
    """
    with connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        connection.register("source_groups", _groups(sources))
        found = [*_counted(connection), _evidenced(connection), *_missed(connection)]
    found += [_measured(measurement) for measurement in measurements]
    keyed = [
        row | {"quality_id": f"qua-{digest(row['figure'], row['scope'], row['scope_value'])}"}
        for row in found
        if row["value"] is not None  # a share of nothing
    ]
    return export.conform(BY_NAME["quality"], pa.Table.from_pylist(keyed, BY_NAME["quality"].schema))


def headline(quality: pa.Table) -> dict[str, float]:
    """The figures that are not cut by country, language or group."""
    return {row["figure"]: row["value"] for row in quality.to_pylist() if row["scope_value"] is None}


def told(quality: pa.Table) -> dict[str, Any]:
    """For people: `figures` that are not cut, counted ones first, and per cut `by` value the number of each figure."""
    rows = sorted(quality.to_pylist(), key=lambda row: (row["scope"], row["figure"], row["scope_value"] or ""))
    by: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        if row["scope_value"]:
            cut = by.setdefault(row["scope"], {}).setdefault(row["scope_value"], {})
            cut[row["figure"]] = _shown(row, row["value"])
    figures = [
        row | {"shown": _shown(row, row["value"]), "interval": _interval(row)} for row in rows if not row["scope_value"]
    ]
    return {"figures": figures, "by": by}


def _shown(row: Row, number: float) -> str:
    return f"{number:.3f}" if row["scope"] == LABELLED or row["figure"].endswith("_share") else f"{number:.0f}"


def _interval(row: Row) -> str:
    if row["low"] is None:
        return ""
    return f"{_shown(row, row['low'])} to {_shown(row, row['high'])}" if row["high"] is not None else "no upper end"


def _groups(sources: Sequence[Source]) -> pa.Table:
    rows = [{"source": s.id, "source_group": s.group, "of_a_publisher": s.kind in OF_A_PUBLISHER} for s in sources]
    schema = pa.schema([("source", pa.string()), ("source_group", pa.string()), ("of_a_publisher", pa.bool_())])
    return pa.Table.from_pylist(rows, schema=schema)


def _row(figure: str, value: float | None, basis: str, **more: Any) -> Row:
    return {"figure": figure, "scope": "all", "scope_value": None, "value": value, "basis": basis} | more


def _counted(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    query = files("incidents.publish").joinpath("quality.sql").read_text()
    for figure, scope, scope_value, value, basis in connection.execute(query).fetchall():
        yield _row(figure, value, basis, scope=scope, scope_value=scope_value)


def _evidenced(connection: duckdb.DuckDBPyConnection) -> Row:
    """Of all values that must have evidence, those with a sentence; a date of publication has none."""
    values = " UNION ALL ".join(
        f"SELECT {literal(name)} AS table_name, {literal(field)} AS field, {BY_NAME[name].key.name} AS row_id "
        f'FROM {name} WHERE "{field}" IS NOT NULL AND CAST("{field}" AS VARCHAR) NOT IN {WITHOUT_SENTENCE}'
        for name, fields in EVIDENCED.items()
        for field in fields
    )
    backed = "SELECT DISTINCT table_name, field, row_id, 1 AS backed FROM evidence WHERE selected"
    [(share,)] = connection.execute(
        f"SELECT avg(coalesce(backed, 0)) FROM ({values}) LEFT JOIN ({backed}) USING (table_name, field, row_id)"
    ).fetchall()
    return _row("values_with_evidence_share", share, "published values with a sentence; a date of publication has none")


def _missed(connection: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    captured = connection.execute(
        "SELECT i.incident_id, list(DISTINCT g.source_group) FROM incidents i "
        "JOIN incident_articles x USING (incident_id) JOIN articles a USING (article_id) "
        "JOIN source_groups g USING (source) "
        "WHERE i.record_class = 'incident' AND x.relation IN ('reports', 'follow_up') AND a.copy_of IS NULL "
        "AND g.of_a_publisher GROUP BY ALL"
    ).fetchall()
    bound = completeness.missed(dict(captured))
    if bound is None:
        return
    high = round(bound.high) if bound.high is not None else None
    yield _row("missed_at_least", round(bound.value), _basis(bound), low=round(bound.low), high=high)


def _basis(bound: completeness.Missed) -> str:
    pair = " and ".join(bound.dependent) if bound.dependent else "no two groups"
    return (
        f"a lower bound on the incidents that no source reported, from {bound.seen} that some did: capture-recapture "
        f"over the source groups {', '.join(bound.groups)} by log-linear models chosen by AIC ({pair} dependent), "
        "profile likelihood interval. Assumes that all other groups collect independently, that copies are recognised "
        "and that linking joins all articles on an incident and no others; what all groups find hard to see is missed "
        f"on top. Given {completeness.RULE}"
    )


def _measured(measurement: Measurement) -> Row:
    told = measurement.model_dump()
    return _row(told.pop("figure"), told.pop("value"), told.pop("basis"), **told | {"scope": LABELLED})
