"""Questions to a data folder's releases: SQL and the list. incidents.explaining tells why an incident is as it is."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from incidents.duck import connect
from incidents.errors import UserError
from incidents.publish.releases import Release, find, latest, releases

WIDTH = 160


def query(data_dir: Path, sql: str, output: str = "table", version: str | None = None) -> str:
    """The result of a query over a release, as a table, csv or json. UserError for a bad query or release."""
    return printed(*_run(chosen(data_dir, version), sql), output)


def printed(names: tuple[str, ...], rows: Sequence[tuple[object, ...]], output: str) -> str:
    """Rows under their names, as a table, csv or json."""
    if output == "csv":
        import pandas as pd

        return pd.DataFrame(rows, columns=names, dtype=object).to_csv(index=False).rstrip("\n")
    if output == "json":
        return json.dumps(
            [dict(zip(names, row, strict=True)) for row in rows], default=str, ensure_ascii=False, indent=1
        )
    return as_table(names, rows)


def listing(data_dir: Path) -> str:
    """The releases as a table, the newest last."""
    latest(data_dir)
    rows = []
    for release in releases(data_dir):
        manifest = release.manifest
        counts = [manifest["rows"][name] for name in ("incidents", "articles", "evidence")]
        rows.append((release.version, manifest["built_at"], *counts, "sample" if manifest["is_sample"] else ""))
    return as_table(("version", "built at", "incidents", "articles", "evidence", "note"), rows)


def chosen(data_dir: Path, version: str | None = None) -> Release:
    """The release of this version in a data folder, the newest by default, or the one whose own folder is given."""
    manifest = data_dir / "manifest.json"
    return Release(data_dir, json.loads(manifest.read_text())) if manifest.exists() else find(data_dir, version)


def as_table(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """Rows under their names, in plain characters."""
    table = Table(*names, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    sink = io.StringIO()
    console = Console(file=sink, width=None if Console().is_terminal else WIDTH, soft_wrap=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in sink.getvalue().splitlines())


def _run(release: Release, sql: str) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    try:
        with connect(release.path / "incidents.duckdb", read_only=True) as connection:
            cursor = connection.execute(sql)
            names = tuple(column[0] for column in cursor.description or ())
            return names, cursor.fetchall()
    except duckdb.Error as error:
        raise UserError(f"query on release {release.version}: {str(error).splitlines()[0]}") from error
