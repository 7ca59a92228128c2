"""The releases of a data folder: their names, the link `latest` and the list releases.json."""

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from incidents.errors import UserError
from incidents.files import write_text

LISTED = ("version", "schema_version", "built_at", "is_sample", "redacted")
REPLACED = ".replaced-"
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:\.\d+)?")


@dataclass(frozen=True)
class Release:
    """A published release and its manifest."""

    path: Path
    manifest: dict[str, Any]

    @property
    def version(self) -> str:
        return self.path.name


def folder(data_dir: Path) -> Path:
    return data_dir / "releases"


def order(version: str) -> tuple[str, int]:
    """Sort key: 2026-01-02 < 2026-01-02.2 < 2026-01-02.10 < 2026-01-03."""
    day, _, number = version.partition(".")
    return day, int(number or 1)


def releases(data_dir: Path) -> list[Release]:
    """All releases, the oldest first: the folders that have a manifest, which is written last."""
    found = [
        Release(path, json.loads((path / "manifest.json").read_text()))
        for path in folder(data_dir).glob("*")
        if VERSION.fullmatch(path.name) and (path / "manifest.json").exists()
    ]
    return sorted(found, key=lambda release: order(release.version))


def latest(data_dir: Path) -> Release:
    """The newest release; UserError where there is none."""
    found = releases(data_dir)
    if not found:
        raise UserError(f"{data_dir}: no release yet; make one with: incidents run --data-dir {data_dir}")
    return found[-1]


def find(data_dir: Path, version: str | None = None) -> Release:
    """The release of this version, the newest for None; UserError where there is none."""
    if version is None or version == "latest":
        return latest(data_dir)
    for release in releases(data_dir):
        if release.version == version:
            return release
    raise UserError(f"{data_dir}: no release {version}; list them with: incidents releases")


def next_version(data_dir: Path, built_at: datetime) -> str:
    """The day, and from the second release of a day on .2, .3... UserError for a day before that of the newest."""
    day = built_at.strftime("%Y-%m-%d")
    known = releases(data_dir)
    if not known:
        return day
    newest, number = order(known[-1].version)
    if day < newest:
        raise UserError(f"{data_dir}: the clock says {day}, release {known[-1].version} is newer: set the clock right")
    return f"{day}.{number + 1}" if day == newest else day


def replace(data_dir: Path, version: str, built: Path) -> None:
    """Put a redacted release into the place of the one it replaces."""
    aside = folder(data_dir) / f"{REPLACED}{version}"
    (folder(data_dir) / version).rename(aside)
    built.rename(folder(data_dir) / version)
    shutil.rmtree(aside)


def _settle(data_dir: Path) -> None:
    """A crash in `replace`: the earlier release returns where the new one is missing."""
    for aside in sorted(folder(data_dir).glob(f"{REPLACED}*")):
        place = folder(data_dir) / aside.name.removeprefix(REPLACED)
        if place.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(place)


def announce(data_dir: Path) -> None:
    """Point `latest` at the newest release, then write the list. Also mends what a crash left undone."""
    _settle(data_dir)
    found = releases(data_dir)
    if not found:
        return
    link = folder(data_dir) / "latest"
    temporary = folder(data_dir) / ".latest.tmp"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(found[-1].version, target_is_directory=True)
    temporary.replace(link)
    rows = listing(release.manifest for release in found)
    write_text(folder(data_dir) / "releases.json", json.dumps(rows, indent=2) + "\n")


def listing(manifests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of releases.json, the oldest first; `redacted` says when and why a release was replaced."""
    rows = [{key: manifest.get(key) for key in LISTED} for manifest in manifests]
    return sorted(rows, key=lambda row: order(row["version"]))
