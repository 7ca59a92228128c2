"""The words by which articles are compared, without stop words and endings, and how much each of them tells."""

import csv
import re
from collections import Counter
from functools import cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from incidents.link.columns import Lists

# The share of articles on face recognition that hold a word, from `python -m incidents.link.shares TEXTS`: fixed, so
# that the news of a day does not change how alike two older articles are.
SHARES = Path(__file__).with_name("shares.csv")
LEAST_SHARE = 1 / 1000  # of a word that few articles hold
# What is common in these articles alone (the name in the month of a scandal) counts by powers of two, from this share
# and this number of articles on.
OWN_SHARE, OWN_ARTICLES = 1 / 64, 8
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TOPIC = re.compile(r"\bfac(?:e|ial)\b|biometr|rekognition|clearview|surveillance|recogni[sz]|faciale?\b|rostro", re.I)
BEFORE_TOPIC = 120

Numbers = npt.NDArray[np.float64]


def words(text: str) -> list[str]:
    """The stems of a text's words, in order, stop words left out."""
    found = (match.group().lower() for match in _WORD.finditer(text))
    return [stem(word) for word in found if len(word) > 1 and word not in ENGLISH_STOP_WORDS]


@cache
def stem(word: str) -> str:
    """The word without a genitive, plural, -ed or -ing: enough to make deploys, deployed and deploying one."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 5 and word.endswith("ing"):
        word = word[:-3]
    elif len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith("ed"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def topic_start(text: str) -> int:
    """Where the passage begins that opens our topic: a page's menu often stands before the article."""
    topic = _TOPIC.search(text)
    return max(0, topic.start() - BEFORE_TOPIC) if topic else 0


@cache
def number(word: str) -> int:
    """32 bits that stand for a word."""
    return int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "little")


def counted(text: str) -> tuple[list[int], list[int]]:
    """The numbers of a text's words, each once, and how often each stands there (255 at most)."""
    counts = Counter(map(number, words(text)))
    found = sorted(counts)
    return found, [min(counts[word], 255) for word in found]


def vectors(numbered: Lists, counts: npt.NDArray[np.uint8]) -> sparse.csr_matrix:
    """A unit vector of words for each article: TF-IDF with a logarithm of the counts (Salton and Buckley 1988).

    `numbered` holds the numbers of each article's words, `counts` how often each stands there.
    """
    size = len(numbered.offsets) - 1
    met, columns = np.unique(numbered.values, return_inverse=True)
    weights = _telling(met, np.bincount(columns, minlength=len(met)) / max(size, 1), size)
    values = (1 + np.log(counts)) * weights[columns]
    lengths = np.sqrt(np.bincount(numbered.owners, values * values, minlength=size))
    values /= np.repeat(np.where(lengths > 0, lengths, 1.0), numbered.sizes)
    found = sparse.csr_matrix((values, columns, numbered.offsets), shape=(size, max(len(met), 1)))
    found.sort_indices()
    return found


def _telling(met: npt.NDArray[np.uint32], share: Numbers, size: int) -> Numbers:
    """The weight of each word: the rarer, the more it tells."""
    known = _known_shares()
    usual = np.array([known.get(word, 0.0) for word in met.tolist()])
    is_common = (share >= OWN_SHARE) & (share * size >= OWN_ARTICLES)
    own = np.where(is_common, 2.0 ** np.floor(np.log2(np.maximum(share, OWN_SHARE))), 0.0)
    result: Numbers = 1.0 - np.log(np.maximum(np.maximum(usual, own), LEAST_SHARE))
    return result


@cache
def _known_shares() -> dict[int, float]:
    with SHARES.open(encoding="utf-8", newline="") as file:
        return {number(row["word"]): float(row["share"]) for row in csv.DictReader(file)}
