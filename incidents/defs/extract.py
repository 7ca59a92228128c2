"""extract: articles to mentions and events."""

import dagster as dg

from incidents import lock, progress, stages
from incidents.defs import metadata
from incidents.defs.read import articles
from incidents.defs.resources import DataFolder


@dg.asset(group_name="extract", kinds={"spacy"}, owners=["team:incidents"], deps=[articles])
def mentions(data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Who made it, who used it, who was affected and what happened, each with its place in the article's text."""
    with lock.writing(data.folder, "extract"):
        outcome = stages.extract(data.folder, progress.terminal)
    return dg.MaterializeResult(metadata=metadata.of(outcome))
