"""What a crawl did: JSON lines for programs, a line on the terminal for people."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

PROGRESS_SECONDS = 2.0
ROBOTS = "robots.txt"


@dataclass
class SourceCounts:
    """One source's numbers. `discovered` are items its listings named, `new` those not known before."""

    discovered: int = 0
    new: int = 0
    fetched: int = 0
    not_modified: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    robots_denied: int = 0
    bytes: int = 0


class Report:
    """Counts by source, and writes events to `path` as they happen."""

    def __init__(self, path: Path | None, sources: Iterable[str], terminal: TextIO = sys.stderr) -> None:
        self.counts = {source: SourceCounts() for source in sorted(sources)}
        self._file: TextIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
        self._terminal = terminal if terminal.isatty() else None
        self._started = self._shown = time.monotonic()
        self._sites: set[str] = set()

    def fetched(self, source: str, site: str, size: int) -> None:
        counts = self.counts[source]
        counts.fetched += 1
        counts.bytes += size
        self._sites.add(site)
        self._progress()

    def failure(self, source: str, url: str, reason: str) -> None:
        counts = self.counts[source]
        if reason == ROBOTS:
            counts.robots_denied += 1
        else:
            counts.failed[reason] += 1
        self._event("failure", source=source, url=url, reason=reason)
        self._progress()

    def finished(self, complete: bool, last_success: Callable[[str], str | None]) -> None:
        """Write the numbers of each source and close; `complete` is false for a crawl that was interrupted."""
        for source, counts in self.counts.items():
            numbers = {**vars(counts), "failed": dict(sorted(counts.failed.items()))}
            self._event("source", source=source, **numbers, last_success=last_success(source))
        self._event("finished", complete=complete, seconds=round(time.monotonic() - self._started, 1))
        self._progress(last=True)
        if self._file:
            self._file.close()

    def _event(self, event: str, **values: Any) -> None:
        if self._file:
            self._file.write(json.dumps({"event": event, **values}, ensure_ascii=False) + "\n")
            self._file.flush()

    def _progress(self, last: bool = False) -> None:
        now = time.monotonic()
        if self._terminal is None or (now - self._shown < PROGRESS_SECONDS and not last):
            return
        self._shown = now
        all_counts = self.counts.values()
        pages = sum(counts.fetched for counts in all_counts)
        errors = sum(counts.failed.total() + counts.robots_denied for counts in all_counts)
        rate = pages / max(now - self._started, 0.001)
        self._terminal.write(
            f"crawl: {len(self._sites)} sites, {pages} pages, {rate:.1f} pages/s, {errors} not fetched\n"
        )
        self._terminal.flush()
