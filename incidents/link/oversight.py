"""What people decided, in one run: read from the folder of their decisions, brought to bear, and told afterwards."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from incidents.errors import Reject
from incidents.link import corrections, curation, judgements, resolutions, reviews
from incidents.link.corpus import Corpus, Row
from incidents.link.corrections import Correction, Corrections
from incidents.link.curation import Decision
from incidents.link.judgements import Judgement
from incidents.link.organizations import Directory
from incidents.link.proofs import Known, Proofs
from incidents.link.registry import Registry
from incidents.link.resolutions import Resolution
from incidents.link.reviews import Review

if TYPE_CHECKING:
    from incidents.link.incident import Context

LEVELS = ("machine", "one_person", "two_people")


@dataclass(frozen=True)
class Decisions:
    """All lines of the folder, as they were read."""

    judgements: Sequence[Judgement] = ()
    resolutions: Sequence[Resolution] = ()
    corrections: Sequence[Correction] = ()
    reviews: Sequence[Review] = ()


def read(folder: Path) -> tuple[Decisions, list[Reject]]:
    """The decisions in a folder, and the lines that cannot be read."""
    judged, bad_judgements = curation.read(folder / judgements.FILE, Judgement)
    resolved, bad_resolutions = curation.read(folder / resolutions.FILE, Resolution)
    corrected, bad_corrections = curation.read(folder / corrections.FILE, Correction)
    reviewed, bad_reviews = curation.read(folder / reviews.FILE, Review)
    rejects = [*bad_judgements, *bad_resolutions, *bad_corrections, *bad_reviews]
    return Decisions(judged, resolved, corrected, reviewed), rejects


@dataclass(frozen=True)
class Heard:
    """The decisions in force on some articles, and the articles with their names resolved. Corrections come later."""

    news: Corpus
    judgements: list[Judgement]
    resolved: Mapping[str, Sequence[Resolution]]
    reviews: list[Review]
    rejects: list[Reject]


def hear(decided: Decisions, news: Corpus, directory: Directory) -> Heard:
    """What counts of the decisions. Raises UserError where they contradict each other."""
    judged, unknown_pairs = judgements.in_force(decided.judgements, news.articles)
    answers, unknown_names = resolutions.in_force(decided.resolutions, directory, news)
    named, resolved = resolutions.apply(news, answers)
    return Heard(named, judged, resolved, reviews.in_force(decided.reviews), [*unknown_pairs, *unknown_names])


@dataclass(frozen=True)
class Oversight:
    """The decisions by the incidents that they touch."""

    corrections: Corrections = field(default_factory=Corrections)
    touching: Mapping[str, Sequence[Decision]] = field(default_factory=dict)

    def level(self, incident: str, row: Row) -> str:
        """The review level of an incident with these values: how many people looked at it."""
        people = {item.who for item in self.corrections.used().get(incident, ())}
        shown = reviews.seen(row)
        for item in self.touching.get(incident, ()):
            outdated = isinstance(item, Review) and item.seen not in (None, shown)
            if not outdated and not isinstance(item, Resolution):
                people.add(item.who)
        return LEVELS[min(len(people), 2)]

    def rows(self) -> list[Row]:
        """One row for each incident and decision that touched it."""
        used = self.corrections.used()
        return [
            _row(incident, item)
            for incident in sorted({*used, *self.touching})
            for item in (*self.touching.get(incident, ()), *used.get(incident, ()))
        ]


def oversee(
    decided: Decisions, heard: Heard, home: Mapping[str, str], registry: Registry, context: "Context"
) -> tuple[Oversight, list[Reject]]:
    """The decisions by incident, and the corrections of what no longer stands. UserError for a contradiction.

    `home` is the incident of each article that reports one.
    """
    valid, rejects = corrections.in_force(decided.corrections, home, registry)
    keys = {
        "places": {row["place_id"] for row in context.places.values()},
        "organizations": {*context.directory.known, *context.directory.candidates},
        "products": context.directory.products,
    }
    proofs = Proofs(heard.news, [item.revision_id for item in valid])
    known = Known(context.reference.vocabulary, keys)
    return Oversight(Corrections(valid, known, proofs), _touching(heard, home)), rejects


def _touching(heard: Heard, home: Mapping[str, str]) -> dict[str, list[Decision]]:
    """The decisions on the articles of each incident; `home` is the incident of each article that reports one."""
    found: dict[str, dict[str, Decision]] = defaultdict(dict)
    for article, item in _by_article(heard):
        if article in home:
            found[home[article]].setdefault(item.key, item)
    return {incident: list(items.values()) for incident, items in found.items()}


def _by_article(heard: Heard) -> Iterator[tuple[str, Decision]]:
    for judgement in heard.judgements:
        yield judgement.a, judgement
        yield judgement.b, judgement
    for article, items in heard.resolved.items():
        for resolution in items:
            yield article, resolution
    for review in heard.reviews:
        yield review.looked_at, review


def _row(incident: str, item: Decision) -> Row:
    told = {"incident_id": incident, "file": item.file, "line": item.line, "key": item.key}
    return told | {
        "subject": " ".join(item.subject),
        "answer": item.answer,
        "who": item.who,
        "when": item.when,
        "why": item.why,
    }
