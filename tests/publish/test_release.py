"""A release is whole or not there, says what changed, and comes out the same twice."""

import hashlib
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents import publish as publishing
from incidents.ids import digest
from incidents.publish import ReleaseRefusedError, publish, releases
from incidents.reference import load
from incidents.tables import TABLES


@pytest.fixture
def make(linked, people, about, tmp_path):
    def release(folder=tmp_path, **changes):
        return publish(linked(**changes), people, ["{}"], load(), about, folder)

    return release


def test_every_table_is_there_in_every_form(make):
    made = make()
    for table in TABLES:
        schema = pq.read_schema(made.path / "parquet" / f"{table.name}.parquet")
        assert schema.names == [column.name for column in table.columns]
        assert schema.field(0).metadata[b"description"] == table.key.description.encode()
        assert (made.path / "csv" / f"{table.name}.csv.gz").exists()
    with duckdb.connect(str(made.path / "incidents.duckdb"), read_only=True) as connection:
        comments = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        assert comments.items() >= {table.name: table.description for table in TABLES}.items()
        assert connection.execute("SELECT place, country FROM incident_overview").fetchall() == [("Lundby", "SE")]
        assert connection.execute("SELECT count(*) FROM why('FRI-00000001')").fetchall() == [(6,)]


def test_the_manifest_lists_every_other_file_with_its_sum(make):
    made = make()
    manifest = json.loads((made.path / "manifest.json").read_text())
    files = {f["path"]: f for f in manifest["files"]}
    on_disk = {p.relative_to(made.path).as_posix() for p in made.path.rglob("*") if p.is_file()}
    assert set(files) == on_disk - {"manifest.json"}
    for path, told in files.items():
        content = (made.path / path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (told["bytes"], told["sha256"])


def test_latest_and_the_list_point_to_it(make, tmp_path):
    made = make()
    assert (tmp_path / "releases" / "latest").resolve() == made.path
    assert [r["version"] for r in json.loads((tmp_path / "releases" / "releases.json").read_text())] == ["2026-01-05"]


def test_no_changed_row_no_release(make):
    first = make()
    again = make()
    assert (again.is_new, again.version, again.row_counts) == (False, first.version, first.row_counts)


def test_a_changed_value_is_told_and_the_old_release_stays(make):
    first = make()
    second = make(title="Another title")
    assert second.version == "2026-01-05.2"
    assert first.path.exists()
    [row] = pq.read_table(second.path / "parquet" / "changes.parquet").to_pylist()
    told = (row["table_name"], row["row_id"], row["change"], row["field"], row["old_value"], row["new_value"])
    assert told == ("incidents", "FRI-00000001", "changed", "title", "A stop in Lundby", "Another title")
    assert row["change_id"] == f"chg-{digest('incidents', 'FRI-00000001', 'title')}"


def test_added_and_removed_rows_are_told_without_their_values(linked, people, about, tmp_path):
    def place(key):
        return pa.Table.from_pylist([dict(place_id=key, name="X", precision="city")], linked()["places"].schema)

    for key in ("geonames-2", "geonames-3"):
        tables = linked()
        tables["places"] = pa.concat_tables([tables["places"], place(key)])
        made = publish(tables, people, ["{}"], load(), about, tmp_path)
    rows = pq.read_table(made.path / "parquet" / "changes.parquet").sort_by("row_id").to_pylist()
    told = [(row["table_name"], row["row_id"], row["change"], row["field"], row["new_value"]) for row in rows]
    assert told == [("places", "geonames-2", "removed", None, None), ("places", "geonames-3", "added", None, None)]
    assert "places: 1 added, 1 removed" in (made.path / "CHANGELOG.md").read_text()


def test_a_withheld_name_is_in_no_file(make):
    made = make()
    for path in made.path.rglob("*"):
        if path.is_file() and path.suffix not in {".gz", ".parquet"}:
            assert b"Kim Sample" not in path.read_bytes(), path
    for path in (made.path / "parquet").iterdir():
        assert "Kim Sample" not in str(pq.read_table(path).to_pylist()), path


def test_a_broken_rule_publishes_nothing_and_lists_the_rows(make, tmp_path):
    first = make()
    with pytest.raises(ReleaseRefusedError, match=r"incidents\.title of FRI-00000001 is empty"):
        make(title="")
    [row] = pq.read_table(tmp_path / "working" / "failed_checks.parquet").to_pylist()
    assert row["column"] == "title"
    assert releases.latest(tmp_path).version == first.version


def test_the_same_rows_give_the_same_bytes_anywhere(make, tmp_path):
    def sums(folder, **environment):
        here = str(Path(__file__).parent)
        code = f"import sys; sys.path.insert(0, {here!r}); import test_release as t; t.publish_into({str(folder)!r})"
        subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | environment)
        made = folder / "releases" / "2026-01-05"
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in (made / "parquet").iterdir()}

    here = sums(tmp_path / "a", TZ="UTC", LC_ALL="C.UTF-8")
    there = sums(tmp_path / "b" / "deeper", TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8", PYTHONHASHSEED="7")
    assert here == there
    assert len(here) == len(TABLES)


def publish_into(folder):
    """For the tests that need a process of its own."""
    import pandas as pd
    from conftest import NOW, tables

    people = pd.DataFrame(
        [["per-1", "Kim Sample", ["Sample"], "withheld_private", "a woman", ["art-1"]]],
        columns=["person_id", "name", "forms", "name_policy", "display_label", "article_ids"],
    )
    about = publishing.About(NOW, None, False, "m", "1", "1", "1", "1", {})
    publish(tables(**json.loads(os.environ.get("CHANGES", "{}"))), people, ["{}"], load(), about, Path(folder))


STEPS = [
    "export.write",
    "changes",
    "database.build",
    "database.verify",
    "documents.write",
    "_sync",
    "releases.announce",
]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_before_any_step_leaves_the_last_release_whole(make, tmp_path, step):
    first = make()
    code = textwrap.dedent(f"""
        import os, signal, sys
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import incidents.publish as p, test_release
        owner, _, name = {step!r}.rpartition(".")
        module = getattr(p, owner) if owner else p
        original = getattr(module, name)
        calls = 0
        def killed(*a, **k):
            global calls
            calls += 1
            # the first announce only mends what an earlier crash left
            if {step!r} != "releases.announce" or calls == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*a, **k)
        setattr(module, name, killed)
        test_release.publish_into({str(tmp_path)!r})
    """)
    environment = os.environ | {"CHANGES": json.dumps({"title": "Another title"})}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == -9
    latest = (tmp_path / "releases" / "latest").resolve()
    manifest = json.loads((latest / "manifest.json").read_text())
    for file in manifest["files"]:
        assert hashlib.sha256((latest / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert latest == first.path

    second = make(title="Another title")
    assert second.version == "2026-01-05.2"
    assert (tmp_path / "releases" / "latest").resolve() == second.path
    assert not list((tmp_path / "releases").glob(".building-*"))
