"""The line on the terminal."""

import io
import os
import pty
import sys

import pytest

from incidents import progress


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_kept", [])
    monkeypatch.setattr(progress, "_last", {})


def test_progress_reaches_the_terminal_though_stderr_is_led_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        progress.keep_terminal()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    progress.terminal("read", 1, 2)
    assert os.read(leader, 100).startswith(b"\rread: 1 of 2")


def test_without_a_terminal_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    progress.keep_terminal()
    progress.terminal("read", 1, 2)
    assert progress.stream() is None
    assert pipe.getvalue() == ""
