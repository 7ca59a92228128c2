"""read: web archives to articles."""

from collections.abc import Sequence

import dagster as dg

from incidents import lock, progress, working
from incidents.defs import metadata
from incidents.defs.collect import web_archives
from incidents.defs.partitions import BACKFILLS, BY_DAY_AND_GROUP, Shown, each, of_run
from incidents.defs.resources import DataFolder
from incidents.partitions import Partition


@dg.asset(
    partitions_def=BY_DAY_AND_GROUP,
    backfill_policy=BACKFILLS,
    group_name="read",
    kinds={"parquet"},
    owners=["team:incidents"],
    tags={"stage": "read", "published": "no"},
    deps=[web_archives],
    metadata={metadata.SCHEMA: metadata.arrow_columns(working.ARTICLES)},
)
def articles(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The articles that mention face recognition: text, title, authors, dates, language and canonical address."""
    from incidents import stages
    from incidents.defs import previews

    def work(batch: Sequence[Partition]) -> Shown:
        with lock.writing(data.folder, "read", lock.WAIT):
            outcome = stages.read(data.folder, batch, progress.terminal)
            return metadata.of(outcome) | previews.articles(data.folder, batch[-1])

    return each(context, "read", ([partition] for partition in of_run(context)), work)
