"""Swapping a component by editing the pipeline's file: the worked example of docs/extraction.md, run as it stands."""

import json
import re
import tomllib
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_config

from incidents import ids, working
from incidents.extract import rows
from incidents.extract.contract import Document
from incidents.extract.pipeline import extract, load, make_doc
from incidents.link import Registry, link
from incidents.link.oversight import Decisions
from incidents.reference import load as load_reference

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "extraction.md").read_text(encoding="utf-8")
OURS = ROOT / "incidents" / "extract" / "pipeline.cfg"
URL = "https://a.example/1"
FACTORY = "organizations_by_ending"
TITLE = "Wrongful arrest after a false face match in Leeds"
TEXT = (
    "Ellery Police wrongly arrested a 32-year-old man on 3 March 2025 after facial recognition from Quillon Biometrics "
    "matched his photograph to a shoplifter, the force said. He was released without charge.\n"
    "Ellery Police said the facial recognition system of Quillon Biometrics would be reviewed."
)


def block(language):
    """The worked example's code in a language."""
    return re.search(rf"```{language}\n(.*?)```", DOC, re.DOTALL)[1]


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The copy of pipeline.cfg, edited as the document says."""
    ours = OURS.read_text(encoding="utf-8")
    section = '[components.incidents_organizations]\nfactory = "incidents_organizations"\n'
    assert section in ours
    path = tmp_path_factory.mktemp("swap") / "mine.cfg"
    path.write_text(ours.replace(section, block("ini")), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def swapped(edited):
    """The English pipeline with the example's component."""
    if not Language.has_factory(FACTORY):
        exec(compile(block("python"), "organizations_by_ending.py", "exec"), {"__name__": FACTORY})  # noqa: S102
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INCIDENTS_PIPELINE", str(edited))
        return load.__wrapped__("en")


def document():
    return Document(URL, TITLE, TEXT, "en", date(2025, 3, 5), "day")


def test_its_findings_have_offsets_and_the_sentence_that_says_so(swapped):
    (found,) = extract([document()], swapped)
    ours = [m for m in found.mentions if m.rule.startswith("ending.")]
    assert {(m.kind, m.name, m.score) for m in ours} == {
        ("vendor", "Quillon Biometrics", 0.7),
        ("police_agency", "Ellery Police", 0.7),
    }
    assert all(TEXT[m.start : m.end] == m.text and m.text in m.quote and m.quote in TEXT for m in ours)


def test_the_components_after_it_work_with_what_it_found(swapped):
    (found,) = extract([document()], swapped)
    assert found.relevant
    assert found.main_event.type == "misidentification_arrest"
    assert {(o["name"], o["role"]) for o in found.main_event.organizations} == {
        ("Quillon Biometrics", "vendor"),
        ("Ellery Police", "police_agency"),
    }


def test_it_scores_itself(swapped):
    labelled = swapped(make_doc(swapped, document()))
    example = Example(swapped(make_doc(swapped, document())), labelled)
    assert swapped.get_pipe("incidents_organizations").score([example])["vendor_f"] == 1.0


@pytest.fixture(scope="module")
def tables(swapped):
    """The article and the rows of it in the working store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "extract", partial(extract, nlp=swapped))
        return {"articles": article()} | rows.extract_articles(article())


def article():
    then = datetime(2025, 3, 5, tzinfo=UTC)
    row = dict.fromkeys(working.ARTICLES.names) | {
        "revision_id": "rev-1", "article_id": "art-1", "url": URL, "canonical_url": URL, "urls": [], "title": TITLE,
        "text": TEXT, "language": "en", "authors": [], "published_on": then.date(), "published_precision": "day",
        "source": "test", "fetched_at": then, "text_sha256": ids.text_sha256(TEXT), "word_count": 50,
        "archive_file": "a", "archive_offset": 0, "reader_version": "1",
    }  # fmt: skip
    return pa.Table.from_pylist([row], schema=working.ARTICLES)


def test_the_rows_of_the_working_store_carry_its_rule(tables):
    mentions = tables["mentions"].to_pylist()
    assert {m["rule"] for m in mentions if m["kind"] == "vendor"} == {"ending.vendor"}
    (main,) = [event for event in tables["events"].to_pylist() if event["is_main"]]
    assert {o["name"] for o in json.loads(main["organizations"])} == {"Quillon Biometrics", "Ellery Police"}


def test_its_quotes_are_the_evidence_for_what_is_published(tables):
    linked = link(**tables, registry=Registry(), decided=Decisions(), reference=load_reference(), release="2025-03-05")
    organizations = {row["name"] for row in linked.tables["organizations"].to_pylist()}
    assert {"Quillon Biometrics", "Ellery Police"} <= organizations
    evidence = [row for row in linked.tables["evidence"].to_pylist() if row["extractor"].startswith("ending.")]
    assert {row["extractor"] for row in evidence} == {"ending.vendor", "ending.police_agency"}
    assert all(row["quote"] in TEXT for row in evidence)


def test_an_installed_package_is_found_by_its_entry_point(tmp_path, edited, cli):
    install(tmp_path / "site")
    (tmp_path / "article.txt").write_text(TEXT)
    where = {"INCIDENTS_PIPELINE": str(edited), "PYTHONPATH": str(tmp_path / "site")}
    ran = cli("extract", tmp_path / "article.txt", "--json", home=tmp_path / "home", **where)
    assert ran.returncode == 0, ran.stderr
    rules = {mention["rule"] for mention in json.loads(ran.stdout)["mentions"]}
    assert {"ending.vendor", "ending.police_agency"} <= rules


def install(site):
    """What `pip install` leaves of the example: its module, its name and its entry point."""
    project = tomllib.loads(block("toml"))
    name, entries = project["project"]["name"], project["project"]["entry-points"]["spacy_factories"]
    (module,) = project["tool"]["setuptools"]["py-modules"]
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir(parents=True)
    (site / f"{module}.py").write_text(block("python"))
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    lines = "".join(f"{key} = {value}\n" for key, value in entries.items())
    (about / "entry_points.txt").write_text(f"[spacy_factories]\n{lines}")


def test_the_document_lists_every_component_in_order_with_its_settings(nlp):
    listed = re.findall(r"^\| (incidents_\w+) \| ([^|]*?) ?\|", DOC, re.MULTILINE)
    assert [name for name, _ in listed] == list(load_config(OURS)["nlp"]["pipeline"])
    for name, settings in listed:
        defaults = Language.get_factory_meta(name).default_config
        assert settings.strip() == ", ".join(f"{key}={value}" for key, value in defaults.items())


def test_every_component_scores_itself(nlp):
    labelled, predicted = nlp(make_doc(nlp, document())), nlp(make_doc(nlp, document()))
    for name in load_config(OURS)["nlp"]["pipeline"]:
        scores = nlp.get_pipe(name).score([Example(predicted, labelled)])
        assert scores
        assert all(isinstance(value, float) for value in scores.values())
