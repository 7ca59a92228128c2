"""Articles that are copies of one text: groups of near-duplicates, and which article of a group came out first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from incidents.link import duplicates
from incidents.link.columns import Lists
from incidents.link.corpus import Corpus
from incidents.link.duplicates import BAND_SCHEMA, BANDS, Hashes, Indexes, Pairs
from incidents.link.groups import labels, members

Flags = npt.NDArray[np.bool_]
COMPARED = pa.schema([("pair", pa.uint64()), ("alike", pa.bool_())])
BATCH = 20_000
CHUNK = 20_000  # pairs whose shingles are held at a time


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


@dataclass(frozen=True)
class Compared:
    """Pairs of texts that were compared, and whether they are copies. Pairs of one group may be left out."""

    pairs: Pairs
    alike: Flags

    def groups(self, size: int) -> Indexes:
        """The number of the group of each text 0..size-1."""
        return labels(size, self.pairs[self.alike])


def units(article_ids: Sequence[str], bodies: npt.NDArray[np.uint64], group: Indexes) -> list[Unit]:
    """The units of some articles in the order of publication, from the number of each one's group. `bodies` stands for
    the words of each: where they are the same, the copy is exact."""
    found = []
    for first, *copied in members(group):
        kinds = {article_ids[n]: "exact" if bodies[n] == bodies[first] else "near" for n in copied}
        found.append(Unit(article_ids[first], kinds))
    return found


def of_current(current: pa.Table, news: Corpus, kept: pa.Table) -> tuple[list[Unit], pa.Table]:
    """The units of the articles (rows of prepare.SCHEMA, in the order of publication), and what the next run may know
    of them; `kept` is what the last one left (COMPARED).
    """
    ids, bodies = current["article_id"].to_pylist(), current["body"].to_numpy()

    def shingles_of(wanted: Indexes) -> Mapping[int, Hashes]:
        found = news.bodies([ids[number] for number in wanted.tolist()])
        return {n: duplicates.shingle_hashes(duplicates.body(found[ids[n]])) for n in wanted.tolist()}

    compared = compare(Lists.of(current["bands"]), shingles_of, lambda pairs: _known(_keys(bodies, pairs), kept))
    state = pa.table({"pair": _keys(bodies, compared.pairs), "alike": compared.alike}, COMPARED).sort_by("pair")
    return units(ids, bodies, compared.groups(len(ids))), state


def _keys(bodies: Hashes, pairs: Pairs) -> Hashes:
    """A number for the words of each pair of texts, whichever comes first."""
    a, b = bodies[pairs[:, 0]], bodies[pairs[:, 1]]
    return np.minimum(a, b) * np.uint64(0x9E3779B97F4A7C15) ^ np.maximum(a, b)


def _known(keys: Hashes, kept: pa.Table) -> tuple[Flags, Flags]:
    """Whether pairs were compared before, and whether they are copies."""
    before, alike = kept["pair"].to_numpy(), kept["alike"].to_numpy()
    if not len(before):
        return np.zeros(len(keys), bool), np.zeros(len(keys), bool)
    place = np.minimum(np.searchsorted(before, keys), len(before) - 1)
    was_compared = before[place] == keys
    return was_compared, was_compared & alike[place]


def of_texts(bands: Sequence[npt.NDArray[np.int64]], shingles: Sequence[Hashes]) -> Indexes:
    """The number of the group of each of some texts, whose bands and shingles are given."""
    return compare(in_rows(bands), lambda _: dict(enumerate(shingles))).groups(len(bands))


def in_rows(bands: Sequence[npt.NDArray[np.int64]]) -> Lists:
    """The bands of some texts as a column."""
    offsets = np.concatenate([[0], np.cumsum([len(found) for found in bands])]).astype(np.int64)
    return Lists(offsets, np.concatenate([*bands, np.zeros(0, np.int64)]))


def compare(
    bands: Lists,
    shingles_of: Callable[[Indexes], Mapping[int, Hashes]],
    known: Callable[[Pairs], tuple[Flags, Flags]] | None = None,
) -> Compared:
    """Which texts are copies of which, by their bands. `shingles_of` gets the shingles of some texts, `known` says of
    pairs whether they were compared before, and whether they are copies.
    """
    pairs = duplicates.candidates(_batches(bands))
    was_compared, alike = known(pairs) if known else (np.zeros(len(pairs), bool), np.zeros(len(pairs), bool))
    done, are_copies = [pairs[was_compared]], [alike[was_compared]]
    size = len(bands.offsets) - 1
    for turn in _turns(pairs[~was_compared]):
        for start in range(0, len(turn), CHUNK):
            group = labels(size, np.concatenate(done)[np.concatenate(are_copies)])
            chunk = turn[start : start + CHUNK]
            chunk = chunk[group[chunk[:, 0]] != group[chunk[:, 1]]]
            done.append(chunk)
            are_copies.append(_alike(chunk, shingles_of(np.unique(chunk))))
    return Compared(np.concatenate(done), np.concatenate(are_copies))


def _turns(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Each text with its first candidate, which connects most groups; then the others."""
    order = np.lexsort((pairs[:, 0], pairs[:, 1]))
    second = pairs[order, 1]
    is_first = np.ones(len(pairs), bool)
    is_first[1:] = second[1:] != second[:-1]
    return pairs[np.sort(order[is_first])], pairs[np.sort(order[~is_first])]


def _alike(pairs: Pairs, shingles: Mapping[int, Hashes]) -> Flags:
    found = [duplicates.jaccard(shingles[a], shingles[b]) >= duplicates.JACCARD for a, b in pairs.tolist()]
    return np.array(found, bool)


def _batches(bands: Lists) -> Iterator[pa.RecordBatch]:
    """The rows of BAND_SCHEMA, so many texts at a time."""
    numbers = np.flatnonzero(bands.sizes)
    for start in range(0, len(numbers), BATCH):
        rows = numbers[start : start + BATCH]
        columns = (np.repeat(rows, BANDS), np.tile(np.arange(BANDS, dtype=np.int32), len(rows)))
        arrays = [*map(pa.array, columns), pa.array(bands.take(rows).values)]
        yield pa.record_batch(arrays, schema=BAND_SCHEMA)
