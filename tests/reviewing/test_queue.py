"""What is asked, in which order, and what an answer changes."""

import json

import pytest

from incidents.errors import UserError
from incidents.link.curation import key_of
from incidents.reviewing.questions import KINDS


def kinds(session):
    found = []
    while (question := session.question) is not None:
        found.append(question.kind)
        session.skip()
    return found


def test_what_needs_a_decision_first_is_asked_first(session):
    asked = kinds(session())
    assert list(dict.fromkeys(asked)) == list(KINDS)


def test_one_kind_only(session):
    assert set(kinds(session("ann", "person"))) == {"person"}
    with pytest.raises(UserError, match="no question is of the kind colour"):
        session("ann", "colour")


def test_a_pair_shows_both_articles_and_what_weighed(session):
    question = session().question
    assert len(question.sides) == 2
    assert all(any(s.quote for s in side.sentences) for side in question.sides)
    assert "same deployer" in question.reason


def test_an_answer_is_one_line_keyed_on_articles(session, lines):
    asked = session()
    asked.answer("s", {}, "the same cell")
    (line,) = map(json.loads, lines("judgements.jsonl"))
    assert line["verdict"] == "same"
    assert line["a"].startswith("art-")
    assert line["b"].startswith("art-")
    assert (line["who"], line["why"]) == ("ann", "the same cell")


def test_what_is_answered_is_not_asked_again(session):
    asked = session()
    first = asked.question.id
    asked.answer("d", {}, "")
    assert session("bob").question.id != first


def test_unsure_is_asked_of_another_person(session):
    asked = session()
    first = asked.question.id
    asked.answer("u", {}, "")
    assert session("ann").question.id != first
    assert session("bob").question.id == first


def test_undo_is_another_line_and_brings_the_question_back(session, lines):
    asked = session()
    first = asked.question.id
    asked.answer("s", {}, "")
    assert asked.undo()
    said, taken_back = map(json.loads, lines("judgements.jsonl"))
    assert taken_back["retract"] == key_of(said)
    assert asked.question.id == first
    assert not asked.undo()


def test_an_answer_counts_at_the_next_run(session, data_dir, rerun):
    before, _ = rerun(data_dir)
    session().answer("s", {}, "")
    after, rejects = rerun(data_dir)
    assert rejects == []
    assert after.tables["incidents"].num_rows == before.tables["incidents"].num_rows - 1
    decisions = after.explained["decisions"].to_pylist()
    assert {(row["answer"], row["who"], row["file"], row["line"]) for row in decisions} == {
        ("same", "ann", "judgements.jsonl", 1)
    }


def test_a_chosen_date_is_published_with_its_sentence(session, data_dir, rerun):
    session("ann", "date").answer("2", {}, "the later report corrects it")
    linked, _ = rerun(data_dir)
    rows = {str(row["event_on_start"]): row for row in linked.tables["incidents"].to_pylist()}
    assert rows["2022-05-04"]["review_level"] == "one_person"
    evidence = [r for r in linked.tables["evidence"].to_pylist() if r["field"] == "event_on_start"]
    assert {r["value"]: r["selected"] for r in evidence if r["value"].startswith("2022")} == {
        "2022-05-03": False,
        "2022-05-04": True,
    }
    assert linked.tables["articles"].num_rows == 5  # the source is one of ours


def test_a_name_is_resolved(session, data_dir, rerun):
    asked = session("ann", "organization")
    name = asked.question.sides[0].heading
    asked.answer("m", {"organization": "vendor-clearview-ai"}, "")
    linked, _ = rerun(data_dir)
    assert "vendor-clearview-ai" in linked.tables["organizations"]["organization_id"].to_pylist()
    assert name not in linked.tables["organizations"]["name"].to_pylist()


def test_a_name_is_withheld_and_the_line_does_not_hold_it(session, data_dir, rerun, lines):
    asked = session("ann", "person")
    assert asked.question.text == "May Jane Miller be named?"
    asked.answer("w", {}, "a bystander")
    (line,) = lines("corrections.jsonl")
    assert "Miller" not in line
    linked, _ = rerun(data_dir)
    parties = linked.tables["affected_parties"]
    assert "Jane Miller" not in parties["display_label"].to_pylist()
    assert "withheld_private" in parties["name_policy"].to_pylist()


def test_no_line_names_who_is_withheld(session, lines):
    asked = session("ann", "pair")
    with pytest.raises(UserError, match="why names a person whose name is withheld"):
        asked.answer("s", {}, "both tell of Tom Baker")
    assert lines("judgements.jsonl") == []


def test_a_name_needs_a_source(session, lines):
    asked = session("ann", "person")
    asked.skip()
    with pytest.raises(UserError, match="source"):
        asked.answer("n", {"source": "", "quote": "The man spoke."}, "")
    asked.answer("n", {"source": "https://court.example/1", "quote": "The man spoke."}, "he sued")
    assert json.loads(lines("corrections.jsonl")[0])["value"] == "went_public"


def test_what_is_no_incident_is_gone(session, data_dir, rerun):
    before, _ = rerun(data_dir)
    session("ann", "incident").answer("n", {}, "an exercise")
    after, _ = rerun(data_dir)
    assert after.tables["incidents"].num_rows == before.tables["incidents"].num_rows - 1


def test_right_as_it_stands_raises_the_level(session, data_dir, rerun):
    session("ann", "incident").answer("y", {}, "")
    linked, _ = rerun(data_dir)
    assert linked.tables["incidents"]["review_level"].to_pylist().count("one_person") == 1


def test_a_contradiction_is_refused_at_once(session, lines):
    early, late = session("ann", "pair"), session("bob", "pair")
    early.answer("s", {}, "")
    with pytest.raises(UserError, match="contradict each other"):
        late.answer("d", {}, "")
    assert len(lines("judgements.jsonl")) == 1
