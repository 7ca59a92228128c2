"""Which rows to compare: those near in time that are alike in words or share a key.

Sorted neighbourhood (Hernandez and Stolfo 1995): rows are put in the order of time, and each is compared with so many
of those next to it, so the pairs grow with the rows and not with their square, however common a key is.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from incidents.link.columns import Indexes
from incidents.link.groups import Pairs
from incidents.link.profiles import Numbers

CHUNK = 200_000  # pairs multiplied at a time


def in_time(first_day: Numbers) -> Indexes:
    """The rows in the order of their first days."""
    return np.argsort(first_day, kind="stable")


def sharing(blocks: sparse.csr_matrix, order: Indexes, reach: int) -> Pairs:
    """The pairs of rows that share a column and have fewer than `reach` others of that column between them in time."""
    size = blocks.shape[0]
    rank = np.empty(size, np.int64)
    rank[order] = np.arange(size)
    rows = np.repeat(np.arange(size), np.diff(blocks.indptr))
    sorting = np.lexsort((rank[rows], blocks.indices))
    columns, rows = blocks.indices[sorting], rows[sorting]
    places, found = np.arange(len(rows)), [np.zeros(0, np.int64)]
    for step in range(1, reach + 1):
        places = places[places < len(rows) - step]
        places = places[columns[places] == columns[places + step]]  # of a block that is shorter nothing is left
        found.append(_keys(rows[places], rows[places + step], size))
    keys = np.sort(np.concatenate(found))  # numpy.unique hashes: 6.7 s for 6 million keys, this .07 s
    return _pairs(keys[np.diff(keys, prepend=-1) > 0], size)


def crossed(a: sparse.csr_matrix, b: sparse.csr_matrix) -> sparse.csr_matrix:
    """A column for each column of one with each of the other that a row has together."""
    counts_a, counts_b = np.diff(a.indptr), np.diff(b.indptr)
    sizes = (counts_a * counts_b).astype(np.int64)
    rows = np.repeat(np.arange(a.shape[0]), sizes)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    wide = np.maximum(counts_b[rows], 1)
    x, y = a.indices[a.indptr[rows] + within // wide], b.indices[b.indptr[rows] + within % wide]
    met, columns = np.unique(x.astype(np.int64) * b.shape[1] + y, return_inverse=True)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(a.shape[0], max(len(met), 1)))


def products(vectors: sparse.csr_matrix, pairs: Pairs) -> Numbers:
    """The product of the vectors of each pair."""
    found = [np.zeros(0)]
    for start in range(0, len(pairs), CHUNK):
        a, b = pairs[start : start + CHUNK].T
        found.append(np.asarray(vectors[a].multiply(vectors[b]).sum(axis=1)).ravel())
    return np.concatenate(found)


def together(size: int, *found: tuple[Pairs, Numbers]) -> tuple[Pairs, Numbers]:
    """Pairs with their values from several sources, sorted, each once; the first source that has a pair counts."""
    keys = np.concatenate([pairs[:, 0] * size + pairs[:, 1] for pairs, _ in found])
    unique, where = np.unique(keys, return_index=True)
    return _pairs(unique, size), np.concatenate([values for _, values in found])[where]


def among(size: int, pairs: Pairs, others: Pairs) -> npt.NDArray[np.bool_]:
    """Which pairs are among some others, which are sorted."""
    if not len(others):
        return np.zeros(len(pairs), bool)
    wanted, known = (rows @ np.array([size, 1]) for rows in (pairs, others))
    result: npt.NDArray[np.bool_] = known[np.minimum(np.searchsorted(known, wanted), len(known) - 1)] == wanted
    return result


def _keys(a: Indexes, b: Indexes, size: int) -> Indexes:
    return np.minimum(a, b) * size + np.maximum(a, b)


def _pairs(keys: npt.NDArray[np.int64], size: int) -> Pairs:
    return np.column_stack([keys // size, keys % size])
