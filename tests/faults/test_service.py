"""kill -9 of the service's processes, and two services at once."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DAEMON_KILLS = 5
SECONDS = 300


@pytest.fixture
def service(tmp_path, monkeypatch):
    """Starts `make up` on a data folder; what it prints is in the file that comes with it."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    started = []

    def start(data_dir):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        said = tmp_path / f"{len(started)}.txt"
        command = [sys.executable, "-m", "incidents.defs.up", "--data-dir", data_dir, "--port", str(port)]
        with said.open("w") as sink:
            started.append(subprocess.Popen(command, cwd=ROOT, stdout=sink, stderr=sink, env=os.environ))
        return started[-1], said

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(90)


def until(happens):
    deadline = time.monotonic() + SECONDS
    while not (found := happens()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def children(process):
    """The processes that the supervisor started, by the last part of their program's name."""
    found = {}
    for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        with suppress(FileNotFoundError):  # it is over
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            found[Path("".join(words[1:2])).name.rpartition("-")[2]] = int(pid)
    return found


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_daemon_ends_the_service_which_starts_again(folder, service, whole, kept):
    moments, before = random.Random(7), kept(folder)  # noqa: S311 a seed
    for number in range(DAEMON_KILLS):
        process, said = service(folder)
        daemon = until(lambda process=process: children(process).get("daemon"))
        time.sleep(moments.uniform(0, 4))
        others = [pid for pid in children(process).values() if pid != daemon]
        os.kill(daemon, signal.SIGKILL)
        assert process.wait(SECONDS) == 1, number
        assert "up: the daemon ended by itself with code -9; see its messages above" in said.read_text()
        assert not any(Path(f"/proc/{pid}").exists() for pid in others)
        assert (whole(folder), kept(folder)) == (1, before)
    process, said = service(folder)
    until(lambda: "Ctrl-C stops it" in said.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(90) == 0


@pytest.mark.faults
def test_of_two_that_start_at_once_one_is_refused(folder, service, whole):
    both = [service(folder), service(folder)]
    refused = until(lambda: [each for each in both if each[0].poll() is not None])
    assert len(refused) == 1
    [(process, said)] = refused
    assert process.returncode == 2
    assert (
        said.read_text() == f"up: already running with DAGSTER_HOME={os.environ['DAGSTER_HOME']}; stop that one first\n"
    )
    [(other, told)] = [each for each in both if each not in refused]
    until(lambda: "Ctrl-C stops it" in told.read_text())
    assert other.poll() is None
    other.send_signal(signal.SIGTERM)
    assert other.wait(90) == 0
    assert whole(folder) == 1
