"""What the data folder takes, and what may go: old logs and leftovers, nothing else."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from incidents import disk, lock
from incidents.errors import UserError

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FILES = (
    "archive/inbox/2026-01-02/a.warc.gz",
    "archive/.new-a/a.warc.gz",
    "releases/2026-01-02/incidents.duckdb",
    "releases/.building-1/incidents.duckdb",
    "registry/incidents.jsonl",
    "curation/judgements.jsonl",
    "inbox/a.txt",
    "working/articles/inbox/2026-01-02.parquet",
    "working/articles/inbox/.2026-01-02.parquet.77.tmp",
    "working/events/inbox/2026-01-02.parquet.damaged",
    "working/scans/a.parquet",
    "logs/collect-20260102T000000Z.jsonl",
)
OLD = {
    "logs/collect-20260102T000000Z.jsonl",
    "working/articles/inbox/.2026-01-02.parquet.77.tmp",
    "working/events/inbox/2026-01-02.parquet.damaged",
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder and a Dagster home where everything is a year old."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    for path in [tmp_path / "data" / name for name in FILES] + [
        tmp_path / "home" / "storage" / "run-1" / "compute_logs" / "step.err",
        tmp_path / "home" / "history" / "runs.db",
    ]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 2000)
        _age(path, 365)
    return tmp_path / "data"


def _age(path, days):
    then = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def left(data):
    found = {path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()}
    return {name for name in found if not name.startswith(".lock")}


def test_each_part_is_counted_once(data):
    sizes = {part.name: (part.size, part.files) for part in disk.parts(data)}
    assert sizes == {
        "archive": (4000, 2),
        "registry": (2000, 1),
        "releases": (4000, 2),
        "curation": (2000, 1),
        "inbox": (2000, 1),
        "working/scans": (2000, 1),
        "working": (6000, 3),
        "logs": (2000, 1),
        "dagster history": (2000, 1),
        "dagster logs": (2000, 1),
    }


def test_only_old_logs_and_leftovers_go(data):
    storage = data.parent / "home" / "storage"
    removed = dict(disk.free(data, NOW))
    assert removed == dict.fromkeys([storage / "run-1", *(data / name for name in OLD)], 2000)
    assert left(data) == set(FILES) - OLD
    assert list(storage.iterdir()) == []
    assert (data.parent / "home" / "history" / "runs.db").exists()


def test_what_is_young_stays(data, monkeypatch):
    monkeypatch.setenv("INCIDENTS_KEEP_LOGS", "400")
    monkeypatch.setenv("INCIDENTS_KEEP_TEMPORARY", "366")
    assert disk.old(data, NOW) == []


def test_the_logs_of_a_run_stay_while_one_of_them_is_young(data):
    step = data.parent / "home" / "storage" / "run-1" / "compute_logs" / "other.err"
    step.touch()
    _age(step, 1)
    assert data.parent / "home" / "storage" / "run-1" not in disk.old(data, NOW)


def test_nothing_goes_while_somebody_writes(data, monkeypatch):
    def taken(*_):
        raise UserError("in use")

    monkeypatch.setattr(lock, "writing", taken)
    with pytest.raises(UserError, match="in use"):
        list(disk.free(data, NOW))
    assert left(data) == set(FILES)


def test_the_command_is_dry_until_told(data, cli):
    home = data.parent / "home"
    shown = cli("disk", "--data-dir", data, home=home)
    assert "kept for good" in shown.stdout
    assert f"old: {data}/logs/collect-20260102T000000Z.jsonl; incidents disk --free removes it" in shown.stdout
    assert left(data) == set(FILES)
    removed = cli("disk", "--free", "--data-dir", data, home=home)
    assert f"removed: {data}/logs/collect-20260102T000000Z.jsonl, 2.0 KiB" in removed.stdout
    assert left(data) == set(FILES) - OLD


def test_sizes_for_people():
    assert [disk.told(size) for size in (0, 1023, 1024, 5 << 20, 3 << 40)] == [
        "0 B",
        "1023 B",
        "1.0 KiB",
        "5.0 MiB",
        "3072.0 GiB",
    ]
