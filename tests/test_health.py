"""Verdicts on deliveries and sources."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.health import ASIDE, Decision, Delivery, Problem, State, judge, verdict
from incidents.reference import Source

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LEDGER = Source(
    id="ledger",
    kind="feed",
    url="https://ledger.example/feed",
    publisher="Ledger",
    country="CA",
    language="en",
    licence="all rights reserved",
    terms="not read yet",
    why="local police",
    seen_in="a page",
    expected_min_per_week=10,
    expected_max_per_week=100,
    group="local_news",
)


def brought(day: int, **numbers: Any) -> Delivery:
    """A good delivery of a feed of twenty items, five of them new, unless it is said otherwise."""
    usual = {"listings_read": 1, "discovered": 20, "items": 5, "fetched": 5, "sampled": 5, "texts": 5}
    at = NOON + timedelta(days=day)
    return Delivery("ledger", at, **usual | {"last_success": at} | numbers)


WEEKS = [brought(day) for day in range(-14, 0)]


@pytest.mark.parametrize(
    ("numbers", "problem", "said"),
    [
        (
            {"listings_read": 0, "listings_failed": 1, "reason": "timeout"},
            Problem.UNREADABLE,
            "could not be read: timeout",
        ),
        ({"fetched": 0, "failed": 4, "robots_denied": 1, "reason": "http 403"}, Problem.UNFETCHABLE, "none of 5 pages"),
        ({"discovered": 0, "items": 0}, Problem.EMPTY, "it named 20 items before"),
        ({"discovered": 3, "items": 1}, Problem.SHORT, "names 3 items; it named 20 before"),
        ({"sampled": 10, "texts": 1}, Problem.NO_TEXT, "1 of 10 pages"),
        ({"items": 300}, Problem.FLOOD, "330 new items, expected at most 100 a week"),
    ],
)
def test_bad_deliveries(numbers: dict[str, Any], problem: Problem, said: str) -> None:
    judged = judge(brought(0, **numbers), WEEKS, LEDGER)
    assert judged is not None
    assert judged[0] == problem
    assert said in judged[1]


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"listings_read": 0, "listings_unchanged": 1, "discovered": 0, "items": 0, "fetched": 0},
        {"listings_read": 1, "listings_failed": 1, "reason": "timeout"},  # a part of an index
        {"discovered": 4, "items": 0, "fetched": 0},
        {"fetched": 1, "failed": 9},
        {"fetched": 0, "failed": 4},
        {"sampled": 4, "texts": 0},
        {"items": 270},
    ],
)
def test_good_deliveries(numbers: dict[str, Any]) -> None:
    assert judge(brought(0, **numbers), WEEKS, LEDGER) is None


def test_a_first_delivery_is_a_backlog() -> None:
    assert judge(brought(0, items=5000), [], LEDGER) is None
    assert judge(brought(0, discovered=0, items=0), [], LEDGER) is None


def test_a_listing_that_is_sometimes_empty_may_be() -> None:
    assert judge(brought(0, discovered=0), [*WEEKS, brought(-1, discovered=0)], LEDGER) is None


def test_a_search_may_find_nothing() -> None:
    search = LEDGER.model_copy(update={"kind": "gdelt"})
    assert judge(brought(0, discovered=0), WEEKS, search) is None


def test_after_a_pause_more_may_come() -> None:
    assert judge(brought(21, items=600), WEEKS, LEDGER) is None


def test_bad_deliveries_are_no_measure_for_later_ones() -> None:
    bad = [brought(-1, discovered=0, problem=Problem.EMPTY)]
    judged = judge(brought(0, discovered=0), [*WEEKS, *bad], LEDGER)
    assert judged is not None
    assert judge(brought(0, discovered=0), [*WEEKS, replace(bad[0], decision=Decision.PASSED)], LEDGER) is not None
    assert judge(brought(0, discovered=0), [*WEEKS, replace(bad[0], decision=Decision.LET_IN)], LEDGER) is None


@pytest.mark.parametrize(
    ("history", "state", "said"),
    [
        ([], State.NEVER_RUN, "no run has asked it"),
        (WEEKS[-3:], State.OK, "too short to count a week"),
        (WEEKS, State.OK, "35 items in the week to 2026-05-03"),
        (
            [*WEEKS[:7], brought(0, items=9)],
            State.TOO_LITTLE,
            "9 items in the week to 2026-05-04, expected at least 10",
        ),
        ([*WEEKS, brought(0, items=90)], State.TOO_MUCH, "expected at most 100"),
        ([*WEEKS, brought(0, problem=Problem.UNREADABLE, why="timeout")], State.FAILING, "timeout"),
        ([*WEEKS, brought(0, problem=Problem.SHORT, why="three items")], State.SET_ASIDE, "three items"),
        ([*WEEKS, brought(0, problem=Problem.SHORT, decision=Decision.LET_IN)], State.OK, "35 items"),
        ([*WEEKS, brought(-1, problem=Problem.SHORT), brought(0)], State.OK, "items in the week"),
    ],
)
def test_how_a_source_stands(history: list[Delivery], state: State, said: str) -> None:
    stands = verdict(LEDGER, history)
    assert stands.state == state
    assert said in stands.why
    assert stands.passes == (state in (State.OK, State.NEVER_RUN))


def test_a_source_that_may_be_quiet_passes() -> None:
    quiet = LEDGER.model_copy(update={"expected_min_per_week": 0})
    stands = verdict(quiet, [brought(-14), brought(0, items=0)])
    assert (stands.state, stands.passes, stands.last_success) == (State.QUIET, True, NOON)


def test_what_is_kept_out_stays_aside() -> None:
    held = brought(0, problem=Problem.FLOOD)
    assert held.is_aside
    assert replace(held, decision=Decision.KEPT_OUT).is_aside
    assert not replace(held, decision=Decision.LET_IN).is_aside
    assert not replace(held, decision=Decision.PASSED).is_aside
    assert not brought(0, problem=Problem.UNREADABLE).is_aside
    assert {Problem.UNREADABLE, Problem.UNFETCHABLE}.isdisjoint(ASIDE)
