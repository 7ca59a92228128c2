"""One writer at a time: a second is refused at once and told whom to wait for, or waits."""

import signal
import subprocess
import sys

import pytest

from incidents import lock
from incidents.errors import UserError

HOLD = (
    "import sys, time; from pathlib import Path; from incidents import lock\n"
    "with lock.writing(Path(sys.argv[1]), 'incidents run'): print('held', flush=True); time.sleep(float(sys.argv[2]))"
)


@pytest.fixture
def held(tmp_path):
    """Another process that holds the lock of a folder for some seconds."""
    started = []

    def hold(seconds):
        child = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path, str(seconds)], stdout=subprocess.PIPE)
        assert child.stdout.readline() == b"held\n"
        started.append(child)
        return child

    yield hold
    for child in started:
        child.kill()
        child.communicate()


def test_a_second_writer_is_refused_and_told_who_holds_the_folder(tmp_path, held):
    child = held(60)
    with (
        pytest.raises(UserError, match=rf"in use by incidents run \(process {child.pid}\)"),
        lock.writing(tmp_path, "another"),
    ):
        pass


def test_a_writer_that_waits_gets_its_turn(tmp_path, held):
    held(0.5)
    with lock.writing(tmp_path, "another", timeout=30):
        pass


def test_a_killed_writer_leaves_the_folder_free(tmp_path, held):
    child = held(60)
    child.send_signal(signal.SIGKILL)
    child.wait()
    with lock.writing(tmp_path, "another"):
        pass


def test_one_process_may_take_it_again(tmp_path):
    with lock.writing(tmp_path, "outer"), lock.writing(tmp_path, "inner"):
        pass
