"""The bound on missed incidents, against worlds whose number of incidents is known."""

import random

import pytest

from incidents.publish.completeness import missed


def world(size, chances, seed, together=0.0):
    """Incidents captured by groups a, b, c... with these chances; `together`: how often b follows what a captured."""
    rng = random.Random(seed)  # noqa: S311 a simulation, no secret
    captures = {}
    for number in range(size):
        groups = {name for name, chance in zip("abcdef", chances, strict=False) if rng.random() < chance}
        if "a" in groups and rng.random() < together:
            groups.add("b")
        if groups:
            captures[f"incident {number}"] = groups
    return captures


@pytest.mark.parametrize("chances", [(0.4, 0.3, 0.3), (0.5, 0.2, 0.2, 0.1), (0.3, 0.3, 0.2, 0.2, 0.2)])
def test_independent_groups_find_the_truth(chances):
    within = errors = 0
    for seed in range(20):
        captures = world(400, chances, seed)
        truth, found = 400 - len(captures), missed(captures)
        within += found.low <= truth <= (found.high or truth)
        errors += found.value - truth
    assert within >= 17  # of 20, for an interval of 95% after choosing a model
    assert abs(errors / 20) < 0.15 * truth


def test_a_group_that_follows_another_is_seen():
    captures = world(600, (0.4, 0.2, 0.3, 0.3), 7, together=0.6)
    truth, found = 600 - len(captures), missed(captures)
    assert found.dependent == ("a", "b")
    assert found.low <= truth <= found.high


def test_incidents_that_all_groups_find_hard_to_see_make_it_a_lower_bound():
    easy, hard = world(200, (0.7, 0.6, 0.6), 1), world(200, (0.1, 0.1, 0.1), 2)
    captures = easy | {f"hard {key}": groups for key, groups in hard.items()}
    assert 0 < missed(captures).value < 400 - len(captures)


@pytest.mark.parametrize(
    "captures",
    [
        {},
        world(100, (0.6, 0.5), 3),  # two groups
        world(20, (0.8, 0.8, 0.8), 4),  # few incidents
        {f"incident {n}": {"abc"[n % 3]} for n in range(60)},  # nothing in common
    ],
)
def test_where_there_is_too_little_nothing_is_said(captures):
    assert missed(captures) is None


def test_the_order_of_the_input_does_not_matter():
    captures = world(300, (0.4, 0.3, 0.3), 5)
    assert missed(captures) == missed(dict(reversed(captures.items())))
