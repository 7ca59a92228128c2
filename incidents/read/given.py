"""What a user gives, a file of any kind, as pages: JSON Lines, CSV, HTML, plain text and WARC, also gzipped."""

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from incidents.errors import Reject, UserError
from incidents.read import authors, dates, warc
from incidents.read.warc import MAX_BODY, Page

KINDS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".txt": "text",
    ".warc": "warc",
}
TEXT_TYPE = "text/plain; charset=utf-8"
_FIELDS = ("title", "published_at", "language", "publisher", "authors")
_TITLE_LIMIT = 200  # characters; a longer first line of a text file is no title
_DATE_LINE = re.compile(r"(?:date|published)\b:?\s*(\d{4}-\d{2}-\d{2})\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[a-z0-9][.!?]\s")
_MAX_LINE = 32 << 20  # bytes of one JSON line

csv.field_size_limit(_MAX_LINE)


def files(paths: Iterable[Path]) -> list[Path | Reject]:
    """The readable files, folders walked in sorted order, other files as rejects; a missing path is a UserError."""
    found: list[Path | Reject] = []
    for path in paths:
        if not path.exists():
            raise UserError(
                f"{path}: no such file or folder; give a JSONL, CSV, HTML, text or WARC file, or a folder of them"
            )
        inside = (
            sorted(p for p in path.rglob("*") if p.is_file() and not _is_hidden(p, path)) if path.is_dir() else [path]
        )
        for file in inside:
            known = kind(file) is not None
            found.append(
                file
                if known
                else Reject("read", file.as_posix(), None, f"unknown kind of file; known are {', '.join(KINDS)}")
            )
    return found


def kind(path: Path) -> str | None:
    """jsonl, csv, html, text or warc by the file's name; None for any other."""
    name = path.name.lower().removesuffix(".gz")
    return KINDS.get(Path(name).suffix)


def pages(path: Path, fetched_at: datetime) -> Iterator[Page | Reject]:
    """The pages of one file, rejects with their line."""
    if kind(path) == "warc":
        yield from warc.iterate(path, path.as_posix())
        return
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield from pages_of(stream, kind(path) or "text", path.as_posix(), fetched_at)
    except (EOFError, gzip.BadGzipFile) as error:
        yield Reject("read", path.as_posix(), None, f"not a whole gzip file: {error}")


def pages_of(stream: Any, kind: str, name: str, fetched_at: datetime) -> Iterator[Page | Reject]:
    """The pages of an open binary stream of one kind."""
    readers: dict[str, Callable[[Any, str, datetime], Iterator[Page | Reject]]] = {
        "jsonl": _from_jsonl,
        "csv": _from_csv,
        "html": _from_html,
        "text": _from_text,
    }
    yield from readers[kind](stream, name, fetched_at)


def sniff(head: bytes) -> str:
    """The kind of what came without a name."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"{"):
        return "jsonl"
    return "html" if start.startswith(b"<") else "text"


def _from_jsonl(stream: BinaryIO, name: str, fetched_at: datetime) -> Iterator[Page | Reject]:
    for number, line in enumerate(stream, 1):
        text = line.removeprefix(b"\xef\xbb\xbf").strip()
        if not text:
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield Reject("read", name, number, f"not a JSON object: {str(error)[:120]}")
            continue
        if isinstance(row, dict):
            yield from _from_row(row, name, number, fetched_at)
        else:
            yield Reject("read", name, number, "not a JSON object")


def _from_csv(stream: BinaryIO, name: str, fetched_at: datetime) -> Iterator[Page | Reject]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    header = text.readline()
    delimiter = max(",;\t", key=header.count)
    columns = [column.strip().lower() for column in next(csv.reader([header], delimiter=delimiter), [])]
    if not columns:
        return
    if "text" not in columns:
        yield Reject("read", name, 1, "no column `text` in the first line")
        return
    reader = csv.reader(text, delimiter=delimiter)
    while True:
        number = reader.line_num + 2  # where the row starts; the header is line 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            yield Reject("read", name, number, f"not CSV: {error}")
            continue
        if values is None:
            return
        if len(values) > len(columns):
            yield Reject("read", name, number, f"{len(values)} values for {len(columns)} columns")
        elif values:
            yield from _from_row(dict(zip(columns, values, strict=False)), name, number, fetched_at)


def _from_row(row: Mapping[str, Any], name: str, number: int, fetched_at: datetime) -> Iterator[Page | Reject]:
    text, url = row.get("text"), row.get("url") or ""
    if not isinstance(text, str) or not text.strip():
        yield Reject("read", name, number, "no text")
    elif not isinstance(url, str) or (url and not url.strip().startswith(("http://", "https://", "urn:sha256:"))):
        yield Reject("read", name, number, f"url is not an http or https address: {str(url)[:100]}")
    else:
        fields = _fields(row)
        if fields.get("published_at") and not dates.parse(fields["published_at"]):
            yield Reject(
                "read",
                name,
                number,
                f"published_at is no date, the article is kept without: {fields.pop('published_at')[:60]}",
            )
        try:
            yield _text_page(text, url.strip(), fields, name, number, fetched_at)
        except UnicodeEncodeError:
            yield Reject("read", name, number, "not UTF-8")


def _fields(row: Mapping[str, Any]) -> dict[str, str]:
    """What stands beside the text, each on one line; authors as a JSON list."""
    fields = {
        key: " ".join(str(row[key]).split()) for key in _FIELDS if key != "authors" and row.get(key) not in (None, "")
    }
    given = row.get("authors")
    people = authors.names(given) if isinstance(given, str) else given if isinstance(given, list) else []
    if people:
        fields["authors"] = json.dumps([" ".join(str(person).split()) for person in people], ensure_ascii=False)
    return fields


def _text_page(
    text: str, url: str, fields: dict[str, str], name: str, number: int | None, fetched_at: datetime
) -> Page:
    "".join([url, *fields.values()]).encode()  # raises, as a bad text does: archives hold UTF-8
    body = text.encode()
    address = url or f"urn:sha256:{hashlib.sha256(body).hexdigest()}"
    return Page(address, 200, {"content-type": TEXT_TYPE}, body, fetched_at, name, number or 0, fields)


def _from_html(stream: BinaryIO, name: str, fetched_at: datetime) -> Iterator[Page | Reject]:
    body = stream.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        yield Reject("read", name, None, f"page larger than {MAX_BODY >> 20} MB")
    elif not body.strip():
        yield Reject("read", name, None, "empty file")
    else:
        url = f"urn:sha256:{hashlib.sha256(body).hexdigest()}"
        yield Page(url, 200, {"content-type": "text/html"}, body, fetched_at, name, 0, {})


def _from_text(stream: BinaryIO, name: str, fetched_at: datetime) -> Iterator[Page | Reject]:
    body = stream.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        yield Reject("read", name, None, f"text larger than {MAX_BODY >> 20} MB")
        return
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Reject("read", name, body.count(b"\n", 0, error.start) + 1, "not UTF-8")
        return
    if not text.strip():
        yield Reject("read", name, None, "empty file")
        return
    yield _text_page(text, "", _head(text.strip().splitlines()[0].strip()), name, None, fetched_at)


def _head(line: str) -> dict[str, Any]:
    """What the first line of a text file says: the day of publication, or the title where it is no running text."""
    if dated := _DATE_LINE.match(line):
        return {"published_at": dated[1]}
    return {"title": line} if len(line) <= _TITLE_LIMIT and not _SENTENCE_END.search(line) else {}


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)
