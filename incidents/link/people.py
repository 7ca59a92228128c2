"""People: one person in several articles, who may be named in public, and how the others are called.

The policy, first rule that fits:
 1. a minor in any article: withheld_minor
 2. near an allegation of sexual assault in any article: withheld_sexual_assault
 3. an official in office: public_official
 4. a public figure, a company's executive or spokesperson, a reporter or an author: public_figure
 5. an adult who sued in their own name or spoke publicly: went_public
 6. arrested, accused or searched: withheld_accused
 7. everybody else: withheld_private
What a person decided of somebody comes before 3 to 7, and may withhold what they allow. Being named by others, however
many, opens nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from incidents.ids import digest
from incidents.link import namesakes
from incidents.link.corpus import Article, Row
from incidents.link.corrections import Correction, Corrections
from incidents.link.names import block_keys, folded_words, parts, same_person
from incidents.link.namesakes import Mentions

AFFECTED = "affected"
OFFICIAL_ROLES = frozenset({"police_official", "government_official"})
PUBLIC_ROLES = frozenset({"company_representative", "journalist"})
ACCUSED_ROLES = frozenset({AFFECTED, "suspect_correct"})
NAMED = frozenset({"public_official", "public_figure", "went_public"})
ABSOLUTE = frozenset({"withheld_minor", "withheld_sexual_assault"})
DECIDABLE = NAMED | ABSOLUTE | {"withheld_accused", "withheld_private"}
LAWSUIT = "lawsuit_filed"
DEMOGRAPHICS = ("age_band", "gender", "race_ethnicity")
_NOUNS = {("minor", "man"): "boy", ("minor", "woman"): "girl", ("adult", "man"): "man", ("adult", "woman"): "woman"}
_ADJECTIVES = {
    "black": "Black",
    "white": "white",
    "asian": "Asian",
    "south_asian": "South Asian",
    "hispanic_latino": "Hispanic",
    "indigenous": "Indigenous",
    "middle_eastern": "Middle Eastern",
}


@dataclass(frozen=True)
class Person:
    """One person with all mentions, in the order of the articles' fetching."""

    person_id: str
    name: str
    mentions: tuple[tuple[Article, Row], ...]
    sued: bool
    decision: Correction | None = None

    @property
    def ids(self) -> list[str]:
        """The id that the person would have from each of the mentions: a decision made under one holds for all."""
        return [_id(article, mention) for article, mention in self.mentions]

    @property
    def roles(self) -> Counter[str]:
        return Counter(mention["role"] or "other" for _, mention in self.mentions)

    @property
    def forms(self) -> list[str]:
        """Every name and part of a name by which the articles call this person; no pronoun."""
        names = {mention["name"] for _, mention in self.mentions if not self.described}
        words = {word for name in names for word in folded_words(name)}
        written = {mention["text"] for _, mention in self.mentions if words & set(folded_words(mention["text"]))}
        return sorted(names | written)

    @property
    def described(self) -> bool:
        """Whether no article names this person."""
        return all(mention["attributes"].get("described") for _, mention in self.mentions)

    @property
    def article_ids(self) -> list[str]:
        return sorted({article.article_id for article, _ in self.mentions})

    def states(self, attribute: str) -> bool:
        return any(mention["attributes"].get(attribute) for _, mention in self.mentions)

    @property
    def is_minor(self) -> bool:
        bands = {mention["attributes"].get("age_band") for _, mention in self.mentions}
        return self.states("minor") or bool(bands & {"child", "teen"})

    @property
    def name_policy(self) -> str:
        """See the module's rules; a person's decision comes before them."""
        if self.decision:
            return self.decision.value
        if self.is_minor:
            return "withheld_minor"
        if self.states("sexual_assault_context"):
            return "withheld_sexual_assault"
        if self.described:
            return "withheld_private"
        if self._main_role in OFFICIAL_ROLES:
            return "public_official"
        if self.states("public_figure") or self._main_role in PUBLIC_ROLES or self._is_author:
            return "public_figure"
        if self.sued or self.states("spoke_publicly"):
            return "went_public"
        return "withheld_accused" if self._main_role in ACCUSED_ROLES else "withheld_private"

    @property
    def display_label(self) -> str:
        """The name where the policy allows it, else a description made of what the articles state."""
        return self.name if self.name_policy in NAMED else self._description()

    @property
    def _is_author(self) -> bool:
        """Whether one of the articles is under this person's own name."""
        return any(self.name in article.row["authors"] for article, _ in self.mentions)

    @property
    def _main_role(self) -> str:
        roles = self.roles
        return min(roles, key=lambda role: (role not in ACCUSED_ROLES, -roles[role], role))

    def _description(self) -> str:
        age = self._stated("age")
        noun = _NOUNS.get(("minor" if self.is_minor else "adult", self._stated("gender") or ""))
        noun = noun or ("child" if self.is_minor else "person")
        adjective = _ADJECTIVES.get(self._stated("race_ethnicity") or "")
        words = [f"{age}-year-old"] if age else []
        words += [adjective] if adjective else []
        phrase = " ".join([*words, noun])
        return f"{'an' if phrase[0].lower() in 'aeiou' or phrase.startswith(('8', '11-', '18-')) else 'a'} {phrase}"

    def _stated(self, attribute: str) -> str | None:
        values = Counter(str(m["attributes"][attribute]) for _, m in self.mentions if m["attributes"].get(attribute))
        return min(values, key=lambda value: (-values[value], value)) if values else None


def people(groups: Iterable[Sequence[Article]]) -> list[Person]:
    """The people of the groups of articles (an incident's, or one article alone).

    Within a group, spellings of one name are one person. Between groups the same full name is one only where what the
    articles say of the two agrees (incidents.link.namesakes).
    """
    clusters: dict[tuple[str, ...], list[Mentions]] = defaultdict(list)
    for group in groups:
        mentions = [(article, m) for article in group for m in article.mentions if m["kind"] == "person"]
        for cluster in _clusters(mentions):
            clusters[_identity(cluster)].append(cluster)
    return [_person(mentions) for _, found in sorted(clusters.items()) for mentions in namesakes.told_apart(found)]


def decided_by(corrections: Corrections, everyone: Sequence[Person]) -> list[Person]:
    """The people, each under the name policy that a person decided, where one did.

    No decision names a minor or anybody near an allegation of sexual assault: such a one is set aside.
    """
    policies = corrections.policies()
    if not policies:
        return list(everyone)
    found = []
    for person in everyone:
        item = next((policies[i] for i in person.ids if i in policies), None)
        if item and item.value not in DECIDABLE:
            corrections.refuse(item, f"{item.value!r} is none of {', '.join(sorted(DECIDABLE))}")
        elif item and item.value in NAMED and person.name_policy in ABSOLUTE:
            corrections.refuse(item, f"{person.name_policy} is not for anybody to lift")
        elif item:
            corrections.take(item)
            person = replace(person, decision=item)
        found.append(person)
    return found


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


def _identity(cluster: Sequence[tuple[Article, Row]]) -> tuple[str, ...]:
    """What two clusters of different groups must share to be one person: the full name; of a mere description or a
    single name, which tell nobody apart, the place in the text."""
    article, mention = min(cluster, key=lambda item: (item[0].article_id, item[1]["start"]))
    first, last, generation = parts(_name(cluster))
    if not first or mention["attributes"].get("described"):
        return (article.article_id, str(mention["start"]).zfill(9))
    return (first, last, generation)


def _person(mentions: Sequence[tuple[Article, Row]]) -> Person:
    ordered = sorted(mentions, key=lambda item: (str(item[0].row["fetched_at"]), item[0].article_id, item[1]["start"]))
    article, mention = ordered[0]
    names = {m["name"] for _, m in ordered}
    sued = any(
        names & set(event["people"])
        for a in {id(a): a for a, _ in ordered}.values()
        for event in a.events
        if event["type"] == LAWSUIT
    )
    return Person(
        _id(article, mention),
        _name(ordered),
        tuple(ordered),
        sued,
    )


def _id(article: Article, mention: Row) -> str:
    """Made from a place in a text, never from the name, which could be guessed."""
    return f"person-{digest(article.article_id, mention['start'])}"


def _name(mentions: Sequence[tuple[Article, Row]]) -> str:
    """The name most articles use; of equals the longest."""
    counts: Counter[str] = Counter(name for _, name in {(article.article_id, m["name"]) for article, m in mentions})
    return min(counts, key=lambda name: (-counts[name], -len(name), name))
