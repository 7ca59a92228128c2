"""What release 0.1.0 left in a data folder becomes what this version makes, also when the upgrade is killed."""

import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from incidents import stages, upgrading, working
from incidents.outdated import CODE, INPUTS, SCHEMA
from incidents.parquet import read_metadata, write_table
from incidents.read import archive_inputs

DAYS = ("2026-03-01", "2026-03-02", "2026-03-04")
TEXT = (
    "{town} police said on Tuesday that facial recognition software had matched the wrong man. Officers of the {town} "
    "Police Department arrested a man of 34 on {day} March 2025 after a false face match. The charges were dropped."
)
# Columns that a table of the working store got after 0.1.0, or may have got.
ADDED = {"articles": ["correction", "paywalled"], "assessments": ["refused"], "events": ["codes"], "mentions": ["role"]}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A data folder as this version leaves it after a release: three days, an article each."""
    folder = tmp_path_factory.mktemp("finished")
    for number, (day, town) in enumerate(zip(DAYS, ("Lundby", "Ostrava", "Marlow"), strict=True), 3):
        rows = folder / f"{day}.jsonl"
        text = TEXT.format(town=town, day=number)
        rows.write_text(json.dumps({"url": f"http://{town}.example/a", "title": f"{town}'s wrong man", "text": text}))
        archive_inputs([rows], folder / "data" / "archive", datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    data, now = folder / "data", datetime(2026, 3, 5, tzinfo=UTC)
    stages.read(data)
    stages.extract(data)
    stages.link(data, "2026-03-05")
    stages.publish(data, is_sample=False, now=now)
    stages.link(data, "2026-03-05.2")
    stages.write_rejects(data)
    return data


@pytest.fixture
def older(finished, tmp_path):
    """The same folder as release 0.1.0 would have left it: fewer columns, other footers, one file for each source."""
    data = tmp_path / "data"
    shutil.copytree(finished, data, symlinks=True)
    for table, columns in ADDED.items():
        for path in (data / "working" / table).glob("*/*.parquet"):
            _rewrite(path, columns, {INPUTS: "of 0.1.0"})
        shutil.copytree(data / "working" / table / "inbox", data / "working" / table / "statewatch")
    for path in (data / "working" / "linked").glob("*.parquet"):
        _rewrite(path, ["confidence"], {})
    shutil.rmtree(data / "working" / "explained")
    return data


def _rewrite(path, without, metadata):
    table = pq.read_table(path, partitioning=None).replace_schema_metadata(None)
    versions = {name: ["0.1.0"] * len(table) for name in table.column_names if name.endswith("_version")}
    for name, values in versions.items():
        table = table.set_column(table.schema.get_field_index(name), name, [values])
    write_table(path, table.drop_columns([name for name in without if name in table.column_names]), metadata)


def contents(data):
    files = sorted(path for path in (data / "working").rglob("*") if path.is_file())
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in files}


def test_a_folder_of_this_version_needs_nothing(finished):
    assert upgrading.planned(finished).is_empty
    assert list(upgrading.upgrade(finished)) == [f"{finished}: everything is of this version"]


def test_everything_that_0_1_0_left_becomes_as_this_version_makes_it(finished, older):
    assert str(upgrading.planned(older)) == "3 days of a group, links"
    incidents = pq.read_metadata(finished / "working" / "linked" / "incidents.parquet").num_rows
    assert incidents
    lines = list(upgrading.upgrade(older))
    assert lines[:3] == [
        "read again: 3 days of a group, 3 articles",
        "extracted again: 3 articles",
        f"linked again: {incidents} incidents",
    ]
    assert contents(older) == contents(finished)
    assert upgrading.planned(older).is_empty


def test_only_what_is_older_is_made_again(finished, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(finished, data, symlinks=True)
    _rewrite(data / "working" / "events" / "inbox" / f"{DAYS[1]}.parquet", ["codes"], {INPUTS: "of 0.1.0"})
    articles = [data / "working" / "articles" / "inbox" / f"{day}.parquet" for day in DAYS]
    before = [path.stat().st_mtime_ns for path in articles]
    assert "extracted again: 1 articles" in list(upgrading.upgrade(data))
    assert [path.stat().st_mtime_ns for path in articles] == before
    assert contents(data) == contents(finished)


def test_another_linker_links_again(finished, monkeypatch):
    monkeypatch.setattr("incidents.link.LINKER_VERSION", "9.9.9")
    assert str(upgrading.planned(finished)) == "links"


def test_another_schema_makes_a_table_outdated(finished, monkeypatch):
    monkeypatch.setitem(working.SCHEMAS, "events", working.EVENTS.remove(0))
    assert len(upgrading.planned(finished).days) == len(DAYS)


def test_working_files_carry_schema_and_code_version(finished):
    for path in (finished / "working").glob("*/inbox/*.parquet"):
        told = read_metadata(path)
        assert told[SCHEMA] == working.version(path.parent.parent.name)
        assert told[CODE].count(".") == 2
    assert read_metadata(finished / "working" / "linked" / "incidents.parquet")[CODE].count(".") == 2


def test_scanned_files_are_extracted_again_and_scans_by_older_readers_named(finished, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(finished, data, symlinks=True)
    for table in working.SCHEMAS:
        source = data / "working" / table / "inbox" / f"{DAYS[0]}.parquet"
        metadata = read_metadata(source) | ({INPUTS: "of 0.1.0"} if table != "articles" else {})
        write_table(data / "working" / table / "scan" / source.name, pq.read_table(source, partitioning=None), metadata)
    empty = pq.read_table(source, partitioning=None).slice(0, 0).replace_schema_metadata(None)
    write_table(data / "working" / "scans" / "one.parquet", empty, {"file": "http://a.example/1.warc", "made_by": "0"})
    lines = list(upgrading.upgrade(data))
    assert lines[0] == "extracted again: 1 articles"
    assert "1 files were scanned by an older version, such as http://a.example/1.warc" in lines[-2]
    assert not upgrading.planned(data).scanned


@pytest.mark.slow
def test_an_upgrade_that_is_killed_goes_on_where_it_was(finished, older):
    command = [Path(sys.executable).parent / "incidents", "upgrade", "--data-dir", older]
    for awaited in ("articles/inbox", "events/inbox", "linked"):
        child, started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True), time.time_ns()
        while not _written_since(older / "working" / awaited, started):
            assert child.poll() is None, f"ended before {awaited} was written"
            time.sleep(0.01)
        child.kill()
        child.wait()
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "again: 3 days" not in done.stdout
    left = {name: content for name, content in contents(older).items() if not name.endswith(".tmp")}
    assert left == contents(finished)


def _written_since(folder, moment):
    return any(path.stat().st_mtime_ns > moment for path in folder.glob("*.parquet"))
