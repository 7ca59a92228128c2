"""A crawl that is killed at any moment goes on where it stopped."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.scrapers.conftest import Crawler, Web

HOSTS, PAGES = 5, 12


def test_nothing_is_lost_and_nothing_kept_twice(web: Web, crawler: Crawler) -> None:
    sources = []
    for host in (f"http://paper-{number}.example" for number in range(HOSTS)):
        pages = [web.page(f"{host}/{number}", "x" * 20_000, seconds=0.03) for number in range(PAGES)]
        sources.append({"id": host[7:14], "kind": "feed", "url": web.feed(f"{host}/feed.xml", *pages)})
    stories = [url for url in web.pages if not url.endswith(".xml")]

    kills = 0
    for share in (0.1, 0.4, 0.8):
        kills += kill_when(crawler, sources, lambda share=share: sum(map(web.asked, stories)) > share * len(stories))
    crawler.run(sources)

    assert sorted(page["url"] for page in crawler.pages()) == sorted(stories)
    assert list(crawler.folder.glob("archive/**/*.open")) == []
    assert sum(map(web.asked, stories)) <= len(stories) + kills * HOSTS  # one request a site was under way


def kill_when(crawler: Crawler, sources: list[dict[str, object]], moment: object) -> int:
    process = subprocess.Popen(crawler.command(sources))
    while not moment() and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.wait()
    return 1


def test_a_crawl_that_is_asked_to_stop_ends_in_order(web: Web, crawler: Crawler) -> None:
    pages = [web.page(f"http://paper.example/{number}", seconds=0.05) for number in range(100)]
    sources = [{"id": "paper", "kind": "feed", "url": web.feed("http://paper.example/feed", *pages)}]
    process = subprocess.Popen(crawler.command(sources), stderr=subprocess.PIPE, text=True)
    while len(web.hits) < 10:
        time.sleep(0.005)
    process.terminate()
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (1, "")
    assert crawler.report()["paper"]["fetched"] == len(crawler.pages()) < 100
    assert list(crawler.folder.glob("archive/**/*.open")) == []


def test_a_crawl_that_cannot_write_stops_and_says_so(web: Web, crawler: Crawler) -> None:
    sources = [
        {
            "id": "paper",
            "kind": "feed",
            "url": web.feed("http://paper.example/feed", web.page("http://paper.example/1")),
        }
    ]
    command = crawler.command(sources)
    (crawler.folder / "archive").mkdir()
    (crawler.folder / "archive" / "paper").touch()  # where the folder would be
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert done.stderr.startswith("scrapers: nothing more can be kept: ")
    assert done.stderr.count("\n") == 1
