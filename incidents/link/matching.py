"""Stories -> incidents: two stories are one incident by what they say of the people, bodies, place and day concerned.

Pairs that share a key are scored by a linear model whose weights are data (linking.yaml), and average linkage joins
them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from incidents.link.features import Profile, scores
from incidents.link.groups import Pair, average_linkage
from incidents.link.settings import IncidentSettings

# A key that more stories share says little; its pairs are left to the other keys.
COMMON_KEY = 400
# Two stories more alike than this in words were kept apart by their keys; words alone must not join them.
MOST_WORDS = 0.15
ALONE = ("person", "nearby", "docket", "deployer", "authority", "city")


def group(count: int, found: Mapping[Pair, float], settings: IncidentSettings) -> list[list[int]]:
    """Indexes of the stories of each incident, from the scores of pairs of stories."""
    return average_linkage(count, found, settings.threshold, settings.missing)


def scored(profiles: Sequence[Profile], words: Mapping[Pair, float], settings: IncidentSettings) -> dict[Pair, float]:
    """The score of each pair of stories worth comparing; `words` is the average likeness of two stories' articles."""
    pairs = {pair: min(words.get(pair, 0.0), MOST_WORDS) for pair in sorted(candidates(profiles, words, settings))}
    return scores(pairs, profiles, settings.weights)


def candidates(profiles: Sequence[Profile], words: Mapping[Pair, float], settings: IncidentSettings) -> set[Pair]:
    """Pairs of stories that share a key or are much alike in words."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, profile in enumerate(profiles):
        for key in sorted(set(_blocks(profile))):
            holders[key].append(number)
    pairs = {pair for found in holders.values() if len(found) <= COMMON_KEY for pair in combinations(found, 2)}
    return pairs | {pair for pair, value in words.items() if value >= settings.words}


def _blocks(profile: Profile) -> Iterator[str]:
    for kind in ALONE:
        yield from (f"{'person' if kind == 'nearby' else kind}:{key}" for key in profile.keys[kind])
    for vendor in profile.keys["vendor"]:
        yield from (f"vendor:{vendor}:{event_type}" for event_type in profile.keys["type"])
