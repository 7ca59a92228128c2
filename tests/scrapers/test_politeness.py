"""What a site's own log shows of the crawler."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.scrapers.conftest import Answer, Crawler, Hit, Web

SLOW, BUSY, AWAY, SMALL = (f"http://{name}.example" for name in ("slow", "busy", "away", "small"))


@pytest.fixture(scope="module", autouse=True)
def numbers(shared_web: Web, shared_crawler: Crawler) -> dict[str, Any]:
    """The report of one crawl of four sites with wishes of their own."""
    web = shared_web

    def busy_once(hit: Hit) -> Answer:
        return web.answer(status=503, Retry_After="2") if web.asked(hit.url) == 1 else web.answer(b"<p>here</p>")

    web.serve(f"{SLOW}/robots.txt", b"User-agent: *\nCrawl-delay: 0.4")
    slow = [web.page(f"{SLOW}/{number}", headers={"Set-Cookie": "id=7"}) for number in range(3)]
    web.pages[f"{BUSY}/1"] = busy_once
    in_hours = (datetime.now(UTC) + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    web.serve(f"{AWAY}/1", status=429, Retry_After=in_hours)
    small = [web.page(f"{SMALL}/{number}") for number in range(5)]
    return shared_crawler.run(
        [
            {"id": "slow", "kind": "feed", "url": web.feed(f"{SLOW}/feed", *slow)},
            {"id": "slow-too", "kind": "feed", "url": web.feed("http://www.slow.example/feed", *slow)},
            {"id": "busy", "kind": "feed", "url": web.feed(f"{BUSY}/feed", f"{BUSY}/1", web.page(f"{BUSY}/2"))},
            {"id": "away", "kind": "feed", "url": web.feed(f"{AWAY}/feed", f"{AWAY}/1", f"{AWAY}/2")},
            {"id": "small", "kind": "feed", "url": web.feed(f"{SMALL}/feed", *small), "budget": 4},
        ],
        *("--contact", "desk@newsroom.example"),
    )


def test_one_request_at_a_time_and_the_crawl_delay_between_them(shared_web: Web, numbers: dict[str, Any]) -> None:
    assert min(shared_web.pauses("slow.example")) >= 0.4
    assert numbers["slow"]["fetched"] == 3


def test_a_busy_site_is_asked_again_when_it_said(shared_web: Web, numbers: dict[str, Any]) -> None:
    first, second = (hit for hit in shared_web.hits if hit.url == f"{BUSY}/1")
    assert second.began - first.ended >= 2
    assert not [hit for hit in shared_web.hits if BUSY in hit.url and first.ended < hit.began < first.ended + 2]
    assert numbers["busy"]["fetched"] == 2


def test_a_site_that_asks_for_hours_is_left_to_a_later_run(
    shared_web: Web, shared_crawler: Crawler, numbers: dict[str, Any]
) -> None:
    assert numbers["away"]["failed"] == {"site asked to wait": 2}
    asked = len(shared_web.hits)
    assert shared_crawler.crawl(f"{AWAY}/feed")["failures"] == {f"{AWAY}/feed": "site asked to wait"}
    assert len(shared_web.hits) == asked


def test_a_site_costs_no_more_than_its_day_budget(shared_web: Web, numbers: dict[str, Any]) -> None:
    assert numbers["small"]["failed"] == {"day budget spent": 3}
    assert sum(SMALL in hit.url for hit in shared_web.hits) == 4  # robots.txt, the feed and two pages


def test_the_user_agent_names_a_contact_and_no_cookie_is_kept(shared_web: Web) -> None:
    agents = {hit.headers["User-Agent"] for hit in shared_web.hits if "slow" in hit.url}
    assert len(agents) == 1
    assert agents.pop().startswith("facial-recognition-incidents/")
    assert all("(+desk@newsroom.example)" in hit.headers["User-Agent"] for hit in shared_web.hits if SLOW in hit.url)
    assert not any("Cookie" in hit.headers for hit in shared_web.hits)
