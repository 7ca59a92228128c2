"""incidents.duckdb: real tables with comments, and the views and macros that answer the usual questions."""

from importlib.resources import files
from pathlib import Path

import duckdb

from incidents.duck import connect
from incidents.errors import UserError
from incidents.schema import literal
from incidents.tables import TABLES

# The oldest storage that DuckDB 1.2 and DuckDB-WASM read.
STORAGE = "v1.2.0"


def build(path: Path, parquet: Path) -> None:
    """Assemble the database at `path`, which must not exist, from a folder of released Parquet files."""
    try:
        _assemble(path, parquet)
    except duckdb.IOException as error:
        raise UserError(
            f"the release could not be written, the last one stands: {str(error).splitlines()[0]}"
        ) from error


def _assemble(path: Path, parquet: Path) -> None:
    with connect() as connection:
        connection.execute(f"ATTACH {literal(str(path))} AS release (STORAGE_VERSION {literal(STORAGE)})")
        connection.execute("USE release")
        for table in TABLES:
            source = literal(str(parquet / f"{table.name}.parquet"))
            connection.execute(table.ddl())
            connection.execute(f'INSERT INTO "{table.name}" BY NAME SELECT * FROM read_parquet({source})')
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
