"""What Dagster is told: five stages in a row, three jobs, two schedules that are on."""

import dagster as dg
import pytest

from incidents.definitions import defs
from incidents.defs import jobs
from incidents.defs.resources import DataFolder

STAGES = {
    "web_archives": "collect",
    "articles": "read",
    "mentions": "extract",
    "incidents": "link",
    "release": "publish",
}


def test_the_five_stages_stand_in_a_row():
    specs = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}
    assert {name: spec.group_name for name, spec in specs.items()} == STAGES
    parents = [[dep.asset_key.to_user_string() for dep in specs[name].deps] for name in STAGES]
    assert parents == [[], ["web_archives"], ["articles"], ["mentions"], ["incidents"]]


@pytest.mark.parametrize("name", ["run", "daily", "weekly"])
def test_jobs_run_in_one_process(name):
    assert defs.resolve_job_def(name).executor_def is dg.in_process_executor


def test_schedules_are_on():
    assert {s.name: s.default_status for s in (jobs.every_day, jobs.every_week)} == dict.fromkeys(
        ["every_day", "every_week"], dg.DefaultScheduleStatus.RUNNING
    )


def tick(schedule, folder):
    context = dg.build_schedule_context(resources={"data": DataFolder(path=str(folder))})
    return schedule.evaluate_tick(context)


def test_without_a_contact_address_the_daily_run_is_skipped_and_says_so(tmp_path):
    assert "INCIDENTS_CONTACT" in tick(jobs.every_day, tmp_path).skip_message


def test_with_a_contact_address_it_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("INCIDENTS_CONTACT", "data@a.example")
    assert len(tick(jobs.every_day, tmp_path).run_requests) == 1


def test_a_release_waits_for_something_linked(tmp_path):
    assert "run the job daily first" in tick(jobs.every_week, tmp_path).skip_message
