"""Near-duplicate articles: one wire story in many papers becomes one unit.

MinHash over 5-grams of words, 42 bands of 3 (at a Jaccard of .5 a pair becomes a candidate with probability
1 - (1 - .5^3)^42 = .996), then the exact Jaccard, then connected components. The kernel turns Arrow batches into
bands with hashes of our own, and the candidates come from plain SQL, so any engine gives the same pairs. Signatures
are never stored. Method: Broder, On the resemblance and containment of documents (1997).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from incidents.link.corpus import Article
from incidents.link.groups import components

Hashes = npt.NDArray[np.uint64]

SHINGLE = 5
BANDS, ROWS = 42, 3
JACCARD = 0.5
BATCH = 2000
BAND_SCHEMA = pa.schema([("id", pa.int64()), ("band", pa.int32()), ("hash", pa.int64())])

# Every pair of a small bucket is a candidate; in a large one (a wire story, a page of boilerplate) each member is
# compared with the first and the one before, so that the work stays linear.
CANDIDATES = """
    with member as (
        select id, band, hash,
            row_number() over (partition by band, hash order by id) as place,
            count(*) over (partition by band, hash) as size
        from bands
    )
    select distinct a.id as first, b.id as second
    from member as a join member as b on a.band = b.band and a.hash = b.hash and a.id < b.id
    where a.size <= 64 or a.place = 1 or a.place = b.place - 1
    order by first, second
"""

_WORD = re.compile(r"\w+")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


@dataclass(frozen=True)
class Unit:
    """Copies of one text: the original came out first. `kinds` says of each other article whether it is an exact
    copy.
    """

    original: str
    kinds: dict[str, str]

    @property
    def articles(self) -> list[str]:
        return [self.original, *self.kinds]


def units(articles: Iterable[Article]) -> list[Unit]:
    """The articles grouped into units, in the order of their originals' publication."""
    ordered = sorted(articles, key=lambda article: article.arrival)
    words = [words_of(f"{article.row['title'] or ''}\n{article.row['text']}") for article in ordered]
    groups = components(len(ordered), duplicate_pairs(words))
    return [_unit([ordered[i].article_id for i in group], [words[i] for i in group]) for group in groups]


def _unit(ids: list[str], words: list[list[str]]) -> Unit:
    body = [" ".join(text) for text in words]
    return Unit(ids[0], {i: "exact" if text == body[0] else "near" for i, text in zip(ids[1:], body[1:], strict=True)})


def duplicate_pairs(words: list[list[str]]) -> list[tuple[int, int]]:
    """Pairs of texts whose exact Jaccard over word 5-grams reaches the cut; enough of them to connect every unit."""
    vocabulary: dict[str, int] = {}
    shingles = [shingle_hashes(text, vocabulary) for text in words]
    parent = list(range(len(words)))
    pairs = []
    for first, second in candidate_pairs(shingles):
        if _root(parent, first) != _root(parent, second) and jaccard(shingles[first], shingles[second]) >= JACCARD:
            parent[_root(parent, second)] = _root(parent, first)
            pairs.append((first, second))
    return pairs


def candidate_pairs(shingles: list[Hashes]) -> list[tuple[int, int]]:
    """Pairs of indexes that share a band."""
    reader = pa.RecordBatchReader.from_batches(BAND_SCHEMA, _band_batches(shingles))
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        connection.register("reader", reader)
        connection.execute("create table bands as select * from reader")
        return [(int(a), int(b)) for a, b in connection.execute(CANDIDATES).fetchall()]


def _band_batches(shingles: list[Hashes]) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(shingles), BATCH):
        yield bands(list(enumerate(shingles[start : start + BATCH], start)))


def bands(documents: list[tuple[int, Hashes]]) -> pa.RecordBatch:
    """The band hashes of some documents: one row per document and band, none for a document without shingles."""
    ids, hashes = [], []
    for number, shingles in documents:
        if len(shingles):
            ids.append(number)
            hashes.append(_band_hashes(shingles))
    return pa.record_batch(
        [
            pa.array(np.repeat(np.array(ids, np.int64), BANDS)),
            pa.array(np.tile(np.arange(BANDS, dtype=np.int32), len(ids))),
            pa.array(np.concatenate(hashes).view(np.int64) if hashes else np.array([], np.int64)),
        ],
        schema=BAND_SCHEMA,
    )


def _seeds(count: int, start: int) -> Hashes:
    """Multipliers of the hash family: splitmix64 of a counter, so that they are the same everywhere."""
    with np.errstate(over="ignore"):
        state = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(start)) * _MIX
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


_FACTORS = _seeds(BANDS * ROWS, 0) | np.uint64(1)
_TERMS = _seeds(BANDS * ROWS, 1_000_000)


def _band_hashes(shingles: Hashes) -> Hashes:
    with np.errstate(over="ignore"):
        signature = ((shingles[:, None] * _FACTORS + _TERMS) >> np.uint64(32)).min(axis=0).reshape(BANDS, ROWS)
        mixed = np.arange(1, BANDS + 1, dtype=np.uint64)
        for row in range(ROWS):
            mixed = (mixed * _MIX) ^ signature[:, row]
            mixed ^= mixed >> _SHIFT
    return mixed


def shingle_hashes(words: list[str], vocabulary: dict[str, int]) -> Hashes:
    """The distinct hashes of a text's word 5-grams, sorted; a shorter text is one shingle. `vocabulary` remembers
    words.
    """
    tokens = np.fromiter((_word_hash(word, vocabulary) for word in words), np.uint64, len(words))
    size = min(SHINGLE, len(tokens))
    if size == 0:
        return tokens
    hashes = np.zeros(len(tokens) - size + 1, np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(size):
            hashes = (hashes * _MIX) ^ tokens[offset : offset + len(hashes)]
            hashes ^= hashes >> _SHIFT
    return np.unique(hashes)


def _word_hash(word: str, vocabulary: dict[str, int]) -> int:
    if word not in vocabulary:
        vocabulary[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
    return vocabulary[word]


def jaccard(a: Hashes, b: Hashes) -> float:
    """Shared shingles over all shingles of two sorted sets."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text.lower())


def _root(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node
