"""On real articles and pages, which stand beside the checkout and never in it."""

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from incidents.read import Gate
from incidents.read.article import read

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, the real articles to evaluate with")


@pytest.fixture(scope="module")
def relevant():
    """Title and text of the hand-labelled articles that are on face recognition."""
    lines = (SHARED / "gold" / "dev" / "extract.jsonl").read_text(encoding="utf-8").splitlines()
    return [(row["title"], row["text"]) for row in map(json.loads, lines) if row["labels"]["relevant"]]


def test_the_gate_loses_no_relevant_article(relevant):
    gate = Gate.from_reference()
    pages = [
        f"<html><title>{escape(title)}</title><body><p>{escape(text)}</p></body></html>" for title, text in relevant
    ]
    assert all(gate.pages([page.encode() for page in pages]))
    assert all(gate.texts([f"{title}\n{text}" for title, text in relevant]))


def test_few_pages_about_other_things_pass(monkeypatch):
    """The pages of the reading benchmark: everyday news of many countries."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    from reading_gold import fundus

    passed = Gate.from_reference().pages([gold.html() for gold in fundus(SHARED / "pages")])
    assert sum(passed) <= 0.05 * len(passed)


@pytest.mark.slow
def test_pages_are_read_as_well_as_promised(monkeypatch, page):
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    from reading_gold import body_f1, fundus, names_f1, plain, scrapinghub

    def readings(golds):
        return [(gold, read(page(gold.html(), url=gold.url or "urn:sha256:0", fetched_at=NOW))) for gold in golds]

    blog = readings(scrapinghub(SHARED / "pages"))
    news = readings(fundus(SHARED / "pages"))
    assert body_f1([(gold.text, reading.text) for gold, reading in blog])[0] >= 0.970
    assert body_f1([(gold.text, reading.text) for gold, reading in news])[0] >= 0.965
    assert sum(reading.published.on == gold.day for gold, reading in news) >= 0.985 * len(news)
    assert sum(plain(reading.title) == gold.title for gold, reading in news) >= 0.85 * len(news)
    assert names_f1([(gold.authors, frozenset(map(plain, reading.authors))) for gold, reading in news]) >= 0.87
