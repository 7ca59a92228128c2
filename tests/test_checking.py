"""Rates that move, fields that go missing, sources that fall silent: each finding names the rows that fail."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from incidents import checking, sources
from incidents.health import State, Verdict
from incidents.parquet import write_table
from incidents.partitions import Partition
from incidents.sample import gold
from incidents.working import ARTICLES, ASSESSMENTS

TODAY = date(2026, 3, 10)


def day(n):
    return (TODAY - timedelta(days=n)).isoformat()


def articles(folder, n, number, pages=None, **changed):
    """A day's articles of one group, `n` days ago."""
    row = dict.fromkeys(ARTICLES.names, "text") | {
        "urls": [], "authors": [], "published_on": TODAY, "published_at": None, "modified_at": None, "paywalled": None,
        "fetched_at": datetime(2026, 3, 10, tzinfo=UTC), "word_count": 9, "archive_offset": 0, "language": "en",
        "canonical_url": "http://a.example/1",
    } | changed  # fmt: skip
    table = pa.Table.from_pylist([row] * number, schema=ARTICLES)
    footer = {checking.PAGES: str(pages)} if pages is not None else {}
    write_table(Partition(day(n), "regulators").file(folder, "articles"), table, footer)


def test_a_field_that_goes_missing_is_named_with_its_share(tmp_path):
    articles(tmp_path, 0, 30)
    assert checking.fields(tmp_path, TODAY).passed
    articles(tmp_path, 1, 30, title=None)
    finding = checking.fields(tmp_path, TODAY)
    assert not finding.passed
    assert finding.rows == [{"field": "title", "share": 0.5, "floor": 0.95, "articles": 60}]


@pytest.mark.parametrize("bad", [{"published_on": date(2027, 1, 1)}, {"published_on": None}, {"language": "und"}])
def test_a_value_that_cannot_be_is_no_value(tmp_path, bad):
    articles(tmp_path, 0, 30, **bad)
    assert [row["field"] for row in checking.fields(tmp_path, TODAY).rows] == list(bad)


def test_a_handful_of_articles_says_nothing(tmp_path):
    articles(tmp_path, 0, 3, title=None)
    assert checking.fields(tmp_path, TODAY).passed


def test_a_gate_that_closes_or_lets_everything_in_is_seen(tmp_path):
    for n in range(1, 15):
        articles(tmp_path, n, 20, pages=1000)
    for passing, good in ((20, True), (35, True), (0, False), (500, False)):
        articles(tmp_path, 0, passing, pages=1000)
        assert checking.gate(tmp_path, TODAY).passed is good, passing


def test_relevance_is_measured_against_the_days_before(tmp_path):
    def assessed(n, relevant, total):
        row = dict.fromkeys(ASSESSMENTS.names, "x") | {"relevance": 0.5, "refused": None}
        rows = [row | {"relevant": number < relevant} for number in range(total)]
        file = Partition(day(n), "regulators").file(tmp_path, "assessments")
        write_table(file, pa.Table.from_pylist(rows, schema=ASSESSMENTS))

    for n in range(1, 8):
        assessed(n, 30, 50)
    assessed(0, 28, 50)
    assert checking.relevance(tmp_path, TODAY).passed
    assessed(0, 2, 50)
    [row] = checking.relevance(tmp_path, TODAY).rows
    assert (row["day"], row["of"], row["rate"]) == ("2026-03-10", 50, 0.04)


def test_without_history_a_rate_says_nothing():
    assert checking.moved("hits", [], 2, 10).passed
    assert checking.moved("hits", [("2026-03-10", 500, 1000)], 2, 10).passed


def test_a_source_that_fails_is_named(tmp_path, monkeypatch):
    def stands(data_dir, listed):
        states = {"aclu": State.FAILING}
        return [Verdict(each, states.get(each.id, State.OK), "its listing could not be read: dns") for each in listed]

    monkeypatch.setattr(sources, "verdicts", stands)
    finding = checking.deliveries(tmp_path)
    assert not finding.passed
    [row] = finding.rows
    assert (row["source"], row["state"], row["why"]) == ("aclu", "failing", "its listing could not be read: dns")


def test_the_extraction_reaches_its_floors_and_is_scored_once(tmp_path, monkeypatch, nlp):
    assert checking.extraction(tmp_path).passed
    monkeypatch.setattr(gold, "score", lambda: pytest.fail("nothing changed: the figures are kept"))
    assert checking.extraction(tmp_path).passed


def test_an_extraction_that_finds_nothing_fails_and_says_what_is_missed(tmp_path, monkeypatch):
    def nothing(documents):
        from incidents.extract.contract import Extraction

        return [Extraction(d.url, d.title, None, d.language, False, 0.0, "not_fr", [], None, []) for d in documents]

    monkeypatch.setattr("incidents.extract.extract", nothing, raising=False)
    finding = checking.extraction(tmp_path)
    assert not finding.passed
    assert {"what is wrong": "text 1: relevant: False, expected True"} in finding.rows
