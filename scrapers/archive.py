"""Web archives: pages written as WARC files that any WARC tool reads, one gzip member per record.

A page is three records, `request`, `response` and `metadata` (where it was found and under which addresses), written in
this order and in one go. A file that is being written ends in `.open`; whatever stops the process, `recover` cuts such
a file after its last whole page. Bodies are stored decoded: the headers that described the transfer
(`Content-Encoding`, `Transfer-Encoding`, `Content-Length`) are kept as `X-Archive-Orig-*`.
"""

import base64
import hashlib
import os
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses as reason_phrases
from itertools import count
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from isal import igzip

Headers = Iterable[tuple[str, str]]

ROTATE_BYTES = 256 * 1024 * 1024
MAX_RECORD = 64 * 1024 * 1024  # bytes of a record of a stranger's WARC file
OPEN_SUFFIX = ".open"
FIELDS_TYPE = "application/warc-fields"
_GZIP_LEVEL = 1  # of ISA-L: on a long page a sixth of the time of zlib's level 2, and no larger
_CHUNK = 1 << 20
_HOP_HEADERS = {"content-encoding", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Place:
    """Where a record lies: its file and the byte offset of its gzip member, and the digest of its body."""

    path: Path
    offset: int
    digest: str


@dataclass(frozen=True)
class Member:
    """One whole gzip member of a WARC file: a record. Header names are lower case."""

    offset: int
    end: int
    headers: dict[str, str]
    block: bytes


class WarcWriter:
    """Writes pages into `folder` as `<prefix>-<n>.warc.gz`, a new file whenever `max_bytes` is passed.

    `clock` gives the time of a file's `warcinfo` record; the same calls with the same clock give the same bytes.
    """

    def __init__(self, folder: Path, prefix: str, clock: Callable[[], datetime], max_bytes: int = ROTATE_BYTES) -> None:
        self._folder, self._prefix, self._clock, self._max_bytes = folder, prefix, clock, max_bytes
        self._file: BinaryIO | None = None
        self._final = Path()
        self.files: list[Path] = []  # closed files, under their final names

    def write_page(
        self,
        url: str,
        status: int,
        request_headers: Headers,
        response_headers: Headers,
        body: bytes,
        fetched_at: datetime,
        fields: dict[str, str],
    ) -> Place:
        """Write one fetched page and return the place of its response.

        `url` is the address after redirects, `body` is decoded; a field's value may have several lines.
        """
        digest = payload_digest(body)
        response = _record(
            *("response", url, fetched_at, "application/http; msgtype=response"),
            _http_response(status, response_headers, body),
            {"WARC-Payload-Digest": digest},
        )
        linked = {"WARC-Concurrent-To": response.id}
        request = _record(
            *("request", url, fetched_at, "application/http; msgtype=request"),
            _http_request(url, request_headers),
            linked,
        )
        metadata = _record("metadata", url, fetched_at, FIELDS_TYPE, _fields(fields), linked)
        return self._write([request, response, metadata], 1, digest)

    def write_resource(
        self, url: str, content_type: str, body: bytes, fetched_at: datetime, fields: dict[str, str]
    ) -> Place:
        """Write something that was given and not fetched: a `resource` and its `metadata`."""
        digest = payload_digest(body)
        resource = _record("resource", url, fetched_at, content_type, body, {"WARC-Payload-Digest": digest})
        linked = {"WARC-Concurrent-To": resource.id}
        metadata = _record("metadata", url, fetched_at, FIELDS_TYPE, _fields(fields), linked)
        return self._write([resource, metadata], 0, digest)

    def write_metadata(self, url: str, seen_at: datetime, fields: dict[str, str]) -> Place:
        """Write a `metadata` record alone: what was learnt about `url`, a page that was archived before."""
        return self._write([_record("metadata", url, seen_at, FIELDS_TYPE, _fields(fields), {})], 0, "")

    def close(self) -> None:
        """Put the file on disk and give it its final name."""
        if self._file is None:
            return
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        os.replace(_open_name(self._final), self._final)
        self.files.append(self._final)

    def _write(self, records: list["_Record"], main: int, digest: str) -> Place:
        """Append the records in one go; the place returned is that of record number `main`."""
        file = self._current()
        offset = file.tell() + sum(len(record.member) for record in records[:main])
        place = Place(self._final, offset, digest)
        try:
            file.write(b"".join(record.member for record in records))
            file.flush()
        except OSError as error:
            self._abandon(file)
            error.filename = error.filename or str(self._final)  # a write that fails does not say where
            raise
        if file.tell() >= self._max_bytes:
            self.close()
        return place

    def _abandon(self, file: BinaryIO) -> None:
        """After a failed write the file may end in half a record: leave it to `recover`."""
        self._file = None
        with suppress(OSError):
            file.close()

    def _current(self) -> BinaryIO:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._final = free_name(self._folder, self._prefix)
            self._file = _open_name(self._final).open("xb")
            info = {"software": "facial-recognition-incidents", "format": "WARC File Format 1.1"}
            name = {"WARC-Filename": self._final.name}
            self._file.write(_record("warcinfo", None, self._clock(), FIELDS_TYPE, _fields(info), name).member)
        return self._file


def free_name(folder: Path, prefix: str) -> Path:
    """The first of `<prefix>-<n>.warc.gz` in a folder that is not taken."""
    numbered = (folder / f"{prefix}-{number}.warc.gz" for number in count())
    return next(path for path in numbered if not path.exists() and not _open_name(path).exists())


def recover(folder: Path) -> list[Path]:
    """Finish every file under `folder` that a stopped process left open; returns their final paths.

    Each is cut after its last whole page and renamed; one without a whole page is removed.
    """
    recovered = []
    for path in sorted(folder.rglob(f"*.warc.gz{OPEN_SUFFIX}")):
        end = _whole_pages_end(path)
        if not end:
            path.unlink()
            continue
        with path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())
        final = path.with_name(path.name.removesuffix(OPEN_SUFFIX))
        os.replace(path, final)
        recovered.append(final)
    return recovered


def _whole_pages_end(path: Path) -> int:
    end = 0
    with suppress(zlib.error):  # a power cut may leave garbage behind the last whole record
        for member in members(path):
            end = member.end if member.headers["warc-type"] == "metadata" else end
    return end


def members(path: Path, offset: int = 0) -> Iterator[Member]:
    """The whole records of a WARC file from `offset` on; an unfinished one at the end is left out."""
    with path.open("rb") as file:
        file.seek(offset)
        yield from _split(iter(lambda: file.read(_CHUNK), b""), offset)


def split_members(data: bytes, offset: int) -> Iterator[Member]:
    """The whole records of a piece of a stranger's WARC file; `offset` is where in the file the piece begins.

    Raises zlib.error at a record that is damaged or would inflate to more than MAX_RECORD.
    """
    return _split(iter([data]), offset, MAX_RECORD)


def parse_fields(block: bytes) -> list[tuple[str, str]]:
    """The name and value of each line of an `application/warc-fields` block."""
    lines = block.decode("utf-8", "replace").splitlines()
    return [(name, value.strip()) for name, colon, value in (line.partition(":") for line in lines) if colon]


def _split(chunks: Iterator[bytes], offset: int, limit: int = 0) -> Iterator[Member]:
    """The records of a file in chunks; `limit` is the most bytes that a chunk of a record may inflate to, 0 for any."""
    inflate, parts, read = zlib.decompressobj(wbits=31), list[bytes](), offset
    for chunk in chunks:
        read, pending = read + len(chunk), chunk
        while pending:
            parts.append(inflate.decompress(pending, limit))
            if inflate.unconsumed_tail:
                raise zlib.error(f"a record of more than {limit} bytes")
            pending = inflate.unused_data
            if inflate.eof:
                end = read - len(pending)
                yield _parse(offset, end, b"".join(parts))
                offset, inflate, parts = end, zlib.decompressobj(wbits=31), []


def _parse(offset: int, end: int, record: bytes) -> Member:
    head, _, rest = record.partition(b"\r\n\r\n")
    headers = {name.lower(): value for name, value in parse_fields(head.partition(b"\r\n")[2])}
    return Member(offset, end, headers, rest[: int(headers["content-length"])])


def _open_name(final: Path) -> Path:
    return final.with_name(final.name + OPEN_SUFFIX)


@dataclass(frozen=True)
class _Record:
    """One WARC record as one gzip member."""

    id: str
    member: bytes


def _record(
    kind: str, url: str | None, date: datetime, content_type: str, block: bytes, extra: dict[str, str]
) -> _Record:
    written_at, digest = date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), payload_digest(block)
    record_id = f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {url} {written_at} {digest}')}>"
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": record_id,
        "WARC-Date": written_at,
        **({"WARC-Target-URI": url} if url else {}),
        **extra,
        "WARC-Block-Digest": digest,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    record = b"".join([b"WARC/1.1\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n"])
    return _Record(record_id, igzip.compress(record, _GZIP_LEVEL, mtime=0))


def payload_digest(data: bytes) -> str:
    """A digest in the form that WARC tools check."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


def _fields(fields: dict[str, str]) -> bytes:
    """`application/warc-fields`: a value of several lines becomes one line each, an empty one is left out."""
    lines = [
        f"{name}: {' '.join(line.split())}\r\n"
        for name, value in fields.items()
        for line in value.splitlines()
        if line.strip()
    ]
    return "".join(lines).encode()


def _http_request(url: str, headers: Headers) -> bytes:
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _http_head(f"GET {target} HTTP/1.1", [("Host", parts.netloc), *headers])


def _http_response(status: int, headers: Headers, body: bytes) -> bytes:
    kept = [(f"X-Archive-Orig-{name}" if name.lower() in _HOP_HEADERS else name, value) for name, value in headers]
    first = f"HTTP/1.1 {status} {reason_phrases.get(status, '')}"
    return _http_head(first, [*kept, ("Content-Length", str(len(body)))]) + body


def _http_head(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {' '.join(value.split())}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
