"""incidents.duckdb: real tables with comments, and the views and macros that answer the usual questions."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from incidents.duck import connect
from incidents.errors import UserError
from incidents.schema import literal
from incidents.tables import TABLES

# The oldest storage that DuckDB 1.2 and DuckDB-WASM read.
STORAGE = "v1.2.0"
# What one connection may hold in memory; beyond, it goes on in files. Each thread needs its share.
MEMORY, THREADS = "400MB", 2
# Rows that are asked for together lie together: DuckDB then reads a few blocks of a large table.
TOGETHER = {"evidence": "row_id", "incident_articles": "incident_id", "incident_organizations": "incident_id"}


@contextmanager
def bounded(folder: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to memory that keeps to MEMORY; what is too much passes through `folder`, else a temporary one."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".overflow-") as overflow, connect() as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {THREADS}")
        connection.execute(f"SET temp_directory = {literal(overflow)}")
        yield connection


def attach(connection: duckdb.DuckDBPyConnection, release: Path) -> None:
    """Make the tables and views of a release those of the connection, to be read only."""
    connection.execute(f"ATTACH {literal(str(release / 'incidents.duckdb'))} AS release (READ_ONLY); USE release")


def build(path: Path, parquet: Path) -> None:
    """Assemble the database at `path`, which must not exist, from a folder of released Parquet files."""
    try:
        _assemble(path, parquet)
    except duckdb.IOException as error:
        raise UserError(
            f"the release could not be written, the last one stands: {str(error).splitlines()[0]}"
        ) from error


def _assemble(path: Path, parquet: Path) -> None:
    with bounded(path.parent) as connection:
        connection.execute(f"ATTACH {literal(str(path))} AS release (STORAGE_VERSION {literal(STORAGE)})")
        connection.execute("USE release")
        for table in TABLES:
            source = literal(str(parquet / f"{table.name}.parquet"))
            order = ", ".join(filter(None, (TOGETHER.get(table.name), table.key.name)))
            connection.execute(table.ddl())
            connection.execute(
                f'INSERT INTO "{table.name}" BY NAME SELECT * FROM read_parquet({source}) ORDER BY {order}'
            )
        connection.execute(files("incidents.publish").joinpath("views.sql").read_text())
        connection.execute("CHECKPOINT release")
        connection.execute("USE memory")
        connection.execute("DETACH release")


def verify(path: Path, row_counts: dict[str, int]) -> None:
    """Reopen the database read-only and compare the number of rows of each table; ValueError where they differ."""
    with connect(path, read_only=True) as connection:
        for name, expected in row_counts.items():
            [(found,)] = connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()
            if found != expected:
                raise ValueError(f"{path.name}: {name} holds {found} rows, {expected} were exported")
