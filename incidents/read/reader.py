"""Files of pages to rows and documents: the gate first, then one page after the other."""

import io
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from incidents.errors import Reject
from incidents.extract.contract import Document
from incidents.ranges import RemoteFile
from incidents.read import article, dates, given, warc
from incidents.read.article import Reading
from incidents.read.charset import as_utf8
from incidents.read.fetch import fetch
from incidents.read.gate import Gate
from incidents.read.warc import Page
from incidents.working import ARTICLES

Row = dict[str, Any]

_BATCH_PAGES = 256
_BATCH_BYTES = 64 << 20


class ReadFile(NamedTuple):
    """What one archive file gave: working.ARTICLES by article and time, what was left out, how many pages it held."""

    articles: pa.Table
    rejects: list[Reject]
    pages: int


class Part(NamedTuple):
    """What some pages of a file gave: rows of working.ARTICLES, what was left out, how many pages they were."""

    rows: list[Row]
    rejects: list[Reject]
    pages: int


def read_warc(path: Path, data_dir: Path, gate: Gate | None) -> ReadFile:
    """Read the articles of one WARC file that pass the gate. Raises OSError where the file cannot be opened."""
    name = path.relative_to(data_dir).as_posix() if path.is_relative_to(data_dir) else path.as_posix()
    rows: list[Row] = []
    rejects: list[Reject] = []
    seen = 0
    for part in read_parts(path, name, gate):
        rows += part.rows
        rejects += part.rejects
        seen += part.pages
    rows.sort(key=lambda row: (row["article_id"], row["fetched_at"], row["archive_offset"]))
    return ReadFile(pa.Table.from_pylist(rows, schema=ARTICLES), rejects, seen)


def read_parts(file: Path | RemoteFile, name: str, gate: Gate | None) -> Iterator[Part]:
    """The same part by part, in the order of the file. Raises OSError where the file cannot be opened or read."""
    for batch in batches(warc.iterate(file, name), gate):
        part = Part([], batch.rejects, batch.seen)
        for page, result in _articles(batch.pages, gate):
            if isinstance(result, Reject):
                part.rejects.append(result)
            else:
                part.rows.append(article.row(page, result))
        yield part


def documents(target: str, now: datetime | None = None) -> Iterator[Document | Reject]:
    """The articles in a file, a folder, a page's address or standard input (`-`), no gate before them, for extraction.

    Raises UserError where the target is missing or cannot be fetched. `now` bounds the dates that are believed.
    """
    for page in _pages(target, now or datetime.now(UTC)):
        result = page if isinstance(page, Reject) else reading(page)
        if isinstance(result, Reject):
            yield result
        elif isinstance(page, Page):
            yield _document(page, result)


def inspect(target: str, now: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Every page of a target as it was read, with all candidates; what cannot be read has `error`. Raises UserError."""
    for page in _pages(target, now or datetime.now(UTC)):
        result = page if isinstance(page, Reject) else reading(page, thorough=True)
        if isinstance(result, Reject):
            yield _described(result.file, "", None) | {"error": result.reason}
        elif isinstance(page, Page):
            yield _described(page.file, page.url, result)


class Batch(NamedTuple):
    """Pages that may hold a term, what is no page, and how many pages were seen."""

    pages: list[Page]
    rejects: list[Reject]
    seen: int


def batches(items: Iterable[Page | Reject], gate: Gate | None) -> Iterator[Batch]:
    """Up to so many pages and bytes at a time: enough for the gate, little enough for memory.

    A page that holds no term is told from the others while the processor still has it cached, and is not kept.
    """
    pages: list[Page] = []
    rejects: list[Reject] = []
    seen, size = 0, 0
    for item in items:
        if isinstance(item, Reject):
            rejects.append(item)
            continue
        seen += 1
        if gate is None or item.is_text or gate.maybe(item.body, item.content_type):
            pages.append(item)
            size += len(item.body)
        if len(pages) >= _BATCH_PAGES or size >= _BATCH_BYTES:
            yield Batch(pages, rejects, seen)
            pages, rejects, seen, size = [], [], 0, 0
    if seen or rejects:
        yield Batch(pages, rejects, seen)


def _articles(pages: list[Page], gate: Gate | None) -> Iterator[tuple[Page, Reading | Reject]]:
    """The pages that pass the gate, as they were read, and those of them that could not be read."""
    read = [(page, reading(page)) for page in _past(gate, pages)]
    own_words = [f"{r.title}\n{r.about}\n{r.text}" if isinstance(r, Reading) else "" for _, r in read]
    passed = gate.texts(own_words) if gate else [True] * len(read)
    for (page, result), hit in zip(read, passed, strict=True):
        if isinstance(result, Reject):
            yield page, result
        elif hit and not result.text.strip():
            yield page, Reject("read", page.file, page.offset, "no article text found")
        elif hit:
            yield page, result


def _past(gate: Gate | None, pages: list[Page]) -> list[Page]:
    """The pages that hold a term; a text that was given has its title beside it, and only the text gate sees both."""
    if gate is None or not pages:
        return pages
    passed = gate.pages([as_utf8(page.body, page.content_type) for page in pages])
    return [page for page, hit in zip(pages, passed, strict=True) if hit or page.is_text]


def reading(page: Page, thorough: bool = False) -> Reading | Reject:
    """A page as it was read, with all candidates where it is `thorough`; what goes wrong is a Reject."""
    try:
        return article.read(page, thorough)
    except Exception as error:  # one page must not stop the others: it is listed
        return Reject("read", page.file, page.offset, f"{type(error).__name__}: {str(error)[:200]}")


def _pages(target: str, now: datetime) -> Iterable[Page | Reject]:
    if target.startswith(("http://", "https://")):
        yield fetch(target, now)
    elif target == "-":
        content = sys.stdin.buffer.read()
        yield from given.pages_of(io.BytesIO(content), given.sniff(content), "-", now)
    else:
        for item in given.files([Path(target)]):
            if isinstance(item, Reject):
                yield item
            else:
                yield from given.pages(item, now)


def _document(page: Page, reading: Reading) -> Document:
    return Document(
        url=reading.canonical_url if page.url.startswith("urn:") else page.url,
        title=reading.title,
        text=reading.text,
        language=reading.language,
        published_on=reading.published.on if reading.published else None,
        published_precision=reading.published.precision if reading.published else "unknown",
        authors=tuple(reading.authors),
        publisher=reading.publisher,
    )


def _described(path: str, url: str, reading: Reading | None) -> dict[str, Any]:
    published = reading.published if reading else None
    modified = reading.modified if reading else None
    return {
        "path": path,
        "url": url,
        "canonical_url": reading.canonical_url if reading else None,
        "title": reading.title if reading else None,
        "text": reading.text if reading else "",
        "authors": reading.authors if reading else [],
        "published_at": _stated(published),
        "modified_at": _stated(modified),
        "language": reading.language if reading else None,
        "publisher": reading.publisher if reading else None,
        "paywalled": reading.paywalled if reading else None,
        "correction": reading.correction if reading else None,
        "candidates": [vars(c) for c in reading.candidates if c.field != "text"] if reading else [],
    }


def _stated(moment: dates.Moment | None) -> str | None:
    return moment.stated() if moment else None
