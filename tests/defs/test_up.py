"""`make up`: all starts and answers, runs what is asked and what is dropped, refuses a second copy, stops cleanly."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents.publish.releases import releases

ROOT = Path(__file__).parent.parent.parent
REPOSITORY = {"repositoryName": "__repository__", "repositoryLocationName": "incidents.definitions"}
STATES = """query($at: RepositorySelector!) {
  schedulesOrError(repositorySelector: $at) { ... on Schedules { results { name scheduleState { status } } } }
  sensorsOrError(repositorySelector: $at) { ... on Sensors { results { name sensorState { status } } } }
  assetNodes { groupName partitionDefinition { name } assetChecksOrError { ... on AssetChecks { checks { name } } } }
}"""
LAUNCH = """mutation($run: ExecutionParams!) {
  launchRun(executionParams: $run) { ... on LaunchRunSuccess { run { runId } } }
}"""
RUNS = "{ runsOrError(limit: 50) { ... on Runs { results { runId jobName status } } } }"
STORY = "Lundby police said on Tuesday that facial recognition software had matched the wrong man, and let him go."
SECONDS = 300  # a busy machine takes its time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A running service on a data folder with a story in its inbox."""
    folder, port = tmp_path_factory.mktemp("up"), free_port()
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "story.txt").write_text(f"Wrong man\n\n{STORY}\n")
    command = [sys.executable, "-m", "incidents.defs.up", "--data-dir", folder / "data", "--port", str(port)]
    environment = os.environ | {"DAGSTER_HOME": str(folder / "home")}
    child = subprocess.Popen(command, env=environment, cwd=ROOT)

    def ask(query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, headers)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)["data"]

    try:
        until(lambda: child.poll() is None and answers(ask))
        yield ask, folder / "data", command, environment
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(90) == 0
    with pytest.raises(OSError, match="refused"):
        ask(RUNS)


def answers(ask):
    try:
        return ask(RUNS)
    except OSError:
        return None


def until(happens):
    deadline = time.monotonic() + SECONDS
    while not (found := happens()):
        assert time.monotonic() < deadline
        time.sleep(1)
    return found


def ended(ask, job):
    """The statuses of the runs of a job, once all are over and there is one."""
    runs = [run for run in ask(RUNS)["runsOrError"]["results"] if run["jobName"] == job]
    return [run["status"] for run in runs] if all(run["status"] in ("SUCCESS", "FAILURE") for run in runs) else []


@pytest.mark.slow
def test_what_runs_by_itself_is_on_and_the_assets_are_there(service):
    ask, *_ = service
    answer = ask(STATES, at=REPOSITORY)
    states = {s["name"]: s["scheduleState"]["status"] for s in answer["schedulesOrError"]["results"]}
    states |= {s["name"]: s["sensorState"]["status"] for s in answer["sensorsOrError"]["results"]}
    names = ("every_day", "every_week", "inbox", "outdated_days", "unlinked", "decisions", "alerts")
    assert states == dict.fromkeys(names, "RUNNING")
    stages = {node["groupName"]: node for node in answer["assetNodes"]}
    assert sorted(stages) == ["collect", "extract", "link", "publish", "read"]
    assert len(stages["publish"]["assetChecksOrError"]["checks"]) == 4


@pytest.mark.slow
def test_a_second_copy_is_refused(service):
    _, _, command, environment = service
    second = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert second.returncode == 2
    assert "already running" in second.stderr


@pytest.mark.slow
def test_a_file_in_the_inbox_becomes_an_article_and_is_linked(service):
    ask, data, *_ = service
    assert until(lambda: ended(ask, "daily")) == ["SUCCESS"]
    assert list((data / "working" / "articles" / "inbox").glob("*.parquet"))


@pytest.mark.slow
def test_a_run_that_is_launched_ends_green_with_a_release(service):
    ask, data, *_ = service
    day = datetime.now(UTC).date().isoformat()
    tags = {"dagster/partition": f"{day}|inbox", "dagster/partition/day": day, "dagster/partition/group": "inbox"}
    run = {
        "selector": REPOSITORY | {"jobName": "run"},
        "mode": "default",
        "executionMetadata": {"tags": [{"key": key, "value": value} for key, value in tags.items()]},
    }
    assert ask(LAUNCH, run=run)["launchRun"]["run"]["runId"]
    assert until(lambda: ended(ask, "run")) == ["SUCCESS"]
    [release] = releases(data)
    assert release.manifest["rows"]["articles"] == 1
