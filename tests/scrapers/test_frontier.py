"""What the frontier remembers, with a clock of its own."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scrapers.frontier import Discovered, Fetched, Frontier, Item

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOME = "http://ledger.example/feed"
STORY = "http://ledger.example/story"


@pytest.fixture
def frontier(tmp_path: Path) -> Frontier:
    return Frontier(tmp_path / "frontier.sqlite")


def see(frontier: Frontier, *items: Item, source: str = "ledger", home: str = HOME) -> Discovered:
    return frontier.discovered(source, home, home, items, NOON)


def due(frontier: Frontier, at: datetime = NOON, since: date | None = None, until: date | None = None) -> list[str]:
    return [page.key for page in frontier.due(["ledger", "other"], since, until, at)]


def test_twins_are_one_page_and_the_own_site_says_its_title(frontier: Frontier) -> None:
    see(frontier, Item(f"{STORY}?utm_source=x", "Theirs"), source="other", home="http://other.example/feed")
    assert see(frontier, Item(STORY, "Ours", "today")) == Discovered(new=0, items=1)
    assert see(frontier, Item(STORY, "Ours", "today")) == Discovered(new=0, items=0)
    (page,) = frontier.due(["ledger", "other"], None, None, NOON)
    assert (page.key, page.source, page.title, page.date) == (STORY, "ledger", "Ours", "today")
    assert page.urls == (STORY, f"{STORY}?utm_source=x")


def test_the_newest_pages_come_first_and_undated_ones_last(frontier: Frontier) -> None:
    see(frontier, *(Item(f"{STORY}{day}", published=NOON.replace(day=day) if day else None) for day in (2, 0, 3)))
    assert due(frontier) == [f"{STORY}3", f"{STORY}2", f"{STORY}0"]
    assert due(frontier, since=date(2026, 5, 3)) == [f"{STORY}3", f"{STORY}0"]
    assert due(frontier, since=date(2026, 5, 2), until=date(2026, 5, 2)) == [f"{STORY}2"]


def test_a_failing_page_is_tried_ever_more_seldom_and_given_up_in_the_end(frontier: Frontier) -> None:
    see(frontier, Item(STORY))
    waits, now = [], NOON
    while frontier.state(STORY) == "waiting":
        frontier.failed(STORY, "timeout", False, now)
        wait = next((hours for hours in range(100) if due(frontier, now + timedelta(hours=hours))), None)
        waits.append(wait)
        now += timedelta(hours=wait or 0)
    assert waits == [0, 1, 4, 16, 72, None]


def test_a_watched_page_is_looked_at_on_a_decaying_schedule(frontier: Frontier) -> None:
    see(frontier, Item(STORY))
    fetched = Fetched((STORY,), STORY, "sha1:A", '"1"')
    frontier.fetched(fetched, NOON)
    assert frontier.watch([STORY, STORY]) == 1
    days, now = [], NOON
    while wait := next((d for d in range(100) if due(frontier, now + timedelta(days=d))), None):
        days.append(wait)
        now += timedelta(days=wait)
        frontier.fetched(fetched, now)
    assert days == [1, 3, 7, 30, 90]


def test_every_other_look_is_unconditional(frontier: Frontier) -> None:
    see(frontier, Item(STORY))
    fetched, etags = Fetched((STORY,), STORY, "sha1:A", '"1"'), []
    frontier.fetched(fetched, NOON)
    frontier.watch([STORY])
    for _ in range(3):
        (page,) = frontier.due(["ledger"], None, None, NOON + timedelta(days=90))
        etags.append(page.etag)
        frontier.fetched(fetched, NOON)
    assert etags == ['"1"', "", '"1"']


def test_a_feed_is_polled_often_when_it_brings_news(frontier: Frontier) -> None:
    listings, waits = frontier.listings, []
    for new in (3, 0, 0, 1):
        listings.read("ledger", HOME, '"1"', "", new, NOON)
        waits.append(next(m for m in range(0, 3000, 5) if listings.due(HOME, NOON + timedelta(minutes=m))))
    assert waits == [30, 45, 70, 35]  # minutes, in steps of five


def test_a_feed_that_never_changes_is_asked_unconditionally_now_and_then(frontier: Frontier) -> None:
    frontier.listings.read("ledger", HOME, '"1"', "Mon", 0, NOON)
    asked = []
    for _ in range(10):
        asked.append(any(frontier.listings.validators(HOME)))
        frontier.listings.unchanged(HOME, NOON)
    assert asked == [True] * 8 + [False] * 2


def test_a_page_that_robots_txt_forbids_is_asked_again_after_a_week(frontier: Frontier) -> None:
    see(frontier, Item(STORY))
    frontier.denied(STORY, NOON)
    assert due(frontier, NOON + timedelta(days=6)) == []
    assert due(frontier, NOON + timedelta(days=7)) == [STORY]


def test_a_sites_day_ends_at_midnight(frontier: Frontier) -> None:
    for _ in range(2):
        frontier.sites.spend("ledger.example", "2026-05-04", 100)
    state = frontier.sites.state("ledger.example", "2026-05-04")
    assert (state.requests, state.bytes) == (2, 200)
    frontier.sites.spend("ledger.example", "2026-05-05", 5)
    assert frontier.sites.state("ledger.example", "2026-05-05").bytes == 5


def test_a_useless_page_is_tried_again_as_if_it_had_failed(frontier: Frontier) -> None:
    see(frontier, Item(STORY), Item(f"{STORY}2"))
    frontier.fetched(Fetched((STORY,), STORY, "sha1:A", '"1"'), NOON)
    frontier.useless([STORY, f"{STORY}2"], "no text", NOON)
    (page, _) = frontier.due(["ledger"], None, None, NOON)
    assert (page.key, page.etag, page.digest) == (STORY, "", "")
    frontier.useless([STORY], "no text", NOON)
    assert frontier.state(STORY) == "waiting"
