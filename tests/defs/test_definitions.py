"""What Dagster is told: five stages in a row, cut by day and group, with owners, kinds, checks and columns."""

from datetime import datetime

import dagster as dg
import pytest

from incidents.definitions import defs
from incidents.defs import jobs, metadata, processes, schedules, sensors
from incidents.defs.partitions import BY_DAY_AND_GROUP
from incidents.defs.resources import DataFolder
from incidents.partitions import GROUPS

STAGES = {
    "web_archives": "collect",
    "articles": "read",
    "mentions": "extract",
    "incidents": "link",
    "release": "publish",
}
SCANS = {"scans": "read"}  # beside them
SPECS = {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_five_stages_stand_in_a_row():
    assert {name: spec.group_name for name, spec in SPECS.items()} == STAGES | SCANS
    parents = [[dep.asset_key.to_user_string() for dep in SPECS[name].deps] for name in STAGES]
    assert parents == [[], ["web_archives"], ["articles"], ["mentions"], ["incidents"]]


@pytest.mark.parametrize("name", STAGES | SCANS)
def test_a_stage_says_in_words_what_it_holds_and_whose_it_is(name):
    spec = SPECS[name]
    assert spec.description.split()[0] in ("The", "Who")
    assert spec.owners == ["team:incidents"]
    assert spec.kinds
    assert spec.tags["stage"] == (STAGES | SCANS)[name]


def test_collect_read_and_extract_are_cut_by_day_and_group():
    cut = {name for name, spec in SPECS.items() if spec.partitions_def == BY_DAY_AND_GROUP}
    assert cut == {"web_archives", "articles", "mentions"}
    assert BY_DAY_AND_GROUP.get_partitions_def_for_dimension("group").get_partition_keys() == list(GROUPS)


def test_columns_come_from_the_contract_with_what_they_are_made_from():
    shown = SPECS["release"].metadata
    assert "publisher_count" in [column.name for column in shown[metadata.SCHEMA].columns]
    [source] = shown[metadata.LINEAGE].deps_by_column["title"]
    assert (source.asset_key, source.column_name) == (dg.AssetKey("incidents"), "title")


@pytest.mark.parametrize("job", jobs.ALL)
def test_jobs_run_in_one_process(job):
    assert defs.resolve_job_def(job.name).executor_def is dg.in_process_executor


def test_every_pool_has_its_limit_from_the_start():
    assert {pool for asset in jobs.ASSETS for pool in asset.op.pools} == set(processes.POOLS)


def test_schedules_and_sensors_are_on():
    assert {s.default_status.value for s in (schedules.every_day, schedules.every_week, *sensors.ALL)} == {"RUNNING"}


def test_checks_that_guard_a_release_are_blocking():
    specs = [spec for asset in jobs.ASSETS for spec in asset.check_specs]
    specs += [spec for check in defs.asset_checks for spec in check.check_specs]
    assert {spec.name for spec in specs if spec.blocking} == {
        "extraction_figures",
        "every_value_has_evidence",
        "no_withheld_name",
        "no_fall",
        "contract",
    }


def test_checks_run_with_what_they_check():
    nodes = defs.resolve_job_def("daily").asset_layer.asset_graph.asset_check_keys
    assert {key.name for key in nodes} >= {"sources_deliver", "gate_rate", "relevance_rate", "extraction_figures"}


def tick(schedule, folder, day="2026-03-02"):
    at = datetime.fromisoformat(f"{day}T05:00:00+00:00")
    context = dg.build_schedule_context(
        resources={"data": DataFolder(path=str(folder))},
        repository_def=defs.get_repository_def(),
        scheduled_execution_time=at,
    )
    return schedule.evaluate_tick(context)


def test_without_a_contact_address_the_daily_run_is_skipped_and_says_so(tmp_path):
    assert "INCIDENTS_CONTACT" in tick(schedules.every_day, tmp_path).skip_message


def test_with_a_contact_address_every_group_with_sources_has_a_run_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("INCIDENTS_CONTACT", "data@a.example")
    requests = tick(schedules.every_day, tmp_path).run_requests
    keys = [request.partition_key for request in requests]
    assert "2026-03-02|regulators" in keys
    assert "2026-03-02|searches" in keys
    assert not [key for key in keys if key.endswith(("|inbox", "|sample", "|other"))]
    assert len({request.run_key for request in requests}) == len(requests)


def test_the_sample_collects_itself_alone(tmp_path):
    (tmp_path / ".sample").touch()
    [request] = tick(schedules.every_day, tmp_path).run_requests
    assert request.partition_key == "2026-03-02|sample"


def test_a_release_waits_for_articles(tmp_path):
    assert "nothing was collected" in tick(schedules.every_week, tmp_path).skip_message


@pytest.mark.parametrize("name", ["run", "link", "publish"])
def test_nothing_is_linked_where_the_extraction_fails_its_check(name):
    plan = dg._core.execution.api.create_execution_plan(defs.resolve_job_def(name))
    assert "mentions_extraction_figures" in plan.get_executable_step_deps()["incidents"]
