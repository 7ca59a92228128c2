"""Questions to a data folder's releases: SQL, the list, and the sentences behind an incident."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from incidents.duck import connect
from incidents.errors import UserError
from incidents.publish.releases import Release, latest, releases

WIDTH = 160


def query(data_dir: Path, sql: str, output: str = "table", version: str | None = None) -> str:
    """The result of a query over a release, as a table, csv or json. UserError for a bad query or release."""
    names, rows = _run(_release(data_dir, version), sql)
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


def why(data_dir: Path, incident_id: str) -> str:
    """The values of an incident with their quotes. UserError where the id is unknown."""
    release = latest(data_dir)
    names, rows = _run(
        release,
        "SELECT table_name || '.' || field AS field, value, CASE WHEN selected THEN 'yes' ELSE 'no' END AS published, "
        "quote, publisher, published_on "
        "FROM why(coalesce((SELECT new_id FROM id_redirects WHERE old_id = $id LIMIT 1), $id))",
        {"id": incident_id},
    )
    if not rows:
        raise UserError(
            f"{incident_id}: not in release {release.version}; list its incidents with: incidents sql 'FROM incidents'"
        )
    return as_table(names, rows)


def as_table(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """Rows under their names, in plain characters."""
    table = Table(*names, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    sink = io.StringIO()
    console = Console(file=sink, width=None if Console().is_terminal else WIDTH, soft_wrap=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in sink.getvalue().splitlines())


def _release(data_dir: Path, version: str | None) -> Release:
    if version is None:
        return latest(data_dir)
    for release in releases(data_dir):
        if release.version == version:
            return release
    raise UserError(f"{data_dir}: no release {version}; list them with: incidents releases")


def _run(
    release: Release, sql: str, values: dict[str, str] | None = None
) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    try:
        with connect(release.path / "incidents.duckdb", read_only=True) as connection:
            cursor = connection.execute(sql, values)
            names = tuple(column[0] for column in cursor.description or ())
            return names, cursor.fetchall()
    except duckdb.Error as error:
        raise UserError(f"query on release {release.version}: {str(error).splitlines()[0]}") from error
