"""The archive of a crawl: a folder per source and UTC day, with the crawl's WARC files."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from scrapers.archive import WarcWriter, members, parse_fields, recover
from scrapers.books import read_stamp
from scrapers.frontier import Fetched, Frontier
from scrapers.urls import fetch_key


class Store:
    """Writes pages under `root`/<source>/<day>/, each file named by the time it was begun."""

    def __init__(self, root: Path, clock: Callable[[], datetime]) -> None:
        self._root, self._clock = root, clock
        self._writers: dict[str, tuple[str, WarcWriter]] = {}
        self._closed: list[Path] = []

    def writer(self, source: str) -> WarcWriter:
        """The writer of a source for today; yesterday's is closed."""
        now = self._clock()
        today = now.date().isoformat()
        day, writer = self._writers.get(source, ("", None))
        if writer is None or day != today:
            if writer is not None:
                self._close(writer)
            writer = WarcWriter(self._root / source / today, now.strftime("%Y%m%dT%H%M%S"), self._clock)
            self._writers[source] = (today, writer)
        return writer

    def reconcile(self, frontier: Frontier) -> None:
        """After a crawl that was killed: finish its files and note the pages in them that the frontier missed."""
        for path in recover(self._root):
            self._closed.append(path)
            for fetched, at in _pages(path):
                if any(frontier.state(key) != "fetched" for key in fetched.keys):
                    frontier.fetched(fetched, at)

    def files(self) -> dict[str, list[str]]:
        """The files that were closed so far, by source, relative to the archive."""
        names: dict[str, list[str]] = {}
        for path in sorted(self._closed):
            names.setdefault(path.parent.parent.name, []).append(path.relative_to(self._root).as_posix())
        return names

    def close(self) -> None:
        for _, writer in self._writers.values():
            self._close(writer)

    def _close(self, writer: WarcWriter) -> None:
        writer.close()
        self._closed += writer.files


def _pages(path: Path) -> Iterator[tuple[Fetched, datetime]]:
    """The pages of a WARC file as the frontier knows them."""
    digest, http = "", dict[str, str]()
    for member in members(path):
        kind, url = member.headers["warc-type"], member.headers.get("warc-target-uri", "")
        if kind == "response":
            digest = member.headers["warc-payload-digest"]
            head = member.block.partition(b"\r\n\r\n")[0].partition(b"\r\n")[2]
            http = {name.lower(): value for name, value in parse_fields(head)}
        elif kind == "metadata":
            named = [value for name, value in parse_fields(member.block) if name in ("requested-url", "redirect-chain")]
            keys = tuple(dict.fromkeys(fetch_key(address) for address in [*named, url]))
            at = read_stamp(member.headers["warc-date"])
            yield Fetched(keys, url, digest, http.get("etag", ""), http.get("last-modified", "")), at
            digest, http = "", dict[str, str]()
