"""What later runs do: nothing twice, everything new, changes and further addresses."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from scrapers.frontier import Frontier

if TYPE_CHECKING:
    from tests.scrapers.conftest import Crawler, Web

HOST = "http://ledger.example"


def test_a_second_run_fetches_only_what_is_new(web: Web, crawler: Crawler) -> None:
    first, second = web.page(f"{HOST}/1"), web.page(f"{HOST}/2")
    feed = web.feed(f"{HOST}/feed", first, ETag='"one"')
    crawler.crawl(feed)
    assert crawler.crawl(feed)["news"]["not_modified"] == 1
    web.feed(feed, f"{first}?utm_medium=social", second, ETag='"two"')
    assert crawler.crawl(feed)["news"]["new"] == 1
    assert (web.asked(first), web.asked(second)) == (1, 1)
    *pages, note = sorted(crawler.pages(), key=lambda page: "body" not in page)
    assert [page["url"] for page in pages] == [first, second]
    assert (note["target"], note["requested-url"]) == (first, [f"{first}?utm_medium=social"])


def test_a_watched_page_is_looked_at_again_and_its_changes_are_kept(web: Web, crawler: Crawler) -> None:
    story, steady = web.page(f"{HOST}/1", "first", headers={"ETag": "1"}), web.page(f"{HOST}/2", headers={"ETag": "1"})
    feed = web.feed(f"{HOST}/feed", web.serve(f"{HOST}/moved", status=301, Location=story), steady)
    crawler.crawl(feed)
    path = crawler.folder / "frontier.sqlite"
    assert Frontier(path).watch([story, steady, f"{HOST}/unknown"]) == 2
    with sqlite3.connect(path) as db:
        db.execute("UPDATE pages SET next_at = '2026-01-01T00:00:00Z'")  # as if days had passed
    web.page(story, "second", headers={"ETag": "2"})
    counts = crawler.crawl(feed)["news"]
    assert (counts["fetched"], counts["not_modified"]) == (1, 1)
    assert sorted(page["body"][15:-18] for page in crawler.pages() if page["url"] == story) == [b"first", b"second"]
    assert [hit.headers.get("If-None-Match") for hit in web.hits if hit.url == story] == [None, "1"]
