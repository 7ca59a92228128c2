"""Namesakes: portraits under one full name, and which of them are one person.

Two portraits are of one person where nothing that the articles say of them conflicts (gender, year of birth) and either
a case's docket agrees or two kinds of facts do: where they are told of (an agency or a city), in which year, how old
they are, what office they hold, in whose company they are named. A name alone joins nobody: two men called alike,
arrested in two towns, are two people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from incidents.link.portraits import DOCKET, Fact, Portrait

ENOUGH = 2  # kinds of facts that must agree
MOST_YEARS = 5  # an age is told as of the event or of the article, which may be years later


@dataclass
class _Known:
    """What is known of one person: the portraits joined so far and what they state."""

    numbers: list[int] = field(default_factory=list)
    genders: set[str] = field(default_factory=set)
    born: set[int] = field(default_factory=set)

    def conflicts(self, genders: set[str], born: set[int]) -> bool:
        """Whether these genders or years of birth cannot be those of the same person."""
        years_apart = min((abs(a - b) for a in self.born for b in born), default=0)
        return bool(self.genders and genders and not self.genders & genders) or years_apart > MOST_YEARS


def told_apart(found: Sequence[Portrait]) -> list[list[int]]:
    """The numbers of the portraits, given under one full name, that are of one person each; the largest first."""
    people: list[_Known] = []
    holders: dict[Fact, set[int]] = defaultdict(set)
    for number in sorted(range(len(found)), key=lambda n: (-found[n].size, found[n].place)):
        facts, born, genders = found[number].facts, set(found[number].born), set(found[number].stated["gender"])
        home = next((n for n in _agreeing(facts, holders) if not people[n].conflicts(genders, born)), len(people))
        if home == len(people):
            people.append(_Known())
        people[home].numbers.append(number)
        people[home].genders |= genders
        people[home].born |= born
        for fact in facts:
            holders[fact].add(home)
    return [person.numbers for person in people]


def _agreeing(facts: Iterable[Fact], holders: Mapping[Fact, set[int]]) -> list[int]:
    """The people with whom the facts of a portrait agree enough, the one that agrees in most kinds first."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for fact in facts:
        for number in holders.get(fact, ()):
            kinds[number].add(fact[0])
    enough = [number for number, shared in kinds.items() if DOCKET in shared or len(shared) >= ENOUGH]
    return sorted(enough, key=lambda number: (-len(kinds[number]), number))
