"""`make up`: both processes start, answer, refuse a second copy and stop cleanly."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SCHEDULES = """{ schedulesOrError(repositorySelector: {
    repositoryName: "__repository__", repositoryLocationName: "incidents.definitions"
}) { ... on Schedules { results { name scheduleState { status } } } } }"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, query):
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


@pytest.mark.slow
def test_up(tmp_path):
    home, port = tmp_path / "home", free_port()
    command = [sys.executable, "-m", "incidents.defs.up", "--data-dir", str(tmp_path / "data"), "--port", str(port)]
    environment = os.environ | {"DAGSTER_HOME": str(home)}
    child = subprocess.Popen(command, env=environment, cwd=ROOT)
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                answer = ask(port, SCHEDULES)
                break
            except OSError:
                assert child.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.5)
        states = {s["name"]: s["scheduleState"]["status"] for s in answer["data"]["schedulesOrError"]["results"]}
        assert states == {"every_day": "RUNNING", "every_week": "RUNNING"}
        second = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
        assert second.returncode == 2
        assert "already running" in second.stderr
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(60) == 0
    with pytest.raises(OSError, match="refused"):
        ask(port, SCHEDULES)
