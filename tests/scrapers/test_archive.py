"""Archives that other tools read, and that survive being cut anywhere."""

import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from scrapers import archive
from scrapers.archive import Member, WarcWriter, members, parse_fields, recover, split_members

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIELDS = {"source": "ledger", "discovered-title": "A title\twith  spaces", "redirect-chain": "http://a/\nhttp://b/"}


def writer(folder: Path, max_bytes: int = 1 << 20) -> WarcWriter:
    return WarcWriter(folder, "20260504T120000", lambda: NOON, max_bytes)


def write(warc: WarcWriter, number: int) -> None:
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    warc.write_page(f"http://ledger.example/{number}", 200, [], headers, b"<p>page %d" % number, NOON, FIELDS)


def records(path: Path) -> list[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests="raise")
        ]


def test_a_page_is_a_request_a_response_and_its_metadata(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    write(warc, 1)
    assert [path.suffix for path in tmp_path.iterdir()] == [".open"]
    warc.close()
    found = records(tmp_path / "20260504T120000-0.warc.gz")
    assert [kind for kind, _, _ in found] == ["warcinfo", "request", "response", "metadata"]
    assert found[2][1:] == ("http://ledger.example/1", b"<p>page 1")
    assert parse_fields(found[3][2]) == [
        ("source", "ledger"),
        ("discovered-title", "A title with spaces"),
        ("redirect-chain", "http://a/"),
        ("redirect-chain", "http://b/"),
    ]


def test_fastwarc_reads_what_warcio_reads(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    warc.write_page("http://ledger.example/long", 200, [], [], b"<p>many words</p>" * 5_000, NOON, FIELDS)
    warc.close()
    (path,) = tmp_path.iterdir()
    with path.open("rb") as file:
        found = [(record.headers["WARC-Type"], record.reader.read()) for record in FastIterator(file, parse_http=True)]
    assert found == [(kind, block) for kind, _, block in records(path)]


def test_the_place_of_a_page_is_the_offset_of_its_response(tmp_path: Path) -> None:
    warc = writer(tmp_path)
    write(warc, 1)
    place = warc.write_page("http://ledger.example/2", 200, [], [], b"two", NOON, {})
    warc.close()
    member = next(members(place.path, place.offset))
    assert (member.headers["warc-type"], member.block[-3:]) == ("response", b"two")


def test_the_same_pages_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        warc = writer(tmp_path / name)
        warc.write_resource("urn:sha256:00", "text/plain; charset=utf-8", "café".encode(), NOON, {"title": "t"})
        write(warc, 1)
        warc.close()
    one, two = (next((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_files_are_rotated_by_size(tmp_path: Path) -> None:
    warc = writer(tmp_path, max_bytes=1)
    for number in range(3):
        write(warc, number)
    warc.close()
    assert [path.name[-9:] for path in warc.files] == ["0.warc.gz", "1.warc.gz", "2.warc.gz"]


@pytest.mark.parametrize("cut", [0, 1, 50, 99, 100])
def test_a_file_cut_anywhere_keeps_its_whole_pages(tmp_path: Path, cut: int) -> None:
    warc = writer(tmp_path)
    write(warc, 1)
    first_end = next(tmp_path.iterdir()).stat().st_size
    write(warc, 2)
    (path,) = tmp_path.iterdir()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(first_end + (size - first_end) * cut // 100)
    (recovered,) = recover(tmp_path)
    pages = [url for kind, url, _ in records(recovered) if kind == "metadata"]
    assert pages == ["http://ledger.example/1", "http://ledger.example/2"][: 2 if cut == 100 else 1]


def test_parts_of_a_strangers_file_hold_the_same_records_and_no_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warc = writer(tmp_path)
    for number in range(3):
        write(warc, number)
    warc.close()
    data, found, start = warc.files[0].read_bytes(), list[Member](), 0
    while part := data[start : start + 2_000]:
        found += (whole := list(split_members(part, start)))
        start = whole[-1].end
    assert found == list(members(warc.files[0]))
    monkeypatch.setattr(archive, "MAX_RECORD", 100)
    with pytest.raises(zlib.error, match="more than 100 bytes"):
        list(split_members(data, 0))


def test_a_file_without_a_whole_page_is_removed(tmp_path: Path) -> None:
    write(writer(tmp_path), 1)
    (path,) = tmp_path.iterdir()
    with path.open("r+b") as file:
        file.truncate(200)
    assert recover(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
