"""What later runs do: nothing twice, everything new, changes and further addresses."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from scrapers.frontier import Frontier

if TYPE_CHECKING:
    from tests.scrapers.conftest import Answer, Crawler, Hit, Web

HOST = "http://ledger.example"


def test_a_second_run_fetches_only_what_is_new(web: Web, crawler: Crawler) -> None:
    first, second = web.page(f"{HOST}/1"), web.page(f"{HOST}/2")
    feed = web.feed(f"{HOST}/feed", first, ETag='"one"')
    crawler.crawl(feed)
    assert crawler.crawl(feed)["news"]["listings_unchanged"] == 1
    web.feed(feed, f"{first}?utm_medium=social", second, ETag='"two"')
    assert crawler.crawl(feed)["news"]["new"] == 1
    assert (web.asked(first), web.asked(second)) == (1, 1)
    *pages, note = sorted(crawler.pages(), key=lambda page: "body" not in page)
    assert [page["url"] for page in pages] == [first, second]
    assert (note["target"], note["requested-url"]) == (first, [f"{first}?utm_medium=social"])


def test_an_index_of_sitemaps_is_polled_as_often_as_its_parts_bring_news(web: Web, crawler: Crawler) -> None:
    part = web.serve(f"{HOST}/part.xml", f"<urlset><url><loc>{web.page(f'{HOST}/1')}</loc></url></urlset>".encode())
    index = web.serve(
        f"{HOST}/index.xml", f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>".encode()
    )
    counts = crawler.crawl(index, "sitemap")["news"]
    assert (counts["listings_read"], counts["discovered"]) == (1, 1)
    with sqlite3.connect(crawler.folder / "frontier.sqlite") as db:
        intervals = dict(db.execute("SELECT url, interval_s FROM listings"))
    assert intervals == {index: 1800, part: 1800}


def test_a_day_that_is_over_is_collected_alone(web: Web, crawler: Crawler) -> None:
    today = datetime.now(UTC).date()
    over, asked = today - timedelta(days=5), []

    def gdelt(hit: Hit) -> Answer:
        asked.append(parse_qs(urlsplit(hit.url).query))
        dates = {over: "on", today: "later"}
        articles = [{"url": f"{HOST}/{page}", "seendate": f"{day:%Y%m%d}T101500Z"} for day, page in dates.items()]
        return web.answer(json.dumps({"articles": articles}).encode(), Content_Type="application/json")

    web.pages["http://gdelt.example/doc?"] = gdelt
    pages = {web.page(f"{HOST}/{page}") for page in ("on", "later")}
    searches = [{"id": "news", "kind": "gdelt", "url": "http://gdelt.example/doc?query=x", "delay": 0}]
    crawler.run(searches, "--since", f"{over}", "--until", f"{over}")
    assert {page["url"] for page in crawler.pages()} == {f"{HOST}/on"}
    crawler.run(searches)
    assert {page["url"] for page in crawler.pages()} == pages
    spans = [(query["startdatetime"][0][:8], query["enddatetime"][0][:8]) for query in asked]
    assert spans[0] == (f"{over:%Y%m%d}", f"{over + timedelta(days=1):%Y%m%d}")
    assert spans[1][0] >= f"{today - timedelta(days=2):%Y%m%d}"  # what comes next begins where it would have begun


def test_a_search_that_is_asked_too_fast_is_asked_again_when_it_says(web: Web, crawler: Crawler) -> None:
    def busy_once(hit: Hit) -> Answer:
        if len(web.hits) == 2:  # after robots.txt
            return web.answer(b"Please limit requests", 429, Retry_After="1")
        return web.answer(b'{"articles": []}', Content_Type="application/json")

    web.pages["http://gdelt.example/doc?"] = busy_once
    counts = crawler.crawl("http://gdelt.example/doc?query=x", "gdelt", delay=0)["news"]
    assert (counts["listings_read"], counts["listings_failed"]) == (1, 0)
    assert counts["last_success"]
    assert web.pauses("gdelt.example")[1] >= 1


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
