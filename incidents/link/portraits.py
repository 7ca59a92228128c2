"""Portraits: what one incident, or one article that is in none, says of each person in it.

A portrait holds no text and can be kept, so that the people of all articles can be told apart (incidents.link.people)
without reading the articles again.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from incidents.ids import digest
from incidents.link.corpus import Article, Row
from incidents.link.names import block_keys, parts, same_person
from incidents.link.organizations import candidate_id

Mentions: TypeAlias = list[tuple[Article, Row]]
Fact: TypeAlias = tuple[str, str]  # kind and value
Place: TypeAlias = tuple[str, int]  # article and first character

LAWSUIT = "lawsuit_filed"
STATES = ("minor", "sexual_assault_context", "public_figure", "spoke_publicly")
STATED = ("age", "age_band", "gender", "race_ethnicity")
DOCKET = "docket"
AGENCIES = ("police_agency", "deployer")
CITY = ("exact", "city", "county", None)
OFFICES = frozenset({"police_official", "government_official", "company_representative", "journalist"})
MOST_COMPANIONS = 8  # who is named beside more people stands in a list, which tells nobody's company


@dataclass(frozen=True)
class Portrait:
    """One person as one group of articles tells of them. Everything is sorted, and counts mentions if not said."""

    places: dict[str, list[int]]  # by article, where each mention begins
    first: tuple[str, str, int]  # when the first of them was fetched, its article, where it begins
    names: dict[str, int]  # in how many articles
    texts: list[str]  # as written
    roles: dict[str, int]
    states: list[str]  # those of STATES that an article says
    stated: dict[str, dict[str, int]]  # for each of STATED the values
    described: bool  # no article gives a name
    plaintiffs: list[str]  # of the lawsuits in these articles, whoever they are
    authors: list[str]  # of these articles
    facts: list[Fact]  # by which namesakes are told apart
    born: list[int]  # years in which the person may have been born

    @property
    def size(self) -> int:
        """The number of mentions."""
        return sum(self.roles.values())

    @property
    def place(self) -> Place:
        """The first mention in the order of ids."""
        article = min(self.places)
        return article, self.places[article][0]

    @property
    def name(self) -> str:
        """The name most articles use; of equals the longest."""
        return min(self.names, key=lambda name: (-self.names[name], -len(name), name))

    @property
    def key(self) -> str:
        """What portraits from two groups must share to be of one person: the full name; of a mere description or a
        single name, which tell nobody apart, the place in the text."""
        first, last, generation = parts(self.name)
        if not first or self.described:
            return f"{self.place[0]} {self.place[1]:09}"
        return f"{first} {last} {generation}"

    @property
    def ids(self) -> list[str]:
        """The id that the person would have from each of the mentions."""
        return [person_id(article, start) for article, starts in self.places.items() for start in starts]

    def as_json(self) -> str:
        """The portrait as text, the same for the same portrait."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Portrait":
        """The portrait that `as_json` wrote."""
        row = json.loads(text)
        row["first"] = tuple(row["first"])
        row["facts"] = [(kind, value) for kind, value in row["facts"]]
        return cls(**row)


def person_id(article: str, start: int) -> str:
    """Made from a place in a text, never from the name, which could be guessed."""
    return f"person-{digest(article, start)}"


def portraits(articles: Iterable[Article]) -> list[tuple[Portrait, Mentions]]:
    """The people of one group of articles, each with the mentions. Spellings of one name are one person."""
    mentions = [(article, m) for article in articles for m in article.mentions if m["kind"] == "person"]
    return [(_portrait(found), found) for found in _clusters(mentions)]


def _clusters(mentions: Mentions) -> list[Mentions]:
    """Mentions of one person each: the commonest names first, so that a slip joins the usual spelling."""
    by_name: dict[str, Mentions] = defaultdict(list)
    for article, mention in mentions:
        described = mention["attributes"].get("described")
        by_name[f"{article.article_id} {mention['name']}" if described else mention["name"]].append((article, mention))
    clusters: list[tuple[str, Mentions]] = []
    blocks: dict[str, list[int]] = defaultdict(list)
    for name in sorted(by_name, key=lambda name: (-len(by_name[name]), name)):
        plain = by_name[name][0][1]["name"]
        described = plain != name
        near = [] if described else sorted({n for key in block_keys(name) for n in blocks[key]})
        home = next((n for n in near if same_person(name, clusters[n][0])), len(clusters))
        if home == len(clusters):
            clusters.append((name, []))
            for key in () if described else block_keys(name):
                blocks[key].append(home)
        clusters[home][1].extend(by_name[name])
    return [found for _, found in clusters]


def _portrait(mentions: Mentions) -> Portrait:
    rows = [mention for _, mention in mentions]
    articles = {article.article_id: article for article, _ in mentions}
    places: dict[str, list[int]] = defaultdict(list)
    for article, mention in mentions:
        places[article.article_id].append(mention["start"])
    lawsuits = (event for article in articles.values() for event in article.events if event["type"] == LAWSUIT)
    born = sorted(set(_born(mentions)))
    return Portrait(
        {article: sorted(found) for article, found in sorted(places.items())},
        min((str(a.row["fetched_at"]), a.article_id, m["start"]) for a, m in mentions),
        _counts(name for _, name in {(article.article_id, mention["name"]) for article, mention in mentions}),
        sorted({row["text"] for row in rows}),
        _counts(row["role"] or "other" for row in rows),
        [name for name in STATES if any(row["attributes"].get(name) for row in rows)],
        {name: _counts(str(value) for row in rows if (value := row["attributes"].get(name))) for name in STATED},
        all(row["attributes"].get("described") for row in rows),
        sorted({name for event in lawsuits for name in event["people"]}),
        sorted({author for article in articles.values() for author in article.row["authors"]}),
        sorted({*_facts(mentions), *(("age", str(year)) for year in born)}),
        born,
    )


def _counts(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _facts(mentions: Mentions) -> Iterator[Fact]:
    """What the articles say of somebody: in the sentences and events that name this person."""
    names = {mention["name"] for _, mention in mentions}
    yield from (("office", mention["role"]) for _, mention in mentions if mention["role"] in OFFICES)
    quotes: dict[str, set[str]] = defaultdict(set)
    for article, mention in mentions:
        quotes[article.article_id].add(mention["quote"])
    for article in {article.article_id: article for article, _ in mentions}.values():
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


def _born(mentions: Mentions) -> Iterator[int]:
    """The two years in which somebody of the age stated may have been born."""
    for article, mention in mentions:
        age, published = mention["attributes"].get("age"), article.row["published_on"]
        if str(age).isdecimal() and published:
            yield from (published.year - int(age) - 1, published.year - int(age))


def together(found: Sequence[Portrait]) -> Portrait:
    """The portrait of a person whom several groups of articles tell of."""
    if len(found) == 1:
        return found[0]
    return Portrait(
        {article: starts for portrait in found for article, starts in portrait.places.items()},
        min(portrait.first for portrait in found),
        _added(portrait.names for portrait in found),
        sorted({text for portrait in found for text in portrait.texts}),
        _added(portrait.roles for portrait in found),
        [name for name in STATES if any(name in portrait.states for portrait in found)],
        {name: _added(portrait.stated[name] for portrait in found) for name in STATED},
        all(portrait.described for portrait in found),
        sorted({name for portrait in found for name in portrait.plaintiffs}),
        sorted({name for portrait in found for name in portrait.authors}),
        sorted({fact for portrait in found for fact in portrait.facts}),
        sorted({year for portrait in found for year in portrait.born}),
    )


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for found in counts:
        total.update(found)
    return dict(sorted(total.items()))
