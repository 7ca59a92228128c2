"""`incidents disk`: what each part of a data folder takes, and the end of old logs and leftovers.

The archive, the registry, releases and decisions are never touched, nor are results of scans: they are all that there
is of a scanned file.
"""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from incidents import lock, settings

FOR_GOOD, MADE_AGAIN = "kept for good", "made again from the archive: incidents upgrade"
# Folders of the data folder, what becomes of them.
PARTS = {
    "archive": FOR_GOOD,
    "registry": FOR_GOOD,
    "releases": FOR_GOOD,
    "curation": FOR_GOOD,
    "inbox": "yours: a copy of each file is in the archive",
    "working/scans": "kept: the scanned files lie elsewhere",
    "working": MADE_AGAIN,
    "logs": "logs",
}


@dataclass(frozen=True)
class Part:
    """A part of the data folder or of Dagster's home, and what becomes of it."""

    name: str
    size: int  # bytes
    files: int
    kept: str


def parts(data_dir: Path) -> list[Part]:
    """What is there; a folder that is counted apart is left out of the one around it."""
    logs_days, _ = settings.retention()
    logs = f"logs, {logs_days:g} days"
    found = []
    for name, kept in PARTS.items():
        inner = [data_dir / other for other in PARTS if other.startswith(f"{name}/")]
        found.append(_part(name, data_dir / name, logs if kept == "logs" else kept, inner))
    home = settings.dagster_home()
    found.append(_part("dagster history", home / "history", "kept: the UI shows it"))
    found.append(_part("dagster logs", home / "storage", logs))
    return [part for part in found if part.files]


def old(data_dir: Path, now: datetime) -> list[Path]:
    """Logs and leftovers of broken-off commands whose time is over, sorted; a folder is the logs of one run."""
    logs_days, temporary_days = settings.retention()
    home = settings.dagster_home()
    logs = [*(data_dir / "logs").glob("*"), *(home / "storage").glob("*")]
    leftovers = [path for kind in (".*.tmp", "*.damaged") for path in (data_dir / "working").rglob(kind)]
    return sorted([*_older(logs, now, logs_days), *_older(leftovers, now, temporary_days)])


def free(data_dir: Path, now: datetime) -> Iterator[tuple[Path, int]]:
    """Remove what is old; each path with the bytes it took. UserError where somebody writes in the folder."""
    with lock.writing(data_dir, "incidents disk --free"):
        for path in old(data_dir, now):
            size = sum(file.lstat().st_size for file in _files(path))
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            yield path, size


def told(size: int) -> str:
    """Bytes for people."""
    amount, units = float(size), iter(("B", "KiB", "MiB", "GiB"))
    unit = next(units)
    while amount >= 1024 and unit != "GiB":
        amount, unit = amount / 1024, next(units)
    return f"{amount:.{0 if unit == 'B' else 1}f} {unit}"


def _part(name: str, folder: Path, kept: str, without: Iterable[Path] = ()) -> Part:
    sizes = [
        file.lstat().st_size for file in _files(folder) if not any(file.is_relative_to(inner) for inner in without)
    ]
    return Part(name, sum(sizes), len(sizes), kept)


def _files(path: Path) -> Iterator[Path]:
    """The files of a folder, links as such; a file itself."""
    if path.is_dir():
        yield from (file for file in path.rglob("*") if file.is_symlink() or file.is_file())
    elif path.exists():
        yield path


def _older(paths: Iterable[Path], now: datetime, days: float) -> Iterator[Path]:
    """Those in which nothing changed for so many days."""
    limit = (now - timedelta(days=days)).timestamp()
    for path in paths:
        if max((file.lstat().st_mtime for file in _files(path)), default=path.lstat().st_mtime) < limit:
            yield path
