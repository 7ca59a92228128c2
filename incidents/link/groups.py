"""Grouping by pairs: connected components, and average linkage over a sparse graph.

Average linkage (UPGMA, Sokal and Michener 1958) joins the two groups whose members are most alike on average, until
no two are alike enough. A pair that is not listed counts with `missing`, so the work grows with the pairs, not with
all of them.
"""

import heapq
from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


def components(size: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """The connected components of 0..size-1, each sorted, in the order of their first members."""
    parent = list(range(size))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for a, b in pairs:
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    groups: dict[int, list[int]] = {}
    for node in range(size):
        groups.setdefault(root(node), []).append(node)
    return list(groups.values())


def average_linkage(
    size: int, similarity: Mapping[Pair, float], threshold: float, missing: float = 0.0
) -> list[list[int]]:
    """Groups of 0..size-1 by average similarity; `similarity` is keyed on (smaller, larger).

    Ties go to the pair with the smallest members, so the result depends on the numbers alone.
    """
    members = {node: [node] for node in range(size)}
    total: dict[int, dict[int, float]] = {node: {} for node in range(size)}  # sum over pairs, less `missing` for each
    for (a, b), value in similarity.items():
        total[a][b] = total[b][a] = value - missing
    heap = [(-_average(members, total, a, b, missing), a, b) for a, b in similarity]
    heap = [entry for entry in heap if -entry[0] >= threshold]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in members or b not in members or negative != -_average(members, total, a, b, missing):
            continue
        _merge(members, total, a, b)
        for other in total[a]:
            value = _average(members, total, a, other, missing)
            if value >= threshold:
                heapq.heappush(heap, (-value, min(a, other), max(a, other)))
    return [sorted(group) for _, group in sorted(members.items())]


def _average(
    members: Mapping[int, list[int]], total: Mapping[int, Mapping[int, float]], a: int, b: int, missing: float
) -> float:
    return total[a][b] / (len(members[a]) * len(members[b])) + missing


def _merge(members: dict[int, list[int]], total: dict[int, dict[int, float]], keep: int, absorb: int) -> None:
    """Moves the members and sums of one group to the other. The smaller number is kept."""
    members[keep] += members.pop(absorb)
    for other, value in total.pop(absorb).items():
        del total[other][absorb]
        if other != keep:
            total[keep][other] = total[other][keep] = total[keep].get(other, 0.0) + value
