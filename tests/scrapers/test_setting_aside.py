"""A source that answers with a wall for a day: the stage as the pipeline runs it, against a small web."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import yaml

from incidents import partitions, stages
from incidents.crawling import Crawl

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scrapers.conftest import Web

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOST = "http://ledger.example"
WALL = "Please switch on the scripts of your browser and agree to what our partners do. " * 3
TEXT = "</p><p>".join(f"The council asked for {number} reports on what the cameras had seen." for number in range(9))
ENTRY = {
    "id": "ledger",
    "kind": "feed",
    "url": f"{HOST}/feed",
    "publisher": "Ledger",
    "country": "CA",
    "language": "en",
    "licence": "ours",
    "terms": "ours",
    "why": "a test",
    "seen_in": "here",
    "expected_min_per_week": 0,
    "expected_max_per_week": 50,
    "group": "local_news",
}


def test_a_wall_is_set_aside_and_the_pages_behind_it_come_back(web: Web, tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump({"sources": [ENTRY]}))
    data = tmp_path / "data"

    def collect(day: int) -> stages.Outcome:
        crawl = Crawl(tmp_path / "sources.yaml", connect_to=f".example=127.0.0.1:{web.port}", delay=0)
        return stages.collect(data, "local_news", crawl, (), NOON + timedelta(days=day))

    def files() -> int:
        return sum(len(found) for found in partitions.archived(data).values())

    first = [web.page(f"{HOST}/0/{number}", f"{TEXT} Item {number}.") for number in range(6)]
    web.feed(f"{HOST}/feed", *first)
    good = collect(0)
    assert good.details["sources"][0]["state"] == "ok"

    second = [web.page(f"{HOST}/1/{number}", WALL) for number in range(6)]
    web.feed(f"{HOST}/feed", *first, *second)
    bad = collect(1)
    assert (bad.counts["fetched"], bad.counts["sources_set_aside"]) == (6, 1)
    assert "1 of 6 pages looked at have a text of their own" in bad.details["sources"][0]["why"]
    assert files() == 1

    for number, page in enumerate(second):
        web.page(page, f"{TEXT} Item {number} of the second day.")
    again = collect(2)
    assert again.details["sources"][0]["passes"]
    assert again.counts["fetched"] == 6
    assert files() == 2
    assert [web.asked(page) for page in first + second] == [1] * 6 + [2] * 6
