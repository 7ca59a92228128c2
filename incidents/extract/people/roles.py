"""One role per person, from all cues; the cue that won is the evidence."""

from collections import defaultdict
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from incidents.extract.people.clusters import Occurrence, Person
from incidents.extract.people.cues import ERROR, FACE, Article, Cue
from incidents.extract.people.harm import AFFECTED, PLAINTIFF, harm_cues
from incidents.extract.people.law import SUED, SUITS, WENT_TO_COURT
from incidents.extract.people.titles import title_cues

THRESHOLD = 2.0
THRESHOLD_IN_TITLE = 1.0  # where the title tells of an error of face recognition
STRONG = 2.15  # a victim with an office is still a victim
LISTED = 1.0  # weight of the role of the one named next in a list
OFFICE = 3.0  # weight of a title that decides alone
_CAMPAIGNS = ("advocate", "other")  # what a plaintiff may be too
_OFFICES = ("government_official", "police_official")
_LISTABLE = ("title before name", "apposition before name", "made by")
_BETWEEN = frozenset((",", "and", "&", "or", "to", "y", "et"))


@dataclass(frozen=True)
class Decision:
    """A person's role, how sure it is from 0 to 1, and the cues for it, the strongest first.

    `accused`: arrested, charged or taken for a suspect, rightly or not. `sued`: went to law in their own name.
    `in_office`: holds a public office, whatever the role in this article.
    """

    person: Person
    role: str
    score: float
    cues: list[Cue]
    accused: bool
    sued: bool
    in_office: bool


def decide(article: Article, affected_from: float = THRESHOLD) -> list[Decision]:
    """The role of every person of an article; `affected_from` is the weight of evidence that makes one affected."""
    if article.title >= {FACE, ERROR}:
        affected_from = min(affected_from, THRESHOLD_IN_TITLE)
    cues = {id(person): _cues_of(article, person) for person in article.people}
    _share_in_lists(article, cues)
    return [_decision(article, person, cues[id(person)], affected_from) for person in article.people]


def _cues_of(article: Article, person: Person) -> list[Cue]:
    found: list[Cue] = []
    for occurrence in person.occurrences:
        if occurrence.named:
            found.extend(title_cues(article, occurrence))
        found.extend(harm_cues(article, occurrence))
    return found


def _share_in_lists(article: Article, cues: dict[int, list[Cue]]) -> None:
    """In "researchers A, B and C" the title before A holds for all: give it to those who have no cue of their own."""
    named = (o for person in article.people for o in person.occurrences if o.named)
    previous: Occurrence | None = None
    for occurrence in sorted(named, key=lambda o: o.start):
        if previous is not None and _listed_together(article.doc, previous, occurrence):
            giver, taker = article.person_at[previous.start], article.person_at[occurrence.start]
            if not cues[id(taker)]:
                cues[id(taker)] = _shared(cues[id(giver)], previous, occurrence)
        previous = occurrence


def _listed_together(doc: Doc, one: Occurrence, other: Occurrence) -> bool:
    between = doc[one.end : other.start]
    return 0 < len(between) <= 3 and all(token.lower_ in _BETWEEN for token in between)


def _shared(cues: list[Cue], giver: Occurrence, taker: Occurrence) -> list[Cue]:
    """The title before the first of a list, or else, counting less, the role of the one next to it."""
    titles = [replace(cue, occurrence=taker) for cue in cues if cue.occurrence == giver and cue.rule in _LISTABLE]
    roles = sorted({cue.role for cue in cues if cue.role not in (AFFECTED, "other")})
    return titles or [Cue(role, LISTED, "listed with", taker) for role in roles[:1]]


def _decision(article: Article, person: Person, cues: list[Cue], affected_from: float) -> Decision:
    subjects = article.subjects_of(person) if any(cue.needs for cue in cues) else set()
    counted = [cue for cue in cues if subjects.issuperset(cue.needs)]
    role, weight = _weigh(counted, affected_from)
    return Decision(
        person,
        role,
        score=min(0.99, 0.5 + weight / 10),
        cues=sorted((c for c in counted if c.role == role), key=lambda c: (-c.weight, c.occurrence.start)),
        accused=any(cue.accuses for cue in cues),
        in_office=any(cue.role in _OFFICES and cue.weight >= OFFICE for cue in cues),
        sued=any(cue.rule in SUITS for cue in cues),
    )


def _weigh(cues: list[Cue], affected_from: float) -> tuple[str, float]:
    """The role with the most weight; each rule counts once, and suing however often it is told."""
    heaviest: dict[tuple[str, str], float] = defaultdict(float)
    for cue in cues:
        rule = WENT_TO_COURT if cue.rule == SUED else cue.rule
        heaviest[cue.role, rule] = max(heaviest[cue.role, rule], cue.weight)
    totals: dict[str, float] = defaultdict(float)
    for (role, _), weight in heaviest.items():
        totals[role] += weight
    affected = totals.pop(AFFECTED, 0.0)
    best = max(sorted(totals), key=lambda role: totals[role], default="other")
    strong = any(cue.role == AFFECTED and cue.weight >= STRONG for cue in cues)
    if affected >= affected_from and (strong or affected > totals[best]):
        return AFFECTED, affected
    if best in _CAMPAIGNS and totals[PLAINTIFF] >= THRESHOLD:
        return PLAINTIFF, totals[PLAINTIFF]
    return best, totals[best]
