"""Grouping by pairs: connected components, and average linkage over a sparse graph.

Average linkage (UPGMA, Sokal and Michener 1958) joins the two groups whose members are most alike on average, until
no two are alike enough. Here all pairs of groups that are each other's nearest are joined at once, which gives the same
groups (Sumengen et al., Scaling Hierarchical Agglomerative Clustering to Billion-sized Datasets, 2021) in a few sorts
of the pairs. A pair that is not listed counts with `missing`, so the work grows with the pairs, not with all of them.
"""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Numbers: TypeAlias = npt.NDArray[np.float64]
Indexes: TypeAlias = npt.NDArray[np.int64]
Pairs: TypeAlias = npt.NDArray[np.int64]  # two columns, the smaller index first; sorted, each pair once

_STEPS = 1_000_000_000  # scores are added as integers, so that no sum depends on the order of adding


def components(size: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected components of 0..size-1, each sorted, in the order of their first members."""
    return members(labels(size, np.array(list(pairs), np.int64).reshape(-1, 2)))


def labels(size: int, pairs: Pairs) -> Indexes:
    """The number of the connected component of each of 0..size-1."""
    graph = sparse.coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    found: Indexes = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return found


def members(label: Indexes) -> list[list[int]]:
    """The indexes under each label, each sorted, in the order of their first members."""
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return sorted(part.tolist() for part in np.split(order, cuts)) if len(label) else []


def average_linkage(
    size: int, pairs: Pairs, similarity: Numbers, threshold: float, missing: float = 0.0
) -> list[list[int]]:
    """Groups of 0..size-1 by the average similarity of their members, which is given for some pairs; `missing`, that of
    the others, is below the threshold.

    Ties go to the pair with the smallest members, so the result depends on the numbers alone.
    """
    label = np.arange(size)
    sizes = np.ones(size, np.int64)
    a, b = pairs.T
    total = np.round((similarity - missing) * _STEPS).astype(np.int64)  # over the pairs of two groups, less `missing`
    while True:
        average = total / (sizes[a] * sizes[b]) / _STEPS + missing
        strong = np.flatnonzero(average >= threshold)
        if not len(strong):
            return members(label)
        joined = strong[_nearest_of_each_other(size, a[strong], b[strong], average[strong])]
        target = np.arange(size)
        target[b[joined]] = a[joined]
        label = target[label]
        np.add.at(sizes, a[joined], sizes[b[joined]])
        # what no chain of pairs that are near enough connects never will be near enough
        within = labels(size, np.column_stack([a[strong], b[strong]]))
        kept = within[a] == within[b]
        a, b, total = _added_up(size, target[a[kept]], target[b[kept]], total[kept])


def _nearest_of_each_other(size: int, a: Indexes, b: Indexes, similarity: Numbers) -> Indexes:
    """The pairs of which each is the nearest to the other."""
    order = np.argsort(-similarity, kind="stable")  # of equals the smallest members first, as the pairs are sorted
    rank = np.arange(len(order))
    best = np.full((2, size), len(order))
    best[0, a[order[::-1]]] = rank[::-1]  # the last one written stays
    best[1, b[order[::-1]]] = rank[::-1]
    nearest = best.min(axis=0)
    return np.sort(order[(nearest[a[order]] == rank) & (nearest[b[order]] == rank)])


def _added_up(size: int, a: Indexes, b: Indexes, total: Indexes) -> tuple[Indexes, Indexes, Indexes]:
    """The pairs of groups after joining, each once, with the sum of their scores."""
    apart = a != b
    keys = np.minimum(a, b)[apart] * size + np.maximum(a, b)[apart]
    order = np.argsort(keys, kind="stable")
    keys, sums = keys[order], total[apart][order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    return keys[starts] // size, keys[starts] % size, np.add.reduceat(sums, starts) if len(starts) else sums
