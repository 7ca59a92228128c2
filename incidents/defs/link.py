"""link: articles to stories and incidents, names to organizations."""

import dagster as dg

from incidents import lock, settings, stages
from incidents.defs import metadata
from incidents.defs.extract import mentions
from incidents.defs.resources import DataFolder
from incidents.publish.releases import next_version
from incidents.tables import BY_NAME


@dg.asset(
    group_name="link",
    kinds={"pandas"},
    owners=["team:incidents"],
    deps=[mentions],
    metadata={"dagster/column_schema": metadata.columns(BY_NAME["incidents"])},
)
def incidents(data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The incidents that the articles tell of, with stable ids; recomputed from the whole history each time."""
    with lock.writing(data.folder, "link"):
        outcome = stages.link(data.folder, next_version(data.folder, settings.now()))
    return dg.MaterializeResult(metadata=metadata.of(outcome))
