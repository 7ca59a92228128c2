"""WARC records one by one, damaged files included: a bad record is reported and the next good one is found.

A whole file is read by fastwarc. Where it meets damage, the rest of the file is read member by member with zlib, from
the last record that was followed by another one.
"""

import gzip
import io
import mmap
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from incidents.ranges import RemoteFile

MAX_BLOCK = 64 << 20  # bytes; no news page comes near
_GZIP_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 1 << 16
_MAX_HEAD = 1 << 20  # bytes of one line
_WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.metadata
_WANTED_NAMES = {"response", "resource", "metadata"}
_START_BYTES = 32
_RECORD_START = re.compile(rb"WARC/1\.\d\r\n(?=[Ww][Aa][Rr][Cc]-|[Cc]ontent-)")


@dataclass(frozen=True)
class Record:
    """A response, resource or metadata record. Header names are lower case; `head` is the HTTP head of a response."""

    offset: int
    kind: str
    headers: dict[str, str]
    head: bytes
    body: bytes


@dataclass(frozen=True)
class Damage:
    """A place in the file where no whole record could be read."""

    offset: int
    reason: str


class _DamagedError(Exception):
    """The fast reader met something that it cannot read."""


def read_records(file: Path | RemoteFile) -> Iterator[Record | Damage]:
    """The response, resource and metadata records of a WARC file, plain or gzip; OSError where it cannot be read."""
    if (file.stat().st_size if isinstance(file, Path) else len(file)) == 0:
        return
    previous: Record | None = None
    try:
        for record in _intact(file):
            if previous:
                yield previous
            previous = record
    except _DamagedError:
        yield from _salvaged(file, previous.offset if previous else 0)
    else:
        if previous:
            yield previous


def compress(path: Path, target: Path) -> None:
    """Write an uncompressed WARC file as gzip, one member for each record, damaged stretches too."""
    if path.stat().st_size == 0:  # which cannot be mapped
        target.write_bytes(b"")
        return
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        target.open("wb") as out,
    ):
        starts = [*(item.offset for item in _split(data, 0)), len(data)]
        for start, end in pairwise(starts):
            out.write(gzip.compress(data[start:end], compresslevel=6, mtime=0))


def _intact(file: Path | RemoteFile) -> Iterator[Record]:
    stream = str(file) if isinstance(file, Path) else file
    records = iter(ArchiveIterator(stream, record_types=_WANTED, parse_http=False, fsspec_args=False))
    while True:
        try:
            record = next(records, None)
            if record is None:
                return
            headers = {name.lower(): value for name, value in record.headers.items()}
            if record.content_length > MAX_BLOCK:
                raise _DamagedError
            head = _head(record.reader) if record.record_type == WarcRecordType.response else b""
            body = record.reader.read()
        except (OSError, ValueError) as error:
            raise _DamagedError from error
        if headers.get("content-length") != str(len(head) + len(body)):
            raise _DamagedError
        yield Record(record.stream_pos, str(record.record_type), headers, head, body)


def _head(reader: Any) -> bytes:
    """The lines up to the first empty one: the body is then read without being copied."""
    lines = []
    while line := reader.readline(_MAX_HEAD):
        lines.append(line)
        if line in (b"\r\n", b"\n"):
            break
    return b"".join(lines)


def _salvaged(file: Path | RemoteFile, start: int) -> Iterator[Record | Damage]:
    with _mapped(file) as data:
        found = _from_members(data, start) if data[:2] == _GZIP_MAGIC[:2] else _split(data, start)
        for item in found:
            if isinstance(item, Damage) or item.kind in _WANTED_NAMES:
                yield item


@contextmanager
def _mapped(file: Path | RemoteFile) -> Iterator[mmap.mmap | RemoteFile]:
    """The file to search and slice like bytes."""
    if isinstance(file, RemoteFile):
        yield file
    else:
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data


def _from_members(data: mmap.mmap | RemoteFile, start: int) -> Iterator[Record | Damage]:
    offset = start
    while offset < len(data):
        content, size = _inflated(data, offset)
        if content is None:
            yield Damage(offset, "gzip member cut short, damaged or too large")
            offset = _next_member(data, offset + 1)
            continue
        for item in _split(content, 0):
            yield (Damage(offset, item.reason) if isinstance(item, Damage) else replace(item, offset=offset))
        offset += size


def _inflated(data: mmap.mmap | RemoteFile, offset: int) -> tuple[bytes | None, int]:
    """The content of the gzip member at `offset` and its size in the file; None where it is not whole."""
    member, parts, position, length = zlib.decompressobj(wbits=31), [], offset, 0
    while not member.eof and position < len(data) and length <= MAX_BLOCK:
        chunk = data[position : position + _CHUNK]
        try:
            parts.append(member.decompress(chunk))
        except zlib.error:
            return None, 0
        length += len(parts[-1])
        position += len(chunk)
    return (b"".join(parts) if member.eof else None), position - len(member.unused_data) - offset


def _next_member(data: mmap.mmap | RemoteFile, start: int) -> int:
    """Where the next gzip member that holds a WARC record starts, or the end of the file."""
    position = data.find(_GZIP_MAGIC, start)
    while position >= 0:
        try:
            head = zlib.decompressobj(wbits=31).decompress(data[position : position + _CHUNK], 16)
        except zlib.error:
            head = b""
        if _RECORD_START.match(head) or head.startswith(b"WARC/1."):
            return position
        position = data.find(_GZIP_MAGIC, position + 1)
    return len(data)


def _split(data: bytes | mmap.mmap | RemoteFile, start: int) -> Iterator[Record | Damage]:
    """The records of uncompressed WARC bytes, from `start` on."""
    position = start
    while position < len(data):
        parsed = _parsed(data, position)
        if isinstance(parsed, Damage):
            yield parsed
            position = _next_record(data, position + 5)
        else:
            record, position = parsed
            yield record


def _next_record(data: bytes | mmap.mmap | RemoteFile, start: int) -> int:
    """Where the next record of uncompressed WARC bytes starts, or their end."""
    position = data.find(b"WARC/1.", start)
    while position >= 0 and not _RECORD_START.match(data[position : position + _START_BYTES]):
        position = data.find(b"WARC/1.", position + 1)
    return position if position >= 0 else len(data)


def _parsed(data: bytes | mmap.mmap | RemoteFile, position: int) -> tuple[Record, int] | Damage:
    """The record at `position` and where the next one starts."""
    head_end = data.find(b"\r\n\r\n", position)
    if data[position : position + 7] != b"WARC/1." or head_end < 0:
        return Damage(position, "not a WARC record")
    lines = data[position:head_end].decode("utf-8", "replace").split("\r\n")[1:]
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return Damage(position, "record without a Content-Length")
    block_start = head_end + 4
    block_end = block_start + int(length)
    if int(length) > MAX_BLOCK:
        return Damage(position, f"record larger than {MAX_BLOCK >> 20} MB")
    following = block_end
    while data[following : following + 2] == b"\r\n":
        following += 2
    if block_end > len(data) or (following < len(data) and data[following : following + 7] != b"WARC/1."):
        return Damage(position, f"Content-Length {length} does not fit the record")
    kind = headers.get("warc-type", "")
    block = io.BytesIO(data[block_start:block_end])
    head = _head(block) if kind == "response" else b""
    return Record(position, kind, headers, head, block.read()), following
