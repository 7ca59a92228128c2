"""The small language in which event_cues.yaml is written."""

import shutil

import pytest

from incidents.errors import UserError
from incidents.extract.events.cues import CueError, CueIndex, Sentence, compile_cue, lower
from incidents.extract.events.rules import load_rules
from incidents.reference.loader import DEFAULT_FOLDER

WORDS = {"court": "court | judge | supreme court", "face": "facial recognition | face-matching"}


def finds(cue, sentence, kinds=frozenset()):
    found = compile_cue("x", 3, cue, WORDS).match(Sentence.of(lower(sentence)), frozenset(kinds))
    return sentence[found.start : found.end] if found else None


@pytest.mark.parametrize(
    ("cue", "sentence", "expected"),
    [
        ("ban*", "Two towns banned cameras.", "banned"),
        ("ban", "Two towns banned cameras.", None),
        ("(vot*|pass*) ... ban", "The council voted eight to one for a ban.", "voted eight to one for a ban"),
        ("(vot*|pass*) ... ban", "It passed, one two three four five six seven eight nine, a ban.", None),
        ("use [of] <face>", "The use of facial-recognition grows.", "use of facial-recognition"),
        ("sue* & <court>", "A judge heard that they sued.", "sued"),
        ("sue* & <court>", "They sued.", None),
        ("sue* & !settle*", "They sued and settled.", None),
        ("fined $ 9 [million]", "It was fined £7.5 million.", "fined £7.5 million"),
        ("^ why", "Why not?", "Why"),
        ("^ why", "Ask why not.", None),
        ("sell* & {vendor}", "It sells cameras.", None),
    ],
)
def test_a_cue_is_a_few_words(cue, sentence, expected):
    assert finds(cue, sentence) == expected


def test_a_cue_can_ask_for_a_kind_of_mention():
    assert finds("sell* & {vendor}", "It sells cameras.", {"vendor"}) == "sells"


@pytest.mark.parametrize("cue", ["... ban", "(ban", "<nobody>", "b*n", "!ban", "9 people", "(a|)"])
def test_a_cue_that_cannot_be_read_is_refused(cue):
    with pytest.raises(CueError):
        compile_cue("x", 3, cue, WORDS)


def test_an_index_finds_all_cues_of_a_sentence():
    index = CueIndex.of(compile_cue(name, 3, text, WORDS) for name, text in [("a", "ban*"), ("b", "<court> ... ban*")])
    assert [match.event for match in index.matches(Sentence.of("a judge upheld the ban"))] == ["a", "b"]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_the_file_is_sound(language):
    assert load_rules(language).index.by_key


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\n  hearing:\n", "\n  hearings:\n", "'hearings' is no code of event_type"),
        ("failure_mode: [false_match]", "failure_mode: [falsematch]", "'falsematch' is no code of 'failure_mode'"),
        ("          - reprimand*\n", "          - (reprimand*\n", "brackets do not close"),
        ("weights:\n", "wheights:\n", "weights"),
    ],
)
def test_a_slip_in_the_file_is_named(tmp_path, old, new, told):
    for name in ("event_cues.yaml", "vocabulary.yaml"):
        shutil.copy(DEFAULT_FOLDER / name, tmp_path)
    path = tmp_path / "event_cues.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError, match=r"event_cues\.yaml") as error:
        load_rules("en", tmp_path)
    assert told in str(error.value)
