"""link: articles to stories and incidents, names to organizations."""

import dagster as dg

from incidents import lock, settings
from incidents.defs import metadata
from incidents.defs.extract import mentions
from incidents.defs.resources import DataFolder
from incidents.tables import BY_NAME

# Columns of the mentions that the columns of the incidents are made from.
MADE_FROM = {
    "incident_id": ["article_id"],
    "title": ["name", "kind", "role"],
    "event_on_start": ["attributes", "quote"],
    "event_on_end": ["attributes", "quote"],
    "place_id": ["entity_id", "attributes"],
    "affected_min": ["attributes", "role"],
    "affected_max": ["attributes", "role"],
    "article_count": ["article_id"],
    "confidence": ["score"],
}


@dg.asset(
    pool="link",
    group_name="link",
    kinds={"pandas"},
    owners=["team:incidents"],
    tags={"stage": "link", "published": "no"},
    deps=[mentions],
    metadata={
        metadata.SCHEMA: metadata.columns(BY_NAME["incidents"]),
        metadata.LINEAGE: metadata.lineage("mentions", MADE_FROM),
    },
)
def incidents(data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The incidents that the articles tell of, with stable ids and the sentence behind every value; not yet public."""
    from incidents import stages
    from incidents.defs import previews
    from incidents.publish.releases import next_version

    with lock.writing(data.folder, "link", lock.WAIT):
        outcome = stages.link(data.folder, next_version(data.folder, settings.now()))
        return dg.MaterializeResult(metadata=metadata.of(outcome) | previews.incidents(data.folder))
