"""The crawl, always a child process: a reactor cannot start twice, and a crash of one must not take the other along."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from incidents import progress, settings
from incidents.errors import Reject, UserError

REFUSED = 2  # the child's exit code for what only the user can mend


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

    What happens is written to logs/collect-<time of `now`>.jsonl as it happens. Raises UserError for a mistake in the
    sources or the settings, RuntimeError where the crawl broke off.
    """
    report = data_dir / "logs" / f"collect-{now:%Y%m%dT%H%M%SZ}.jsonl"
    report.unlink(missing_ok=True)
    terminal = progress.stream()  # the child shows its progress there itself
    child = subprocess.run(  # noqa: S603 our own module
        list(_command(data_dir, wanted, report)), check=False, stderr=terminal or subprocess.PIPE, text=True
    )
    if child.returncode:
        said = "see above" if terminal else (child.stderr.strip().splitlines() or ["no message"])[-1]
        raise (
            UserError(f"crawl: {said}") if child.returncode == REFUSED else RuntimeError(f"the crawl broke off: {said}")
        )
    sources, failures = [], []
    with report.open(encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            if event["event"] == "source":
                sources.append(event)
            elif event["event"] == "failure":
                failures.append(Reject("collect", event["url"], None, event["reason"]))
    return sources, failures


def _command(data_dir: Path, wanted: Crawl, report: Path) -> Iterator[str]:
    options = {
        "--archive": data_dir / "archive",
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
