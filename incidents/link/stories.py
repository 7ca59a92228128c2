"""Units -> stories: articles that tell one piece of news, grouped by their words and their dates.

TF-IDF of headline and lede, the cosine fades with the days between two units, and average linkage joins what is alike.
Only pairs close in time are compared, so the work grows with the news of a season, not with the whole history.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from incidents.link.corpus import Article
from incidents.link.features import Profile, scores
from incidents.link.groups import Pair, average_linkage
from incidents.link.opening import Opening
from incidents.link.settings import StorySettings
from incidents.link.words import words

BLOCK = 512
MOST_VAGUE = 400.0  # days

Days = npt.NDArray[np.float64]


def group(count: int, likeness: Mapping[Pair, float], settings: StorySettings) -> list[list[int]]:
    """Indexes of the units of each story, from the likeness of each two units."""
    return average_linkage(count, likeness, settings.threshold)


def weighed(likeness: Mapping[Pair, float], profiles: Sequence[Profile], settings: StorySettings) -> dict[Pair, float]:
    """The likeness of pairs of units, moved up and down by what they are about."""
    return scores(likeness, profiles, {"words": 1.0} | settings.weights)


def between(stories: Sequence[Sequence[int]], likeness: Mapping[Pair, float]) -> dict[Pair, float]:
    """The average likeness of the units of each two stories."""
    story_of = {unit: number for number, story in enumerate(stories) for unit in story}
    sums: dict[Pair, float] = {}
    for (a, b), value in likeness.items():
        low, high = sorted((story_of[a], story_of[b]))
        if low != high:
            sums[low, high] = sums.get((low, high), 0.0) + value
    return {(a, b): total / (len(stories[a]) * len(stories[b])) for (a, b), total in sums.items()}


def similarities(originals: Sequence[Article], opened: Sequence[Opening], settings: StorySettings) -> dict[Pair, float]:
    """The likeness of each two units that are close in time and in words, from 0 to 1.

    `originals` are the units' first articles, in the order of publication, `opened` how each opens.
    """
    if len(originals) < 2:
        return {}
    vectors = vectorize([_text(opening, settings) for opening in opened])
    first = np.array([article.first_day for article in originals])
    last = np.array([article.last_day for article in originals])
    order = np.argsort(first, kind="stable")
    pairs: dict[Pair, float] = {}
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        stop = np.searchsorted(first[order], last[rows].max() + settings.window_days, side="right")
        pairs.update(_block(vectors, rows, order[start:stop], first, last, settings))
    return pairs


def vectorize(texts: Sequence[str]) -> sparse.csr_matrix:
    """Unit vectors of words; no columns where no text has a word."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, analyzer=words, dtype=np.float64)
    try:
        return sparse.csr_matrix(vectorizer.fit_transform(texts))
    except ValueError:  # only stop words
        return sparse.csr_matrix((len(texts), 1))


def days_between(
    first: Days, last: Days, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], vagueness: float
) -> Days:
    """Days between two publication intervals, 0 where they overlap, and a share of how vague the two are."""
    apart = np.maximum(np.maximum(first[rows] - last[columns], first[columns] - last[rows]), 0.0)
    vague = np.minimum(last - first, MOST_VAGUE)
    result: Days = apart + vagueness * (vague[rows] + vague[columns])
    return result


def _block(
    vectors: sparse.csr_matrix,
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    first: Days,
    last: Days,
    settings: StorySettings,
) -> dict[Pair, float]:
    cosines = sparse.coo_matrix(vectors[rows] @ vectors[columns].T)
    a, b = rows[cosines.row], columns[cosines.col]
    likeness = cosines.data * np.exp(-days_between(first, last, a, b, settings.vagueness) / settings.fade_days)
    keep = (a != b) & (likeness >= settings.floor)
    low, high = np.minimum(a, b)[keep], np.maximum(a, b)[keep]
    values = np.round(likeness[keep], 9)  # the last bits depend on the machine's order of adding
    return dict(zip(zip(low.tolist(), high.tolist(), strict=True), values.tolist(), strict=True))


def _text(opening: Opening, settings: StorySettings) -> str:
    return "\n".join([opening.headline] * settings.title_weight + [opening.passage(settings.lede_characters)])
