"""Patience with sites: one request at a time each, pauses, day budgets, and waiting when a site asks for it.

All spiders of a process share one `Sites`, so a site sees one polite visitor however many sources lead to it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapers.books import SiteBook

MAX_DELAY = 60.0  # seconds; a slow site is not made to wait longer by its own slowness
PATIENCE = 90.0  # seconds that a run waits for a site that asked to be left alone; longer is left to the next run
MAX_HOLD = timedelta(days=1)
RUN_SECONDS = 4 * 3600.0  # after which a run asks for nothing more
MAX_SILENCES = 10  # requests in a row without an answer, after which a site is left to the next run
CONCURRENT_SITES = 32


class SiteRefusedError(Exception):
    """Nothing more can be asked of a site in this run; the message says why."""

    def __init__(self, site: str, reason: str) -> None:
        super().__init__(reason)
        self.site = site


@dataclass
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0  # on the loop's clock
    pause: float = 0.0  # what the site itself asks for, seconds
    latency: float = 0.0  # smoothed, seconds
    spent: float = 0.0  # seconds that its answers took
    backoffs: int = 0  # in a row
    silences: int = 0  # requests in a row without any answer


@dataclass(frozen=True)
class Limits:
    """What a site is asked for: least seconds between requests, most requests and bytes a day, most seconds a run."""

    delay: float
    requests: int = 5_000
    bytes: int = 500 * 1024 * 1024
    seconds: float = 2 * 3600.0

    def strictest(self, other: "Limits") -> "Limits":
        """What satisfies both."""
        return Limits(max(self.delay, other.delay), min(self.requests, other.requests), min(self.bytes, other.bytes))


class Sites:
    """Lets requests through, one per site at a time. `special` has the limits of sites that differ from `limits`."""

    def __init__(
        self, book: SiteBook, clock: Callable[[], datetime], limits: Limits, special: dict[str, Limits]
    ) -> None:
        self._book, self._clock, self._limits, self._special = book, clock, limits, special
        self._sites: dict[str, _Site] = {}
        self._slots = asyncio.Semaphore(CONCURRENT_SITES)
        self._deadline: float | None = None

    async def enter(self, name: str) -> None:
        """Wait for the site's turn. Raises SiteRefusedError when its turn does not come in this run."""
        site = self._sites.setdefault(name, _Site())
        await site.lock.acquire()
        try:
            await self._wait(name, site)
            await self._slots.acquire()
        except BaseException:
            site.lock.release()
            raise

    def leave(self, name: str, seconds: float, size: int, answered: bool) -> None:
        """Note that a request is over; the next may follow after the site's pause.

        `seconds` is what it took, `size` in bytes; `answered` says whether anything came back.
        """
        site = self._sites[name]
        site.silences = 0 if answered else site.silences + 1
        site.spent += seconds
        site.latency = (site.latency + seconds) / 2 if site.latency else seconds
        pause = max(self._limits_of(name).delay, site.pause, min(site.latency, MAX_DELAY))
        site.free_at = asyncio.get_running_loop().time() + pause
        self._book.spend(name, self._today(), size)
        self._slots.release()
        site.lock.release()

    def crawl_delay(self, name: str, seconds: float) -> None:
        """A robots.txt of the site asks for this pause; of several the longest counts."""
        site = self._sites.setdefault(name, _Site())
        if seconds > site.pause:
            site.free_at += seconds - site.pause
            site.pause = seconds

    def relax(self, name: str) -> None:
        """The site answered as it should."""
        self._sites[name].backoffs = 0

    def back_off(self, name: str, retry_after: str) -> None:
        """The site answered 429 or 503: leave it alone as long as it says, or ever longer when it does not say."""
        site = self._sites[name]
        site.backoffs += 1
        wait = self._retry_after(retry_after) or timedelta(seconds=min(5 * 2**site.backoffs, 3600))
        self._book.hold(name, self._clock() + min(wait, MAX_HOLD), self._today())

    async def _wait(self, name: str, site: _Site) -> None:
        loop, now, limits = asyncio.get_running_loop(), self._clock(), self._limits_of(name)
        state = self._book.state(name, self._today())
        if state.requests >= limits.requests or state.bytes >= limits.bytes or site.spent >= limits.seconds:
            raise SiteRefusedError(name, "day budget spent")
        held = (state.hold_until - now).total_seconds() if state.hold_until else 0.0
        wait = max(held, site.free_at - loop.time())
        if site.silences >= MAX_SILENCES:
            raise SiteRefusedError(name, "site does not answer")
        if held > PATIENCE:
            raise SiteRefusedError(name, "site asked to wait")
        if self._deadline is None:
            self._deadline = loop.time() + RUN_SECONDS
        if loop.time() + wait > self._deadline:
            raise SiteRefusedError(name, "time of the run is over")
        if wait > 0:
            await asyncio.sleep(wait)

    def _limits_of(self, name: str) -> Limits:
        return self._special.get(name, self._limits)

    def _today(self) -> str:
        return self._clock().date().isoformat()

    def _retry_after(self, value: str) -> timedelta | None:
        """The wait that a Retry-After header asks for, in seconds or as a date."""
        if value.strip().isdigit():
            return timedelta(seconds=min(int(value), 10**7))
        try:
            return max(parsedate_to_datetime(value) - self._clock(), timedelta(0))
        except (ValueError, TypeError):
            return None
