"""Findings: every place in an article where a cue of an event stands, and how much it counts there."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from incidents.extract.contract import Document, Mention
from incidents.extract.events.cues import Match
from incidents.extract.events.reading import TITLE, Passage, Reading
from incidents.extract.events.rules import NOTHING, Rules
from incidents.extract.spans import document_of

_FINDINGS = "incidents_findings"
_SINCE = re.compile(r"\b(?:since|until|desde|hasta|depuis|jusqu'en)\W+$")
_ARREST = "misidentification_arrest"
_CLOSE = 5  # words and commas between an arrest and its date
_LIGHT = ("deployment", "product")  # kinds that anything else in a sentence outweighs
# between "could" and what could be: no other clause, and nothing that has happened
_JUST_BEFORE = re.compile(r"\W?\s?(?:(?!(?:have|after|over|following|because|since|that|who|when)\b)[\w'’-]+ ){0,2}")
_NEWS_RULES = ("date.weekday", "date.day_word")  # "on Tuesday", "today": news even where the day is not known


@dataclass(frozen=True)
class Finding:
    """An event's cue in the title or a sentence. `start` and `end` count characters of the text (0 for the title)."""

    event: str  # an entry of the rules
    passage: Passage
    start: int
    end: int
    strength: int
    age: float
    score: float


def findings_of(reading: Reading) -> list[Finding]:
    """All findings of an article, title first, made once."""
    found: list[Finding] | None = reading.doc.user_data.get(_FINDINGS)
    if found is None:
        found = list(_findings(reading))
        reading.doc.user_data[_FINDINGS] = found
    return found


def _findings(reading: Reading) -> Iterator[Finding]:
    rules, document = reading.rules, document_of(reading.doc)
    for passage in (reading.title, *reading.body):
        if passage.tie == 0:
            continue
        age, age_beside_harm = age_of(passage, document, rules), age_of(passage, document, rules, beside_harm=True)
        place = _place(passage, rules)
        matches = _without_overlaps(rules.index.matches(passage.words, passage.kinds), rules)
        for match in matches:
            event = _as_told(match, passage, rules)
            if event == NOTHING:
                continue
            harm = rules.kind_of(event) == "incident"
            score = match.weight * rules.events[event].weight * passage.tie * place
            score *= max(age, rules.weights["age_old_harm"]) if harm else age_beside_harm
            if any(other.end <= match.start and other.event != match.event for other in matches):
                score *= rules.weights["later"]
            yield Finding(
                event,
                passage,
                passage.start + match.start,
                passage.start + match.end,
                match.weight,
                age if harm else age_beside_harm,
                score,
            )


def _as_told(match: Match, passage: Passage, rules: Rules) -> str:
    """What a cue stands for: another event, or nothing, where the sentence only plans, weighs or fears it."""
    instead, supposed = rules.events[match.event].supposed, rules.words.get("supposed")
    if not instead or supposed is None:
        return match.event
    text = passage.text[: match.end]
    within = (
        word.start() > match.start or _JUST_BEFORE.fullmatch(text, word.end(), match.start)
        for word in supposed.finditer(text)
    )
    return instead if any(within) else match.event


def _without_overlaps(matches: list[Match], rules: Rules) -> list[Match]:
    """The matches but those that begin within one that began before: what is considered is not yet done.

    Harm to somebody counts within a policy or a study too.
    """
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end, -m.weight)):
        if not any(_replaces(other, match, rules) for other in kept):
            kept.append(match)
    return kept


def _replaces(first: Match, match: Match, rules: Rules) -> bool:
    if first.event == match.event or match.start >= first.end or first.weight < match.weight:
        return False
    if (first.start, first.end) == (match.start, match.end):
        return False
    one, other = rules.kind_of(first.event), rules.kind_of(match.event)
    return one == other if other == "incident" else one in ("policy_event", "incident") or other in _LIGHT


def _place(passage: Passage, rules: Rules) -> float:
    weights = rules.weights
    if passage.index == TITLE:
        return weights["place_title"]
    if passage.start < weights["lede_characters"]:
        return weights["place_lede"]
    return weights["place_early" if passage.start < 3 * weights["lede_characters"] else "place_later"]


def age_of(passage: Passage, document: Document, rules: Rules, beside_harm: bool = False) -> float:
    """More than 1 for news, less for what the sentence says happened long before publication.

    `beside_harm`: for what the sentence tells beside somebody's arrest, whose date says nothing about it.
    """
    weights = rules.weights
    dates = [d for d in passage.of_kind("date") if not _SINCE.search(passage.text[: d.start - passage.start])]
    if beside_harm:
        dates = [item for item in dates if not is_date_of_harm(item, passage, rules)]
    ages = [age for item in dates if (age := age_of_date(item, document, rules))]
    if ages:
        return max(ages)
    if "background" in rules.words and rules.words["background"].search(passage.text):
        return math.sqrt(weights["age_old"])
    if "fresh" in rules.words and rules.words["fresh"].search(passage.text):
        return weights["age_fresh"]
    return 1.0


def is_date_of_harm(item: Mention, passage: Passage, rules: Rules) -> bool:
    """Whether a date is that of an arrest: "settled over the arrest of a man in 2020"."""
    before = passage.text[: item.start - passage.start]
    words = rules.dated_by[_ARREST].finditer(before) if _ARREST in rules.dated_by else ()
    last = max((match.end() for match in words), default=None)
    return last is not None and len(re.findall(r"\w+|,", before[last:])) <= _CLOSE


def age_of_date(item: Mention, document: Document, rules: Rules) -> float | None:
    """What one date says about the age of its sentence; None where it says nothing."""
    fresh, old = rules.weights["age_fresh"], rules.weights["age_old"]
    value = item.attributes.get("value")
    if value is None or document.published_on is None:
        return fresh if item.rule in _NEWS_RULES else None
    published = document.published_on.isoformat()
    if document.published_precision == "year":
        published = published[:4]
    grain = min(len(value), len(published))
    if value[:grain] > published[:grain]:
        return fresh
    if grain == len("yyyy"):
        return 1.0 if value[:grain] == published[:grain] else old
    if grain == len("yyyy-mm"):
        recent = (document.published_on - timedelta(days=35)).isoformat()[:grain]
        return fresh if value[:grain] >= recent else old
    days = (document.published_on - date.fromisoformat(value)).days
    return fresh if days <= rules.weights["fresh_days"] else old
