"""Dagster's history holds no data: where it is damaged, one line says so, and without it everything runs."""

import os
import subprocess
import sys

import pytest

from incidents import settings


@pytest.fixture
def history(tmp_path, monkeypatch):
    """The files of a history in which a run stands."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))

    def files():
        return sorted((settings.dagster_home() / "history").glob("**/*.db"))

    return files


@pytest.mark.faults
def test_a_truncated_history_is_named_and_can_be_moved_away(folder, incidents, articles, history, whole, tmp_path):
    run = ("run", "--input", articles(3), "--data-dir", folder)
    assert incidents(*run).code == 0
    for file in history():
        os.truncate(file, file.stat().st_size // 2)
    line = incidents("run", "--input", articles(4, name="more.jsonl"), "--data-dir", folder).line
    assert f"{tmp_path / 'home'}: the run history fails (" in line
    assert f"move {tmp_path / 'home' / 'history'} away; no data is in it" in line
    assert whole(folder) == 2

    up = [sys.executable, "-m", "incidents.defs.up", "--data-dir", folder]
    done = subprocess.run(up, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 2
    assert f"up: the runs' history cannot be used, see above; move {tmp_path / 'home' / 'history'} away" in done.stderr
    assert "Traceback" not in done.stderr

    (tmp_path / "home" / "history").rename(tmp_path / "away")
    assert incidents("run", "--input", articles(4, name="more.jsonl"), "--data-dir", folder).code == 0
    assert whole(folder) == 3
