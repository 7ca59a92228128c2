import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from incidents.link import groups
from incidents.link.groups import components


def average_linkage(size, pairs, *cuts, **missing):
    keys = sorted(pairs)
    scores = np.array([pairs[key] for key in keys])
    return groups.average_linkage(size, np.array(keys, np.int64).reshape(-1, 2), scores, *cuts, **missing)


def test_components_chain():
    assert components(5, [(3, 1), (1, 4)]) == [[0], [1, 3, 4], [2]]


def test_one_strong_pair_does_not_join_two_stories():
    pairs = {(0, 1): 0.9, (2, 3): 0.9, (1, 2): 0.6}
    assert average_linkage(4, pairs, 0.3) == [[0, 1], [2, 3]]


def test_an_absent_pair_counts_with_missing():
    pairs = {(0, 1): 1.0, (1, 2): 1.0}
    assert average_linkage(3, pairs, 0.5) == [[0, 1, 2]]
    assert average_linkage(3, pairs, 0.5, missing=-1.0) == [[0, 1], [2]]


def test_one_likeness_may_be_chance_and_an_average_less_so():
    alone = {(0, 1): 0.5, (2, 3): 0.6}
    assert average_linkage(4, alone, 0.3, doubt=0.25) == [[0], [1], [2, 3]]
    many = dict.fromkeys([(0, 2), (0, 3), (1, 2), (1, 3)], 0.4) | {(0, 1): 0.9, (2, 3): 0.9}
    assert average_linkage(4, many, 0.3, doubt=0.25) == [[0, 1, 2, 3]]
    assert average_linkage(4, many, 0.3, doubt=0.5) == [[0, 1], [2, 3]]


def test_the_nearest_of_each_of_equals_the_first():
    ends = np.array([[0, 0, 1], [1, 2, 2]])
    assert groups.nearest(4, ends, np.array([0.5, 0.5, 0.4])).tolist() == [0, 0, 1, -1]


def test_rounding_loses_no_pair():
    assert average_linkage(2, {(0, 1): 3.749321}, 0.0, missing=-3.0) == [[0, 1]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 14))
def test_it_is_the_linkage_of_scipy(seed, size):
    matrix = np.random.default_rng(seed).random((size, size))
    matrix = (matrix + matrix.T) / 2
    np.fill_diagonal(matrix, 1)
    pairs = {(a, b): float(matrix[a, b]) for a in range(size) for b in range(a + 1, size)}
    labels = fcluster(linkage(squareform(1 - matrix, checks=False), "average"), 1 - 0.55, "distance")
    expected = {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels)}
    assert {frozenset(group) for group in average_linkage(size, pairs, 0.55)} == expected
