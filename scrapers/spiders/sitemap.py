"""Discovers pages from sitemaps: news sitemaps with title and date, plain ones, and indexes of either."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from scrapers.frontier import Item
from scrapers.outcome import UnfetchableError
from scrapers.sources import Source
from scrapers.spiders.base import MAX_ITEMS, SourceSpider
from scrapers.urls import BadUrlError, absolute
from scrapers.xml import HostileXmlError, elements, local_name

MAX_BYTES = 50 * 1024 * 1024  # the most a sitemap may have
MAX_DEPTH = 3
MAX_SITEMAPS = 50  # of one source and run, those changed last first
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class SitemapSpider(SourceSpider):
    name = "sitemap"
    kind = "sitemap"

    async def discover(self, source: Source) -> None:
        await self._read(source, source.url, 1, {source.url})

    async def _read(self, source: Source, url: str, depth: int, seen: set[str]) -> int:
        """Read a sitemap and those that it names; returns how many pages were not known before."""
        response = await self.listing(source, url, MAX_BYTES)
        if response is None:
            return 0
        try:
            pages, sitemaps = parse_sitemap(_plain(response.body))
        except (HostileXmlError, NotASitemapError) as error:
            raise UnfetchableError(url, str(error)) from error
        if not sitemaps:
            return self.keep(source, url, response, pages)
        new = 0
        for sitemap in self._worth_reading(response.url, sitemaps):
            if depth < MAX_DEPTH and sitemap not in seen and len(seen) <= MAX_SITEMAPS:
                seen.add(sitemap)
                new += await self._read_part(source, sitemap, depth + 1, seen)
        # Without validators: an index may stay the same while its parts change.
        self.run.frontier.listings.read(source.id, url, "", "", new, self.run.clock())
        return new

    async def _read_part(self, source: Source, url: str, depth: int, seen: set[str]) -> int:
        """A part of an index that cannot be read leaves the others alone."""
        try:
            return await self._read(source, url, depth, seen)
        except UnfetchableError as error:
            self.run.report.failure(source.id, error.url, error.reason, listing=True)
            return 0

    def _worth_reading(self, base: str, sitemaps: list[Item]) -> Iterator[str]:
        """The sitemaps of an index that changed since they were read, or do not say, the latest change first."""
        for item in sorted(sitemaps, key=lambda item: item.published or _LATEST, reverse=True):
            try:
                url = absolute(base, item.url)
            except BadUrlError:
                continue
            if item.published is None or item.published >= self._start(url):
                yield url

    def _start(self, url: str) -> datetime:
        """A sitemap that changed before this holds nothing to look for; a day is added for dates without a time."""
        read_at = _EARLIEST if self.run.until else self.run.frontier.listings.read_at(url) or _EARLIEST
        since = datetime.combine(self.run.since, time.min, UTC) if self.run.since else _EARLIEST
        return max(read_at, since) - timedelta(days=1)


class NotASitemapError(ValueError):
    """The bytes are no sitemap that can be read."""


def parse_sitemap(body: bytes) -> tuple[list[Item], list[Item]]:
    """The pages and the further sitemaps that a sitemap names. Raises NotASitemapError or HostileXmlError.

    `published` is the news publication date, or the last change of the page where there is none.
    """
    try:
        parts = elements(body, depth=1)
        root, _ = next(parts, ("", None))
        if root not in ("urlset", "sitemapindex"):
            raise NotASitemapError("not a sitemap")
        items = [
            item for name, part in islice(parts, MAX_ITEMS) if name in ("url", "sitemap") and (item := _item(part))
        ]
    except SyntaxError as error:  # lxml's XMLSyntaxError
        raise NotASitemapError("not a sitemap") from error
    return (items, []) if root == "urlset" else ([], items)


def _item(element: Any) -> Item | None:
    url, title, date, changed = "", "", "", ""
    for child in element:
        match local_name(child):
            case "loc":
                url = _text(child)
            case "lastmod":
                changed = _text(child)
            case "news":
                inner = {local_name(part): _text(part) for part in child}
                title, date = inner.get("title", ""), inner.get("publication_date", "")
    return Item(url, title, date or changed, w3c_date(date or changed)) if url else None


def w3c_date(text: str) -> datetime | None:
    """A W3C date or time as UTC; a bare year or month is its first day, and something else None."""
    text = text.strip()
    padded = {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        moment = datetime.fromisoformat(text + padded)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain(body: bytes) -> bytes:
    """The body, inflated if it is a .xml.gz file, up to the size a sitemap may have."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return gzip.GzipFile(fileobj=BytesIO(body)).read(MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise NotASitemapError("damaged gzip") from error


def _text(element: Any) -> str:
    return (element.text or "").strip()
