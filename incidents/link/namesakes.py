"""Namesakes: clusters of mentions under one full name, and which of them are one person.

Two clusters are one person where nothing that the articles say of them conflicts (gender, year of birth) and either a
case's docket agrees or two kinds of facts do: where they are told of (an agency or a city), in which year, how old
they are, what office they hold, in whose company they are named. A name alone joins nobody: two men called alike,
arrested in two towns, are two people.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from incidents.link.corpus import Article, Row
from incidents.link.names import parts
from incidents.link.organizations import candidate_id

Mentions: TypeAlias = list[tuple[Article, Row]]
Fact: TypeAlias = tuple[str, str]  # kind and value

ENOUGH = 2  # kinds of facts that must agree
DOCKET = "docket"
AGENCIES = ("police_agency", "deployer")
CITY = ("exact", "city", "county", None)
OFFICES = frozenset({"police_official", "government_official", "company_representative", "journalist"})
MOST_COMPANIONS = 8  # who is named beside more people stands in a list, which tells nobody's company
MOST_YEARS = 5  # an age is told as of the event or of the article, which may be years later


@dataclass
class _Known:
    """What is known of one person: the clusters joined so far and what they state."""

    mentions: Mentions = field(default_factory=list)
    genders: set[str] = field(default_factory=set)
    born: set[int] = field(default_factory=set)

    def conflicts(self, genders: set[str], born: set[int]) -> bool:
        """Whether these genders or years of birth cannot be those of the same person."""
        years_apart = min((abs(a - b) for a in self.born for b in born), default=0)
        return bool(self.genders and genders and not self.genders & genders) or years_apart > MOST_YEARS


def told_apart(clusters: Sequence[Mentions]) -> list[Mentions]:
    """The clusters, given under one full name, joined where they are one person; the largest first."""
    if len(clusters) < 2:
        return list(clusters)
    people: list[_Known] = []
    holders: dict[Fact, set[int]] = defaultdict(set)
    for cluster in sorted(clusters, key=lambda cluster: (-len(cluster), _place(cluster))):
        facts, genders, born = set(_facts(cluster)), _stated(cluster, "gender"), set(_born(cluster))
        home = next((n for n in _agreeing(facts, holders) if not people[n].conflicts(genders, born)), len(people))
        if home == len(people):
            people.append(_Known())
        people[home].mentions += cluster
        people[home].genders |= genders
        people[home].born |= born
        for fact in facts:
            holders[fact].add(home)
    return [person.mentions for person in people]


def _agreeing(facts: set[Fact], holders: Mapping[Fact, set[int]]) -> list[int]:
    """The people with whom the facts of a cluster agree enough, the one that agrees in most kinds first."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for fact in facts:
        for number in holders.get(fact, ()):
            kinds[number].add(fact[0])
    enough = [number for number, found in kinds.items() if DOCKET in found or len(found) >= ENOUGH]
    return sorted(enough, key=lambda number: (-len(kinds[number]), number))


def _facts(cluster: Mentions) -> Iterator[Fact]:
    """What the articles say of somebody: in the sentences and events that name this person."""
    names = {mention["name"] for _, mention in cluster}
    yield from (("office", mention["role"]) for _, mention in cluster if mention["role"] in OFFICES)
    yield from (("age", str(year)) for year in _born(cluster))
    quotes: dict[str, set[str]] = defaultdict(set)
    for article, mention in cluster:
        quotes[article.article_id].add(mention["quote"])
    for article in {article.article_id: article for article, _ in cluster}.values():
        for other in article.mentions:
            if other["quote"] in quotes[article.article_id]:
                yield from _beside(other)
        for event in article.events:
            if names & set(event["people"]):
                yield from _event(event)
        yield from _company(article, names)


def _beside(mention: Row) -> Iterator[Fact]:
    if mention["kind"] in AGENCIES:
        yield "where", mention["entity_id"] or candidate_id(mention["name"])
    elif mention["kind"] == "place" and mention["attributes"].get("precision") in CITY:
        yield "where", mention["name"].split(",")[0].casefold()
    elif mention["kind"] == "date" and mention["attributes"].get("value"):
        yield "when", str(mention["attributes"]["value"])[:4]
    elif mention["kind"] == DOCKET:
        yield DOCKET, mention["name"]


def _event(event: Row) -> Iterator[Fact]:
    if event["date"]:
        yield "when", event["date"][:4]
    if event["place"]:
        yield "where", event["place"].split(",")[0].casefold()
    if event["codes"].get(DOCKET):
        yield DOCKET, str(event["codes"][DOCKET])
    for entry in event["organizations"]:
        if entry["role"] in AGENCIES:
            yield "where", entry.get("entity_id") or candidate_id(entry["name"])


def _company(article: Article, names: set[str]) -> Iterator[Fact]:
    """The other people whom an article names in full, unless there are many."""
    others = {" ".join(parts(m["name"])) for m in article.mentions if m["kind"] == "person" and parts(m["name"])[0]}
    own = {" ".join(parts(name)) for name in names}
    if len(others) <= MOST_COMPANIONS:
        yield from (("company", other) for other in others - own)


def _stated(cluster: Mentions, attribute: str) -> set[str]:
    return {m["attributes"][attribute] for _, m in cluster if m["attributes"].get(attribute)}


def _born(cluster: Mentions) -> Iterator[int]:
    """The two years in which somebody of the age stated may have been born."""
    for article, mention in cluster:
        age, published = mention["attributes"].get("age"), article.row["published_on"]
        if str(age).isdecimal() and published:
            yield from (published.year - int(age) - 1, published.year - int(age))


def _place(cluster: Mentions) -> tuple[str, int]:
    return min((article.article_id, mention["start"]) for article, mention in cluster)
