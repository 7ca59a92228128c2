"""DuckDB connections as this project opens them: offline, in UTC."""

from pathlib import Path

import duckdb


def connect(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to a file, or to memory. Extensions are never fetched, since that stalls without a network."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=settings)
    connection.execute("SET TimeZone = 'UTC'")
    return connection
