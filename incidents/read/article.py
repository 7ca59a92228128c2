"""A page to an article: the reading itself, and its row of the working store."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from incidents import ids
from incidents.errors import Reject
from incidents.read import corrections, dates, language, urls
from incidents.read.candidates import Candidate, collect
from incidents.read.charset import decode
from incidents.read.dates import Moment
from incidents.read.metadata import Metadata
from incidents.read.text import Hints, extract
from incidents.read.warc import Page

READER_VERSION = "0.3.0"

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’.-][^\W_]+)*")  # a Han or Kana sign counts as a word


@dataclass(frozen=True)
class Reading:
    """An article as it was read, whether or not it passes a gate."""

    title: str
    text: str
    language: str
    publisher: str
    authors: list[str]
    published: Moment | None
    modified: Moment | None
    correction: str | None
    paywalled: bool | None
    canonical_url: str
    urls: list[dict[str, str]]
    about: str  # the page's own keywords and description of the article
    candidates: list[Candidate]


def read(page: Page, thorough: bool = False) -> Reading | Reject:
    """Read a page; `thorough` collects candidates that the choice does not need."""
    content = decode(page.body, page.content_type)
    if content is None:
        return Reject("read", page.file, page.offset, "text is in no encoding that fits")
    if page.is_text:
        return _given(page, content)
    try:
        tree = lxml_html.document_fromstring(content.replace("\x00", "").encode(), parser=_parser())
    except ParserError:
        return Reject("read", page.file, page.offset, "not HTML: nothing to parse")
    return _from_html(page, tree, thorough)


def row(page: Page, reading: Reading) -> dict[str, Any]:
    """A row of working.ARTICLES."""
    article, sha256 = ids.article_id(reading.canonical_url), ids.text_sha256(reading.text)
    return {
        "revision_id": ids.revision_id(article, sha256),
        "article_id": article,
        "url": page.url,
        "canonical_url": reading.canonical_url,
        "urls": reading.urls,
        "title": reading.title or None,
        "text": reading.text,
        "language": reading.language,
        "publisher": reading.publisher or None,
        "authors": reading.authors,
        "published_on": reading.published.on if reading.published else None,
        "published_at": reading.published.at if reading.published else None,
        "published_precision": reading.published.precision if reading.published else "unknown",
        "modified_at": _instant(reading.modified),
        "correction": reading.correction,
        "paywalled": reading.paywalled,
        "source": page.fields.get("source") or _source(page.file),
        "fetched_at": page.fetched_at,
        "text_sha256": sha256,
        "word_count": len(_WORD.findall(reading.text)),
        "archive_file": page.file,
        "archive_offset": page.offset,
        "reader_version": READER_VERSION,
    }


def _given(page: Page, text: str) -> Reading:
    """A text that was given as text, kept to the letter, with what was given beside it."""
    given = page.fields
    return Reading(
        title=given.get("title", ""),
        text=text,
        language=language.primary_subtag(given.get("language", ""))
        or language.detect(f"{given.get('title', '')}\n{text}"),
        publisher=given.get("publisher", "") or _host(page.url),
        authors=json.loads(given.get("authors") or "[]"),
        published=dates.refined(dates.parse(given.get("published_at", "")), page.url),
        modified=None,
        correction=corrections.notice(text.splitlines()),
        paywalled=None,
        canonical_url=urls.canonical(page.url, []),
        urls=urls.related(urls.canonical(page.url, []), [page.url]),
        about="",
        candidates=[Candidate(name, given[name], "given") for name in sorted(given)],
    )


def _from_html(page: Page, tree: HtmlElement, thorough: bool) -> Reading:
    metadata = Metadata(collect(tree, page.url, page.fields, thorough), page.fetched_at)
    text = extract(tree, _hints(metadata))
    canonical_url = urls.canonical(page.url, metadata.values("canonical"))
    ways = [page.fields.get(name, "") for name in ("requested-url", "redirect-chain")]
    seen = [page.url, *(line.split()[-1] for way in ways for line in way.splitlines() if line.split())]
    return Reading(
        title=metadata.title,
        text=text,
        language=language.detect(text, next(iter(metadata.values("language", "page", "json-ld")), "")),
        publisher=metadata.publisher or _host(canonical_url),
        authors=metadata.authors,
        published=metadata.published,
        modified=metadata.modified,
        correction=corrections.notice(text.splitlines() + _marked_corrections(tree)),
        paywalled=metadata.paywalled,
        canonical_url=canonical_url,
        urls=urls.related(canonical_url, seen, next(iter(metadata.values("amp")), None)),
        about="\n".join(metadata.values("keywords") + metadata.values("description")),
        candidates=metadata.candidates,
    )


def _hints(metadata: Metadata) -> Hints:
    titles = (metadata.title, *metadata.values("title"))
    return Hints(titles, tuple(metadata.values("description")), next(iter(metadata.values("text")), ""))


def _marked_corrections(tree: HtmlElement) -> list[str]:
    """Blocks that the page itself marks as a correction; they often stand outside the body."""
    blocks = tree.xpath(
        "//*[contains(@class, 'correction') or contains(@class, 'editor-note') or contains(@class, 'editors-note')]"
    )
    return [" ".join(block.text_content().split()) for block in blocks]


def _parser() -> etree.HTMLParser:
    """One class for all elements: lxml.html's own choice of class calls Python for every element that is touched."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


def _instant(moment: Moment | None) -> datetime | None:
    """The time in UTC; midnight where only the day is known."""
    if moment is None:
        return None
    return moment.at or datetime(moment.on.year, moment.on.month, moment.on.day, tzinfo=UTC)


def _host(url: str) -> str:
    return urls.host(url).removeprefix("www.")


def _source(file: str) -> str:
    """The folder directly under archive/."""
    parts = file.split("/")
    return parts[parts.index("archive") + 1] if "archive" in parts[:-2] else "inbox"
