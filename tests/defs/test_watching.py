"""What is wrong by the history of runs, checks and freshness; and runs whose process is gone."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState, FreshnessStateChange

from incidents.checking import Finding
from incidents.defs import checks, processes, watching

THING = dg.AssetKey("thing")
CHECK = dg.AssetCheckKey(THING, "rows")


@pytest.fixture
def outcome():
    """What the asset and its check do; a test changes it."""
    return {"error": None, "finding": Finding(True, "all is well")}


@pytest.fixture
def run(instance, outcome):
    """Materializes an asset with a check."""

    @dg.asset
    def thing():
        if outcome["error"]:
            raise outcome["error"]

    @dg.asset_check(asset=thing, blocking=True)
    def rows():
        return checks.result(outcome["finding"], "source")

    def materialize():
        dg.materialize([thing, rows], instance=instance, raise_on_error=False)

    return materialize


@pytest.fixture
def problems(instance):
    return lambda: watching.problems(instance, [THING], [CHECK], datetime.now(UTC))


def test_a_run_that_failed_is_a_problem_until_it_succeeds(run, problems, outcome):
    run()
    assert problems() == {}
    outcome["error"] = ValueError("no such page\nand more that nobody reads")
    run()
    run()
    [(key, text)] = problems().items()
    assert key == "run of chosen assets"
    assert text.endswith("failed: ValueError: no such page")
    outcome["error"] = None
    run()
    assert problems() == {}


def test_each_subject_of_a_failed_check_is_a_problem_and_the_run_it_stopped_is_none(run, problems, outcome):
    rows = [{"source": "aclu", "why": "unreadable"}, {"source": "eff", "why": "empty"}]
    outcome["finding"] = Finding(False, "2 of 9 sources", rows)
    run()
    assert problems() == {"check thing.rows aclu": "aclu: why unreadable", "check thing.rows eff": "eff: why empty"}
    outcome["finding"] = Finding(False, "1 of 9 sources", rows[:1])
    run()
    assert list(problems()) == ["check thing.rows aclu"]


def test_very_many_subjects_are_one_problem(run, problems, outcome):
    rows = [{"source": f"source-{number}", "why": "dns"} for number in range(100)]
    outcome["finding"] = Finding(False, "100 of 190 sources", rows)
    run()
    assert problems() == {"check thing.rows": "100 of 190 sources; the UI shows the failing rows"}


def test_an_asset_that_is_stale_is_a_problem_until_it_is_made(instance, problems):
    for state, found in ((FreshnessState.FAIL, ["stale thing"]), (FreshnessState.PASS, [])):
        change = FreshnessStateChange(
            key=THING, new_state=state, previous_state=FreshnessState.UNKNOWN, state_change_timestamp=0.0
        )
        instance._report_runless_asset_event(change)
        assert list(problems()) == found


def started(instance, **tags):
    @dg.op
    def nothing():
        pass

    @dg.job
    def work():
        nothing()

    return instance.create_run_for_job(work, status=dg.DagsterRunStatus.STARTED, tags=tags).run_id


def test_a_run_whose_process_was_killed_is_ended(instance):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    dead = started(instance, **{processes.PROCESS_TAG: f"{socket.gethostname()}:{child.pid}"})
    alive = started(instance, **{processes.PROCESS_TAG: processes.this_process()})
    elsewhere = started(instance, **{processes.PROCESS_TAG: f"another-host:{child.pid}"})
    of_the_service = started(instance)
    assert processes.end_dead_runs(instance) == [dead]
    assert instance.get_run_by_id(dead).status == dg.DagsterRunStatus.FAILURE
    for run_id in (alive, elsewhere, of_the_service):
        assert instance.get_run_by_id(run_id).status == dg.DagsterRunStatus.STARTED


def test_runs_of_a_service_that_is_down_are_ended(instance):
    run_id = started(instance)
    mine = started(instance, **{processes.PROCESS_TAG: f"{socket.gethostname()}:{os.getpid()}"})
    assert processes.end_dead_runs(instance, service_is_down=True) == [run_id]
    assert instance.get_run_by_id(mine).status == dg.DagsterRunStatus.STARTED
