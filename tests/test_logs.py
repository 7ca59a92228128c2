"""What commands tell on standard error."""

import json
import logging

import pyarrow as pa
import pytest

from incidents import logs
from incidents.parquet import write_table


@pytest.fixture
def _as_before(monkeypatch):
    monkeypatch.setattr(logs.log, "handlers", [])
    monkeypatch.setattr(logs.log, "propagate", True)
    monkeypatch.setattr("sys.excepthook", None)
    level = logs.log.level
    yield
    logs.log.setLevel(level)


@pytest.mark.usefixtures("_as_before")
@pytest.mark.parametrize("as_json", [False, True])
def test_verbose_tells_of_each_file_that_is_written(tmp_path, capsys, as_json):
    logs.configure(verbose=True, as_json=as_json)
    write_table(tmp_path / "a.parquet", pa.table({"n": [1, 2]}))
    told = capsys.readouterr().err
    message = f"{tmp_path}/a.parquet: 2 rows"
    if as_json:
        line = json.loads(told)
        assert (line["level"], line["logger"], line["message"]) == ("info", "incidents.parquet", message)
    else:
        assert told == f"incidents.parquet: {message}\n"


@pytest.mark.usefixtures("_as_before")
def test_otherwise_only_warnings_are_told(tmp_path, capsys):
    logs.configure(verbose=False, as_json=False)
    write_table(tmp_path / "a.parquet", pa.table({"n": [1, 2]}))
    logging.getLogger("incidents.alerts").warning("a hook is down")
    assert capsys.readouterr().err == "incidents.alerts: a hook is down\n"


def test_an_error_is_a_line_or_a_json_object(cli, tmp_path):
    plain = cli("releases", "--data-dir", tmp_path / "none", home=tmp_path)
    assert plain.returncode == 2
    assert plain.stderr.startswith("incidents: ")
    for as_json in (
        cli("--log-json", "releases", "--data-dir", tmp_path / "none", home=tmp_path),
        cli("releases", "--data-dir", tmp_path / "none", home=tmp_path, INCIDENTS_LOG="json"),
    ):
        assert as_json.returncode == 2
        told = json.loads(as_json.stderr)
        assert (told["level"], told["logger"]) == ("error", "incidents")
        assert f"incidents: {told['message']}\n" == plain.stderr


def test_a_crash_is_one_json_object_too(cli, tmp_path):
    (tmp_path / "releases" / "2026-01-01").mkdir(parents=True)
    (tmp_path / "releases" / "2026-01-01" / "manifest.json").write_text('["no manifest"]')
    done = cli("--log-json", "releases", "--data-dir", tmp_path, home=tmp_path)
    told = json.loads(done.stderr)
    assert (done.returncode, told["level"]) == (1, "critical")
    assert "Traceback" in told["traceback"]
