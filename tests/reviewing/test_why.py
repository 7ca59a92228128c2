"""`incidents why`: the values with their sentences, what joined the articles, and who decided what."""

import json
import shutil

import pyarrow.parquet as pq
import pytest

from incidents import explaining
from incidents.errors import UserError
from incidents.publish.releases import latest
from incidents.reviewing import answers


@pytest.fixture
def jane(data_dir):
    """The id of the incident that is told with two dates."""
    rows = pq.read_table(latest(data_dir).path / "parquet" / "incidents.parquet").to_pylist()
    return next(row["incident_id"] for row in rows if str(row["event_on_start"]) == "2022-05-03")


def test_values_with_quotes_conflicts_and_rules(data_dir, jane):
    found = explaining.explain(data_dir, jane)
    dates = {v["value"]: v for v in found["values"] if v["field"] == "event_on_start"}
    assert {value: v["selected"] for value, v in dates.items()} == {"2022-05-03": True, "2022-05-04": False}
    assert dates["2022-05-03"]["rule"] == "older_article"
    (quote,) = dates["2022-05-04"]["quotes"]
    assert (quote["publisher"], str(quote["published_on"])) == ("beta", "2022-06-02")
    text = explaining.printed(found)
    assert "event_on_start = 2022-05-03  [published: told first]" in text
    assert "event_on_start = 2022-05-04  [not published]" in text


def test_links_with_their_weights(data_dir, jane):
    founding, joined = explaining.explain(data_dir, jane)["links"]
    assert founding["method"] == "founding"
    assert (joined["method"], joined["other"]) == ("story", founding["article_id"])
    assert joined["parts"]["same_person"] > 0


def test_decisions_that_touched_it(data_dir, jane, session, rerun):
    session("ann", "date").answer("2", {}, "the later report corrects it")
    rerun(data_dir)
    found = explaining.explain(data_dir, jane)
    (decision,) = found["decisions"]
    assert (decision["who"], decision["answer"], decision["why"]) == (
        "ann", "2022-05-04", "the later report corrects it",
    )  # fmt: skip
    assert "event_on_start = 2022-05-04  [published: a person corrected it]" in explaining.printed(found)
    json.dumps(found, default=str)


def test_a_release_alone_tells_its_values(data_dir, jane, tmp_path):
    alone = shutil.copytree(latest(data_dir).path, tmp_path / "release")
    found = explaining.explain(alone, jane)
    assert len(found["values"]) == len(explaining.explain(data_dir, jane)["values"])
    assert "the working store is not beside this release" in explaining.printed(found)


def test_a_merged_id_leads_to_the_one_that_stands(data_dir, jane, rerun):
    founders = {
        link["incident_id"]: link["article_id"]
        for link in pq.read_table(data_dir / "working" / "explained" / "links.parquet").to_pylist()
        if link["method"] == "founding"
    }
    merged = next(incident for incident in founders if incident != jane)
    same = {"a": founders[jane], "b": founders[merged], "verdict": "same"}
    answers.record(data_dir, [("judgements.jsonl", same)], "ann", "one case")
    linked, _ = rerun(data_dir)
    (old,) = linked.registry.redirects
    found = explaining.explain(data_dir, old)
    assert found["incident"]["incident_id"] == linked.registry.final(old)
    assert f"{old} became this one in release r (merge)" in explaining.printed(found)
    assert "joined by a person's decision" in explaining.printed(found)


def test_a_withdrawn_id_says_so(data_dir, session, rerun):
    asked = session("ann", "incident")
    gone = asked.question.id
    asked.answer("n", {}, "an exercise")
    rerun(data_dir)
    with pytest.raises(UserError, match=f"{gone} was withdrawn in release"):
        explaining.explain(data_dir, gone)


def test_an_unknown_id_says_where_to_look(data_dir):
    with pytest.raises(UserError, match="FRI-ZZZZZZZZ: not in release"):
        explaining.explain(data_dir, "FRI-ZZZZZZZZ")
