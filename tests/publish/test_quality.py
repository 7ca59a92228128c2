"""What a release says of its own quality, and the release that is refused because sources fell silent."""

from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from incidents.errors import UserError
from incidents.health import Delivery, Problem
from incidents.publish import ReleaseRefusedError, coverage, publish, quality
from incidents.publish.coverage import Collected
from incidents.reference import Source, load
from incidents.reference.loader import load_quality

SOURCE = Source(
    id="a-paper", kind="feed", url="http://a.example/feed", publisher="A Paper", country="SE", language="sv",
    licence="invented", terms="invented", why="invented", seen_in="here", expected_min_per_week=0,
    expected_max_per_week=9, group="local_news",
)  # fmt: skip


def figures(rows):
    return {(r["figure"], r["scope_value"]): r["value"] for r in rows.to_pylist()}


def test_what_is_in_the_tables_is_counted(linked):
    found = figures(quality.table(linked(), ()))
    assert found["incidents", None] == found["incidents", "SE"] == found["articles", "SE"] == 1
    assert found["articles", "und"] == found["articles", "inbox"] == 1
    assert found["articles_without_a_record", None] == found["two_publishers_share", None] == 0
    assert found["day_precision_share", None] == found["values_with_evidence_share", None] == 1
    assert found["reviewed_share", None] == 0
    assert ("missed_at_least", None) not in found


def test_a_value_without_a_sentence_and_an_article_without_an_incident_show(linked):
    tables = linked()
    tables["evidence"] = tables["evidence"].slice(1)
    tables["incident_articles"] = tables["incident_articles"].slice(1)
    found = figures(quality.table(tables, ()))
    assert found["values_with_evidence_share", None] == pytest.approx(5 / 6)
    assert found["articles_without_a_record", None] == 1


def test_measured_figures_are_in_every_release(linked, people, about, tmp_path):
    made = publish(linked(), people, ["{}"], load(), about, tmp_path)
    with duckdb.connect(str(made.path / "incidents.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT figure, value FROM quality WHERE scope = 'labelled_news'").fetchall()
        [(told,)] = connection.execute("SELECT quality->>'incidents' FROM release").fetchall()
    assert dict(rows) == {m.figure: m.value for m in load().quality}
    assert told == "1.0"
    assert "| SE | 1 | 1 |" in (made.path / "README.md").read_text()
    assert "Absence of a row is not absence of an incident" in (made.path / "index.html").read_text()


def test_a_measured_value_outside_its_interval_is_a_slip(tmp_path):
    entry = "{figure: f, value: .9, low: .1, high: .2, measured_on: 2026-01-05, basis: b}"
    (tmp_path / "quality.yaml").write_text(f"measurements:\n  - {entry}\n")
    with pytest.raises(UserError, match="the value is outside low to high"):
        load_quality(tmp_path)


def collected(about, good, failing, long_ago=0):
    """Sources of which the last delivery was good, or failed after a good one of `long_ago` days before."""
    now = about.built_at
    history = {f"good-{n}": [Delivery(f"good-{n}", now, fetched=1)] for n in range(good)}
    for n in range(failing):
        name = f"failing-{n}"
        earlier = Delivery(name, now - timedelta(days=long_ago), fetched=1)
        history[name] = [earlier, Delivery(name, now, problem=Problem.UNREADABLE, why="gone")]
    sources = [SOURCE.model_copy(update={"id": name}) for name in (*history, "never-asked")]
    return Collected(sources, history)


def test_a_release_from_few_of_the_sources_is_refused(linked, people, about, tmp_path, monkeypatch):
    few = collected(about, good=1, failing=2, long_ago=20)
    with pytest.raises(ReleaseRefusedError, match="brought nothing good in 14 days, like 1 others of 3"):
        publish(linked(), people, ["{}"], load(), about, tmp_path, collected=few)
    assert publish(linked(), people, ["{}"], load(), replace(about, is_sample=True), tmp_path, collected=few).is_new
    monkeypatch.setenv("INCIDENTS_ACCEPT_SILENCE", "1")
    assert coverage.check(few) == []


def test_half_of_the_sources_and_last_weeks_deliveries_are_enough(about):
    assert coverage.check(collected(about, good=2, failing=2, long_ago=20)) == []
    assert coverage.check(collected(about, good=1, failing=2, long_ago=13)) == []
    assert coverage.check(Collected()) == []
