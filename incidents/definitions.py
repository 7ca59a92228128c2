"""What Dagster loads: the assets of the five stages, their jobs, schedules, sensors and checks."""

import dagster as dg

from incidents.defs import checks, jobs, schedules, sensors
from incidents.defs.resources import DataFolder

defs = dg.Definitions(
    assets=jobs.ASSETS,
    asset_checks=checks.ALL,
    jobs=jobs.ALL,
    schedules=[schedules.every_day, schedules.every_week],
    sensors=sensors.ALL,
    resources={"data": DataFolder()},
    # A child process per step costs four seconds of imports and saves nothing: the crawl has its own.
    executor=dg.in_process_executor,
)
