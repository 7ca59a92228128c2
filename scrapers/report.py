"""What a crawl did: JSON lines for programs, one line on the terminal for people."""

import json
import logging
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

PROGRESS_SECONDS = 0.5
ROBOTS = "robots.txt"


@dataclass
class SourceCounts:
    """One source's numbers.

    `discovered` are items that its listings named, `items` those that it had not named before, `new` those that no
    source had named. `failed` counts pages and listings by reason; `listings_*` say what became of the listings.
    """

    listings_read: int = 0
    listings_unchanged: int = 0
    listings_failed: int = 0
    discovered: int = 0
    items: int = 0
    new: int = 0
    fetched: int = 0
    not_modified: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    robots_denied: int = 0
    bytes: int = 0


class Report:
    """Counts by source, writes events to `path` as they happen, and shows progress where `terminal` is one."""

    def __init__(self, path: Path | None, sources: Iterable[str], terminal: TextIO = sys.stderr) -> None:
        self.counts = {source: SourceCounts() for source in sorted(sources)}
        self._file: TextIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        self._terminal = terminal if terminal.isatty() else None
        self._started = time.monotonic()
        self._shown = 0.0
        self._sites: set[str] = set()

    def listing(self, source: str, url: str, discovered: int, items: int, new: int) -> None:
        """A listing was read, and its items are kept."""
        counts = self.counts[source]
        counts.listings_read += 1
        counts.discovered += discovered
        counts.items += items
        counts.new += new
        self._event("listing", source=source, url=url, discovered=discovered, items=items, new=new)
        self._progress()

    def unchanged(self, source: str, url: str) -> None:
        """A listing has not changed since it was read."""
        self.counts[source].listings_unchanged += 1
        self._event("unchanged", source=source, url=url)

    def fetched(self, source: str, site: str, url: str, size: int) -> None:
        """A page is in the archive; `size` is that of its body in bytes."""
        counts = self.counts[source]
        counts.fetched += 1
        counts.bytes += size
        self._sites.add(site)
        self._event("page", source=source, url=url, bytes=size)
        self._progress()

    def not_modified(self, source: str, url: str) -> None:
        """A page that was looked at again is as it was."""
        self.counts[source].not_modified += 1
        self._event("not_modified", source=source, url=url)

    def failure(self, source: str, url: str, reason: str, listing: bool = False) -> None:
        """A page, or a `listing`, could not be had."""
        counts = self.counts[source]
        counts.listings_failed += listing
        if reason == ROBOTS and not listing:
            counts.robots_denied += 1
        else:
            counts.failed[reason] += 1
        self._event("failure", source=source, url=url, reason=reason, listing=listing)
        self._progress()

    def finished(
        self, complete: bool, last_success: Callable[[str], str | None], files: Mapping[str, list[str]]
    ) -> None:
        """Write the numbers of each source and close; `complete` is false for a crawl that was interrupted.

        `files` are the archive files that each source got, relative to the archive.
        """
        for source, counts in self.counts.items():
            numbers = {**vars(counts), "failed": dict(sorted(counts.failed.items()))}
            ends = {"last_success": last_success(source), "files": files.get(source, [])}
            self._event("source", source=source, **numbers, **ends)
        self._event("finished", complete=complete, seconds=round(time.monotonic() - self._started, 1))
        self._progress(last=True)
        if self._file:
            self._file.close()

    def log(self, record: logging.LogRecord) -> None:
        """Write a message of the program itself; the rest of a run's events tell of sources."""
        text = logging.Formatter().format(record)
        self._event("log", level=record.levelname, logger=record.name, message=text)

    def _event(self, event: str, **values: Any) -> None:
        if self._file and not self._file.closed:
            at = datetime.now(UTC).isoformat(timespec="seconds")
            self._file.write(json.dumps({"at": at, "event": event, **values}, ensure_ascii=False) + "\n")
            self._file.flush()

    def _progress(self, last: bool = False) -> None:
        now = time.monotonic()
        if self._terminal is None or (now - self._shown < PROGRESS_SECONDS and not last):
            return
        self._shown = now
        width = shutil.get_terminal_size().columns - 1
        self._terminal.write(f"\r{self._line(now)[:width].ljust(width)}" + ("\n" if last else ""))
        self._terminal.flush()

    def _line(self, now: float) -> str:
        counts = self.counts.values()
        listings = sum(count.listings_read + count.listings_unchanged for count in counts)
        pages = sum(count.fetched for count in counts)
        errors = sum(count.failed.total() + count.robots_denied for count in counts)
        rate = pages / max(now - self._started, 0.001)
        return (
            f"crawl: {listings} listings, {len(self._sites)} sites, {pages} pages, {rate:.1f} pages/s, "
            f"{errors} not fetched"
        )


class LogToReport(logging.Handler):
    """Brings the program's own messages into the report."""

    def __init__(self, report: Report) -> None:
        super().__init__(logging.ERROR)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        self._report.log(record)
