"""data/reference/event_cues.yaml, checked and compiled for one language."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from incidents.errors import UserError
from incidents.extract.events.cues import Cue, CueError, CueIndex, compile_cue, word_list
from incidents.reference import reference_folder
from incidents.reference.files import read_yaml, validate
from incidents.reference.loader import load_vocabulary

FILE = "event_cues.yaml"
NOTHING = "nothing"  # what a cue stands for where what it speaks of has not happened
STRENGTHS = {"strong": 3, "fair": 2, "weak": 1}
Kind = Literal["incident", "policy_event", "deployment", "study", "commentary", "product"]
_Cues = dict[Literal["strong", "fair", "weak"], tuple[str, ...]]
_ByLanguage = dict[str, _Cues]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EventRule(_Model):
    """One entry of `events`: the type it stands for, what its articles are, what its cues weigh and say.

    `supposed` is the entry that a cue stands for, or `nothing`, where its sentence only plans, weighs or fears it.
    """

    type: str = ""
    weight: float = 1.0
    dated_by: str = ""
    vague: bool = False
    kind: Kind | None = None
    codes: dict[str, str | tuple[str, ...]] = {}
    supposed: str = ""
    cues: _ByLanguage = {}


class _File(_Model):
    words: dict[str, dict[str, str]]
    weights: dict[str, float]
    events: dict[str, EventRule]
    subject: dict[str, dict[Literal["title", "lede", "text"], _ByLanguage]]
    codes: dict[str, dict[str, dict[str, tuple[str, ...]]]]


@dataclass(frozen=True)
class Rules:
    """The cues of one language, ready to be tried on sentences in small letters."""

    events: Mapping[str, EventRule]
    weights: Mapping[str, float]
    index: CueIndex
    subject: Mapping[tuple[str, str], CueIndex]  # (what, where): title, lede or text
    codes: Mapping[str, CueIndex]  # by vocabulary; a cue's event is the code
    dated_by: Mapping[str, re.Pattern[str]]  # by event: words whose date is the event's
    words: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def kind_of(self, event: str) -> str:
        """The kind of an article whose main event this is."""
        return self.events[event].kind or "policy_event"

    def type_of(self, event: str) -> str:
        """The code of event_type that an entry stands for."""
        return self.events[event].type


def word_lists(language: str, folder: Path | None = None) -> Mapping[str, str]:
    """The word lists of a language as they are written."""
    return _read(folder or reference_folder()).words.get(language, {})


def load_rules(language: str, folder: Path | None = None) -> Rules:
    """The rules of a language, read once per process; none where the file has no words of that language.

    Raises UserError that names file, entry and mend.
    """
    return _load(language, folder or reference_folder())


@cache
def _load(language: str, folder: Path) -> Rules:
    path = folder / FILE
    data = _read(folder)
    words = word_lists(language, folder)

    def cues(name: str, given: _Cues) -> Iterator[Cue]:
        for strength, texts in given.items():
            yield from (_compiled(path, name, STRENGTHS[strength], text, words) for text in texts)

    events = [cue for name, rule in data.events.items() for cue in cues(name, rule.cues.get(language, {}))]
    subject: dict[tuple[str, str], CueIndex] = {
        (what, where): CueIndex.of(cues(what, by_language.get(language, {})))
        for what, places in data.subject.items()
        for where, by_language in places.items()
    }
    codes = {
        vocabulary: CueIndex.of(
            cue for code, texts in codes.items() for cue in cues(code, {"strong": texts.get(language, ())})
        )
        for vocabulary, codes in data.codes.items()
    }
    dated_by = {name: word_list(rule.dated_by, words) for name, rule in data.events.items() if rule.dated_by}
    lists = {name: word_list(text, words) for name, text in words.items()}
    return Rules(data.events, data.weights, CueIndex.of(events), subject, codes, dated_by, lists)


@cache
def _read(folder: Path) -> _File:
    path = folder / FILE
    data = validate(path, TypeAdapter(_File), read_yaml(path))
    vocabulary = load_vocabulary(folder)
    events = {}
    for name, rule in data.events.items():
        type_ = rule.type or name
        code = vocabulary["event_type"].get(type_)
        if code is None:
            raise UserError(f"{path}, events, {name}: {type_!r} is no code of event_type; add it there, or give a type")
        kind = rule.kind or (code.record_class if code.record_class != "aggregate_report" else "study")
        events[name] = rule.model_copy(update={"type": type_, "kind": kind})
        if rule.supposed and rule.supposed != NOTHING and rule.supposed not in data.events:
            problem = f"supposed: {rule.supposed!r} is no entry of events; give one, or {NOTHING}"
            raise UserError(f"{path}, events, {name}: {problem}")
        for key, codes in rule.codes.items():
            for value in [codes] if isinstance(codes, str) else codes:
                _require(path, f"events, {name}", key, value, vocabulary)
    for key, known in data.codes.items():
        for value in known:
            _require(path, "codes", key, value, vocabulary)
    return data.model_copy(update={"events": events})


def _require(path: Path, entry: str, key: str, value: str, vocabulary: Mapping[str, Mapping[str, object]]) -> None:
    if value not in vocabulary.get(key, {}):
        raise UserError(f"{path}, {entry}: {value!r} is no code of {key!r}; see vocabulary.yaml for the codes")


def _compiled(path: Path, name: str, weight: int, text: str, words: Mapping[str, str]) -> Cue:
    try:
        return compile_cue(name, weight, text, words)
    except CueError as error:
        raise UserError(f"{path}, {name}, cue {text!r}: {error}") from error
