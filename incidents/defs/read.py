"""read: web archives to articles."""

import dagster as dg

from incidents import working
from incidents.defs import metadata
from incidents.defs.collect import web_archives
from incidents.defs.partitions import BACKFILLS, BY_DAY_AND_GROUP, each_day
from incidents.defs.resources import DataFolder


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

    return each_day(context, data.folder, stages.read, previews.articles)
