"""What people looked at (reviews.jsonl): that an incident or a name policy is right as it stands, or is no incident.

A line: {"looked_at": the id of an article or a person, "verdict": "right" | "unsure" | "no_incident", "who", "when",
"why"}. An article stands for the incident that it reports. With "seen", the digest of what was shown, "right" counts as
long as that stands.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from incidents.errors import Reject
from incidents.ids import digest
from incidents.link.corpus import Row
from incidents.link.curation import Decision, latest, refuse_conflicts
from incidents.tables import EVIDENCED

if TYPE_CHECKING:
    from incidents.link.clusters import Cluster

FILE = "reviews.jsonl"
RIGHT = "right"
NO_INCIDENT = "no_incident"


class Review(Decision):
    """What somebody said of an article's incident, or of whether a person may be named."""

    looked_at: str
    verdict: Literal["right", "unsure", "no_incident"]
    seen: str | None = None

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.looked_at,)

    @property
    def answer(self) -> str:
        return self.verdict


def in_force(reviews: Iterable[Review]) -> list[Review]:
    """The reviews that say something. Where one person calls an incident right and another none: UserError."""
    found = [item for item in latest(reviews) if item.verdict != "unsure"]
    refuse_conflicts(found)
    return found


def of_nothing(reviews: Iterable[Review], known: Collection[str]) -> list[Reject]:
    """The reviews of what does not exist. `known` are the ids of articles and people."""
    return [
        Reject("link", item.file, item.line, f"no {item.looked_at}; the review is set aside")
        for item in reviews
        if item.looked_at not in known
    ]


def seen(row: Row) -> str:
    """The digest of the values of an incident that a person judges."""
    return digest(*(row[column] for column in EVIDENCED["incidents"]))


def without(
    incidents: Sequence["Cluster"], reviews: Iterable[Review], units: Iterable[Sequence[str]]
) -> list["Cluster"]:
    """The incidents without the articles that report none, nor their copies; an incident left without any is gone.

    All other incidents stay as they are.
    """
    named = {item.looked_at for item in reviews if item.verdict == NO_INCIDENT}
    refused = {article for unit in units if named & set(unit) for article in unit}
    left = []
    for cluster in incidents:
        articles = [article for article in cluster.articles if article not in refused]
        if len(articles) == len(cluster.articles):
            left.append(cluster)
        elif articles:
            left.append(_founded_anew(cluster, articles))
    return left


def _founded_anew(cluster: "Cluster", articles: list[str]) -> "Cluster":
    links = {article: cluster.links[article] for article in articles}
    links[articles[0]] = replace(links[articles[0]], method="founding", score=1.0, other=None, parts={})
    originals = [article for article in cluster.originals if article in links]
    return replace(cluster, articles=articles, originals=originals or articles[:1], links=links)
