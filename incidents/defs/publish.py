"""publish: the checked tables as a release."""

import dagster as dg

from incidents import lock, settings, stages
from incidents.defs import metadata
from incidents.defs.link import incidents
from incidents.defs.resources import DataFolder


@dg.asset(group_name="publish", kinds={"duckdb", "parquet"}, owners=["team:incidents"], deps=[incidents])
def release(data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The newest release: every table as Parquet, CSV and in one DuckDB file; none is made where no row changed."""
    with lock.writing(data.folder, "publish"):
        outcome = stages.publish(data.folder, data.is_sample, settings.now())
        stages.write_rejects(data.folder)
    return dg.MaterializeResult(metadata=metadata.of(outcome))
