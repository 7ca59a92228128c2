"""read: web archives to articles."""

import dagster as dg

from incidents import lock, progress, stages
from incidents.defs import metadata
from incidents.defs.collect import web_archives
from incidents.defs.resources import DataFolder


@dg.asset(group_name="read", kinds={"parquet"}, owners=["team:incidents"], deps=[web_archives])
def articles(data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The articles that mention face recognition: text, title, authors, dates, language and canonical address."""
    with lock.writing(data.folder, "read"):
        outcome = stages.read(data.folder, progress.terminal)
    return dg.MaterializeResult(metadata=metadata.of(outcome))
