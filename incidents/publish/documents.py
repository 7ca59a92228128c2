"""The papers of a release: card, dictionary, licence, descriptions for machines, page, sums and, last, the manifest."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pyarrow as pa
import yaml

from incidents.files import sha256
from incidents.publish import against, descriptions, explorer, quality
from incidents.publish.descriptions import LICENCE_URL, TITLE
from incidents.publish.releases import Release
from incidents.tables import EVIDENCED, SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    from incidents.publish import About


@cache
def environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("incidents.publish"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )


def write(
    folder: Path,
    tables: dict[str, pa.Table],
    version: str,
    about: "About",
    previous: Release | None,
    redacted: dict[str, str] | None = None,
) -> None:
    """Write everything beside the tables and the database into the folder of a release.

    `redacted` (at, why) marks a release that replaces an earlier one of the same version.
    """
    context = {
        "title": TITLE,
        "version": version,
        "schema_version": SCHEMA_VERSION,
        "about": about,
        "previous": previous.version if previous else None,
        "breaks": against.schema_breaks(previous) if previous else [],
        "redacted": redacted,
        "tables": TABLES,
        "evidenced": EVIDENCED,
        "counts": {name: rows.num_rows for name, rows in tables.items()},
        "differences": _differences(tables["changes"]),
        "licence_url": LICENCE_URL,
        "quality": quality.told(tables["quality"]),
    }
    context["has_explorer"] = explorer.write(folder)
    for name in ("README.md", "CHANGELOG.md", "CITATION.cff", "LICENSE", "dictionary.html"):
        _write(folder / name, environment().get_template(f"{name}.j2").render(context))
    sums = {path: sha256(folder / path) for path in _files(folder) if path.startswith("parquet/")}
    _write_json(folder / "datapackage.json", descriptions.datapackage(context))
    _write_json(folder / "croissant.json", descriptions.croissant(context, sums))
    context["downloads"] = _downloads(folder)
    _write(folder / "index.html", environment().get_template("index.html.j2").render(context))
    _write(folder / "SHA256SUMS", "".join(f"{sha256(folder / path)}  {path}\n" for path in _files(folder)))
    _write_json(folder / "manifest.json", _manifest(folder, context))


def hub_card(release: Path) -> str:
    """The release's card with the header by which the Hugging Face Hub shows each table."""
    configs = [
        {"config_name": table.name, "data_files": f"{release.name}/parquet/{table.name}.parquet"} for table in TABLES
    ]
    header = {"license": "cc-by-4.0", "pretty_name": TITLE, "configs": configs}
    return f"---\n{yaml.safe_dump(header, sort_keys=False)}---\n{(release / 'README.md').read_text(encoding='utf-8')}"


def _differences(changes: pa.Table) -> dict[str, Counter[str]]:
    """Per table the number of rows added, removed and changed."""
    rows = changes.select(["table_name", "row_id", "change"]).group_by(["table_name", "change"])
    told = rows.aggregate([("row_id", "count_distinct")]).sort_by(
        [("table_name", "ascending"), ("change", "ascending")]
    )
    counted: dict[str, Counter[str]] = {}
    for row in told.to_pylist():
        counted.setdefault(row["table_name"], Counter())[row["change"]] = row["row_id_count_distinct"]
    return counted


def _downloads(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The files to download, by what they are; the page's own parts are left out."""
    found = [_file(folder, path) for path in _files(folder) if not path.startswith(f"{explorer.FOLDER}/")]
    groups = {"The whole release": "", "Each table as Parquet": "parquet", "Each table as CSV": "csv"}
    return {name: [row for row in found if row["path"].rpartition("/")[0] == where] for name, where in groups.items()}


def _file(folder: Path, path: str) -> dict[str, Any]:
    return {"path": path, "bytes": (folder / path).stat().st_size, "sha256": sha256(folder / path)}


def _manifest(folder: Path, context: dict[str, Any]) -> dict[str, Any]:
    about = context["about"]
    return {
        "version": context["version"],
        "schema_version": SCHEMA_VERSION,
        "built_at": about.built_at.isoformat(),
        "code_commit": about.code_commit,
        "is_sample": about.is_sample,
        "previous": context["previous"],
        "redacted": context["redacted"],
        "rows": context["counts"],
        "files": [_file(folder, path) for path in _files(folder)],
    }


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(path: Path, value: object) -> None:
    _write(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")
