"""Scrapy's downloader middlewares of ours: each page once, robots.txt, and every site at its own pace.

They run for every request of every spider, redirects and robots.txt itself included; `spider.run` is what they share.
"""

import asyncio
import logging
from time import monotonic
from typing import Any

from protego import Protego
from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from scrapers import settings
from scrapers.urls import fetch_key, site

log = logging.getLogger(__name__)

MAX_ROBOTS_BYTES = 512 * 1024
ROBOTS_TRIES = 2
BUSY = {429, 503}  # a site's ways to ask for patience
_HEAD_BYTES = 4096  # where Scrapy looks for a refresh tag
_ENTERED = "entered_site_at"


class AlreadyFetchedError(IgnoreRequest):
    """A redirect led to a page that is in the archive."""

    def __init__(self, target: str, chain: list[str]) -> None:
        super().__init__(target)
        self.target, self.chain = target, chain


class BusyError(IgnoreRequest):
    """A page is being fetched by another worker, perhaps through a redirect."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class RobotsDeniedError(IgnoreRequest):
    """The site's robots.txt forbids the address."""


class RobotsUnreachableError(IgnoreRequest):
    """A robots.txt cannot be read for now, so nothing may be fetched (RFC 9309, 2.3.1.4); `why` if no answer came."""

    def __init__(self, origin: str, why: Exception | None = None) -> None:
        super().__init__(origin)
        self.origin, self.why = origin, why


class _Middleware:
    def __init__(self, crawler: Any) -> None:
        self.crawler, self.run = crawler, crawler.spider.run

    @classmethod
    def from_crawler(cls, crawler: Any) -> "_Middleware":
        return cls(crawler)


class OnceMiddleware(_Middleware):
    """Stops a redirect that leads to a page which is already there."""

    def process_request(self, request: Request) -> None:
        chain, page = request.meta.get("redirect_urls"), request.meta.get("page")
        if not chain or page is None:
            return
        key = fetch_key(request.url)
        if page.digest or key == page.key or key in map(fetch_key, chain):
            return  # a page that is looked at again, or a redirect in a circle
        if self.run.frontier.state(key) == "fetched":
            raise AlreadyFetchedError(request.url, chain)
        own = self.run.in_flight[page.key]
        if self.run.in_flight.setdefault(key, own) is not own:
            raise BusyError(key)


class RobotsMiddleware(_Middleware):
    """Obeys robots.txt, its Crawl-delay included. It is read once a run for each host, by all spiders together."""

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        origin = "/".join(request.url.split("/", 3)[:3])
        rules = await self._rules(origin)
        if isinstance(rules, RobotsUnreachableError):
            raise rules
        if not rules.can_fetch(request.url, settings.PRODUCT):
            raise RobotsDeniedError(request.url)

    async def _rules(self, origin: str) -> Protego | RobotsUnreachableError:
        known: dict[str, asyncio.Future[Protego | RobotsUnreachableError]] = self.run.robots
        if origin not in known:
            known[origin] = asyncio.get_running_loop().create_future()
            try:
                known[origin].set_result(await self._read(origin))
            except BaseException:
                known.pop(origin).cancel()
                raise
        return await asyncio.shield(known[origin])

    async def _read(self, origin: str) -> Protego | RobotsUnreachableError:
        """The rules of an origin; a missing robots.txt allows everything, an unreachable one nothing."""
        try:
            response = await self._ask(origin, ROBOTS_TRIES)
        except Exception as error:
            log.info("%s: robots.txt could not be read: %r", origin, error)
            return RobotsUnreachableError(origin, error)
        if response.status >= 500 or response.status == 429:
            return RobotsUnreachableError(origin)
        body = response.body[:MAX_ROBOTS_BYTES] if response.status == 200 else b""
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))  # a byte order mark would hide the first line
        delay = rules.crawl_delay(settings.PRODUCT)
        rate = rules.request_rate(settings.PRODUCT)
        self.run.sites.crawl_delay(site(origin), max(delay or 0.0, rate.seconds / rate.requests if rate else 0.0))
        return rules

    async def _ask(self, origin: str, tries: int) -> Response:
        """The answer to a request for robots.txt; a silent or busy site is asked again."""
        request = Request(f"{origin}/robots.txt", callback=NO_CALLBACK, meta={"is_robots": True})
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except DownloadTimeoutError:
            if tries == 1:
                raise
            return await self._ask(origin, tries - 1)
        if response.status in BUSY and tries > 1:
            return await self._ask(origin, tries - 1)  # when the site says
        return response


class RefreshMiddleware(MetaRefreshMiddleware):
    """Follows a page that sends its reader on at once; pages without such a tag are not parsed for it."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if b"refresh" not in response.body[:_HEAD_BYTES].lower():
            return response
        return super().process_response(request, response)


class PoliteMiddleware(_Middleware):
    """Lets a request through when its site's turn has come, and listens to "too many requests"."""

    async def process_request(self, request: Request) -> None:
        await self.run.sites.enter(site(request.url))
        request.meta[_ENTERED] = monotonic()

    def process_response(self, request: Request, response: Response) -> Response:
        name = site(request.url)
        request.meta["wire_bytes"] = len(response.body)
        if response.status in BUSY:
            retry_after = response.headers.get("Retry-After", b"") or b""
            self.run.sites.back_off(name, retry_after.decode("latin-1"))
        else:
            self.run.sites.relax(name)
        self._leave(request, name, len(response.body), answered=True)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if _ENTERED in request.meta:
            too_large = isinstance(exception, DownloadCancelledError)
            size = self.crawler.settings.getint("DOWNLOAD_MAXSIZE") if too_large else 0
            self._leave(request, site(request.url), size, answered=too_large)

    def _leave(self, request: Request, name: str, size: int, answered: bool) -> None:
        seconds = monotonic() - request.meta.pop(_ENTERED)
        self.run.sites.leave(name, seconds, size, answered)
