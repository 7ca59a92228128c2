"""Near-duplicate articles: one wire story in many papers becomes one unit.

MinHash over 5-grams of words, 42 bands of 3 (at a Jaccard of .5 a pair becomes a candidate with probability
1 - (1 - .5^3)^42 = .996), then the exact Jaccard, then connected components. Each step turns Arrow batches into Arrow
batches with hashes of our own, and the candidates come from plain SQL, so any engine gives the same pairs. Method:
Broder, On the resemblance and containment of documents (1997).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]
Indexes = npt.NDArray[np.int64]
Pairs = npt.NDArray[np.int64]  # one pair a row, the smaller first

SHINGLE = 5
BANDS, ROWS = 42, 3
JACCARD = 0.5
BATCH = 2000
SHINGLE_SCHEMA = pa.schema([("id", pa.int64()), ("shingles", pa.list_(pa.uint64()))])
BAND_SCHEMA = pa.schema([("id", pa.int64()), ("band", pa.int32()), ("hash", pa.int64())])
PAIR_SCHEMA = pa.schema([("first", pa.int64()), ("second", pa.int64()), ("jaccard", pa.float64())])

# Every pair of a small bucket is a candidate; in a large one (a wire story, a page of boilerplate) each member is
# compared with the first and the one before, so that the work stays linear.
CANDIDATES = """
    with shared as (
        select band, hash from bands group by band, hash having count(*) > 1
    ), member as (
        select bands.id, bands.band, bands.hash,
            row_number() over (partition by bands.band, bands.hash order by bands.id) as place,
            count(*) over (partition by bands.band, bands.hash) as size
        from bands join shared on bands.band = shared.band and bands.hash = shared.hash
    )
    select a.id as first, b.id as second
    from member as a join member as b on a.band = b.band and a.hash = b.hash and a.id < b.id
    where a.size <= 64 and b.size <= 64
    union
    select a.id as first, b.id as second
    from member as a join member as b on a.band = b.band and a.hash = b.hash
    where a.size > 64 and a.place = 1 and b.place > 1
    union
    select a.id as first, b.id as second
    from member as a join member as b on a.band = b.band and a.hash = b.hash and a.place = b.place - 1
    where a.size > 64
    order by first, second
"""

_WORD = re.compile(r"\w+")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_MOST_WORDS = 1_000_000


class _Vocabulary(dict[str, int]):
    """The hash of each word met; forgets all when there are too many."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_WORDS:
            self.clear()
        found = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little", signed=True)
        self[word] = found
        return found


_VOCABULARY = _Vocabulary()


def words(text: str) -> list[str]:
    """The words of a text as copies are compared: in small letters, without punctuation."""
    return _WORD.findall(text.lower())


def body(article: Mapping[str, Any]) -> list[str]:
    """The words of an article's title and text."""
    return words(f"{article['title'] or ''}\n{article['text']}")


def shingles(batch: pa.RecordBatch) -> pa.RecordBatch:
    """(id, text) -> (id, shingles): the distinct hashes of each text's word 5-grams, sorted."""
    found = [shingle_hashes(words(text)) for text in batch.column("text").to_pylist()]
    offsets = np.concatenate([[0], np.cumsum([len(hashes) for hashes in found], dtype=np.int32)])
    values = np.concatenate([*found, np.zeros(0, np.uint64)])
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(values))
    return pa.record_batch([batch.column("id"), lists], schema=SHINGLE_SCHEMA)


def shingle_hashes(text: Sequence[str]) -> Hashes:
    """The distinct hashes of the 5-grams of some words, sorted; a shorter text is one shingle."""
    tokens = np.array(list(map(_VOCABULARY.__getitem__, text)), dtype=np.int64).view(np.uint64)
    size = min(SHINGLE, len(tokens))
    if size == 0:
        return tokens
    hashes = np.zeros(len(tokens) - size + 1, np.uint64)
    for offset in range(size):
        hashes = (hashes * _MIX) ^ tokens[offset : offset + len(hashes)]
        hashes ^= hashes >> _SHIFT
    hashes.sort()
    is_new = np.ones(len(hashes), bool)
    is_new[1:] = hashes[1:] != hashes[:-1]
    distinct: Hashes = hashes[is_new]
    return distinct


def bands(batch: pa.RecordBatch) -> pa.RecordBatch:
    """(id, shingles) -> (id, band, hash): one row for each document and band, none for one without shingles."""
    values, offsets = batch.column("shingles").values.to_numpy(), batch.column("shingles").offsets.to_numpy()
    spans = zip(batch.column("id").to_pylist(), offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    found = [(number, band_hashes(values[start:end])) for number, start, end in spans if end > start]
    return pa.record_batch(
        [
            pa.array(np.repeat(np.array([number for number, _ in found], np.int64), BANDS)),
            pa.array(np.tile(np.arange(BANDS, dtype=np.int32), len(found))),
            pa.array(np.concatenate([hashes for _, hashes in found] or [np.zeros(0, np.int64)])),
        ],
        schema=BAND_SCHEMA,
    )


def _splitmix(count: int, start: int) -> Hashes:
    """Members of the hash family: splitmix64 of a counter, so that they are the same everywhere."""
    state = (np.arange(1, count + 1, dtype=np.uint64) + np.uint64(start)) * _MIX
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


# Multiplying 32 bits wide is several times as fast as 64, and 2^32 values are enough for a text's 5-grams.
_FACTORS = (_splitmix(BANDS * ROWS, 0) >> np.uint64(32)).astype(np.uint32)[:, None] | np.uint32(1)
_TERMS = (_splitmix(BANDS * ROWS, 1_000_000) >> np.uint64(32)).astype(np.uint32)[:, None]


def band_hashes(shingled: Hashes) -> npt.NDArray[np.int64]:
    """The hash of each band of a document that has shingles."""
    narrow = (shingled >> np.uint64(32)).astype(np.uint32)
    signature = (narrow * _FACTORS + _TERMS).min(axis=1).astype(np.uint64).reshape(BANDS, ROWS)
    mixed = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in range(ROWS):
        mixed = (mixed * _MIX) ^ signature[:, row]
        mixed ^= mixed >> _SHIFT
    return mixed.view(np.int64)


def candidates(batches: Iterable[pa.RecordBatch], threads: int = 2) -> Pairs:
    """Pairs of ids that share a band, sorted, from batches of BAND_SCHEMA."""
    reader = pa.RecordBatchReader.from_batches(BAND_SCHEMA, batches)
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {threads}")
        connection.register("reader", reader)
        connection.execute("create table bands as select * from reader")
        found = connection.sql(CANDIDATES).to_arrow_table()
    return np.column_stack([found.column(name).to_numpy() for name in ("first", "second")]).reshape(-1, 2)


def verified(batch: pa.RecordBatch) -> pa.RecordBatch:
    """(first, second, a, b), a and b being shingles -> (first, second, jaccard) of the pairs that reach the cut."""
    one, other = batch.column("a"), batch.column("b")
    found = np.array([jaccard(one[n].values.to_numpy(), other[n].values.to_numpy()) for n in range(batch.num_rows)])
    kept = pa.array(found >= JACCARD, pa.bool_())
    columns = [batch.column("first"), batch.column("second"), pa.array(found, pa.float64())]
    return pa.record_batch(columns, schema=PAIR_SCHEMA).filter(kept)


def jaccard(a: Hashes, b: Hashes) -> float:
    """Shared shingles over all shingles of two sorted sets."""
    if not len(a) or not len(b):
        return 0.0
    shared = int(np.count_nonzero(a[np.minimum(np.searchsorted(a, b), len(a) - 1)] == b))
    return shared / (len(a) + len(b) - shared)
