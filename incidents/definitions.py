"""What Dagster loads: the assets of the five stages, their jobs and schedules."""

import dagster as dg

from incidents.defs import jobs
from incidents.defs.collect import web_archives
from incidents.defs.extract import mentions
from incidents.defs.link import incidents
from incidents.defs.publish import release
from incidents.defs.read import articles
from incidents.defs.resources import DataFolder

defs = dg.Definitions(
    assets=[web_archives, articles, mentions, incidents, release],
    jobs=[jobs.run, jobs.daily, jobs.weekly],
    schedules=[jobs.every_day, jobs.every_week],
    resources={"data": DataFolder()},
    # A child process per step costs four seconds of imports and saves nothing: the crawl has its own.
    executor=dg.in_process_executor,
)
