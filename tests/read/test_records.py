"""Damaged archives: the bad record is reported with its place, every good one is read."""

import gzip
import re

import pytest

from incidents.read import records
from incidents.read.records import Damage, compress, read_records

URLS = [f"https://ledger.example/{n}" for n in range(4)]


def members(count=4):
    """The gzip members of a small archive, one response each."""
    return [gzip.compress(record(n), mtime=0) for n in range(count)]


def record(number):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + f"<html>page {number}</html>".encode() * 300
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {URLS[number]}\r\nWARC-Date: 2023-08-09T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{number}>\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def with_length(member, difference):
    raw = gzip.decompress(member)
    length = re.search(rb"Content-Length: (\d+)", raw)
    changed = raw[: length.start(1)] + str(int(length[1]) + difference).encode() + raw[length.end(1) :]
    return gzip.compress(changed, mtime=0)


def read(tmp_path, data):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(data)
    return list(read_records(path))


def urls(items):
    return [item.headers["warc-target-uri"] for item in items if not isinstance(item, Damage)]


def test_an_intact_file_gives_every_record_with_its_offset(tmp_path):
    parts = members()
    items = read(tmp_path, b"".join(parts))
    assert urls(items) == URLS
    assert [item.offset for item in items] == [sum(map(len, parts[:n])) for n in range(4)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda m: m[:200],
        lambda m: b"not gzip at all",
        lambda m: m[:-8] + b"\0\0\0\0" + m[-4:],
        lambda m: with_length(m, 100),
        lambda m: with_length(m, -100),
        lambda m: with_length(m, 1_000_000),
    ],
    ids=["cut short", "garbage", "wrong checksum", "length too large", "length too small", "length beyond the file"],
)
def test_one_damaged_record_costs_only_itself(tmp_path, damage):
    parts = members()
    items = read(tmp_path, parts[0] + damage(parts[1]) + parts[2] + parts[3])
    assert urls(items) == [URLS[0], URLS[2], URLS[3]]
    assert [item.offset for item in items if isinstance(item, Damage)] == [len(parts[0])]


def test_a_file_that_was_cut_anywhere_never_crashes(tmp_path):
    data = b"".join(members(2))
    for length in range(0, len(data), 29):
        assert len(urls(read(tmp_path, data[:length]))) == (length >= len(members(1)[0]) - 8)


def test_a_cut_record_is_reported(tmp_path):
    parts = members(2)
    assert read(tmp_path, b"".join(parts)[:-50])[1:] == [
        Damage(len(parts[0]), "gzip member cut short, damaged or too large")
    ]


def test_a_whole_file_in_one_member_is_read_however_large(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "MAX_BLOCK", 10_000)
    items = read(tmp_path, gzip.compress(b"".join(map(record, range(4))), mtime=0))
    assert urls(items) == URLS
    assert {item.offset for item in items} == {0}


def test_a_bomb_costs_only_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "MAX_BLOCK", 1 << 20)
    bomb = gzip.compress(record(0) + b" " * (8 << 20), mtime=0)
    items = read(tmp_path, members()[0] + bomb + members()[1])
    assert urls(items) == URLS[:2]
    assert [item.offset for item in items if isinstance(item, Damage)] == [len(members()[0])]


def test_uncompressed_files_are_read_and_mended_too(tmp_path):
    items = read(tmp_path, record(0) + record(1)[:400] + record(2))
    assert urls(items) == [URLS[0], URLS[2]]


def test_an_uncompressed_file_becomes_one_member_for_each_record(tmp_path):
    plain, packed = tmp_path / "x.warc", tmp_path / "x.warc.gz"
    plain.write_bytes(record(0) + record(1))
    compress(plain, packed)
    items = list(read_records(packed))
    assert urls(items) == URLS[:2]
    assert items[1].offset > 0


def test_an_empty_file_holds_nothing(tmp_path):
    assert read(tmp_path, b"") == []


def test_what_is_no_archive_is_reported(tmp_path):
    assert read(tmp_path, b"<html>hello</html>") == [Damage(0, "not a WARC record")]


def test_an_empty_file_stays_empty(tmp_path):
    (tmp_path / "x.warc").write_bytes(b"")
    compress(tmp_path / "x.warc", tmp_path / "x.warc.gz")
    assert list(read_records(tmp_path / "x.warc.gz")) == []
