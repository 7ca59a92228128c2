"""Reads Common Crawl's CC-NEWS: the WARC files of a month, in parts, keeping the pages that match.

`url` of a source is the folder that holds <year>/<month>/warc.paths.gz; `match` are words that a page must hold one of.
How far a file was read is kept, so that a stop loses nothing and the next run goes on there.
"""

import asyncio
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin

from scrapy.http import Response

from scrapers.archive import parse_fields, split_members
from scrapers.books import read_stamp
from scrapers.frontier import Discovered, Fetched, Item
from scrapers.outcome import UnfetchableError
from scrapers.sources import Source
from scrapers.spiders.base import SourceSpider, header
from scrapers.urls import BadUrlError, fetch_key, site

PART_BYTES = 16 * 1024 * 1024
PART_SECONDS = 300
_FINISHED = "finished"
_BEGUN = re.compile(r"-(\d{8})\d{6}-")
_HTML = re.compile(r"text/html|application/xhtml\+xml", re.IGNORECASE)


@dataclass(frozen=True)
class _Found:
    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: datetime
    offset: int


class CcNewsSpider(SourceSpider):
    name = "ccnews"
    kind = "ccnews"

    async def discover(self, source: Source) -> None:
        last = self.run.until or self.run.clock().date()
        first = self.run.since or last.replace(day=1)
        for month in _months(first, last):
            listing = urljoin(source.url, f"{month:%Y/%m}/warc.paths.gz")
            for path in gzip.decompress((await self.get(listing)).body).decode().split():
                if self.run.stopping:
                    return
                if _of_days(path, first, last):
                    await self._guarded_file(source, urljoin(source.url, "/" + path))

    async def _guarded_file(self, source: Source, url: str) -> None:
        """A file that cannot be read leaves the others alone, unless the site is over for this run."""
        try:
            await self._file(source, url)
        except UnfetchableError as error:
            if error.site_over:
                raise
            self.run.report.failure(source.id, error.url, error.reason, listing=True)

    async def _file(self, source: Source, url: str) -> None:
        listings = self.run.frontier.listings
        cursor = listings.cursor(url)
        while cursor != _FINISHED and not self.run.stopping:
            offset = int(cursor or 0)
            response = await self._part(url, offset)
            try:
                found, end = await asyncio.to_thread(_read_part, response.body, offset, source.match)
            except (zlib.error, KeyError, ValueError) as error:
                listings.set_cursor(source.id, url, _FINISHED, self.run.clock())
                raise UnfetchableError(url, f"damaged at {offset}") from error
            kept = [self._keep_page(source, url, page) for page in found]
            items, new = sum(counts.items for counts in kept), sum(counts.new for counts in kept)
            self.run.report.listing(source.id, f"{url}#{offset}", len(found), items, new)
            last = offset + len(response.body) >= _total(response)
            stuck = end == offset  # a record larger than a part: leave the rest of the file
            cursor = _FINISHED if last or stuck else str(end)
            listings.set_cursor(source.id, url, cursor, self.run.clock())

    async def _part(self, url: str, offset: int) -> Response:
        asked = {"Range": f"bytes={offset}-{offset + PART_BYTES - 1}", "Accept-Encoding": "identity"}
        response = await self.get(url, headers=asked, max_bytes=PART_BYTES, timeout=PART_SECONDS)
        if response.status != 206:
            raise UnfetchableError(url, "no range requests")
        return response

    def _keep_page(self, source: Source, file: str, page: _Found) -> Discovered:
        """Archive a page that is not there yet."""
        run, now = self.run, self.run.clock()
        try:
            key = fetch_key(page.url)
        except BadUrlError:
            return Discovered(0, 0)
        known = run.frontier.state(key) == "fetched"
        discovered = run.frontier.discovered(source.id, source.url, file, [Item(page.url)], now)
        if known:
            return discovered
        fields = {"source": source.id, "discovered-from": f"{file}#{page.offset}", "requested-url": page.url}
        writer = run.store.writer(source.id)
        place = writer.write_page(page.url, page.status, [], page.headers, page.body, page.fetched_at, fields)
        run.frontier.fetched(Fetched((key,), page.url, place.digest), now)
        run.report.fetched(source.id, site(page.url), page.url, len(page.body))
        return discovered


def _read_part(data: bytes, offset: int, match: tuple[str, ...]) -> tuple[list[_Found], int]:
    """The matching pages of the part of a file that begins at `offset`, and where its last whole record ends."""
    wanted = re.compile("|".join(map(re.escape, match)).encode(), re.IGNORECASE)
    found, end = [], offset
    for member in split_members(data, offset):
        end = member.end
        if member.headers["warc-type"] != "response":
            continue
        head, _, body = member.block.partition(b"\r\n\r\n")
        status, headers = _http(head)
        if status == 200 and _HTML.match(_value(headers, "content-type")) and wanted.search(body):
            at = read_stamp(member.headers["warc-date"])
            found.append(_Found(member.headers["warc-target-uri"], status, headers, body, at, member.offset))
    return found, end


def _http(head: bytes) -> tuple[int, list[tuple[str, str]]]:
    first, _, rest = head.partition(b"\r\n")
    words = first.split()
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else 0, parse_fields(rest)


def _value(headers: list[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _total(response: Response) -> int:
    """The size of the whole file, from `Content-Range: bytes 0-99/1234`."""
    size = header(response, "Content-Range").rpartition("/")[2]
    return int(size) if size.isdigit() else 0


def _of_days(path: str, first: date, last: date) -> bool:
    """Whether a file was begun on one of these days, as its name says: CC-NEWS-20260504120000-00001.warc.gz."""
    begun = _BEGUN.search(path)
    return begun is None or f"{first:%Y%m%d}" <= begun[1] <= f"{last:%Y%m%d}"


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
