"""Units -> stories: articles that tell one piece of news, grouped by their words and their dates.

TF-IDF of headline and lede, the cosine fades with the days between two units, and average linkage joins what is alike;
two units that stand alone must be more alike than two groups, since one likeness may be chance.
A unit is compared with those that came out next to it and with the nearest that share a key, so the work grows with the
number of units.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from incidents.link.columns import Indexes
from incidents.link.features import scores
from incidents.link.groups import Pairs, average_linkage
from incidents.link.neighbours import in_time, products, sharing, together
from incidents.link.profiles import Numbers, Profiles, either
from incidents.link.settings import StorySettings

if TYPE_CHECKING:
    from incidents.link.opening import Opening

BLOCK, THREADS = 256, 2
MOST_VAGUE = 400.0  # days
KEYS = ("docket", "deployer", "authority", "city")


def opening_text(opening: "Opening", settings: StorySettings) -> str:
    """The words by which an article is compared: those of its headline and of where it comes to our topic."""
    return "\n".join([opening.headline] * settings.title_weight + [opening.passage(settings.lede_characters)])


def group(count: int, pairs: Pairs, scored: Numbers, settings: StorySettings) -> list[list[int]]:
    """Indexes of the units of each story, from the scores of pairs of units."""
    return average_linkage(count, pairs, scored, settings.threshold, doubt=settings.doubt)


def weighed(profiles: Profiles, pairs: Pairs, likeness: Numbers, settings: StorySettings) -> Numbers:
    """The likeness of pairs of units, moved up and down by what they are about."""
    return scores(profiles, pairs, likeness, {"words": 1.0} | settings.weights)


def similarities(vectors: sparse.csr_matrix, profiles: Profiles, settings: StorySettings) -> tuple[Pairs, Numbers]:
    """Pairs of units that are alike in words, the more if they share no key, and how alike, from 0 to 1."""
    order = in_time(profiles.first_day)
    near = _neighbours(vectors, profiles, order, settings)
    blocks = [either(profiles.keys["person"], profiles.keys["nearby"]), *(profiles.keys[kind] for kind in KEYS)]
    by_key = sharing(sparse.hstack(blocks, "csr"), order, settings.key_neighbours)
    return together(len(profiles), near, _faded(profiles, by_key, products(vectors, by_key), settings.floor, settings))


def between(story_of: Indexes, sizes: Indexes, pairs: Pairs, likeness: Numbers) -> tuple[Pairs, Numbers]:
    """The average likeness of the units of each two stories, for pairs of stories that have any."""
    stories = np.sort(story_of[pairs], axis=1)
    apart = stories[:, 0] != stories[:, 1]
    size = len(sizes)
    keys, where = np.unique(stories[apart, 0] * size + stories[apart, 1], return_inverse=True)
    total = np.bincount(where, likeness[apart], minlength=len(keys))
    a, b = keys // size, keys % size
    return np.column_stack([a, b]), np.round(total / (sizes[a] * sizes[b]), 9)


def _neighbours(
    vectors: sparse.csr_matrix, profiles: Profiles, order: Indexes, settings: StorySettings
) -> tuple[Pairs, Numbers]:
    """Pairs of units next to each other in time that are alike by their words alone."""
    ordered = vectors[order]

    def block(start: int) -> tuple[Pairs, Numbers]:
        cosines = sparse.coo_matrix(
            ordered[start : start + BLOCK] @ ordered[start : start + BLOCK + settings.neighbours].T
        )
        ahead = cosines.col - cosines.row
        kept = (ahead > 0) & (ahead <= settings.neighbours) & (cosines.data >= settings.alike)
        pairs = order[start + np.column_stack([cosines.row[kept], cosines.col[kept]])]
        return _faded(profiles, np.sort(pairs, axis=1), cosines.data[kept], settings.alike, settings)

    with ThreadPoolExecutor(THREADS) as pool:  # products of matrices are made outside Python's lock
        found = [(np.zeros((0, 2), np.int64), np.zeros(0)), *pool.map(block, range(0, len(order), BLOCK))]
    return np.concatenate([pairs for pairs, _ in found]), np.concatenate([values for _, values in found])


def _faded(
    profiles: Profiles, pairs: Pairs, cosines: Numbers, least: float, settings: StorySettings
) -> tuple[Pairs, Numbers]:
    """The pairs near enough in time whose likeness, faded by the days between, reaches a least one."""
    first, last = profiles.first_day, profiles.last_day
    a, b = pairs.T
    apart = np.maximum(np.maximum(first[a] - last[b], first[b] - last[a]), 0.0)
    vague = np.minimum(last - first, MOST_VAGUE)
    days = apart + settings.vagueness * (vague[a] + vague[b])
    likeness = np.round(cosines / (1 + days / settings.fade_days), 9)  # the last bits depend on the order of adding
    kept = (apart <= settings.window_days) & (likeness >= least)
    return pairs[kept], likeness[kept]
