"""The kinds of source beside feeds and sitemaps, in one crawl."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.archive import WarcWriter

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scrapers.conftest import Answer, Crawler, Hit, Web

CC, MONTH = "http://crawl.example/crawl-data/CC-NEWS/", datetime.now(UTC).strftime("%Y/%m")
CC_FILE = f"crawl-data/CC-NEWS/{MONTH}/CC-NEWS-1.warc.gz"
DEAD, COPY = "http://dead.example/1", "http://archive.example/web/20260505000000id_/http://dead.example/1"
SPANS: list[tuple[str, str]] = []


@pytest.fixture(scope="module", autouse=True)
def numbers(shared_web: Web, shared_crawler: Crawler, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of the second of two crawls; the first one's under `first`."""
    web = shared_web
    for number in range(2):
        links = f'<a href="/about">About</a><h2><a href="/s/{number}">Story {number}</a></h2>'
        body = f'{links}<a class=next href="/2">on</a>'
        web.serve(f"http://room.example/{number + 1}", body.encode(), Content_Type="text/html")
        web.page(f"http://room.example/s/{number}")
    web.pages["http://gdelt.example/doc?"] = lambda hit: gdelt(web, hit)
    web.page("http://told.example/1")
    web.serve("http://curt.example/doc?", b"Your query was too short.")
    web.page(COPY, "the copy")
    closest = {"available": True, "status": "200", "url": COPY.replace("id_", "")}
    web.serve("http://archive.example/available?", json.dumps({"archived_snapshots": {"closest": closest}}).encode())
    data = warc(
        tmp_path_factory.mktemp("cc"), {"http://a.example/1": b"on Face ID", "http://a.example/2": b"on football"}
    )
    web.serve(f"{CC}{MONTH}/warc.paths.gz", gzip.compress(CC_FILE.encode()))
    web.pages[f"http://crawl.example/{CC_FILE}"] = lambda hit: part_of(web, data, hit)
    sources = [
        {"id": "room", "kind": "listing", "url": "http://room.example/1", "links": "h2", "next": "a.next", "pages": 5},
        {"id": "bare", "kind": "listing", "url": web.page("http://bare.example/"), "links": "h2 a"},
        {"id": "gdelt", "kind": "gdelt", "url": "http://gdelt.example/doc?query=x", "delay": 0},
        {"id": "curt", "kind": "gdelt", "url": "http://curt.example/doc?query=x", "delay": 0},
        {"id": "dead", "kind": "feed", "url": web.feed("http://dead.example/feed", DEAD)},
        {"id": "rescue", "kind": "wayback", "url": "http://archive.example/available", "delay": 0},
        {"id": "cc", "kind": "ccnews", "url": CC, "match": ["face id"], "delay": 0},
    ]
    first = shared_crawler.run(sources)
    return shared_crawler.run(sources) | {"first": first}


def test_a_listing_is_turned_page_by_page(shared_crawler: Crawler) -> None:
    pages = {page["url"]: page["discovered-title"] for page in shared_crawler.pages("room")}
    assert pages == {f"http://room.example/s/{number}": [f"Story {number}"] for number in range(2)}


def test_a_listing_without_links_is_a_failure(numbers: dict[str, Any]) -> None:
    assert numbers["first"]["failures"]["http://bare.example/"] == "nothing matches 'h2 a'"


def test_gdelt_is_asked_for_shorter_spans_until_all_is_told(shared_crawler: Crawler) -> None:
    whole, first, second, later = SPANS
    assert (first[0], first[1], second[1]) == (whole[0], second[0], whole[1])
    assert later[0] == whole[1]
    (page,) = shared_crawler.pages("gdelt")
    assert (page["discovered-title"], page["discovered-date"]) == (["A title"], ["20260504T101500Z"])


def test_a_complaint_by_gdelt_is_a_failure(numbers: dict[str, Any]) -> None:
    assert numbers["first"]["curt"]["failed"] == {"no article list: 'Your query was too short.'": 1}


def test_a_dead_page_is_fetched_from_the_internet_archive(shared_web: Web, shared_crawler: Crawler) -> None:
    (page,) = shared_crawler.pages("rescue")
    assert (page["url"], page["archived-copy-of"], page["source"]) == (COPY, [DEAD], ["dead"])
    (asked,) = (hit.url for hit in shared_web.hits if "/available?" in hit.url)
    assert parse_qs(urlsplit(asked).query) == {"url": [DEAD], "timestamp": ["20260504"]}


def test_ccnews_is_read_in_parts_and_only_once(shared_crawler: Crawler, numbers: dict[str, Any]) -> None:
    (page,) = shared_crawler.pages("cc")
    assert (page["url"], page["body"]) == ("http://a.example/1", b"on Face ID")
    assert page["discovered-from"][0].startswith(f"http://crawl.example/{CC_FILE}#")
    assert (numbers["first"]["cc"]["fetched"], numbers["cc"]["fetched"]) == (1, 0)


def gdelt(web: Web, hit: Hit) -> Answer:
    """Too much for a whole day, one article for less."""
    query = parse_qs(urlsplit(hit.url).query)
    begin, end = query["startdatetime"][0], query["enddatetime"][0]
    SPANS.append((begin, end))
    count = 250 if len(SPANS) == 1 else 1
    article = {"url": "http://told.example/1", "title": "A\ttitle", "seendate": "20260504T101500Z"}
    return web.answer(json.dumps({"articles": [article] * count}).encode(), Content_Type="application/json")


def warc(folder: Path, pages: dict[str, bytes]) -> bytes:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    writer = WarcWriter(folder, "cc", lambda: noon)
    for url, body in pages.items():
        writer.write_page(url, 200, [], [("Content-Type", "text/html")], body, noon, {"n": "1"})
    writer.close()
    return writer.files[0].read_bytes()


def part_of(web: Web, data: bytes, hit: Hit) -> Answer:
    first, last = hit.headers["Range"].removeprefix("bytes=").split("-")
    part = data[int(first) : int(last) + 1]
    return web.answer(part, 206, Content_Range=f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
