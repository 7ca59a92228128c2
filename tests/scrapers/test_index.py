"""The index of an archive, and its check."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapers import index
from scrapers.archive import WarcWriter

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STORY = "http://ledger.example/story"


def fill(archive: Path, day: str, pages: dict[str, bytes], at: datetime = NOON) -> Path:
    warc = WarcWriter(archive / "ledger" / day, "20260504T120000", lambda: at)
    for url, body in pages.items():
        warc.write_page(url, 200, [], [("Content-Type", "text/html")], body, at, {"source": "ledger"})
    warc.close()
    return warc.files[0]


def test_a_page_is_found_by_its_address_the_latest_first(tmp_path: Path) -> None:
    fill(tmp_path, "2026-05-04", {STORY: b"first", f"{STORY}-2": b"other"})
    assert index.update(tmp_path) == 2
    fill(tmp_path, "2026-05-05", {STORY: b"second"}, NOON + timedelta(days=1))
    assert index.update(tmp_path) == 3
    found = index.find(tmp_path, f"{STORY}?utm_source=mail")
    assert [index.body(tmp_path, entry) for entry in found] == [b"second", b"first"]
    assert found[0].file == "ledger/2026-05-05/20260504T120000-0.warc.gz"


def test_a_sound_archive_has_no_problem(tmp_path: Path) -> None:
    fill(tmp_path, "2026-05-04", {STORY: b"first"})
    assert list(index.verify(tmp_path)) == []


def test_damage_is_named_by_file_and_offset(tmp_path: Path) -> None:
    file = fill(tmp_path, "2026-05-04", {STORY: b"first"})
    index.update(tmp_path)
    (entry,) = index.entries(tmp_path)
    data = bytearray(file.read_bytes())
    data[entry.offset + 40] ^= 0xFF
    file.write_bytes(data)
    (problem,) = index.verify(tmp_path)
    assert (problem.file, problem.offset) == (entry.file, entry.offset)


def test_a_file_that_was_cut_is_named(tmp_path: Path) -> None:
    file = fill(tmp_path, "2026-05-04", {STORY: b"first"})
    file.write_bytes(file.read_bytes()[:-5])
    assert [problem.reason for problem in index.verify(tmp_path)] == ["cut off"]
