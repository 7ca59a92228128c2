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

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from incidents.link import namesakes
from incidents.link.corpus import Article, Row
from incidents.link.corrections import Correction, Corrections
from incidents.link.names import folded_words
from incidents.link.portraits import Portrait, person_id, together

AFFECTED = "affected"
OFFICIAL_ROLES = frozenset({"police_official", "government_official"})
PUBLIC_ROLES = frozenset({"company_representative", "journalist"})
ACCUSED_ROLES = frozenset({AFFECTED, "suspect_correct"})
NAMED = frozenset({"public_official", "public_figure", "went_public"})
ABSOLUTE = frozenset({"withheld_minor", "withheld_sexual_assault"})
DECIDABLE = NAMED | ABSOLUTE | {"withheld_accused", "withheld_private"}
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
    """One person: what all articles say, the groups of articles (incidents, or one article alone) that do, and the
    mentions in the group that is being described."""

    key: str  # that all their portraits have
    groups: tuple[str, ...]
    portrait: Portrait
    decision: Correction | None = None
    mentions: Sequence[tuple[Article, Row]] = ()

    @property
    def person_id(self) -> str:
        """That of the mention which was fetched first; a decision made under that of any other holds as well."""
        _, article, start = self.portrait.first
        return person_id(article, start)

    @property
    def name(self) -> str:
        return self.portrait.name

    @property
    def forms(self) -> list[str]:
        """Every name and part of a name by which the articles call this person; no pronoun."""
        names = set(self.portrait.names) if not self.described else set()
        words = {word for name in names for word in folded_words(name)}
        return sorted(names | {text for text in self.portrait.texts if words & set(folded_words(text))})

    @property
    def described(self) -> bool:
        """Whether no article names this person."""
        return self.portrait.described

    @property
    def article_ids(self) -> list[str]:
        return sorted(self.portrait.places)

    def states(self, attribute: str) -> bool:
        return attribute in self.portrait.states

    @property
    def is_minor(self) -> bool:
        return self.states("minor") or bool({"child", "teen"} & set(self.portrait.stated["age_band"]))

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
        if self._sued or self.states("spoke_publicly"):
            return "went_public"
        return "withheld_accused" if self._main_role in ACCUSED_ROLES else "withheld_private"

    @property
    def display_label(self) -> str:
        """The name where the policy allows it, else a description made of what the articles state."""
        return self.name if self.name_policy in NAMED else self._description()

    @property
    def _is_author(self) -> bool:
        """Whether one of the articles is under this person's own name."""
        return self.name in self.portrait.authors

    @property
    def _sued(self) -> bool:
        return not set(self.portrait.names).isdisjoint(self.portrait.plaintiffs)

    @property
    def _main_role(self) -> str:
        roles = self.portrait.roles
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
        values = self.portrait.stated[attribute]
        return min(values, key=lambda value: (-values[value], value)) if values else None


def people(found: Iterable[tuple[str, Portrait]]) -> list[Person]:
    """The people of some portraits, each given with its group, in the order of their keys.

    Between groups the same full name is one person only where what the articles say of the two agrees
    (incidents.link.namesakes).
    """
    by_key: dict[str, list[tuple[str, Portrait]]] = defaultdict(list)
    for group, portrait in found:
        by_key[portrait.key].append((group, portrait))
    return [
        Person(key, tuple(sorted(alike[n][0] for n in numbers)), together([alike[n][1] for n in numbers]))
        for key, alike in sorted(by_key.items())
        for numbers in namesakes.told_apart([portrait for _, portrait in alike])
    ]


def decided_by(corrections: Corrections, everyone: Sequence[Person]) -> list[Person]:
    """The people, each under the name policy that a person decided, where one did.

    No decision names a minor or anybody near an allegation of sexual assault: such a one is set aside.
    """
    policies = corrections.policies()
    if not policies:
        return list(everyone)
    found = []
    for person in everyone:
        item = next((policies[i] for i in person.portrait.ids if i in policies), None)
        if item and item.value not in DECIDABLE:
            corrections.refuse(item, f"{item.value!r} is none of {', '.join(sorted(DECIDABLE))}")
        elif item and item.value in NAMED and person.name_policy in ABSOLUTE:
            corrections.refuse(item, f"{person.name_policy} is not for anybody to lift")
        elif item:
            corrections.take(item)
            person = replace(person, decision=item)
        found.append(person)
    return found
