"""One crawl: discover from all chosen sources, then fetch what is due."""

import asyncio
import importlib
import logging
import signal
from collections.abc import Iterable
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from scrapers.spiders.base import Run
from scrapers.spiders.ccnews import CcNewsSpider
from scrapers.spiders.feed import FeedSpider
from scrapers.spiders.gdelt import GdeltSpider
from scrapers.spiders.listing import ListingSpider
from scrapers.spiders.pages import PagesSpider
from scrapers.spiders.sitemap import SitemapSpider
from scrapers.spiders.wayback import WaybackSpider

log = logging.getLogger(__name__)

# All discovery comes first, so that a page's addresses and titles are known when it is archived.
PHASES: tuple[tuple[type[Spider], ...], ...] = (
    (FeedSpider, SitemapSpider, ListingSpider, GdeltSpider),
    (PagesSpider, CcNewsSpider),
    (WaybackSpider,),
)


def crawl(run: Run, settings: dict[str, Any]) -> bool:
    """Run all phases; returns whether they all came to their end. Blocks; can be called once in a process."""
    all_settings = Settings()
    all_settings.setmodule("scrapers.settings")
    all_settings.setdict(settings)
    process = AsyncCrawlerProcess(all_settings)
    logging.getLogger("scrapy").setLevel(all_settings["LOG_LEVEL"])  # or a record is made for every page, and dropped
    outcome: list[bool] = []
    asyncio.get_event_loop().create_task(_phases(process, run, outcome))
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    return outcome == [True]


async def _phases(process: AsyncCrawlerProcess, run: Run, outcome: list[bool]) -> None:
    reactor: Any = importlib.import_module("twisted.internet.reactor")  # chosen when the process was made

    def stop() -> None:
        run.stopping = True
        stopping.append(asyncio.create_task(process.stop()))

    stopping: list[asyncio.Task[None]] = []
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop)
    try:
        for phase in PHASES:
            await _together(process, run, phase)
        outcome.append(not run.stopping)
    finally:
        reactor.callLater(0, reactor.stop)


async def _together(process: AsyncCrawlerProcess, run: Run, phase: Iterable[type[Spider]]) -> None:
    kinds = {source.kind for source in run.sources}
    spiders = [spider for spider in phase if getattr(spider, "kind", None) in kinds | {None}]
    if spiders and not run.stopping:
        await asyncio.gather(*(process.crawl(spider, run=run) for spider in spiders))
