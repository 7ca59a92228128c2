"""The one door: WARC records in, pages out."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from incidents.errors import Reject
from incidents.ranges import RemoteFile
from incidents.read.records import Damage, Record, read_records

MAX_BODY = 20 << 20  # bytes, decoded
_CODECS = {"gzip": "gzip", "x-gzip": "gzip", "br": "brotli", "zstd": "zstd"}


@dataclass(frozen=True)
class Page:
    """A fetched page, or a text that was given. `body` is decoded; header names are lower case.

    `fields` is what the archive's own metadata record says: source, discovered-title, title, published_at...
    """

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: datetime
    file: str = ""
    offset: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def is_text(self) -> bool:
        """Whether the body is a text that was given as text, not HTML."""
        return self.content_type.startswith("text/plain")


class _UnreadableError(Exception):
    """Why a record is no page."""


def iterate(path: Path | RemoteFile, name: str) -> Iterator[Page | Reject]:
    """The pages of a WARC file; `name` stands for it in pages and rejects. Raises OSError where it cannot be opened."""
    pending: Record | None = None
    fields: dict[str, str] = {}
    for item in read_records(path):
        if isinstance(item, Damage):
            yield Reject("read", name, item.offset, item.reason)
        elif item.kind == "metadata":
            if pending and item.headers.get("warc-concurrent-to") == pending.headers.get("warc-record-id"):
                fields = _parse_fields(item.body)
        else:
            if pending:
                yield _page(pending, fields, name)
            pending, fields = item, {}
    if pending:
        yield _page(pending, fields, name)


def _parse_fields(block: bytes) -> dict[str, str]:
    """`application/warc-fields`; a name that stands several times has several lines."""
    fields: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            key = name.strip().lower()
            fields[key] = f"{fields[key]}\n{value.strip()}" if key in fields else value.strip()
    return fields


def _page(record: Record, fields: dict[str, str], name: str) -> Page | Reject:
    try:
        url = record.headers.get("warc-target-uri", "").strip("<> ")
        if not url.startswith(("http://", "https://", "urn:sha256:")):
            raise _UnreadableError(f"not a web address: {url[:100]}")
        fetched_at = _fetched_at(record.headers.get("warc-date", ""))
        if record.kind == "response":
            status, headers, body = _http(record.head, record.body)
        else:
            status, headers, body = 200, {"content-type": record.headers.get("content-type", "")}, record.body
        _check(record.kind, status, headers, body)
        return Page(url, status, headers, body, fetched_at, name, record.offset, fields)
    except _UnreadableError as reason:
        return Reject("read", name, record.offset, str(reason))


def _fetched_at(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
    except ValueError as error:
        raise _UnreadableError(f"bad WARC-Date: {text[:40]}") from error
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)


def _http(head: bytes, body: bytes) -> tuple[int, dict[str, str], bytes]:
    first, *lines = head.decode("latin-1").splitlines() or [""]
    words = first.split(maxsplit=2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdecimal():
        raise _UnreadableError("not an HTTP response")
    headers = {key.strip().lower(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return int(words[1]), headers, _decoded(body, headers)


def _decoded(body: bytes, headers: dict[str, str]) -> bytes:
    """The body without transfer and content coding; archives often store it decoded under the headers sent."""
    if "chunked" in headers.get("transfer-encoding", "").lower() and not body.lstrip().startswith(b"<"):
        body = _joined_chunks(body)
    coding = headers.get("content-encoding", "").lower()
    if coding in ("", "identity") or body.lstrip()[:1] == b"<":
        return body
    try:
        if coding == "deflate":
            return _inflated(body)
        if coding in _CODECS:
            with pa.CompressedInputStream(pa.BufferReader(body), _CODECS[coding]) as stream:
                return bytes(stream.read(MAX_BODY + 1))
    except (OSError, zlib.error) as error:
        raise _UnreadableError(f"body is not whole {coding}") from error
    raise _UnreadableError(f"unknown content coding: {coding[:40]}")


def _inflated(body: bytes) -> bytes:
    """`deflate` as servers send it: with the zlib header, or without."""
    try:
        return zlib.decompressobj().decompress(body, MAX_BODY + 1)
    except zlib.error:
        return zlib.decompressobj(wbits=-15).decompress(body, MAX_BODY + 1)


def _joined_chunks(body: bytes) -> bytes:
    parts: list[bytes] = []
    position = 0
    while position < len(body):
        line_end = body.find(b"\r\n", position)
        size_text = body[position:line_end].split(b";")[0].strip() if line_end >= 0 else b""
        try:
            size = int(size_text, 16)
        except ValueError:
            if not parts:
                return body  # it was stored without its chunks
            raise _UnreadableError("broken chunks") from None
        parts.append(body[line_end + 2 : line_end + 2 + size])
        position = line_end + 2 + size + 2
        if size == 0:
            break
    return b"".join(parts)


def _check(kind: str, status: int, headers: dict[str, str], body: bytes) -> None:
    if status != 200:
        raise _UnreadableError(f"status {status}")
    if not body[:1000].strip() and not body.strip():
        raise _UnreadableError("empty body")
    if len(body) > MAX_BODY:
        raise _UnreadableError(f"page larger than {MAX_BODY >> 20} MB")
    declared = headers.get("content-type", "").split(";")[0].strip().lower()
    given_text = kind == "resource" and declared == "text/plain"
    if (
        not given_text
        and "html" not in declared
        and not (declared in ("", "application/xml") and _looks_like_html(body))
    ):
        raise _UnreadableError(f"not HTML: {declared or 'no content type'}")


def _looks_like_html(body: bytes) -> bool:
    head = body[:2000].lower()
    return any(tag in head for tag in (b"<html", b"<!doctype html", b"<head", b"<body", b"<article"))
