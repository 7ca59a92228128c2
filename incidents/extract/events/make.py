"""Findings to events: the main one, and the other things with a date that the article tells."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from incidents.extract.contract import Event
from incidents.extract.events.codes import codes_of
from incidents.extract.events.dating import EventDate, main_date, stated_date
from incidents.extract.events.find import Finding, age_of
from incidents.extract.events.main_event import Candidate
from incidents.extract.events.reading import TITLE, Passage, Reading
from incidents.extract.events.rules import STRENGTHS
from incidents.extract.events.victims import is_victim
from incidents.extract.people.cues import NAMED
from incidents.extract.spans import document_of, quote_at, sentence_index

_STEPS = (
    "charges_dropped",
    "release",
    "apology",
    "appeal",
    "settlement",
)  # of a case told before, often without a date
_SUITS = ("lawsuit_filed", "court_ruling", "investigation_opened")
_MAKING_LAW = {"ban", "moratorium", "restriction", "bill_proposed", "authorising_law", "hearing"}  # one vote, one event
_NEEDS_DATE = ("hearing", "bill_proposed")
_DOERS = ("vendor", "police_agency", "deployer", "authority")
_STEM = 5  # letters that tell words apart
_MOST = 12  # events beside the main one
_SURE, _HALF_SURE = 0.95, 6.0  # the most an event's score can be, and the points that make half of it


def main_event(reading: Reading, main: Candidate, findings: Sequence[Finding]) -> Event | None:
    """The main event with its date and codes; None where the article has a title and no text to quote."""
    if not reading.body:
        return None
    evidence = _of_the_same(main.evidence, reading)
    when = main_date(main.event, evidence, reading, findings)
    passages = _around(reading, evidence) or _like_title(reading, main.event)
    telling = _telling(reading.rules.type_of(main.event), main.findings, passages[0], reading)
    codes = codes_of(main.event, passages, reading, telling)
    if evidence:
        start, end, how = evidence[0].start, evidence[0].end, "cue"
    else:
        start, end, how = passages[0].start, passages[0].end, "title"
    return _event(reading, main.event, start, end, f"event.{how}.{main.event}", main.score, when, codes)


def _of_the_same(evidence: Sequence[Finding], reading: Reading) -> tuple[Finding, ...]:
    """The findings but those in sentences on what only others did than the title names, or else the best sentence."""
    doers = _doers(reading.title) or {name for finding in evidence[:1] for name in _doers(finding.passage)}
    told = ((finding, _doers(finding.passage)) for finding in evidence)
    return tuple(finding for finding, names in told if not (doers and names) or doers & names)


def _doers(passage: Passage) -> set[str]:
    return {item.name for item in passage.of_kind(*_DOERS)}


def _parties(passage: Passage) -> set[str]:
    """Who did it and whom it befell."""
    return _doers(passage) | {item.name for item in passage.of_kind("person") if is_victim(item)}


def other_events(reading: Reading, findings: Sequence[Finding], main: Event | None) -> list[Event]:
    """The other events told on face recognition, in the order of the text: one for each type and date."""
    is_case = any(reading.rules.kind_of(f.event) == "incident" and f.passage.tie == 1 for f in findings)
    best: dict[tuple[str, str | None], tuple[Finding, EventDate]] = {}
    for finding in _leading(findings, reading):
        when = stated_date(finding, reading, findings)
        key = reading.rules.type_of(finding.event), when.value
        if _tells(finding, when, reading, is_case) and (key not in best or finding.score > best[key][0].score):
            best[key] = finding, when
    told = {key: found for key, found in best.items() if not _already_told(*key, main, best)}
    chosen = sorted(told.values(), key=lambda pair: (-pair[0].score, pair[0].start))[:_MOST]
    return [_other(reading, *pair) for pair in sorted(chosen, key=lambda pair: (pair[0].start, pair[0].end))]


def _leading(findings: Sequence[Finding], reading: Reading) -> list[Finding]:
    """The clearest finding of each sentence, and beside it the harm that a suit is over, or the suit over a harm."""
    by_passage: dict[int, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: (-f.strength, -f.score, f.start)):
        by_passage.setdefault(finding.passage.index, []).append(finding)
    kept = []
    for index, (first, *rest) in sorted(by_passage.items()):
        if index == TITLE:
            continue
        kept.append(first)
        kept += [f for f in rest if _is_harm(f, reading) != _is_harm(first, reading) and _is_case(f, first, reading)]
    return kept


def _is_harm(finding: Finding, reading: Reading) -> bool:
    return reading.rules.kind_of(finding.event) == "incident"


def _is_case(one: Finding, other: Finding, reading: Reading) -> bool:
    """Whether one of the two is a step at law or after it."""
    return any(reading.rules.type_of(f.event) in (*_STEPS, *_SUITS) for f in (one, other))


def _tells(finding: Finding, when: EventDate, reading: Reading, is_case: bool) -> bool:
    """Whether a finding is an event of its own: a clear cue, with a date or with a known actor."""
    rules = reading.rules
    type_ = rules.type_of(finding.event)
    if finding.strength < STRENGTHS["strong"] or type_ == "other" or rules.kind_of(finding.event) == "product":
        return False
    if type_ in _STEPS:
        return is_case
    if when.value is not None:
        return rules.kind_of(finding.event) != "deployment" or _names_somebody(finding.passage)
    of_its_own = rules.kind_of(finding.event) != "deployment" and type_ not in _NEEDS_DATE
    return of_its_own and finding.passage.tie >= rules.weights["tie_vendor"] and _names_somebody(finding.passage)


def _names_somebody(passage: Passage) -> bool:
    """Whether a sentence names who did it or whom it befell; without a date it is else a remark in general."""
    return bool(passage.of_kind(*_DOERS)) or any(item.role == "affected" for item in passage.of_kind("person"))


def _other(reading: Reading, finding: Finding, when: EventDate) -> Event:
    """The sentence that gives the date is its evidence, where that is another than the one that was found."""
    start, end = when.words or (finding.start, finding.end)
    passages = {p.index: p for p in (reading.body[sentence_index(reading.doc, start)], finding.passage)}
    told = list(passages.values())
    telling = _telling(reading.rules.type_of(finding.event), [finding], told[0], reading)
    codes = codes_of(finding.event, told, reading, telling)
    return _event(reading, finding.event, start, end, f"event.cue.{finding.event}", finding.score, when, codes)


def _already_told(type_: str, date: str | None, main: Event | None, found: Iterable[tuple[str, str | None]]) -> bool:
    """Whether it is the main event, or the same told elsewhere with its date."""
    if main is not None and _agree(date, main.date) and (type_ == main.type or {type_, main.type} <= _MAKING_LAW):
        return True
    return date is None and any(other == type_ and when for other, when in found)


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one.startswith(other) or other.startswith(one)


def _event(
    reading: Reading,
    name: str,
    start: int,
    end: int,
    rule: str,
    score: float,
    when: EventDate,
    codes: dict[str, Any],
) -> Event:
    quote = quote_at(reading.doc, start, end)
    if when.quote and when.quote != quote:
        codes["quotes"] = codes.get("quotes", {}) | {"date": when.quote}
    return Event(
        type=reading.rules.type_of(name),
        quote=quote,
        start=start,
        end=end,
        rule=rule,
        score=round(_SURE * score / (score + _HALF_SURE), 3),
        date=when.value,
        date_precision=when.precision,
        date_basis=when.basis,
        codes=codes,
    )


def _telling(type_: str, findings: Sequence[Finding], own: Passage, reading: Reading) -> Passage:
    """The sentence that says best what happened: by itself, with a clear cue beside face recognition; the title where
    none does."""

    def rank(finding: Finding) -> tuple[bool, int, bool, float]:
        on_faces = finding.passage.tie == 1
        return on_faces, finding.strength, finding.passage.index != TITLE, finding.score

    ranked = [finding.passage for finding in sorted(findings, key=rank, reverse=True)] or [own]
    candidates = chain((*ranked, own, reading.title), _beside(own, reading))
    passage = next((p for p in candidates if reading.says("event_type", type_, p)), ranked[0])
    return own if passage.index == own.index else passage


def _beside(own: Passage, reading: Reading) -> Iterator[Passage]:
    """The other sentences on face recognition or on a victim, the news first, then the nearest, but those that tell of
    others than the event's own sentence and the title."""
    parties, document = _parties(own) | _parties(reading.title), document_of(reading.doc)
    others = [p for p in reading.body if (p.tie == 1 or p.on_victim) and not (parties and _parties(p) - parties)]
    yield from sorted(others, key=lambda p: (age_of(p, document, reading.rules) < 1, abs(p.index - own.index)))


def _around(reading: Reading, evidence: tuple[Finding, ...]) -> list[Passage]:
    """The sentences of the three best findings, the best first, then the ones that follow them."""
    own = [finding.passage.index for finding in evidence[:3]]
    order = dict.fromkeys([*own, *(index + 1 for index in own)])
    return [reading.body[index] for index in order if index < len(reading.body)]


def _like_title(reading: Reading, event: str) -> list[Passage]:
    """The first sentences: those with words for the event, then on a victim, then most like the title, come first."""
    first = [p for p in reading.body if p.start < reading.rules.weights["lede_characters"]] or list(reading.body[:1])
    title = _long_words(reading.title)

    def rank(passage: Passage) -> tuple[bool, bool, int, float]:
        cues = reading.rules.index.matches(passage.words, passage.kinds)
        told = any(is_victim(item) and item.rule != NAMED for item in passage.mentions)
        of_harm = told and reading.rules.kind_of(event) == "incident"
        same_words = len(title & _long_words(passage))
        return not any(c.event == event for c in cues), not of_harm, -same_words, -passage.tie

    return sorted(first, key=rank)


def _long_words(passage: Passage) -> set[str]:
    """The beginnings of its longer words, so that "bans" and "banned" are one."""
    return {word[:_STEM] for word in re.findall(r"\w{5,}", passage.text)}
