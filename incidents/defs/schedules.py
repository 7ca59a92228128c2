"""What runs by the clock: every group every day, a release every week."""

from collections.abc import Iterator

import dagster as dg

from incidents import settings
from incidents.collecting import enabled
from incidents.defs import jobs
from incidents.defs.resources import DataFolder
from incidents.partitions import SAMPLE, Partition

ON = dg.DefaultScheduleStatus.RUNNING


@dg.schedule(job=jobs.daily, cron_schedule="0 5 * * *", execution_timezone="UTC", default_status=ON)
def every_day(context: dg.ScheduleEvaluationContext, data: DataFolder) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Every morning a run for each group of sources, once sites have a contact address to turn to."""
    if not (data.is_sample or settings.contact()):
        yield dg.SkipReason(
            "no source is crawled without a contact address: set INCIDENTS_CONTACT to an e-mail or web address"
        )
        return
    day = context.scheduled_execution_time.strftime("%Y-%m-%d")
    for group in [SAMPLE] if data.is_sample else sorted(enabled()):
        yield dg.RunRequest(
            run_key=f"{day}/{group}",
            partition_key=Partition(day, group).key,
            run_config={"ops": {"web_archives": {"config": {"due": True}}}},
        )


@dg.schedule(job=jobs.publish, cron_schedule="0 7 * * 1", execution_timezone="UTC", default_status=ON)
def every_week(data: DataFolder) -> dg.RunRequest | dg.SkipReason:
    """Every Monday, from what is collected by then."""
    if not any((data.folder / "working" / "articles").glob("*/*.parquet")):
        return dg.SkipReason("there are no articles yet: nothing was collected")
    return dg.RunRequest()
