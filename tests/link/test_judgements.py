import json

import pytest

from incidents.errors import UserError
from incidents.link import judgements
from incidents.link.judgements import apply, in_force, read


def line(a, b, verdict, who="ann"):
    return json.dumps({"a": a, "b": b, "verdict": verdict, "who": who, "when": "2024-01-01", "why": "read both"})


@pytest.fixture
def decide(tmp_path):
    def write(*lines):
        path = tmp_path / "judgements.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read(path)

    return write


def test_no_file_holds_no_decisions(tmp_path):
    assert read(tmp_path / "none.jsonl") == ([], [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "needs the texts"),
        (line("a", "b", "perhaps"), "none of same"),
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


def test_undo_is_another_line(decide):
    found, _ = decide(line("a", "b", "same"), line("b", "a", "withdrawn"))
    assert in_force(found, ["a", "b"])[0] == []


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


def test_verdicts_are_those_of_the_review():
    assert judgements.VERDICTS == ("same", "different", "unsure", "withdrawn")
