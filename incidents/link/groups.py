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
Small: TypeAlias = npt.NDArray[np.int32]
Pairs: TypeAlias = npt.NDArray[np.int64]  # two columns, the smaller index first; sorted, each pair once

Ends: TypeAlias = npt.NDArray[np.signedinteger]  # the members of pairs, in two rows or two columns

_STEPS = 1_000_000_000  # scores are added as integers, so that no sum depends on the order of adding


def components(size: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The connected components of 0..size-1, each sorted, in the order of their first members."""
    return members(labels(size, np.array(list(pairs), np.int64).reshape(-1, 2)))


def labels(size: int, pairs: Ends) -> Indexes:
    """The number of the connected component of each of 0..size-1; `pairs` has two columns."""
    graph = sparse.coo_matrix((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    found: Indexes = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return found


def members(label: Indexes) -> list[list[int]]:
    """The indexes under each label, each sorted, in the order of their first members."""
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    return sorted(part.tolist() for part in np.split(order, cuts)) if len(label) else []


def average_linkage(
    size: int, pairs: Pairs, similarity: Numbers, threshold: float, missing: float = 0.0, doubt: float = 0.0
) -> list[list[int]]:
    """Groups of 0..size-1 by the average similarity of their members, which is given for some pairs; `missing`, that of
    the others, is below the threshold.

    `doubt` is how much more than the threshold a single pair needs; an average over n pairs, which chance moves less,
    needs 1/n of it. Ties go to the pair with the smallest members, so the result depends on the numbers alone.
    """
    label = np.arange(size, dtype=np.int32)
    sizes = np.ones(size, np.int64)
    a, b = pairs.T.astype(np.int32)  # millions of them
    total = np.round((similarity - missing) * _STEPS).astype(np.int64)  # over the pairs of two groups, less `missing`
    while True:
        average = total / (sizes[a] * sizes[b])
        average /= _STEPS
        average += missing
        joined, within = _to_join(sizes, a, b, average, threshold, doubt)
        del average  # room for the sums
        if not len(joined):
            return members(label.astype(np.int64))
        target = np.arange(size, dtype=np.int32)
        target[b[joined]] = a[joined]
        label = target[label]
        np.add.at(sizes, a[joined], sizes[b[joined]])
        # what no chain of pairs that are near enough connects never will be near enough
        kept = within[a] == within[b]
        a, b, total = _added_up(size, target[a[kept]], target[b[kept]], total[kept])


def _to_join(
    sizes: Indexes, a: Small, b: Small, average: Numbers, threshold: float, doubt: float
) -> tuple[Indexes, Indexes]:
    """The places of the pairs to join, and for each group the number of its part of the near enough pairs, whatever
    the doubt: that shrinks as groups grow."""
    strong = np.flatnonzero(average >= threshold)
    near = np.stack([a[strong], b[strong]])
    sure = average[strong] - doubt / (sizes[near[0]] * sizes[near[1]])
    enough = np.flatnonzero(sure >= threshold)
    best = _nearest_of_each_other(len(sizes), near[:, enough], sure[enough])
    return strong[enough[best]], labels(len(sizes), near.T)


def nearest(size: int, ends: Ends, similarity: Numbers) -> Indexes:
    """For each of 0..size-1 the place of its most similar pair, of equals the first; -1 where it has none. `ends` are
    the first and the second members of the pairs."""
    best = np.full(size, -np.inf)
    for own in ends:
        np.maximum.at(best, own, similarity)
    first = np.full(size, len(similarity))
    for own in ends:
        places = np.flatnonzero(similarity == best[own])
        np.minimum.at(first, own[places], places)
    return np.where(first < len(similarity), first, -1)


def _nearest_of_each_other(size: int, ends: Ends, similarity: Numbers) -> Indexes:
    """The places of the pairs of which each is the nearest to the other."""
    found, places = nearest(size, ends, similarity), np.arange(len(similarity))
    return np.flatnonzero((found[ends[0]] == places) & (found[ends[1]] == places))


def _added_up(size: int, a: Small, b: Small, total: Indexes) -> tuple[Small, Small, Indexes]:
    """The pairs of groups after joining, each once, with the sum of their scores."""
    apart = a != b
    keys = np.minimum(a, b)[apart].astype(np.int64) * size + np.maximum(a, b)[apart]
    order = np.argsort(keys, kind="stable")
    keys, sums = keys[order], total[apart][order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    ends = ((keys[starts] // size).astype(np.int32), (keys[starts] % size).astype(np.int32))
    return *ends, np.add.reduceat(sums, starts) if len(starts) else sums
