"""One crawl of a small web: what is fetched, kept and reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.scrapers.conftest import Crawler, Web

NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>http://map.example/story</loc><news:news><news:publication_date>2026-05-04T09:00:00+02:00</news:publication_date>
<news:title>A title &amp; more</news:title></news:news></url></urlset>"""
INDEX = "<sitemapindex><sitemap><loc>http://map.example/news.xml</loc></sitemap></sitemapindex>"
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss version="2.0">&b;</rss>'
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Atom</title><link href="http://dated.example/old"/>
<updated>2024-01-02T00:00:00Z</updated></entry><entry><title>Atom</title><link href="http://dated.example/new"/>
<updated>2025-01-02T00:00:00Z</updated></entry></feed>"""


@pytest.fixture(scope="module", autouse=True)
def numbers(shared_web: Web, shared_crawler: Crawler) -> dict[str, Any]:
    """The report of the crawl."""
    web, sources = shared_web, []

    def add(name: str, url: str, kind: str = "feed", **more: Any) -> None:
        sources.append({"id": name, "kind": kind, "url": url, **more})

    add("plain", web.feed("http://plain.example/feed", web.page("http://plain.example/1", "a story"), "/gone"))
    web.page("http://map.example/story")
    web.serve("http://map.example/news.xml", NEWS_SITEMAP.encode())
    add("map", web.serve("http://map.example/index.xml", INDEX.encode()), "sitemap")
    web.serve("http://closed.example/robots.txt", b"User-agent: facial-recognition-incidents\nDisallow: /private/")
    closed = [web.page(f"http://closed.example/{path}") for path in ("private/1", "open/1")]
    add("closed", web.feed("http://closed.example/feed", *closed))
    web.serve("http://down.example/robots.txt", status=500)
    add("down", web.feed("http://down.example/feed", "/1"))
    web.serve("http://moved.example/old", status=301, Location="/middle")
    web.serve("http://moved.example/middle", status=302, Location=web.page("http://target.example/new"))
    add("moved", web.feed("http://moved.example/feed", "/old?utm_source=rss"))
    slow = web.page("http://slow.example/1", seconds=0.3)
    add("slow", web.feed("http://slow.example/feed", slow))
    add(
        "to-slow",
        web.feed("http://to-slow.example/feed", web.serve("http://to-slow.example/1", status=301, Location=slow)),
    )
    twin = web.page("http://twins.example/new")
    web.serve("http://twins.example/old", status=301, Location=twin)
    add("twins", web.feed("http://twins.example/feed", twin, "/old", f"{twin}?fbclid=7"))
    web.page("http://dated.example/old"), web.page("http://dated.example/new")
    add("dated", web.serve("http://dated.example/atom", ATOM))
    outside = web.serve("http://outside.example/1", status=302, Location="http://elsewhere.invalid/")
    add("outside", web.feed("http://outside.example/feed", outside))
    add("broken", web.page("http://broken.example/feed", "no feed"))
    add("laughs", web.serve("http://laughs.example/feed", LAUGHS))
    add("off", "http://off.example/feed", enabled=False)
    return shared_crawler.run(sources, "--since", "2025-01-01")


def test_a_page_is_kept_with_what_its_feed_says(shared_crawler: Crawler) -> None:
    (page,) = shared_crawler.pages("plain")
    assert b"a story" in page["body"]
    assert (page["source"], page["discovered-from"]) == (["plain"], ["http://plain.example/feed"])
    assert page["discovered-title"] == ["About http://plain.example/1"]
    assert page["discovered-date"] == ["Mon, 04 May 2026 10:00:00 GMT"]
    assert page["requested-url"] == ["http://plain.example/1"]


def test_every_source_is_counted(numbers: dict[str, Any]) -> None:
    counts = numbers["plain"]
    assert (counts["discovered"], counts["new"], counts["fetched"], counts["not_modified"]) == (2, 2, 1, 0)
    assert (counts["failed"], counts["robots_denied"]) == ({"http 404": 1}, 0)
    assert numbers["failures"]["http://plain.example/gone"] == "http 404"
    assert "off" not in numbers


def test_a_sitemap_index_leads_to_titles_and_dates(shared_crawler: Crawler) -> None:
    (page,) = shared_crawler.pages("map")
    assert page["discovered-title"] == ["A title & more"]
    assert page["discovered-date"] == ["2026-05-04T09:00:00+02:00"]
    assert page["discovered-from"] == ["http://map.example/news.xml"]


def test_robots_txt_is_obeyed(shared_web: Web, numbers: dict[str, Any]) -> None:
    assert (numbers["closed"]["robots_denied"], numbers["closed"]["fetched"]) == (1, 1)
    assert numbers["failures"]["http://closed.example/private/1"] == "robots.txt"
    assert shared_web.asked("http://closed.example/private/1") == 0


def test_nothing_is_fetched_while_robots_txt_cannot_be_read(shared_web: Web, numbers: dict[str, Any]) -> None:
    assert numbers["failures"]["http://down.example/feed"] == "robots.txt unreachable"
    assert shared_web.asked("http://down.example/feed") == 0


def test_the_chain_of_redirects_is_kept(shared_crawler: Crawler) -> None:
    (page,) = shared_crawler.pages("moved")
    assert page["url"] == "http://target.example/new"
    assert page["requested-url"] == ["http://moved.example/old?utm_source=rss"]
    assert page["redirect-chain"] == ["http://moved.example/old", "http://moved.example/middle"]


def test_twins_are_fetched_once_and_all_addresses_kept(shared_web: Web, shared_crawler: Crawler) -> None:
    page, note = sorted(shared_crawler.pages("twins"), key=lambda page: "body" not in page)
    assert shared_web.asked("http://twins.example/new") == 1
    assert page["requested-url"] == ["http://twins.example/new", "http://twins.example/new?fbclid=7"]
    assert (note["target"], note["redirect-chain"]) == ("http://twins.example/new", ["http://twins.example/old"])


def test_a_page_that_another_site_redirects_to_is_fetched_once(shared_web: Web, shared_crawler: Crawler) -> None:
    assert shared_web.asked("http://slow.example/1") == 1
    both = shared_crawler.pages("slow") + shared_crawler.pages("to-slow")
    assert [page["target"] for page in both if "body" in page] == ["http://slow.example/1"]
    assert ["http://to-slow.example/1"] in [page.get("redirect-chain") for page in both]


def test_since_leaves_older_pages_for_another_time(shared_crawler: Crawler, numbers: dict[str, Any]) -> None:
    assert [page["url"] for page in shared_crawler.pages("dated")] == ["http://dated.example/new"]
    assert numbers["dated"]["discovered"] == 2


def test_without_a_contact_nothing_outside_is_asked(numbers: dict[str, Any]) -> None:
    assert numbers["failures"]["http://outside.example/1"] == "outside --connect-to"


def test_a_bad_source_leaves_the_others_alone(numbers: dict[str, Any]) -> None:
    assert numbers["broken"]["failed"] == {"not a feed": 1}
    assert numbers["laughs"]["failed"] == {"XML entities": 1}
