"""What robots.txt may say, and how it may fail, in one crawl of a host for each case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.scrapers.conftest import Crawler, Web

OURS = b"User-agent: Facial-Recognition-Incidents\n"
# name of the host: its robots.txt, and which of /open/1 and /closed/1 may be fetched
RULES: dict[str, tuple[bytes, set[str]]] = {
    "star": (b"User-agent: *\nDisallow: /closed", {"open"}),
    "mark": (b"\xef\xbb\xbfUser-agent: *\nDisallow: /closed", {"open"}),
    "own": (b"User-agent: *\nDisallow: /\n\n" + OURS + b"Disallow: /closed", {"open"}),
    "twice": (OURS + b"Disallow: /x\n\nUser-agent: *\nDisallow: /\n\n" + OURS + b"Disallow: /closed", {"open"}),
    "allow": (b"User-agent: *\nDisallow: /\nAllow: /open/\nAllow: /feed", {"open"}),
    "pattern": (b"User-agent: *\nDisallow: /*osed/*$", {"open"}),
    "all": (b"User-agent: *\nDisallow: /closed\nDisallow: /open", set()),
    "empty": (b"", {"open", "closed"}),
    "html": (b"<html><body>Not found. User-agent: * Disallow: /</body></html>", {"open", "closed"}),
    "others": (b"User-agent: BadBot\nDisallow: /", {"open", "closed"}),
    "bytes": (b"\x00\xff\nUser-agent: *\nDisallow: /closed\n\xfe", {"open"}),
    "long": (b"# " + b"x" * 400_000 + b"\nUser-agent: *\nDisallow: /closed", {"open"}),
}


@pytest.fixture(scope="module", autouse=True)
def numbers(shared_web: Web, shared_crawler: Crawler) -> dict[str, Any]:
    """The report of the crawl."""
    web = shared_web
    for host, (rules, _) in RULES.items():
        web.serve(f"http://{host}.example/robots.txt", rules)
    web.serve("http://forbidden.example/robots.txt", status=403)
    web.serve("http://moved.example/robots.txt", status=301, Location="http://star.example/robots.txt")
    web.serve("http://circle.example/robots.txt", status=302, Location="/robots.txt")
    web.serve("http://broken.example/robots.txt", status=502)
    sources = []
    for host in (*RULES, "forbidden", "moved", "circle", "broken"):
        pages = [web.page(f"http://{host}.example/{path}/1") for path in ("open", "closed")]
        sources.append({"id": host, "kind": "feed", "url": web.feed(f"http://{host}.example/feed", *pages)})
    return shared_crawler.run(sources)


def fetched(web: Web, host: str) -> set[str]:
    return {path for path in ("open", "closed") if web.asked(f"http://{host}.example/{path}/1")}


@pytest.mark.parametrize("host", RULES)
def test_rules_are_obeyed(shared_web: Web, numbers: dict[str, Any], host: str) -> None:
    allowed = RULES[host][1]
    assert fetched(shared_web, host) == allowed
    assert numbers[host]["robots_denied"] == 2 - len(allowed)


def test_a_robots_txt_that_is_withheld_forbids_nothing(shared_web: Web) -> None:
    assert fetched(shared_web, "forbidden") == {"open", "closed"}


def test_a_robots_txt_that_moved_counts(shared_web: Web) -> None:
    assert fetched(shared_web, "moved") == {"open"}


@pytest.mark.parametrize("host", ["circle", "broken"])
def test_nothing_is_fetched_where_robots_txt_cannot_be_read(
    shared_web: Web, numbers: dict[str, Any], host: str
) -> None:
    assert fetched(shared_web, host) == set()
    assert f"http://{host}.example/feed" in numbers["failures"]
    assert numbers[host]["listings_failed"] == 1
