"""A data folder with a finished run over a few invented articles, whose questions wait for a person."""

import runpy
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from incidents import publish, reference
from incidents.link import linking
from incidents.link import registry as registries
from incidents.link.curation import folder
from incidents.link.oversight import read
from incidents.parquet import write_table
from incidents.publish import About
from incidents.reviewing.session import Session
from incidents.working import SCHEMAS

Newsroom = runpy.run_path(str(Path(__file__).parents[1] / "link" / "conftest.py"))["Newsroom"]
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PD = "Riverton Police"


def articles():
    """An arrest told with two dates, one that a lawsuit may or may not be about, and one of which little is sure."""
    news = Newsroom()
    spoke = {"Jane Miller": {"spoke_publicly": True}}
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01", about=spoke)
    news.arrest("beta", "Jane Miller", PD, "2022-05-04", "2022-06-02", about=spoke)
    news.arrest("gamma", "Tom Baker", "Lakeside Police", "2023-01-10", "2023-02-01")
    suit = {"type": "lawsuit_filed", "date": "2023-03-06", "organizations": (("Lakeside Police", "police_agency"),)}
    text = "A man sued the Lakeside Police on Monday over a face search. He was held for two nights."
    news.article("delta", "City sued over face search", text, "2023-03-07", events=(suit,))
    stop = {"type": "misidentification_stop", "date": "2021-02-01", "people": ("Eva Cole",)}
    news.arrest("epsilon", "Eva Cole", "Elm Police", "2021-03-01", "2021-04-01", more=(stop,))
    return news


def run(data_dir):
    """Link and publish what the folder holds, under the decisions there are. Returns what was linked."""
    tables = {name: pa.parquet.read_table(path) for name, path in _working(data_dir).items()}
    decided, rejects = read(folder(data_dir))
    registry, _ = registries.load(data_dir / "releases" / "latest" / publish.REGISTRY)
    linked = linking.link(**tables, registry=registry, decided=decided, reference=reference.load(), release="r")
    for name, table in linked.tables.items():
        write_table(data_dir / "working" / "linked" / f"{name}.parquet", table)
    people = pa.Table.from_pandas(linked.people, preserve_index=False)
    write_table(data_dir / "working" / "linked" / "people.parquet", people)
    for name, table in linked.explained.items():
        write_table(data_dir / "working" / "explained" / f"{name}.parquet", table)
    about = About(NOW, None, False, "m", "1", "1", "1", "1", {})
    publish.publish(linked.tables, linked.people, linked.registry.lines, reference.load(), about, data_dir)
    return linked, [*rejects, *linked.rejects]


def _working(data_dir):
    return {name: data_dir / "working" / name / "inbox" / "2026-01-05.parquet" for name in SCHEMAS}


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """Made once; copy it before writing."""
    data_dir = tmp_path_factory.mktemp("review") / "data"
    (data_dir / "curation").mkdir(parents=True)
    news = articles()
    for name, path in _working(data_dir).items():
        write_table(path, pa.Table.from_pylist(getattr(news, name), schema=SCHEMAS[name]))
    run(data_dir)
    return data_dir


@pytest.fixture
def data_dir(finished, tmp_path):
    return Path(shutil.copytree(finished, tmp_path / "data", symlinks=True))


@pytest.fixture
def rerun():
    return run


@pytest.fixture
def session(data_dir):
    def start(who="ann", *kinds):
        return Session(data_dir, who, kinds) if kinds else Session(data_dir, who)

    return start


@pytest.fixture
def lines(data_dir):
    """The lines of a file of decisions."""

    def found(name):
        path = data_dir / "curation" / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    return found
