"""What an event's own sentences say in the coded vocabularies: how the technology was used, failed and harmed."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from incidents.extract.events.reading import Passage, Reading
from incidents.extract.events.rules import EventRule, Rules

_VOTED = ("technology_task", "deployment_context")
_LISTED = ("failure_mode", "harm_type")
_PRIOR = 2  # votes that the event's type has by itself
_STATUSES = ("admitted", "found", "dismissed", "alleged")  # the furthest that the sentences say counts
_LEGAL = ("lawsuit_filed", "court_ruling", "settlement", "charges_dropped", "release", "apology")
_AMOUNTS = {
    "regulatory_fine": ("fine_imposed", "paid"),
    "settlement": ("settlement", "paid"),
    "lawsuit_filed": ("damages_claimed",),
    "procurement": ("price", "paid"),
}
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
            "dozen": 12, "deux": 2, "trois": 3, "dos": 2, "tres": 3}  # fmt: skip
_ASKED = re.compile(r"\b(?:survey|poll|interviewed|respondents|encuesta|sondage)")  # people counted there were asked
_AT_LEAST = re.compile(r"(?:at least|more than|over|al menos|más de|au moins|plus de)\W+$")


def codes_of(event: str, passages: Sequence[Passage], reading: Reading) -> dict[str, Any]:
    """The codes of an event of the rules, from the sentences that tell of it, the best first."""
    rules = reading.rules
    rule = rules.events[event]
    is_harm = rule.kind == "incident" or rule.type in _LEGAL
    codes: dict[str, Any] = {name: _vote(name, rule, passages, rules) for name in _VOTED}
    for name in _LISTED:
        codes[name] = _listed(name, rule, passages if is_harm else (), rules)
    codes["frt_involvement"] = _involvement(passages, reading) if is_harm else "confirmed"
    if codes["frt_involvement"] == "disputed" and codes["failure_mode"] == ["unknown"]:
        codes["failure_mode"] = ["disputed"]
    if status := _status(rule, passages if is_harm else (), rules, default="reported" if is_harm else None):
        codes["allegation_status"] = status
    if rule.type != event and rule.kind in ("incident", "deployment", "study"):
        codes["record_class"] = rule.kind
    codes |= _amount(rule.type, passages) | _docket(passages)
    if is_harm:
        codes |= _affected(passages, rules)
    return codes


def _matched(name: str, passages: Sequence[Passage], rules: Rules) -> list[str]:
    return [match.event for passage in passages for match in rules.codes[name].matches(passage.words, passage.kinds)]


def _given(name: str, rule: EventRule) -> tuple[str, ...]:
    given = rule.codes.get(name, ())
    return (given,) if isinstance(given, str) else given


def _vote(name: str, rule: EventRule, passages: Sequence[Passage], rules: Rules) -> str:
    """The code that most sentences say; the type's own code has two votes, the first sentence decides a tie."""
    votes = Counter(dict.fromkeys(_given(name, rule), _PRIOR))
    votes.update(_matched(name, passages, rules))
    return votes.most_common(1)[0][0] if votes else "unknown"


def _listed(name: str, rule: EventRule, passages: Sequence[Passage], rules: Rules) -> list[str]:
    codes = sorted({*_given(name, rule), *_matched(name, passages, rules)})
    return [code for code in codes if code != "none" or codes == ["none"]] or ["unknown"]


def _status(rule: EventRule, passages: Sequence[Passage], rules: Rules, default: str | None) -> str | None:
    """A fixed status of the type stands; a settlement admits nothing."""
    given = _given("allegation_status", rule)
    if given:
        return given[0]
    if rule.type == "settlement":
        return "alleged"
    said = set(_matched("allegation_status", passages, rules))
    return next((status for status in _STATUSES if status in said), default)


def _involvement(passages: Sequence[Passage], reading: Reading) -> str:
    """Disputed where the article holds a denial beside a claim, wherever they stand; else as the sentences say."""
    rules = reading.rules
    denials = [p for p in reading.body if p.tie == 1 and "denied" in _matched("frt_involvement", [p], rules)]
    said = set(_matched("frt_involvement", passages, rules))
    if denials:
        anywhere = set(_matched("frt_involvement", reading.body, rules))
        return "disputed" if anywhere & {"alleged", "confirmed"} else "denied"
    if "confirmed" not in said and "alleged" in said:
        return "alleged"
    near = rules.weights["tie_neighbour"]
    return "confirmed" if any(passage.tie >= near for passage in passages) else "unknown"


def _amount(type_: str, passages: Sequence[Passage]) -> dict[str, Any]:
    """The first amount of money of a kind that the type can have."""
    for passage in passages:
        for item in passage.of_kind("amount"):
            if item.attributes.get("amount_kind") in _AMOUNTS.get(type_, ()):
                value, currency, kind = (item.attributes[key] for key in ("value", "currency", "amount_kind"))
                return {"amount": value, "currency": currency, "amount_kind": kind}
    return {}


def _docket(passages: Sequence[Passage]) -> dict[str, Any]:
    dockets = [item.name for passage in passages for item in passage.of_kind("docket")]
    return {"docket": dockets[0]} if dockets else {}


def _affected(passages: Sequence[Passage], rules: Rules) -> dict[str, Any]:
    """How many people the sentences say were affected: a number before a word for people, or one person named so."""
    counted = rules.words.get("counted")
    for passage in passages:
        asked = _ASKED.search(passage.text)
        for match in counted.finditer(passage.text) if counted and not asked else ():
            number = _number(match[0].split()[0])
            if number and number > 1:
                least_only = _AT_LEAST.search(passage.text[: match.start()])
                return {"affected_min": number} | ({} if least_only else {"affected_max": number})
    people = {item.name for p in passages for item in p.of_kind("person") if item.role == "affected"}
    return {"affected_min": len(people), "affected_max": len(people)} if people else {}


def _number(word: str) -> int | None:
    """A count of people: no year."""
    if re.fullmatch(r"(?:19|20)\d\d", word):
        return None
    digits = word.replace(",", "").replace(".", "")
    return int(digits) if digits.isdecimal() else _NUMBERS.get(word)
