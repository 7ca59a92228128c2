"""What makes a working file outdated, and what does not."""

import shutil

import pytest

from incidents import outdated, reference
from incidents.outdated import Makers


@pytest.fixture
def own_reference(tmp_path, monkeypatch):
    """A copy of the reference data that a test may change."""
    folder = shutil.copytree(reference.reference_folder(), tmp_path / "reference")
    monkeypatch.setenv("INCIDENTS_REFERENCE", str(folder))
    return folder


def append(path, text):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_another_vocabulary_changes_the_extraction_alone(own_reference):
    before = Makers.now()
    append(own_reference / "vendors.yaml", "# a note\n")
    after = Makers.now()
    assert after.reader == before.reader
    assert after.extractor != before.extractor


def test_another_source_makes_no_article_outdated(own_reference):
    before = Makers.now()
    append(own_reference / "sources.yaml", "# a note\n")
    assert Makers.now() == before


@pytest.mark.parametrize("name", ["INCIDENTS_MODEL", "INCIDENTS_PIPELINE"])
def test_another_model_or_pipeline_changes_the_extraction(name, monkeypatch, tmp_path):
    before = Makers.now()
    other = tmp_path / "other.cfg"
    other.write_text("[nlp]\n")
    monkeypatch.setenv(name, str(other))
    assert Makers.now().extractor != before.extractor


def test_the_version_of_a_model_counts(monkeypatch):
    before = Makers.now()
    monkeypatch.setattr(outdated.metadata, "version", lambda name: "9.9.9")
    assert Makers.now().extractor != before.extractor


def test_a_further_page_makes_the_days_articles_outdated(tmp_path):
    file = tmp_path / "archive" / "aclu" / "2026-01-02" / "a.warc.gz"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"one")
    makers = Makers("reader", "extractor")
    before = makers.articles(tmp_path, [file])
    assert makers.articles(tmp_path, [file]) == before
    file.write_bytes(b"longer")
    assert makers.articles(tmp_path, [file]) != before
