"""What a correction may say, and where the sentence that proves it stands."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit

from incidents import ids
from incidents.link.corpus import Article, Corpus, Row
from incidents.tables import BY_NAME

Place: TypeAlias = tuple[str, int, int]  # a text's id, first character, character after the last

SOURCE = "curation"  # the source of an article that only a correction points to
FOUND_IN = "curation/corrections.jsonl"
_NUMBERS = {"integer": re.compile(r"\d+"), "number": re.compile(r"\d+(\.\d+)?")}


class Known:
    """The values that exist: codes by vocabulary, and keys by the table that they refer to."""

    def __init__(self, codes: Mapping[str, Collection[str]], keys: Mapping[str, Collection[str]]) -> None:
        self._codes, self._keys = codes, keys

    def problem(self, table: str, field: str, value: str, row: Row) -> str | None:
        """Why a row of a table cannot have a value in a column; None where it can."""
        column = BY_NAME[table].column(field)
        vocabulary = column.vocabulary or (row["vocabulary"] if field == "code" else None)
        if vocabulary and value not in self._codes.get(vocabulary, {value}):
            return f"{value!r} is no code of {vocabulary}"
        if column.references and value not in self._keys.get(column.references, {value}):
            return f"{value!r} is not among the {column.references}"
        if column.type in _NUMBERS and not _NUMBERS[column.type].fullmatch(value):
            return f"{value!r} is no {column.type}"
        return None


class Proofs:
    """Finds the sentence of a source in our texts. For any other source, makes the rows that stand for it."""

    def __init__(self, news: Corpus, wanted: Iterable[str | None]) -> None:
        """`wanted` are the ids of the texts that will be asked for."""
        self._articles = news.articles
        self._revisions = news.texts({revision for revision in wanted if revision})
        self.rows: dict[str, dict[str, Row]] = defaultdict(dict)

    def sentence(self, source: str, quote: str, place: Place | None, seen: datetime) -> tuple[Article, Row]:
        """The article and the span in it. `seen` is when somebody read the source."""
        article = self._articles.get(source) or self._articles.get(ids.article_id(source))
        revision, start, end = place or ("", 0, 0)
        if revision in self._revisions:
            found = self._revisions[revision]
            return _article(found, self._articles.get(found["article_id"])), _span(start, end, quote)
        start = str(article.row["text"]).find(quote) if article else -1
        if article and start >= 0:
            return article, _span(start, start + len(quote), quote)
        return self._outside(source, article, quote, seen), _span(0, len(quote), quote)

    def _outside(self, source: str, article: Article | None, quote: str, seen: datetime) -> Article:
        """A page of which only the quoted sentence is known; `article` is ours of that address, in another text."""
        key = article.article_id if article else ids.article_id(source)
        sha = ids.text_sha256(quote)
        row: Row = {
            "article_id": key,
            "revision_id": ids.revision_id(key, sha),
            "canonical_url": source,
            "url": source,
            "publisher": (urlsplit(source).hostname or source).removeprefix("www."),
            "text": quote,
            "text_sha256": sha,
            "fetched_at": seen,
            "language": "und",
        }
        self.rows["article_revisions"][row["revision_id"]] = _revision(row)
        if article is None:
            self.rows["articles"][key] = _article_row(row)
            self.rows["article_urls"][key] = _address(row)
        return _article(row, article)


def _article(row: Row, known: Article | None) -> Article:
    day = row["fetched_at"].timestamp() / 86400
    return Article(row, known.assessment if known else {"extractor_version": "1"}, day, day)


def _span(start: int, end: int, quote: str) -> Row:
    return {"start": start, "end": end, "quote": quote, "score": 1.0}


def _revision(row: Row) -> Row:
    names = ("revision_id", "article_id", "fetched_at", "text_sha256")
    return {name: row[name] for name in names} | {"reader_version": "1", "archive_file": FOUND_IN, "archive_offset": 0}


def _article_row(row: Row) -> Row:
    known = {name: row[name] for name in ("article_id", "url", "publisher", "language")}
    unknown = dict.fromkeys(("title", "authors", "published_on", "published_at", "story_id", "copy_of", "copy_kind"))
    counted = {"word_count": len(row["text"].split()), "relevance": 1.0}
    coded = {"published_precision": "unknown", "source": SOURCE, "kind": "incident", "corrected_at": None}
    return known | unknown | counted | coded


def _address(row: Row) -> Row:
    key = f"url-{ids.digest(row['url'], row['article_id'])}"
    return {
        "article_url_id": key,
        "url": row["url"],
        "article_id": row["article_id"],
        "relation": "canonical",
    }
