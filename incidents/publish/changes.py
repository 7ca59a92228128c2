"""What differs between two releases, computed from their exported files."""

from pathlib import Path

import duckdb
import pyarrow as pa

from incidents.publish import database
from incidents.schema import Table, literal
from incidents.tables import BY_NAME, TABLES

# These say something about the release itself.
SELF_DESCRIBING = ("quality", "changes", "release")
COMPARED = tuple(table for table in TABLES if table.name not in SELF_DESCRIBING)
# The key of a change is incidents.ids.digest of its table, row and field.
KEYED = """
SELECT 'chg-' || left(sha256(table_name || chr(31) || row_id || chr(31) || coalesce(field, '')), 16) AS change_id, *,
       CAST(NULL AS VARCHAR) AS reason
FROM ({}) ORDER BY change_id
"""


def changes(new: Path, old: Path | None) -> pa.Table:
    """Rows of the table `changes` between the parquet folders `new` and `old`; none where there is no older release."""
    schema = BY_NAME["changes"].schema
    if old is None:
        return schema.empty_table()
    with database.bounded() as connection:
        compared = [table for table in COMPARED if (old / f"{table.name}.parquet").exists()]
        queries = [query for table in compared for query in _compare(connection, table, new, old)]
        found = connection.sql(KEYED.format(" UNION ALL ".join(queries))).to_arrow_table()
    return found.select(schema.names).cast(pa.schema([field.with_nullable(True) for field in schema]))


def _compare(connection: duckdb.DuckDBPyConnection, table: Table, new: Path, old: Path) -> list[str]:
    """The queries whose rows are the changes of a table; those in both are compared once, for all columns."""
    key, name = f'"{table.key.name}"', literal(table.name)
    news, olds = (f"read_parquet({literal(str(folder / f'{table.name}.parquet'))})" for folder in (new, old))
    known = {row[0] for row in connection.execute(f"DESCRIBE FROM {olds}").fetchall()}
    sides = [
        (c.name, f'CAST(o."{c.name}" AS VARCHAR)' if c.name in known else "NULL", f'CAST(n."{c.name}" AS VARCHAR)')
        for c in table.columns[1:]
    ]
    items = ", ".join(f"{{'field': {literal(c)}, 'old_value': {o}, 'new_value': {n}}}" for c, o, n in sides)
    differs = " OR ".join(f"{o} IS DISTINCT FROM {n}" for _, o, n in sides)
    pairs = (
        f"SELECT n.{key} AS row_id, unnest([{items}], recursive := true) "
        f"FROM {news} n JOIN {olds} o USING ({key}) WHERE {differs}"
    )
    connection.execute(
        f'CREATE TEMP TABLE "changed_{table.name}" AS FROM ({pairs}) WHERE old_value IS DISTINCT FROM new_value'
    )
    nothing = "NULL AS field, NULL AS old_value, NULL AS new_value"
    only = f"SELECT {name} AS table_name, {key} AS row_id, '{{}}' AS change, {nothing}"
    return [
        f"{only.format('added')} FROM {news} n ANTI JOIN {olds} o USING ({key})",
        f"{only.format('removed')} FROM {olds} o ANTI JOIN {news} n USING ({key})",
        f"SELECT {name}, row_id, 'changed', field, old_value, new_value FROM \"changed_{table.name}\"",
    ]
