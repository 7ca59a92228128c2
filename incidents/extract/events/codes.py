"""What an event's own sentences say in the coded vocabularies: how the technology was used, failed and harmed.

A code that no sentence says and the event's type does not give is left out. `codes["quotes"]` has the sentence, or the
title, behind each value that another sentence than the event's own says, as {"harm_type:privacy": "..."}; "type" is the
one that says best what happened, and that codes given by the type follow from.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc

from incidents.extract.contract import QUOTE_LIMIT, Mention
from incidents.extract.events.reading import TITLE, Passage, Reading
from incidents.extract.events.rules import EventRule
from incidents.extract.spans import document_of, quote_at

_VOTED = ("technology_task", "deployment_context")
_LISTED = ("failure_mode", "harm_type")
_PRIOR = 2  # votes that the event's type has by itself
_NONE = "none"
_STATUSES = ("admitted", "found", "dismissed", "alleged")  # the furthest that the sentences say counts
_TOLD_AS_HARM = (
    "audit_finding",
    "undisclosed_deployment",
    "mass_surveillance_deployment",
    "worker_student_surveillance",
)
_LEGAL = ("lawsuit_filed", "court_ruling", "settlement", "charges_dropped", "release", "apology")
_OF_ONE_PERSON = "misidentification"  # what befalls the people named, while others are examples of many
_AMOUNTS = {
    "regulatory_fine": ("fine_imposed", "paid"),
    "settlement": ("settlement", "paid"),
    "lawsuit_filed": ("damages_claimed",),
    "procurement": ("price", "paid"),
}
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
            "dozen": 12, "deux": 2, "trois": 3, "dos": 2, "tres": 3}  # fmt: skip
_FACES = re.compile(r"\b(?:facial|faces?\b|faceprint|rostro|cara\b|visage)")  # "biometric" alone is no proof of them
_ASKED = re.compile(r"\b(?:survey|poll|interviewed|respondents|encuesta|sondage)")  # people counted there were asked
_AT_MOST = re.compile(r"(?:fewer than|less than|up to|menos de|hasta|moins de|jusqu'à)\W+$")
_AT_LEAST = re.compile(r"(?:at least|more than|over|al menos|más de|au moins|plus de)\W+$")


@dataclass
class _Codes:
    """The codes of one event, collected from `passages`, the sentences that tell of it, the event's own first.

    `telling` is the sentence or the title that says best what happened.
    """

    rule: EventRule
    passages: Sequence[Passage]
    telling: Passage
    reading: Reading
    found: dict[str, Any] = field(default_factory=dict)
    quotes: dict[str, str] = field(default_factory=dict)

    def said(self, name: str, passages: Sequence[Passage] | None = None) -> list[tuple[str, Passage, int, int]]:
        """(code, sentence, start, end) of each cue of a vocabulary, in the order of the passages."""
        index = self.reading.rules.codes[name]
        return [
            (match.event, passage, passage.start + match.start, passage.start + match.end)
            for passage in (self.telling_sentences() if passages is None else passages)
            for match in index.matches(passage.words, passage.kinds)
        ]

    def telling_sentences(self) -> list[Passage]:
        """The event's own sentence, and those beside it, on the victim or on face recognition, the title last."""
        own = self.passages[0]
        others = (
            passage
            for passage in (*self.passages[1:], self.reading.title)
            if passage.tie == 1 or passage.on_victim or passage.index == own.index + 1
        )
        return [own, *others]

    def given(self, name: str) -> tuple[str, ...]:
        """The codes that the event's type gives by itself."""
        given = self.rule.codes.get(name, ())
        return (given,) if isinstance(given, str) else given

    def quote(self, name: str, code: str, found: Sequence[tuple[str, Passage, int, int]]) -> None:
        """Keep the first sentence that says a code by itself, else that has a cue of it, else what the code follows
        from, where it is not the event's own."""
        cued = [item[1:] for item in found if item[0] == code]
        others = [(passage, None, None) for passage in (self.telling, *self.telling_sentences())]
        saying = (item for item in (*cued, *others) if self.reading.says(name, code, item[0]))
        passage, *place = next(saying, (cued or others)[0])
        if passage is not self.passages[0]:
            self.quotes[f"{name}:{code}"] = quote_of(self.reading.doc, passage, *place)


def codes_of(event: str, passages: Sequence[Passage], reading: Reading, telling: Passage) -> dict[str, Any]:
    """The codes of an event of the rules, from the sentences that tell of it, the event's own first.

    `telling` is the sentence or the title that says best what happened.
    """
    rule = reading.rules.events[event]
    is_harm = rule.kind == "incident" or rule.type in _LEGAL
    codes = _Codes(rule, passages, telling, reading)
    if telling is not passages[0]:
        codes.quotes["type"] = quote_of(reading.doc, telling)
    for name in _VOTED:
        _vote(codes, name)
    for name in _LISTED:
        _list(codes, name, is_harm)
    _involvement(codes, is_harm)
    _status(codes, is_harm)
    if rule.type != event and rule.kind in ("incident", "deployment", "study"):
        codes.found["record_class"] = rule.kind
    _amount(codes)
    _docket(codes)
    if is_harm:
        _affected(codes)
    return codes.found | ({"quotes": codes.quotes} if codes.quotes else {})


def _vote(codes: _Codes, name: str) -> None:
    """The code that most sentences say; the type's own code has two votes, the first sentence decides a tie."""
    votes = Counter(dict.fromkeys(codes.given(name), _PRIOR))
    said = codes.said(name)
    votes.update(code for code, *_ in said)
    if votes:
        codes.found[name] = votes.most_common(1)[0][0]
        codes.quote(name, codes.found[name], said)


def _list(codes: _Codes, name: str, is_harm: bool) -> None:
    """All codes that the type gives; for what does harm and a case at law those of the sentences too."""
    said = codes.said(name) if is_harm or codes.rule.type in _TOLD_AS_HARM else []
    listed = sorted(({*codes.given(name)} | {code for code, *_ in said}) - {_NONE})
    if listed:
        codes.found[name] = listed
    for code in listed:
        codes.quote(name, code, said)


def _involvement(codes: _Codes, is_harm: bool) -> None:
    """Disputed where the article holds a denial beside a claim, wherever they stand; else as the sentences say."""
    name, reading = "frt_involvement", codes.reading
    said = codes.said(name) if is_harm else []
    spoken = [p for p in reading.body if p.tie == 1]
    denials = [item for item in codes.said(name, spoken) if item[0] == "denied"] if is_harm else []
    if denials:
        claims = {code for code, *_ in codes.said(name, reading.body)} & {"alleged", "confirmed"}
        value = "disputed" if claims else "denied"
        said = [(value, passage, start, end) for _, passage, start, end in denials]
        if claims and not codes.found.get("failure_mode"):
            codes.found["failure_mode"] = ["disputed"]
    elif {code for code, *_ in said} == {"alleged"}:
        value = "alleged"
    else:
        is_near = any(passage.tie >= reading.rules.weights["tie_neighbour"] for passage in codes.passages)
        own = codes.passages[0]
        told = [p for p in spoken if _FACES.search(p.text)]
        if not is_near or not told:
            return
        value = "confirmed"
        nearest = next(
            (p for p in (own, codes.telling) if _FACES.search(p.text)),
            min(told, key=lambda p: abs(p.index - own.index)),
        )
        said = [(value, nearest, nearest.start, nearest.end)]
    codes.found[name] = value
    codes.quote(name, value, said)


def _status(codes: _Codes, is_harm: bool) -> None:
    """A fixed status of the type stands; a settlement admits nothing; else the furthest that the sentences say."""
    name = "allegation_status"
    given = codes.given(name)
    said = [] if given or codes.rule.type == "settlement" or not is_harm else codes.said(name)
    stated = {code for code, *_ in said}
    default = "alleged" if codes.rule.type == "settlement" else "reported" if is_harm else None
    status = given[0] if given else next((code for code in _STATUSES if code in stated), default)
    if status:
        codes.found[name] = status
        codes.quote(name, status, said)


def _amount(codes: _Codes) -> None:
    """The first amount of money of a kind that the type can have."""
    own, kinds = codes.passages[0], _AMOUNTS.get(codes.rule.type, ())
    amounts = (item for item in _of_kind("amount", codes.passages) if item.attributes.get("amount_kind") in kinds)
    item = next(amounts, None)
    if item is None:
        return
    codes.found |= {name: item.attributes[name] for name in ("currency", "amount_kind")}
    codes.found["amount"] = item.attributes["value"]
    if not own.start <= item.start < own.end:
        codes.quotes["amount"] = item.quote


def _docket(codes: _Codes) -> None:
    docket = next(_of_kind("docket", codes.passages), None)
    if docket:
        codes.found["docket"] = docket.name
        codes.quotes["docket"] = docket.quote


def _of_kind(kind: str, passages: Sequence[Passage]) -> Iterator[Mention]:
    return (item for passage in passages for item in passage.of_kind(kind))


def _affected(codes: _Codes) -> None:
    """How many people the sentences say were affected: a number before a word for people, or one person named so."""
    counted = codes.reading.rules.words.get("counted")
    for passage in codes.passages:
        asked = _ASKED.search(passage.text)
        for match in counted.finditer(passage.text) if counted and not asked else ():
            number = _number(match[0].split()[0])
            if number and number > 1:
                before = passage.text[: match.start()]
                least = {} if _AT_MOST.search(before) else {"affected_min": number}
                codes.found |= least | ({} if _AT_LEAST.search(before) else {"affected_max": number})
                codes.quotes["affected"] = quote_of(codes.reading.doc, passage, passage.start + match.start())
                return
    people = {item.name: item for item in _of_kind("person", codes.passages) if item.role == "affected"}
    if people and codes.rule.type.startswith(_OF_ONE_PERSON):
        codes.found |= {"affected_min": len(people), "affected_max": len(people)}
        codes.quotes["affected"] = next(iter(people.values())).quote


def quote_of(doc: Doc, passage: Passage, start: int | None = None, end: int | None = None) -> str:
    """The title, or the sentence with what stands at `start`."""
    if passage.index == TITLE:
        return document_of(doc).title[:QUOTE_LIMIT]
    return quote_at(doc, passage.start if start is None else start, passage.start + 1 if end is None else end)


def _number(word: str) -> int | None:
    """A count of people: no year."""
    if re.fullmatch(r"(?:19|20)\d\d", word):
        return None
    digits = word.replace(",", "").replace(".", "")
    return int(digits) if digits.isdecimal() else _NUMBERS.get(word)
