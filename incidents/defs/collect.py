"""collect: news pages into web archives, in a child process, and a user's own files beside them."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn

import dagster as dg
from pydantic import Field

from incidents import settings
from incidents.collecting import Wanted, collect, is_cut_off
from incidents.defs import metadata
from incidents.defs.partitions import BACKFILLS, BY_DAY_AND_GROUP, Shown, each, of_run
from incidents.defs.processes import PROCESS_TAG
from incidents.defs.resources import DataFolder
from incidents.errors import UserError
from incidents.partitions import Partition, stretches

RETRIES, RETRY_SECONDS = 3, 60  # the pause doubles with each


class CollectConfig(dg.Config):
    """What to collect: own files (group inbox), sources by id (all enabled ones of the group where none is named).

    Nothing published before `since`; with `due` only listings whose time for a poll has come.
    """

    inputs: list[str] = Field(default_factory=list)
    sources: list[str] = Field(default_factory=list)
    since: str = ""
    due: bool = False

    def wanted(self) -> Wanted:
        since = date.fromisoformat(self.since) if self.since else None
        return Wanted(tuple(Path(path) for path in self.inputs), tuple(self.sources), since, self.due)


@dg.asset(
    partitions_def=BY_DAY_AND_GROUP,
    backfill_policy=BACKFILLS,
    pool="crawl",
    group_name="collect",
    kinds={"scrapy"},
    owners=["team:incidents"],
    tags={"stage": "collect", "published": "no"},
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36), warn_window=timedelta(hours=26)),
)
def web_archives(context: dg.AssetExecutionContext, config: CollectConfig, data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The pages of the news as they were fetched, one WARC file per source and day, never changed afterwards.

    A partition is one group of sources on one day (UTC). Materializing today's crawls the group; materializing a day
    that is over collects what the group's sources with a history still tell of it. The group inbox takes the user's
    own files.
    """

    from incidents.defs import previews

    def work(stretch: Sequence[Partition]) -> Shown:
        outcome = collect(data.folder, stretch, config.wanted(), settings.now())
        asked = outcome.details.pop("sources", [])
        if is_cut_off(asked) and PROCESS_TAG not in context.run.tags:  # at a terminal the user decides
            _try_again(context, len(asked))
        return metadata.of(outcome) | (previews.crawl(asked) if asked else {})

    today = settings.now().date().isoformat()
    past = stretches(partition for partition in of_run(context) if partition.day < today)
    current = [[partition] for partition in of_run(context) if partition.day >= today]
    return each(context, "collect", [*past, *current], work)


def _try_again(context: dg.AssetExecutionContext, sources: int) -> NoReturn:
    if context.retry_number < RETRIES:
        raise dg.RetryRequested(RETRIES, seconds_to_wait=RETRY_SECONDS * 2**context.retry_number)
    raise UserError(f"none of {sources} sources could be reached: check the network, then run this day again")
