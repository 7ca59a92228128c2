"""The history of sources in a data folder: what is set aside, what comes back, and the list."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from incidents import partitions, sources
from incidents.errors import UserError
from incidents.health import Decision, State
from scrapers.archive import WarcWriter
from scrapers.frontier import Fetched, Frontier, Item

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LISTED = Path(__file__).parents[1] / "data" / "sample" / "sources.yaml"
LEDGER = "sample-harbour-ledger"
STORY = """<p>The harbour police showed photograph {0} to a system that compares faces, the town council said.</p>
<p>Nobody was arrested, and the council wants to know who had allowed the search before it meets again in June.</p>"""
WALL = """<p>Please switch on the scripts of your browser, and let us know that you agree, before you read on.</p>
<p>Our readers pay for the work of our newsroom, so we ask everybody to subscribe or to accept our partners.</p>"""


def crawled(data_dir: Path, day: int, body: str = STORY, pages: int = 6, **numbers: Any) -> dict[str, Any]:
    """What the crawler reports of the ledger, and the archive file that it wrote."""
    at = NOON + timedelta(days=day)
    writer = WarcWriter(data_dir / "archive" / LEDGER / f"{at:%Y-%m-%d}", f"{at:%Y%m%dT%H%M%S}", lambda: at)
    for number in range(pages):
        url = f"http://harbour-ledger.example/{day}/{number}"
        html = f"<html><body><article>{body.format(number)}</article></body></html>".encode()
        writer.write_page(url, 200, [], [("Content-Type", "text/html")], html, at, {"requested-url": url})
    writer.close()
    counts = dict.fromkeys(("listings_unchanged", "listings_failed", "not_modified", "robots_denied"), 0)
    counts |= {"listings_read": 1, "discovered": 20, "items": pages, "fetched": pages, "failed": {}}
    files = [file.relative_to(data_dir / "archive").as_posix() for file in writer.files]
    return counts | {"source": LEDGER, "last_success": at.isoformat(), "files": files} | numbers


def record(data_dir: Path, day: int, body: str = STORY, **numbers: Any) -> State:
    report = [crawled(data_dir, day, body, **numbers)]
    (stands,) = sources.record(data_dir, LISTED, report, NOON + timedelta(days=day))
    return stands.state


def read_days(data_dir: Path) -> list[str]:
    return [partition.day for partition in sorted(partitions.archived(data_dir))]


def test_a_bad_delivery_is_set_aside_with_the_last_good_data(tmp_path: Path) -> None:
    assert record(tmp_path, 0) == State.OK
    assert record(tmp_path, 1, WALL) == State.SET_ASIDE
    assert read_days(tmp_path) == ["2026-05-04"]
    assert sources.files_aside(tmp_path) == {f"{LEDGER}/2026-05-05/20260505T120000-0.warc.gz"}
    assert record(tmp_path, 2) == State.OK
    assert read_days(tmp_path) == ["2026-05-04", "2026-05-06"]


def test_pages_without_a_text_are_fetched_again(tmp_path: Path) -> None:
    page = "http://harbour-ledger.example/0/1"
    frontier = Frontier(tmp_path / "archive" / "frontier.sqlite")
    frontier.discovered(LEDGER, page, page, [Item(page)], NOON)
    frontier.fetched(Fetched((page,), page, "sha1:A"), NOON)
    record(tmp_path, 0, WALL)
    assert frontier.state(page) == "waiting"
    frontier.close()


def test_a_short_listing_passes_by_itself_once_the_listing_is_whole(tmp_path: Path) -> None:
    for day in range(3):
        record(tmp_path, day)
    assert record(tmp_path, 3, discovered=1, pages=1) == State.SET_ASIDE
    assert "2026-05-07" not in read_days(tmp_path)
    assert record(tmp_path, 4) == State.OK
    assert "2026-05-07" in read_days(tmp_path)


def test_a_person_decides(tmp_path: Path) -> None:
    record(tmp_path, 0, WALL)
    assert sources.decide(tmp_path, LEDGER, Decision.KEPT_OUT, NOON).startswith(f"{LEDGER}: 1 files of 2026-05-04 kept")
    assert read_days(tmp_path) == []
    assert "let in; the next run reads them" in sources.decide(tmp_path, LEDGER, Decision.LET_IN, NOON)
    assert read_days(tmp_path) == ["2026-05-04"]
    with pytest.raises(UserError, match="nothing of it is set aside"):
        sources.decide(tmp_path, LEDGER, Decision.LET_IN, NOON)


def test_a_source_that_was_not_due_leaves_no_row(tmp_path: Path) -> None:
    record(tmp_path, 0)
    idle = crawled(tmp_path, 1, pages=0, listings_read=0, discovered=0)
    (stands,) = sources.record(tmp_path, LISTED, [idle], NOON + timedelta(days=1))
    assert stands.state == State.OK
    assert len(sources.load(tmp_path)[LEDGER]) == 1


def test_the_history_ends_after_ninety_days_but_not_for_what_is_aside(tmp_path: Path) -> None:
    for day, body in ((0, WALL), (1, STORY), (100, STORY)):
        record(tmp_path, day, body)
    days = [delivery.at - NOON for delivery in sources.load(tmp_path)[LEDGER]]
    assert days == [timedelta(0), timedelta(days=100)]


def test_the_list_says_what_was_seen_and_what_is_aside(tmp_path: Path) -> None:
    (tmp_path / ".sample").touch()
    record(tmp_path, 0, WALL)
    names, rows = sources.table(tmp_path, "local_news")
    listed = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    ledger, courier = listed[LEDGER], listed["sample-lakeside-courier"]
    assert (ledger["verified"], ledger["state"], ledger["aside"]) == ("2026-05-04", "set aside", 1)
    assert (courier["verified"], courier["state"], courier["expected"]) == ("unverified", "never run", "0-50")
    with pytest.raises(UserError, match="--group weather: no source is in it"):
        sources.table(tmp_path, "weather")


def test_the_command_line(cli: Any, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / ".sample").touch()
    record(data, 0, WALL)
    listed = cli("sources", "--data-dir", data, "--format", "csv", home=tmp_path / "home")
    assert f"{LEDGER},local_news,feed,CA,2026-05-04,6,0-50,set aside,1," in listed.stdout
    released = cli("sources", "--release", LEDGER, "--data-dir", data, home=tmp_path / "home")
    assert (released.returncode, released.stdout) == (
        0,
        f"{LEDGER}: 1 files of 2026-05-04 let in; the next run reads them\n",
    )
    shutil.rmtree(data)
