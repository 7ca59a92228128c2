"""Taken back on request: the name is nowhere in the next release, nor in earlier ones once they are redacted."""

import gzip
import json
from datetime import UTC, datetime

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents.errors import UserError
from incidents.publish import publish, releases, suppressions, withdrawing
from incidents.reference import load

NAME = "Adalind Sample"
LATER = datetime(2026, 1, 6, tzinfo=UTC)


@pytest.fixture
def people():
    columns = ["person_id", "name", "forms", "name_policy", "display_label", "article_ids"]
    row = ["person-1", NAME, [NAME, "Sample"], "went_public", NAME, ["art-1"]]
    return pd.DataFrame([row], columns=columns)


@pytest.fixture
def tables(linked):
    def with_party(title=f"{NAME} stopped in Lundby"):
        tables = linked(title=title, quote=f"{NAME}, a woman of 40, was stopped in Lundby on 3 May 2025.")
        party = {
            "affected_party_id": "party-1", "incident_id": "FRI-00000001", "person_id": "person-1",
            "party_kind": "person",
            "display_label": NAME, "name_policy": "went_public", "gender": "woman",
            "demographic_basis": "stated_by_source",
        }  # fmt: skip
        like = tables["evidence"].to_pylist()[0]
        behind = [
            like
            | {"evidence_id": f"evi-{f}", "table_name": "affected_parties", "row_id": "party-1", "field": f, "value": v}
            for f, v in (("display_label", NAME), ("gender", "woman"))
        ]
        return add(add(tables, "affected_parties", [party]), "evidence", behind)

    return with_party


def add(tables, name, rows):
    extra = pa.Table.from_pylist(rows, schema=tables[name].schema)
    return tables | {name: pa.concat_tables([tables[name], extra])}


@pytest.fixture
def home(tmp_path, tables, people, about):
    publish(tables(), people, ["{}"], load(), about, tmp_path)
    publish(tables(title=f"{NAME} held in Lundby"), people, ["{}"], load(), about, tmp_path)
    return tmp_path


def suppress(home, people, row_id="party-1", name=""):
    withdrawing.suppress(home, home / "curation", row_id, name, "E. Editor", "on request", people, LATER)
    return suppressions.read(home / "curation" / "suppressions.jsonl")


def words_in(folder):
    """Everything a reader of the folder could find, unpacked."""
    for path in folder.rglob("*"):
        if path.suffix == ".parquet":
            yield path, str(pq.read_table(path).to_pylist())
        elif path.suffix == ".gz":
            yield path, gzip.decompress(path.read_bytes()).decode(errors="replace")
        elif path.is_file():
            yield path, path.read_bytes().decode(errors="replace")


def names_somebody(folder):
    return sorted(path.name for path, text in words_in(folder) if "Adalind" in text)


def test_the_file_of_suppressions_holds_no_name(home, people):
    [item] = suppress(home, people)
    assert item.row_id == "party-1"
    assert len(item.keyed_hashes) == 1
    assert "Adalind" not in (home / "curation" / "suppressions.jsonl").read_text()
    assert (home / "registry" / "suppression.key").stat().st_mode & 0o077 == 0


def test_the_next_release_shows_a_tombstone(home, people, tables, about):
    assert names_somebody(home / "releases" / "latest" / "parquet")
    made = publish(tables(), people, ["{}"], load(), about, home, suppress(home, people))
    assert names_somebody(made.path) == []
    [row] = pq.read_table(made.path / "parquet" / "affected_parties.parquet").to_pylist()
    assert (row["affected_party_id"], row["display_label"], row["name_policy"]) == (
        "party-1",
        "[name withheld]",
        "suppressed",
    )
    assert row["gender"] is None


def test_earlier_releases_are_redacted_and_say_so(home, people):
    first, second = (release.version for release in releases.releases(home))
    replaced = withdrawing.withdraw(home, second, "on request", people, suppress(home, people), LATER)
    assert replaced == [first, second]
    for release in releases.releases(home):
        assert names_somebody(release.path) == []
        assert release.manifest["redacted"] == {"at": LATER.isoformat(), "why": "on request"}
        with duckdb.connect(str(release.path / "incidents.duckdb"), read_only=True) as connection:
            [(title,)] = connection.execute("SELECT title FROM incidents").fetchall()
        assert title.startswith("[name withheld]")
    listed = json.loads((home / "releases" / "releases.json").read_text())
    assert [row["redacted"]["why"] for row in listed] == ["on request", "on request"]


def test_a_release_without_the_name_stays_as_it_was(home, people):
    suppressed = suppress(home, people)
    withdrawing.withdraw(home, "latest", "on request", people, suppressed, LATER)
    assert withdrawing.withdraw(home, "latest", "again", people, suppressed, LATER) == []


def test_a_name_that_nobody_took_for_a_person_is_found_too(home, people, tables, about):
    suppressed = suppress(home, people, row_id="", name=NAME.upper())
    made = publish(tables(), people.iloc[:0], ["{}"], load(), about, home, suppressed)
    assert names_somebody(made.path) == []


def test_a_suppressed_incident_leaves_a_redirect_to_nothing(home, people, tables, about):
    suppressed = suppress(home, people, "FRI-00000001")
    made = publish(tables(), people, ["{}"], load(), about, home, suppressed)
    read = {
        name: pq.read_table(made.path / "parquet" / f"{name}.parquet").to_pylist()
        for name in ("incidents", "id_redirects", "evidence")
    }
    assert (read["incidents"], read["evidence"]) == ([], [])
    [redirect] = read["id_redirects"]
    assert (redirect["old_id"], redirect["new_id"], redirect["reason"]) == ("FRI-00000001", None, "withdrawn")
    assert not publish(tables(), people, ["{}"], load(), about, home, suppressed).is_new


def test_without_the_key_nothing_is_published(home, people, tables, about):
    suppressed = suppress(home, people)
    (home / "registry" / "suppression.key").unlink()
    with pytest.raises(UserError, match="another key"):
        publish(tables(), people, ["{}"], load(), about, home, suppressed)


def test_a_row_that_is_not_there_and_a_damaged_line_are_told(home, people):
    with pytest.raises(UserError, match="party-9: neither"):
        suppress(home, people, "party-9")
    (home / "curation").mkdir(exist_ok=True)
    (home / "curation" / "suppressions.jsonl").write_text("{\n")
    with pytest.raises(UserError, match=r"suppressions.jsonl, line 1"):
        suppressions.read(home / "curation" / "suppressions.jsonl")


def test_a_crash_between_the_two_renames_brings_the_earlier_release_back(home):
    version = releases.latest(home).version
    (home / "releases" / version).rename(home / "releases" / f".replaced-{version}")
    releases.announce(home)
    assert releases.latest(home).version == version
