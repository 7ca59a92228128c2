import json

import pytest

from incidents.errors import UserError
from incidents.link.curation import key_of, read
from incidents.link.judgements import Judgement, apply, in_force


def line(a, b, verdict, who="ann"):
    return json.dumps({"a": a, "b": b, "verdict": verdict, "who": who, "when": "2024-01-01", "why": "read both"})


@pytest.fixture
def decide(tmp_path):
    def write(*lines):
        path = tmp_path / "judgements.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read(path, Judgement)

    return write


def test_no_file_holds_no_decisions(tmp_path):
    assert read(tmp_path / "none.jsonl", Judgement) == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"a": "a", "b": "b", "verdict": "same"}', "who: Field required"),
        (line("a", "b", "same", who=" "), "who: String should have at least 1 character"),
        (line("a", "b", "perhaps"), "verdict: Input should be 'same'"),
        (line("a", "b", "same").replace("2024-01-01", "last week"), "when: Invalid isoformat"),
        (line("a", "a", "same"), "with itself"),
    ],
)
def test_a_malformed_line_is_set_aside(decide, text, reason):
    found, rejects = decide(line("a", "b", "same"), text)
    assert len(found) == 1
    assert (rejects[0].file, rejects[0].line) == ("judgements.jsonl", 2)
    assert reason in rejects[0].reason


def test_an_unknown_article_is_set_aside(decide):
    found, _ = decide(line("a", "gone", "same"))
    assert in_force(found, ["a"])[1][0].reason.startswith("no article gone")


def retract(key, who="bob"):
    return json.dumps({"retract": key, "who": who, "when": "2024-01-02", "why": "a slip"})


def test_undo_is_another_line(decide):
    taken_back = line("a", "b", "same")
    found, rejects = decide(retract(key_of(json.loads(taken_back))), taken_back, line("a", "c", "same"))
    assert [item.subject for item in found] == [("a", "c")]
    assert rejects == []


def test_a_retraction_of_nothing_is_set_aside(decide):
    _, (reject,) = decide(line("a", "b", "same"), retract("0123"))
    assert (reject.line, reject.reason) == (2, "no line 0123 to retract")


def test_a_later_line_of_the_same_person_counts_wherever_it_stands(decide):
    later = line("b", "a", "unsure").replace("2024-01-01", "2024-01-02T10:00:00Z")
    found, _ = decide(later, line("a", "b", "same"))
    assert in_force(found, "ab") == ([], [])


def test_a_circle_is_set_aside_and_listed(decide):
    found, _ = decide(line("a", "b", "same"), line("b", "c", "same"), line("a", "c", "same"))
    valid, (reject,) = in_force(found, "abc")
    assert len(valid) == 2
    assert "closes a circle" in reject.reason


def test_a_contradiction_names_its_lines(decide):
    found, _ = decide(line("a", "b", "same"), line("b", "c", "same"), line("c", "a", "different"))
    with pytest.raises(UserError, match=r"judgements.jsonl:3 says a and c are different.*jsonl:1, judgements.jsonl:2"):
        in_force(found, "abc")


def test_two_people_who_disagree_contradict(decide):
    found, _ = decide(line("a", "b", "same", "ann"), line("a", "b", "different", "bob"))
    with pytest.raises(UserError):
        in_force(found, "ab")


def test_same_joins_and_leaves_the_rest(decide):
    found, _ = decide(line("a", "c", "same"))
    assert apply([["a", "b"], ["c"], ["d"]], found, {}) == [["a", "b", "c"], ["d"]]


def test_different_splits_by_likeness(decide):
    found, _ = decide(line("a", "b", "different"))
    likeness = {("a", "c"): 0.1, ("b", "c"): 0.4}
    assert apply([["a", "b", "c"], ["d"]], found, likeness) == [["a"], ["b", "c"], ["d"]]


def test_same_holds_a_side_together_in_a_split(decide):
    found, _ = decide(line("a", "b", "different"), line("b", "d", "same"))
    assert apply([["a", "b", "c", "d"]], found, {("a", "c"): 0.2}) == [["a", "c"], ["b", "d"]]


def test_three_apart(decide):
    found, _ = decide(line("a", "b", "different"), line("b", "c", "different"), line("a", "c", "different"))
    assert apply([["a", "b", "c"]], found, {}) == [["a"], ["b"], ["c"]]


def test_an_article_of_no_incident_joins_the_one_it_is_called_the_same_as(decide):
    found, _ = decide(line("a", "x", "same"), line("y", "z", "same"))
    assert apply([["a", "b"], ["c"]], found, {}) == [["a", "b", "x"], ["c"]]


def test_copies_stay_together_in_a_split(decide):
    found, _ = decide(line("a", "b", "different"))
    copies = [("a", "a2"), ("b", "b2"), ("c", "c2")]
    split = apply([["a", "a2", "b", "b2", "c", "c2"]], found, {("b", "c"): 0.4}, copies)
    assert split == [["a", "a2"], ["b", "b2", "c", "c2"]]


def test_a_decision_parts_even_copies(decide):
    found, _ = decide(line("a", "a2", "different"))
    assert apply([["a", "a2"]], found, {}, [("a", "a2")]) == [["a"], ["a2"]]
