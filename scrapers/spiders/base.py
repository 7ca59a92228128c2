"""What all spiders share: one way to fetch an address, and one way to discover pages from a source."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scrapers.frontier import Frontier, Item, Page
from scrapers.outcome import (
    FETCH_ERRORS,
    NOT_MODIFIED,
    TRIES,
    WORTH_A_RETRY,
    TryAgainError,
    UnfetchableError,
    checked,
    unfetchable,
)
from scrapers.politeness import Sites
from scrapers.report import Report
from scrapers.sources import Source
from scrapers.store import Store
from scrapers.urls import MAX_LENGTH, BadUrlError, absolute

log = logging.getLogger(__name__)

DISK_ERRORS = (OSError, sqlite3.OperationalError)  # those of the network are UnfetchableError
MAX_ITEMS = 50_000  # of one listing: the most a sitemap may hold
MAX_TITLE = 500  # characters


@dataclass
class Run:
    """What the spiders of one crawl share."""

    sources: list[Source]
    frontier: Frontier
    store: Store
    sites: Sites
    report: Report
    clock: Callable[[], datetime]
    since: date | None = None
    until: date | None = None
    due_only: bool = False
    robots: dict[str, Any] = field(default_factory=dict)  # origin -> future of its rules
    in_flight: dict[str, asyncio.Event] = field(default_factory=dict)  # key of a page being fetched -> set when done
    stopping: bool = False
    trouble: str = ""  # why the crawl could not go on

    def stop(self, trouble: str) -> None:
        """Have all spiders come to an end, as something is wrong that concerns them all."""
        self.trouble, self.stopping = self.trouble or trouble, True


class BaseSpider(Spider):
    """A spider that does its work in one coroutine, `work`, instead of callbacks."""

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run

    def closed(self, reason: str) -> None:
        """Scrapy calls this at the end; one that it brought about itself is no end of the work."""
        if reason == "memusage_exceeded":
            limit = self.crawler.settings.getint("MEMUSAGE_LIMIT_MB")
            self.run.stop(f"the crawl took more than {limit} MB of memory; what it fetched is kept")

    async def start(self) -> AsyncIterator[Any]:
        """Do the spider's whole work; nothing is left for Scrapy's scheduler."""
        try:
            await self.work()
        except* DISK_ERRORS as errors:
            self.run.stop(f"nothing more can be kept: {errors.exceptions[0]}")
        except* Exception as errors:
            self.run.stop(f"internal error: {errors.exceptions[0]!r}")
            raise
        return
        yield

    async def work(self) -> None:
        raise NotImplementedError

    async def get(
        self,
        url: str,
        validators: tuple[str, str] = ("", ""),
        page: Page | None = None,
        headers: dict[str, str] | None = None,
        max_bytes: int | None = None,
        timeout: float | None = None,
    ) -> Response:
        """The answer to a GET, redirects followed: 200, 206 or, with validators, 304. Raises UnfetchableError.

        `validators` are the ETag and Last-Modified of the last time. A busy or failing site is asked up to three times.
        """
        etag, last_modified = validators
        asked = dict(headers or {})
        asked |= {"If-None-Match": etag} if etag else {}
        asked |= {"If-Modified-Since": last_modified} if last_modified else {}
        accepted = {200} | ({NOT_MODIFIED} if any(validators) else set()) | ({206} if "Range" in asked else set())
        asked |= {"Cache-Control": "max-age=0"} if etag or last_modified else {}
        meta: dict[str, Any] = {"page": page}
        meta |= {"download_maxsize": max_bytes} if max_bytes else {}
        meta |= {"download_timeout": timeout} if timeout else {}
        for attempt in range(1, TRIES + 1):
            request = Request(url, headers=asked, meta=meta, callback=NO_CALLBACK)
            try:
                return checked(url, await self.crawler.engine.download_async(request), accepted)
            except TryAgainError as error:
                if attempt == TRIES:
                    raise UnfetchableError(url, error.reason) from error
                await asyncio.sleep(0 if error.held else attempt)
            except FETCH_ERRORS as error:
                failure = unfetchable(url, error)
                if failure.reason not in WORTH_A_RETRY or failure.site_over or attempt == TRIES - 1:
                    raise failure from error
        raise AssertionError("the last try returns or raises")


class SourceSpider(BaseSpider):
    """A spider that works through the sources of its `kind`."""

    kind: ClassVar[str]

    async def work(self) -> None:
        async with asyncio.TaskGroup() as group:
            for source in self.run.sources:
                if source.kind == self.kind:
                    group.create_task(self._guarded(source))

    async def discover(self, source: Source) -> None:
        """Read one source and keep the pages that it names (see `keep`)."""
        raise NotImplementedError

    async def listing(self, source: Source, url: str, max_bytes: int | None = None) -> Response | None:
        """A listing's new state, or None when it is not due or not modified."""
        frontier, report = self.run.frontier, self.run.report
        if self.run.due_only and not frontier.listings.due(url, self.run.clock()):
            return None
        response = await self.get(url, frontier.listings.validators(url), max_bytes=max_bytes)
        if response.status == NOT_MODIFIED:
            frontier.listings.unchanged(url, self.run.clock())
            report.unchanged(source.id, url)
            return None
        return response

    def keep(self, source: Source, url: str, response: Response, items: Iterable[Item]) -> int:
        """Keep the items of a listing, then note that it was read; in this order, so that a kill loses none.

        Returns how many pages were not known before.
        """
        new = self.keep_items(source, url, response.url, items)
        etag, last_modified = header(response, "ETag"), header(response, "Last-Modified")
        self.run.frontier.listings.read(source.id, url, etag, last_modified, new, self.run.clock())
        return new

    def keep_items(self, source: Source, url: str, base: str, items: Iterable[Item]) -> int:
        """Keep items that the listing `url` names, relative to `base`; returns how many were not known before."""
        usable = [cleaned for item in items if (cleaned := self._clean(source, base, item))][:MAX_ITEMS]
        found = self.run.frontier.discovered(source.id, source.url, url, usable, self.run.clock())
        self.run.report.listing(source.id, url, len({item.url for item in usable}), found.items, found.new)
        return found.new

    def _clean(self, source: Source, base: str, item: Item) -> Item | None:
        """The item with an absolute address and a title of one line; None, and a failure, if the address is none."""
        try:
            url = absolute(base, item.url)
        except BadUrlError:
            self.run.report.failure(source.id, item.url[:MAX_LENGTH], "no web address")
            return None
        return Item(url, " ".join(item.title.split())[:MAX_TITLE], item.date.strip()[:100], item.published)

    async def _guarded(self, source: Source) -> None:
        """One source's trouble, even a bug that its listing brings out, leaves the others alone."""
        try:
            await self.discover(source)
        except UnfetchableError as error:
            self.run.report.failure(source.id, error.url, error.reason, listing=True)
        except DISK_ERRORS:
            raise
        except Exception as error:
            log.exception("source %s", source.id)
            self.run.report.failure(source.id, source.url, f"internal error: {error!r}", listing=True)


def header(response: Response, name: str) -> str:
    """A header's value as text; empty when there is none."""
    return (response.headers.get(name, b"") or b"").decode("latin-1")


def page_fields(page: Page, addresses: list[str], chain: list[str]) -> dict[str, str]:
    """The fields of a page's `metadata` record."""
    return {
        "source": page.source,
        "discovered-from": page.listing,
        "discovered-title": page.title,
        "discovered-date": page.date,
        "requested-url": "\n".join(addresses or [page.key]),
        "redirect-chain": "\n".join(chain),
    }


def header_pairs(headers: dict[bytes, list[bytes]]) -> list[tuple[str, str]]:
    """HTTP headers as the archive wants them."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]
