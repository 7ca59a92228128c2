"""The jobs and their schedules: collect to link every day, a release every week."""

import dagster as dg

from incidents import settings
from incidents.defs.collect import web_archives
from incidents.defs.extract import mentions
from incidents.defs.link import incidents
from incidents.defs.publish import release
from incidents.defs.read import articles
from incidents.defs.resources import DataFolder

run = dg.define_asset_job(
    "run", [web_archives, articles, mentions, incidents, release], description="All five stages, collect to publish."
)
daily = dg.define_asset_job(
    "daily", [web_archives, articles, mentions, incidents], description="Collect the news and link what is new."
)
weekly = dg.define_asset_job("weekly", [release], description="Publish a release.")


@dg.schedule(
    job=daily, cron_schedule="0 5 * * *", execution_timezone="UTC", default_status=dg.DefaultScheduleStatus.RUNNING
)
def every_day(data: DataFolder) -> dg.RunRequest | dg.SkipReason:
    """Every morning, once sites have a contact address to turn to."""
    if not (data.is_sample or settings.contact()):
        return dg.SkipReason(
            "no source is crawled without a contact address: set INCIDENTS_CONTACT to an e-mail or web address"
        )
    return dg.RunRequest(run_config={"ops": {"web_archives": {"config": {"due": True}}}})


@dg.schedule(
    job=weekly, cron_schedule="0 7 * * 1", execution_timezone="UTC", default_status=dg.DefaultScheduleStatus.RUNNING
)
def every_week(data: DataFolder) -> dg.RunRequest | dg.SkipReason:
    """Every Monday, from what is linked by then."""
    if not (data.folder / "working" / "linked").exists():
        return dg.SkipReason("nothing is linked yet: run the job daily first")
    return dg.RunRequest()
