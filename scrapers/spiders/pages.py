"""Fetches the pages that were discovered and puts them into the archive."""

import asyncio
import logging
from collections import Counter, deque

from scrapy.http import Response

from scrapers.archive import payload_digest
from scrapers.frontier import Fetched, Page
from scrapers.middlewares import AlreadyFetchedError, BusyError
from scrapers.outcome import NOT_MODIFIED, UnfetchableError
from scrapers.report import ROBOTS
from scrapers.spiders.base import DISK_ERRORS, BaseSpider, header, header_pairs, page_fields
from scrapers.urls import fetch_key

log = logging.getLogger(__name__)

_HTML = {"", "text/html", "application/xhtml+xml"}
MAX_WAITS = 5  # of a page for others that it leads to


class PagesSpider(BaseSpider):
    """One worker for each site takes its pages one after the other."""

    name = "pages"

    async def work(self) -> None:
        run = self.run
        ids = [source.id for source in run.sources]
        for page in run.frontier.late_sightings(ids):
            self._note(page, page.final_url, list(page.urls), [])
        by_site: dict[str, deque[Page]] = {}
        for page in run.frontier.due(ids, run.since, run.until, run.clock()):
            by_site.setdefault(page.site, deque()).append(page)
        async with asyncio.TaskGroup() as group:
            for pages in by_site.values():
                group.create_task(self._site(pages))

    async def _site(self, pages: deque[Page]) -> None:
        waits: Counter[str] = Counter()
        while pages and not self.run.stopping:
            page = pages.popleft()
            try:
                await self._page(page)
            except BusyError as error:
                waits[page.key] += 1
                await self._wait(error.key)
                if waits[page.key] < MAX_WAITS:
                    pages.append(page)
                else:
                    self._failed(page, UnfetchableError(page.key, "redirects in a circle"))
            except UnfetchableError as error:
                self._failed(page, error)
                if error.site_over:
                    self._give_up(pages, error.reason)
            except DISK_ERRORS:
                raise
            except Exception as error:
                log.exception("page %s", page.key)
                self._failed(page, UnfetchableError(page.key, f"internal error: {error!r}"))

    async def _wait(self, key: str) -> None:
        """Wait until another worker has done with a page."""
        if done := self.run.in_flight.get(key):
            await done.wait()

    async def _page(self, page: Page) -> None:
        """Fetch one page and archive it, unless a redirect of another page has brought it meanwhile."""
        run = self.run
        if page.key in run.in_flight:
            raise BusyError(page.key)
        if not page.digest and run.frontier.state(page.key) == "fetched":
            return
        done = run.in_flight[page.key] = asyncio.Event()
        try:
            self._archive(page, await self.get(page.key, (page.etag, page.last_modified), page))
        except AlreadyFetchedError as error:
            self._note(page, error.target, run.frontier.addresses([page.key]), error.chain)
        finally:
            for key in [key for key, event in run.in_flight.items() if event is done]:  # redirects add keys
                del run.in_flight[key]
            done.set()

    def _archive(self, page: Page, response: Response) -> None:
        """Put a page into the archive, unless it is as it was when it was fetched before."""
        run, now = self.run, self.run.clock()
        chain = response.request.meta.get("redirect_urls", []) if response.request else []
        keys = tuple(dict.fromkeys([page.key, *map(fetch_key, chain), fetch_key(response.url)]))
        digest = page.digest
        if response.status != NOT_MODIFIED and not (digest and digest == payload_digest(response.body)):
            digest = self._write(page, response, run.frontier.addresses(keys), chain)
            run.report.fetched(page.source, page.site, response.url, len(response.body))
        else:
            run.report.not_modified(page.source, response.url)
        old = (page.etag, page.last_modified) if response.status == NOT_MODIFIED else ("", "")
        etag, last_modified = header(response, "ETag") or old[0], header(response, "Last-Modified") or old[1]
        run.frontier.fetched(Fetched(keys, response.url, digest, etag, last_modified), now)

    def _write(self, page: Page, response: Response, addresses: list[str], chain: list[str]) -> str:
        """Write a page; returns the digest of its body."""
        content_type = header(response, "Content-Type").partition(";")[0].strip().lower()
        if content_type not in _HTML:
            raise UnfetchableError(page.key, f"content type {content_type}", for_good=True)
        place = self.run.store.writer(page.source).write_page(
            response.url,
            response.status,
            header_pairs(response.request.headers) if response.request else [],
            header_pairs(response.headers),
            response.body,
            self.run.clock(),
            page_fields(page, addresses, chain),
        )
        return place.digest

    def _note(self, page: Page, target: str, addresses: list[str], chain: list[str]) -> None:
        """Keep further addresses of a page that is in the archive."""
        now = self.run.clock()
        self.run.store.writer(page.source).write_metadata(target, now, page_fields(page, addresses, chain))
        self.run.frontier.alias(page.key, target, now)

    def _failed(self, page: Page, error: UnfetchableError) -> None:
        frontier, now = self.run.frontier, self.run.clock()
        if error.reason == ROBOTS:
            frontier.denied(page.key, now)
        elif not error.site_over:
            frontier.failed(page.key, error.reason, error.for_good, now)
        self.run.report.failure(page.source, page.key, error.reason)

    def _give_up(self, pages: deque[Page], reason: str) -> None:
        """Leave a site's remaining pages to the next run, and say so."""
        for page in pages:
            self.run.report.failure(page.source, page.key, reason)
        pages.clear()
