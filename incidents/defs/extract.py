"""extract: articles to mentions and events."""

import dagster as dg

from incidents import working
from incidents.defs import metadata
from incidents.defs.partitions import BACKFILLS, BY_DAY_AND_GROUP, each_day
from incidents.defs.read import articles
from incidents.defs.resources import DataFolder

# Columns of the articles that the columns of the mentions are made from.
MADE_FROM = {
    "revision_id": ["revision_id"],
    "article_id": ["article_id"],
    **{key: ["text", "title"] for key in ("kind", "role", "name", "entity_id", "text", "start", "end", "quote")},
    "attributes": ["text", "published_on"],
}


@dg.asset(
    partitions_def=BY_DAY_AND_GROUP,
    backfill_policy=BACKFILLS,
    group_name="extract",
    kinds={"spacy"},
    owners=["team:incidents"],
    tags={"stage": "extract", "published": "no"},
    deps=[articles],
    metadata={
        metadata.SCHEMA: metadata.arrow_columns(working.MENTIONS),
        metadata.LINEAGE: metadata.lineage("articles", MADE_FROM),
    },
)
def mentions(context: dg.AssetExecutionContext, data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Who made it, who used it, who was affected and what happened, each with its place in the article's text."""
    from incidents import stages
    from incidents.defs import previews

    return each_day(context, data.folder, stages.extract, previews.mentions)
