"""collect: news pages into web archives, in a child process, and a user's own files beside them."""

from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field

from incidents import lock, reference, settings, stages
from incidents.crawling import Crawl
from incidents.defs import metadata
from incidents.defs.resources import DataFolder
from incidents.sample import demo

LIVE = "live"


class CollectConfig(dg.Config):
    """What to collect: own files, sources by id or `live` for all enabled, nothing published before `since`.

    With `due` only listings whose time for a poll has come are read.
    """

    inputs: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=lambda: [LIVE])
    since: str = ""
    due: bool = False


@dg.asset(group_name="collect", kinds={"scrapy"}, owners=["team:incidents"])
def web_archives(config: CollectConfig, data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The pages of the news as they were fetched, one WARC file per source and day, never changed afterwards."""
    with lock.writing(data.folder, "collect"):
        if data.is_sample:
            outcome = demo.collect(data.folder, settings.now())
        else:
            crawl = _crawl(config) if config.sources else None
            outcome = stages.collect(data.folder, crawl, [Path(path) for path in config.inputs], settings.now())
    return dg.MaterializeResult(metadata=metadata.of(outcome))


def _crawl(config: CollectConfig) -> Crawl:
    chosen = () if LIVE in config.sources else tuple(config.sources)
    since = date.fromisoformat(config.since) if config.since else None
    return Crawl(reference.reference_folder() / "sources.yaml", chosen, since, due=config.due)
