"""A site that is down or a network that fails: named by its reason, nothing is lost, the next crawl brings it all."""

import socket
import subprocess

import pytest

FEED, PAGES = "http://ledger.example/feed", [f"http://ledger.example/{number}" for number in range(4)]
LEDGER = [{"id": "ledger", "kind": "feed", "url": FEED, "enabled": True}]


def refused(web):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return "--connect-to", f".example=127.0.0.1:{free.getsockname()[1]}"


def unavailable(web):
    web.serve(FEED, status=503)
    return ()


def hanging(web):
    web.page(FEED, seconds=20)
    return "--timeout", "0.5"


def serve(web, *pages):
    web.feed(FEED, *(web.page(page) for page in pages))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (refused, "connection refused"),
        pytest.param(unavailable, "http 503", marks=pytest.mark.faults),  # it is asked again after a pause
        (hanging, "timeout"),
    ],
)
def test_a_site_that_is_down_is_named_and_fetched_when_it_is_back(web, crawler, fault, reason):
    serve(web, *PAGES[:2])
    assert crawler.run(LEDGER)["ledger"]["fetched"] == 2
    before = [page["url"] for page in crawler.pages()]

    report = crawler.run(LEDGER, *fault(web))
    assert report["ledger"]["failed"] == {reason: 1}
    assert report["failures"] == {FEED: reason}
    assert [page["url"] for page in crawler.pages()] == before

    serve(web, *PAGES)
    assert crawler.run(LEDGER)["ledger"]["fetched"] == 2
    assert sorted(page["url"] for page in crawler.pages()) == PAGES


def test_a_name_that_does_not_resolve_is_named(crawler):
    url = "http://ledger.invalid/feed"
    command = crawler.command([LEDGER[0] | {"url": url}])
    place = command.index("--connect-to")
    live = [*command[:place], "--contact", "desk@ledger.example", *command[place + 2 :]]
    assert subprocess.run(live, capture_output=True, text=True, timeout=60).returncode == 0
    assert crawler.report()["failures"] == {url: "dns"}
