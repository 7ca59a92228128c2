"""What differs between two releases, computed from their exported files."""

from pathlib import Path

import duckdb
import pyarrow as pa

from incidents.duck import connect
from incidents.ids import digest
from incidents.schema import Table, literal
from incidents.tables import BY_NAME, TABLES

# These say something about the release itself.
SELF_DESCRIBING = ("quality", "changes", "release")
COMPARED = tuple(table for table in TABLES if table.name not in SELF_DESCRIBING)


def changes(new: Path, old: Path | None) -> pa.Table:
    """Rows of the table `changes` between the parquet folders `new` and `old`; none where there is no older release."""
    schema = BY_NAME["changes"].schema
    if old is None:
        return schema.empty_table()
    with connect() as connection:
        rows = [row for table in COMPARED for row in _compare(connection, table, new, old)]
    records = [
        dict(zip(schema.names, (f"chg-{digest(*row[:2], row[3])}", *row, None), strict=True))
        for row in sorted(rows, key=lambda row: (row[0], row[1], row[3] or ""))
    ]
    return pa.Table.from_pylist(records, schema=schema)


Row = tuple[str, str, str, str | None, str | None, str | None]


def _compare(connection: duckdb.DuckDBPyConnection, table: Table, new: Path, old: Path) -> list[Row]:
    if not (old / f"{table.name}.parquet").exists():
        return []
    key = f'"{table.key.name}"'
    for side, folder in (("new_rows", new), ("old_rows", old)):
        path = literal(str(folder / f"{table.name}.parquet"))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {side} AS SELECT * FROM read_parquet({path})")
    known = {row[0] for row in connection.execute("DESCRIBE old_rows").fetchall()}
    name = literal(table.name)
    queries = [
        f"SELECT {name}, {key}, 'added', NULL, NULL, NULL FROM new_rows ANTI JOIN old_rows USING ({key})",
        f"SELECT {name}, {key}, 'removed', NULL, NULL, NULL FROM old_rows ANTI JOIN new_rows USING ({key})",
    ]
    for column in (c.name for c in table.columns[1:]):
        before = f'CAST(old_rows."{column}" AS VARCHAR)' if column in known else "NULL"
        after = f'CAST(new_rows."{column}" AS VARCHAR)'
        queries.append(
            f"SELECT {name}, new_rows.{key}, 'changed', {literal(column)}, {before}, {after} "
            f"FROM new_rows JOIN old_rows USING ({key}) WHERE {before} IS DISTINCT FROM {after}"
        )
    return connection.execute(" UNION ALL ".join(queries)).fetchall()
