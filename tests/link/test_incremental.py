"""A run upon what the last one left gives the same files, byte for byte, as a run from nothing."""

import json
import random
import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents import reference, stages
from incidents.link import describing, updating
from incidents.parquet import write_table
from incidents.partitions import Partition
from incidents.working import SCHEMAS

MADE = ("linked", "explained", "linking/prepared")
KEPT = ("linked", "explained", "linking")
TOWNS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")
NAMES = ("Ann Abel", "Bea Brook", "Cem Cole", "Dan Drew", "Eva Ember", "Finn Frost")


@pytest.fixture
def days(news):
    """The working rows of seven days: arrests told on several days, copies, lawsuits with a docket, an official whom
    all papers quote, a ban after two of the arrests, and a column that lists the cases."""
    for number, (town, name) in enumerate(zip(TOWNS, NAMES, strict=True), 1):
        codes = {"harm_type": ["detention"], "docket": f"{number}:21-cv-00{number}"}
        suit = {"type": "lawsuit_filed", "date": "2021-11-01", "people": (name,), "codes": codes}
        for paper in range(3):
            day = f"2021-0{number}-1{number}"
            text = f"{name} was arrested by the {town} Police after a false match. Mayor Gus Grey said so. {paper} " * 3
            news.arrest(f"{town}{paper}", name, f"{town} Police", day, day, more=(suit,), text=text)
            key = {column: news.articles[-1][column] for column in ("revision_id", "article_id")}
            news._mention(key, text, "person", "Gus Grey", role="government_official")
    council = (("Alder City Council", "legislature"),)
    ban = {"type": "ban", "date": "2021-06-01", "organizations": council, "place": "Alder"}
    text = "Alder banned face recognition after the arrests of Ann Abel and Bea Brook, the Alder City Council said."
    news.article("ban", "Alder bans it", text, "2021-06-02", "policy_event", affected=NAMES[:2], events=(ban,))
    text = "Wrong matches keep coming: " + ", ".join(NAMES) + " were arrested."
    news.article("column", "The cases so far", text, "2021-12-01", "commentary", affected=NAMES)
    rows = {name: table.to_pylist() for name, table in zip(SCHEMAS, news.frames(), strict=True)}
    order = [row["revision_id"] for row in rows["articles"]]
    return [
        {name: [row for row in found if order.index(row["revision_id"]) % 7 == day] for name, found in rows.items()}
        for day in range(7)
    ]


@pytest.fixture
def data_dir(tmp_path, news, monkeypatch):
    monkeypatch.setattr(reference, "load", lambda: news.known)
    (tmp_path / "data" / "curation").mkdir(parents=True)
    return tmp_path / "data"


def arrive(data_dir, number, rows):
    """Put the rows of a day into the working store."""
    for name, found in rows.items():
        table = pa.Table.from_pylist(found, schema=SCHEMAS[name])
        inputs = {"inputs": json.dumps(found, default=str)}
        write_table(Partition(f"2024-01-0{number + 1}", "inbox").file(data_dir, name), table, inputs)


def files(data_dir):
    """The content of every file that linking makes."""
    found = (
        path
        for kind in MADE
        for path in sorted((data_dir / "working" / kind).rglob("*"))
        if path.suffix in (".parquet", ".jsonl")
    )
    return {path.relative_to(data_dir).as_posix(): path.read_bytes() for path in found}


def differing(data_dir, release="r"):
    """Link, and name the files in which a run from nothing on the same inputs differs; the registry then counts."""
    stages.link(data_dir, release)
    fresh = data_dir.with_name("fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(data_dir, fresh, ignore=shutil.ignore_patterns(*KEPT))
    stages.link(fresh, release)
    mine, anew = files(data_dir), files(fresh)
    (data_dir / "registry").mkdir(exist_ok=True)
    shutil.copy(data_dir / "working" / "linked" / "registry.jsonl", data_dir / "registry" / "incidents.jsonl")
    return sorted(name for name in mine.keys() | anew.keys() if mine.get(name) != anew.get(name))


def decide(data_dir, kind, **row):
    with (data_dir / "curation" / f"{kind}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row | {"who": "ann", "when": "2024-01-01", "why": "read both"}) + "\n")


def incidents(data_dir):
    return pq.read_table(data_dir / "working" / "linked" / "incidents.parquet").to_pylist()


def test_a_corpus_that_comes_day_by_day(data_dir, days):
    for number, rows in enumerate(days):
        arrive(data_dir, number, rows)
        assert differing(data_dir, f"r{number}") == []
    assert len(incidents(data_dir)) == len(TOWNS) + 1


@pytest.mark.parametrize("seed", [1, 2])
def test_days_in_random_order(data_dir, days, seed):
    for number in random.Random(seed).sample(range(7), 7):  # noqa: S311
        arrive(data_dir, number, days[number])
        stages.link(data_dir, "r")
    assert differing(data_dir) == []


def test_only_what_changed_is_described(data_dir, days, monkeypatch):
    for number, rows in enumerate(days[:6]):
        arrive(data_dir, number, rows)
    differing(data_dir)
    described, describe = [], describing.describe

    def noted(incident, *rest):
        described.append(incident)
        return describe(incident, *rest)

    monkeypatch.setattr(describing, "describe", noted)
    stages.link(data_dir, "r")
    assert described == []
    arrive(data_dir, 6, days[6])
    stages.link(data_dir, "r")
    assert 0 < len(described) < len(incidents(data_dir))


def test_whom_papers_only_quote_redoes_no_other_incident(data_dir, days, news, monkeypatch):
    for number, rows in enumerate(days):
        arrive(data_dir, number, rows)
    differing(data_dir)
    text = "Hal Hart was arrested by the Gale Police after a false match. Mayor Gus Grey said so."
    article = news.arrest("gale", "Hal Hart", "Gale Police", "2021-11-11", "2021-11-12", text=text)
    news.articles[-1]["fetched_at"] = datetime(2023, 1, 1, tzinfo=UTC)  # so his id is made from this one
    key = {column: news.articles[-1][column] for column in ("revision_id", "article_id")}
    news._mention(key, text, "person", "Gus Grey", role="government_official")
    tables = zip(SCHEMAS, news.frames(), strict=True)
    arrive(
        data_dir,
        7,
        {name: [row for row in table.to_pylist() if row["article_id"] == article] for name, table in tables},
    )
    described, describe = [], describing.describe
    monkeypatch.setattr(describing, "describe", lambda *given: described.append(given[0]) or describe(*given))
    stages.link(data_dir, "r")
    assert len(described) == 1
    assert differing(data_dir) == []


def test_a_text_that_is_corrected_and_one_that_is_gone(data_dir, days):
    for number, rows in enumerate(days):
        arrive(data_dir, number, rows)
    assert differing(data_dir) == []
    days[0]["articles"][0] |= {"title": "Another headline", "publisher": "Somebody else"}
    arrive(data_dir, 0, days[0])
    assert differing(data_dir) == []
    for name in SCHEMAS:
        Partition("2024-01-02", "inbox").file(data_dir, name).unlink()
    assert differing(data_dir) == []


def test_decisions_that_come_and_go(data_dir, days):
    for number, rows in enumerate(days):
        arrive(data_dir, number, rows)
    assert differing(data_dir) == []
    articles = [row["article_id"] for rows in days for row in rows["articles"]]
    decide(data_dir, "judgements", a=articles[0], b=articles[1], verdict="same")
    assert differing(data_dir) == []
    row = incidents(data_dir)[0]["incident_id"]
    decide(data_dir, "corrections", row_id=row, field="event_on_start", value="2021-01-02",
           source="https://court.example/1", quote="It was the second of January.")  # fmt: skip
    decide(data_dir, "organizations", name="Cedar Police", organization="not_an_organization")
    assert differing(data_dir) == []
    for path in (data_dir / "curation").iterdir():
        path.unlink()
    assert differing(data_dir) == []


@pytest.mark.parametrize("lost", [("linking",), ("linking/prepared",), ("linked", "explained")])
def test_what_was_kept_is_lost(data_dir, days, lost):
    for number, rows in enumerate(days):
        arrive(data_dir, number, rows)
        if number == 4:
            stages.link(data_dir, "r")
    for name in lost:
        shutil.rmtree(data_dir / "working" / name)
    assert differing(data_dir) == []


@pytest.mark.parametrize(
    "name",
    [
        "linking/prepared/inbox/2024-01-01.parquet",
        "linking/groups.parquet",
        "linked/evidence.parquet",
        "linking/made.json",
    ],
)
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_file_is_told_and_made_again(data_dir, days, caplog, name, damage):
    caplog.set_level("INFO", logger="incidents")
    for number, rows in enumerate(days):
        arrive(data_dir, number, rows)
    stages.link(data_dir, "r")
    path = data_dir / "working" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0xFF
    path.write_bytes(content[: len(content) // 2] if damage == "cut" else content)
    caplog.clear()
    stages.link(data_dir, "r")
    assert f"{path} " in caplog.text
    assert differing(data_dir) == []


def test_what_another_version_left_is_not_used(data_dir, days, caplog, monkeypatch):
    arrive(data_dir, 0, days[0])
    stages.link(data_dir, "r")
    monkeypatch.setattr(updating, "LINKER_VERSION", "another")
    assert differing(data_dir) == []
    assert "another version" in caplog.text
