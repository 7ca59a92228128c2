"""Stories -> incidents: two stories are one incident by what they say of the people, bodies, place and day concerned.

Stories that share a key are scored by a linear model whose weights are data (linking.yaml), and average linkage joins
them.
"""

import numpy as np
from scipy import sparse

from incidents.link.features import scores
from incidents.link.groups import Pairs, average_linkage
from incidents.link.neighbours import among, crossed, in_time, sharing, together
from incidents.link.profiles import Numbers, Profiles, either
from incidents.link.settings import IncidentSettings

# Two stories more alike than this in words were kept apart by their keys; words alone must not join them.
MOST_WORDS = 0.15
ALONE = ("docket", "deployer", "authority", "city")


def group(count: int, pairs: Pairs, scored: Numbers, settings: IncidentSettings) -> list[list[int]]:
    """Indexes of the stories of each incident, from the scores of pairs of stories."""
    return average_linkage(count, pairs, scored, settings.threshold, settings.missing)


def candidates(profiles: Profiles, words: tuple[Pairs, Numbers], settings: IncidentSettings) -> tuple[Pairs, Numbers]:
    """Pairs of stories that share a key or are much alike in words, with the likeness that counts; `words` is the
    average likeness of two stories' articles.
    """
    keys = profiles.keys
    person = either(keys["person"], keys["nearby"])
    blocks = [person, *(keys[kind] for kind in ALONE), crossed(keys["vendor"], keys["type"])]
    by_key = sharing(sparse.hstack(blocks, "csr"), in_time(profiles.first_day), settings.neighbours)
    pairs, likeness = together(len(profiles), words, (by_key, np.zeros(len(by_key))))
    asked = among(len(profiles), pairs, by_key) | (likeness >= settings.words)
    return pairs[asked], np.minimum(likeness[asked], MOST_WORDS)


def scored(profiles: Profiles, pairs: Pairs, words: Numbers, settings: IncidentSettings) -> Numbers:
    """The score of each of these pairs of stories."""
    return scores(profiles, pairs, words, settings.weights)
