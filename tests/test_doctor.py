"""What the doctor finds, and what it says to do."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from datetime import date, timedelta

import pytest

from incidents import doctor, upgrading
from incidents.doctor import State, examine


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Without what loads for seconds; and the doctor tells children of the data folder by the environment."""
    monkeypatch.setenv("INCIDENTS_DATA_DIR", "")
    monkeypatch.setattr(
        doctor, "CHECKS", {name: check for name, check in doctor.CHECKS.items() if name not in ("model", "gazetteer")}
    )


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def finding(data, check):
    return next(each for each in examine(data) if each.check == check)


def test_a_new_user_needs_to_mend_nothing(data, monkeypatch, tmp_path):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    found = examine(data)
    assert [each.check for each in found] == ["python", "configuration", *doctor.CHECKS]
    assert not any(each.state is State.MEND for each in found)


def test_a_finding_is_a_line_with_what_to_do(data):
    line = str(finding(data, "contact"))
    assert line == "warn  contact: not set, no live source is crawled -> set INCIDENTS_CONTACT or contact"


def test_a_mistake_in_the_configuration_comes_first_and_alone(data, tmp_path, monkeypatch):
    file = tmp_path / "incidents.toml"
    file.write_text("contakt = 'a@b.example'\n")
    monkeypatch.setenv("INCIDENTS_CONFIG", str(file))
    *_, last = examine(data)
    assert (last.check, last.state) == ("configuration", State.MEND)
    assert f"{file}, line 1: contakt is no setting; write contact" in last.told


def test_a_misspelt_variable(data, monkeypatch):
    monkeypatch.setenv("INCIDENTS_CONTCAT", "a@b.example")
    assert "INCIDENTS_CONTCAT" in finding(data, "configuration").told


def test_another_python(monkeypatch, data):
    monkeypatch.setattr(doctor, "PYTHONS", ((3, 1), (3, 2)))
    assert finding(data, "python").state is State.MEND


@pytest.mark.parametrize(("free", "state"), [(1 << 20, State.MEND), (5 << 30, State.WARN), (50 << 30, State.OK)])
def test_free_disk(data, monkeypatch, free, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: doctor.shutil._ntuple_diskusage(free, 0, free))
    assert finding(data, "disk").state is state


def test_a_folder_that_cannot_be_written(data, monkeypatch):
    def denied(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", denied)
    found = finding(data, "data folder")
    assert (found.state, found.told) == (State.MEND, f"{data}: Permission denied")


def test_a_file_in_place_of_the_data_folder(tmp_path):
    (tmp_path / "data").touch()
    assert finding(tmp_path / "data", "data folder").state is State.MEND


@pytest.mark.parametrize("lock", ["writing", "crawling"])
def test_the_holder_of_a_lock_is_named(data, lock):
    code = """
import sys; from pathlib import Path; from incidents import lock
with getattr(lock, sys.argv[2])(Path(sys.argv[1]), "a test"): print(flush=True); input()
"""
    with subprocess.Popen([sys.executable, "-c", code, data, lock], stdin=-1, stdout=-1) as holder:
        holder.stdout.readline()
        assert f"in use by a test (process {holder.pid})" in finding(data, "lock").told
        holder.kill()
    assert finding(data, "lock").state is State.OK


def test_a_clock_before_the_archive_or_the_release(data, monkeypatch):
    assert finding(data, "clock").state is State.OK
    page = data / "archive" / "inbox" / "2026-01-02" / "a.warc.gz"
    page.parent.mkdir(parents=True)
    page.touch()
    os.utime(page, (4e9, 4e9))
    assert "before a file in the archive of 2096-10-02" in finding(data, "clock").told
    page.unlink()
    monkeypatch.setattr(doctor, "RELEASED", date.today() + timedelta(days=2))  # noqa: DTZ011
    assert "before this version" in finding(data, "clock").told


def test_a_damaged_index_and_a_damaged_frontier(data):
    archive = data / "archive"
    archive.mkdir()
    (archive / "frontier.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    assert "frontier.sqlite" in finding(data, "archive").told
    (archive / "frontier.sqlite").unlink()
    sqlite3.connect(archive / "frontier.sqlite").close()
    assert finding(data, "archive").state is State.OK
    (archive / "index.parquet").write_bytes(b"no parquet")
    found = finding(data, "archive")
    assert (found.state, found.todo) == (State.MEND, "remove the file: the next run makes it again")


def test_reference_data_with_a_mistake(data, tmp_path, monkeypatch):
    monkeypatch.setenv("INCIDENTS_REFERENCE", str(tmp_path / "none"))
    found = finding(data, "reference data")
    assert found.state is State.MEND
    assert str(tmp_path / "none") in found.told


def test_an_older_working_store(data, monkeypatch):
    monkeypatch.setattr(upgrading, "planned", lambda folder: upgrading.Plan([], [], ["a.warc"], True))
    found = finding(data, "working store")
    assert (found.told, found.todo) == ("older than code, model or data: 1 scanned files", "incidents upgrade")


@pytest.mark.parametrize(
    ("text", "state"), [("a: [", State.MEND), ("telemetry: {}", State.WARN), ("concurrency: {}", State.OK)]
)
def test_dagsters_configuration(data, tmp_path, monkeypatch, text, state):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text(text)
    assert finding(data, "dagster").state is state


def test_a_port_that_is_taken(data, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(doctor, "PORTS", {server.getsockname()[1]: "incidents serve"})
        assert finding(data, "ports").state is State.WARN
    assert finding(data, "ports").state is State.OK


def test_no_front_end(data, tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "PACKAGE", tmp_path)
    assert "make setup" in finding(data, "front end").todo


def test_a_check_that_fails_is_a_finding(data, monkeypatch):
    def broken(folder):
        raise ValueError("odd\nvery odd")

    monkeypatch.setattr(doctor, "CHECKS", {"clock": broken})
    assert str(finding(data, "clock")) == "mend  clock: ValueError: odd -> mend what it names"


def test_the_command_ends_with_2_where_something_must_be_mended(cli, tmp_path):
    done = cli("doctor", home=tmp_path, INCIDENTS_CONFIG="/nowhere.toml")
    assert done.returncode == 2
    assert "mend  configuration: INCIDENTS_CONFIG=/nowhere.toml: no such file" in done.stdout


@pytest.mark.slow
def test_the_model_is_loaded(cli, tmp_path, data):
    well = cli("doctor", "--json", "--data-dir", data, home=tmp_path / "home")
    states = {each["check"]: each["state"] for each in json.loads(well.stdout)}
    assert (well.returncode, states["model"], states["gazetteer"]) == (0, "ok", "ok")
    ill = cli("doctor", "--data-dir", data, home=tmp_path / "home", INCIDENTS_MODEL="no_such_model")
    assert ill.returncode == 2
    assert "mend  model: spaCy model 'no_such_model' cannot be loaded" in ill.stdout
