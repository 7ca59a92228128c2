"""WARC records one by one, damaged files included: a bad record is reported and the next good one is found.

Read member by member with ISA-L (github.com/intel/isa-l), which takes two thirds of the time of other decompressors.
"""

import gzip
import re
from collections.abc import Generator, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

from incidents.ranges import LocalFile, RemoteFile

MAX_BLOCK = 64 << 20  # bytes; no news page comes near
_GZIP_MAGIC = b"\x1f\x8b\x08"
_CHUNK = 1 << 15  # most members of an archive of news are shorter
_WANTED = frozenset(("response", "resource", "metadata"))
_START_BYTES = 32
_RECORD_START = re.compile(rb"WARC/1\.\d\r\n(?=[Ww][Aa][Rr][Cc]-|[Cc]ontent-)")

Bytes = bytes | LocalFile | RemoteFile  # what can be searched and sliced


class Record(NamedTuple):
    """A response, resource or metadata record. Header names are lower case; `head` is the HTTP head of a response."""

    offset: int
    kind: str
    headers: dict[str, str]
    head: bytes
    body: bytes


class Damage(NamedTuple):
    """A place in the file where no whole record could be read."""

    offset: int
    reason: str


class _DamagedError(Exception):
    """A gzip member is not whole, or too large."""


def read_records(file: Path | RemoteFile) -> Iterator[Record | Damage]:
    """The response, resource and metadata records of a WARC file, plain or gzip; OSError where it cannot be read."""
    with file if isinstance(file, RemoteFile) else LocalFile(file) as data:
        found = _from_members(data) if data[:2] == _GZIP_MAGIC[:2] else _split(data)
        for item in found:
            if isinstance(item, Damage) or item.kind in _WANTED:
                yield item


def compress(path: Path, target: Path) -> None:
    """Write an uncompressed WARC file as gzip, one member for each record, damaged stretches too."""
    with LocalFile(path) as data, target.open("wb") as out:
        starts = [*(item.offset for item in _split(data)), len(data)]
        for start, end in pairwise(starts):
            out.write(gzip.compress(data[start:end], compresslevel=6, mtime=0))


def _from_members(data: LocalFile | RemoteFile) -> Iterator[Record | Damage]:
    offset = 0
    while offset < len(data):
        try:
            offset = yield from _from_member(data, offset)
        except _DamagedError:
            yield Damage(offset, "gzip member cut short, damaged or too large")
            offset = _next_member(data, offset + 1)


def _from_member(data: LocalFile | RemoteFile, offset: int) -> Generator[Record | Damage, None, int]:
    """The records of the gzip member at `offset`, one as a rule; returns where the next one starts."""
    member, parts, position, length = isal_zlib.decompressobj(wbits=31), [], offset, 0
    while not member.eof:
        chunk = data[position : position + _CHUNK]
        try:
            parts.append(member.decompress(chunk))
        except isal_zlib.error:  # type: ignore[misc]  # a class, whatever its stub says
            raise _DamagedError from None
        length += len(parts[-1])
        position += len(chunk)
        if length > MAX_BLOCK:
            whole, rest = _parted(b"".join(parts))
            yield from _split(whole, offset)
            parts, length = [rest], len(rest)
        elif not chunk:
            raise _DamagedError
    yield from _split(b"".join(parts), offset)
    return position - len(member.unused_data)


def _parted(content: bytes) -> tuple[bytes, bytes]:
    """Where a whole file is one gzip member: its records so far, and the last one, which may go on."""
    last = content.rfind(b"\r\n\r\nWARC/1.") + 4
    if last < 4:
        raise _DamagedError
    return content[:last], content[last:]


def _next_member(data: LocalFile | RemoteFile, start: int) -> int:
    """Where the next gzip member that holds a WARC record starts, or the end of the file."""
    position = data.find(_GZIP_MAGIC, start)
    while position >= 0:
        try:
            head = isal_zlib.decompressobj(wbits=31).decompress(data[position : position + _CHUNK], _START_BYTES)
        except isal_zlib.error:  # type: ignore[misc]  # a class, whatever its stub says
            head = b""
        if head.startswith(b"WARC/1."):
            return position
        position = data.find(_GZIP_MAGIC, position + 1)
    return len(data)


def _split(data: Bytes, offset: int | None = None) -> Iterator[Record | Damage]:
    """The records of uncompressed WARC bytes; `offset` is that of their gzip member, where they come from one."""
    position = 0
    while position < len(data):
        at = position if offset is None else offset
        parsed = _parsed(data, position, at)
        if isinstance(parsed, str):
            yield Damage(at, parsed)
            position = _next_record(data, position + 5)
        else:
            record, position = parsed
            yield record


def _next_record(data: Bytes, start: int) -> int:
    """Where the next record of uncompressed WARC bytes starts, or their end."""
    position = data.find(b"WARC/1.", start)
    while position >= 0 and not _RECORD_START.match(data[position : position + _START_BYTES]):
        position = data.find(b"WARC/1.", position + 1)
    return position if position >= 0 else len(data)


def _parsed(data: Bytes, position: int, offset: int) -> tuple[Record, int] | str:
    """The record at `position` and where the next one starts, or what is wrong with it."""
    head_end = data.find(b"\r\n\r\n", position)
    if head_end < 0 or data[position : position + 7] != b"WARC/1.":
        return "not a WARC record"
    lines = data[position:head_end].decode("utf-8", "replace").split("\r\n")[1:]
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return "record without a Content-Length"
    if int(length) > MAX_BLOCK:
        return f"record larger than {MAX_BLOCK >> 20} MB"
    start, end = head_end + 4, head_end + 4 + int(length)
    following = end
    while data[following : following + 2] == b"\r\n":
        following += 2
    if end > len(data) or (following < len(data) and data[following : following + 7] != b"WARC/1."):
        return f"Content-Length {length} does not fit the record"
    kind = headers.get("warc-type", "")
    body = _body(data, start, end) if kind == "response" else start
    return Record(offset, kind, headers, data[start:body], data[body:end]), following


def _body(data: Bytes, start: int, end: int) -> int:
    """Where the body of an HTTP response starts: after the first empty line."""
    crlf = data.find(b"\r\n\r\n", start, end)
    stop = crlf + 4 if crlf >= 0 else end
    bare = data.find(b"\n\n", start, stop)
    return bare + 2 if bare >= 0 else stop
