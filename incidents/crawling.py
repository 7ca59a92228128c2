"""The crawl, always a child process: a reactor cannot start twice, and a crash of one must not take the other along."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from incidents import progress, settings
from incidents.errors import Reject, UserError
from scrapers.archive import free_name

REFUSED = 2  # the child's exit code for what only the user can mend
STAGED = ".crawl"  # in the archive's folder: what a crawl under way has fetched, which nobody reads yet


class BrokenOffError(RuntimeError):
    """A crawl that did not come to its end. What it fetched is kept, and the next crawl goes on from there."""


@dataclass(frozen=True)
class Crawl:
    """What to crawl: the sources file, the ids chosen in it (all enabled where none is named), and since when.

    `connect_to` sends the hosts of a suffix to an address, as in ".example=127.0.0.1:8000"; `delay` is the least pause
    in seconds between two requests to a site; with `due` only listings whose time for a poll has come are read, with
    `until` only pages dated no later.
    """

    sources_file: Path
    sources: tuple[str, ...] = ()
    since: date | None = None
    connect_to: str | None = None
    delay: float | None = None
    due: bool = False
    until: date | None = None


def frontier(data_dir: Path) -> Path:
    """The file of what was discovered and fetched."""
    return data_dir / "archive" / "frontier.sqlite"


def crawl(data_dir: Path, wanted: Crawl, now: datetime) -> tuple[list[dict[str, Any]], list[Reject]]:
    """Run the spiders on the archive of `data_dir`: each source's numbers, and the pages that could not be fetched.

    The pages wait for `deliver`. What happens is written to logs/collect-<time of `now`>.jsonl as it happens. Raises
    UserError for a mistake in the sources or the settings, BrokenOffError where the crawl broke off.
    """
    report = data_dir / "logs" / f"collect-{now:%Y%m%dT%H%M%SZ}.jsonl"
    report.unlink(missing_ok=True)
    terminal = progress.stream()  # the child shows its progress there itself
    # The child ends when its standard input does, and so with this process, however that dies.
    with subprocess.Popen(  # noqa: S603 our own module
        list(_command(data_dir, wanted, report)), stdin=subprocess.PIPE, stderr=terminal or subprocess.PIPE, text=True
    ) as child:
        said = child.stderr.read() if child.stderr else "see above"
        child.wait()
    if child.returncode:
        raise _ended(child.returncode, said)
    sources, failures = [], []
    with report.open(encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event["event"] == "source":
                sources.append(event)
            elif event["event"] == "failure":
                failures.append(Reject("collect", event["url"], None, event["reason"]))
    return sources, failures


def deliver(data_dir: Path) -> dict[str, list[str]]:
    """Move what crawls have fetched to where it is read; the files by source, relative to the archive.

    Until then nobody reads pages that were not judged yet. The caller holds both of the folder's locks.
    """
    archive, moved = data_dir / "archive", defaultdict[str, list[str]](list)
    for file in sorted((archive / STAGED).glob("*/*/*.warc.gz")):
        day = archive / file.relative_to(archive / STAGED).parent
        target = free_name(day, file.name.rpartition("-")[0])  # a clock set back may give a name twice
        day.mkdir(parents=True, exist_ok=True)
        os.replace(file, target)
        moved[day.parent.name].append(target.relative_to(archive).as_posix())
        with suppress(OSError):  # others are left in it
            os.removedirs(file.parent)
    return moved


def _ended(code: int, said: str) -> Exception:
    silent = f"its process was ended by signal {-code}" if code < 0 else f"its process ended with code {code}"
    last = (said.strip().splitlines() or [silent])[-1]
    return UserError(f"crawl: {last}") if code == REFUSED else BrokenOffError(f"the crawl broke off: {last}")


def _command(data_dir: Path, wanted: Crawl, report: Path) -> Iterator[str]:
    options = {
        "--archive": data_dir / "archive" / STAGED,
        "--frontier": frontier(data_dir),
        "--sources": wanted.sources_file,
        "--report": report,
        "--since": wanted.since,
        "--until": wanted.until,
        "--contact": settings.contact(),
        "--connect-to": wanted.connect_to,
        "--delay": wanted.delay,
    }
    yield from (sys.executable, "-m", "scrapers")
    for flag, value in options.items():
        if value is not None:
            yield from (flag, str(value))
    for source in wanted.sources:
        yield from ("--source", source)
    if wanted.due:
        yield "--due"
    yield "--end-with-parent"
