"""The published rows of articles: what is known of each, its texts and its addresses. Never the text itself."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from incidents.ids import digest
from incidents.link.corpus import Corpus, Row
from incidents.link.duplicates import Unit

INBOX = "inbox"  # a user's own input keeps the address under which the user knows it
_RELATION_ORDER = ("canonical", "amp", "redirect", "tracking")


def rows(corpus: Corpus, units: Iterable[Unit], story_of: Mapping[str, str]) -> dict[str, list[Row]]:
    """Rows of articles, article_revisions and article_urls; `story_of` gives the story of an article that has one."""
    copies = {article: (unit.original, kind) for unit in units for article, kind in unit.kinds.items()}
    articles = []
    for article in corpus:
        original, kind = copies.get(article.article_id, (None, None))
        row = article.row
        articles.append(
            {
                "article_id": article.article_id,
                "url": row["url"] if row["source"] == INBOX else row["canonical_url"],
                "publisher": publisher(row),
                "title": row["title"],
                "authors": "; ".join(row["authors"]) or None,
                "language": row["language"],
                "published_on": row["published_on"],
                "published_at": row["published_at"],
                "published_precision": row["published_precision"],
                "source": row["source"],
                "word_count": row["word_count"],
                "relevance": article.assessment["relevance"],
                "kind": article.kind,
                "story_id": story_of.get(article.article_id),
                "copy_of": original,
                "copy_kind": kind,
                "corrected_at": (row["modified_at"] or row["fetched_at"]) if row["correction"] else None,
            }
        )
    names = (
        "revision_id",
        "article_id",
        "fetched_at",
        "text_sha256",
        "reader_version",
        "archive_file",
        "archive_offset",
    )
    revisions = [{name: row[name] for name in names} for row in corpus.revisions]
    return {"articles": articles, "article_revisions": revisions, "article_urls": _addresses(corpus.revisions)}


def publisher(row: Row) -> str:
    """The publisher as the page names it, else the host."""
    host = (urlsplit(str(row["canonical_url"])).hostname or "").removeprefix("www.")
    return str(row["publisher"] or host or "unknown")


def _addresses(revisions: Iterable[Row]) -> list[Row]:
    """Every address of every article, once, under its plainest relation."""
    found: dict[tuple[str, str], str] = {}
    for row in revisions:
        seen = [(row["canonical_url"], "canonical"), *((entry["url"], entry["relation"]) for entry in row["urls"])]
        for url, relation in seen:
            key = row["article_id"], url
            found[key] = min(found.get(key, relation), relation, key=_RELATION_ORDER.index)
    return [
        {"article_url_id": f"url-{digest(url, article)}", "url": url, "article_id": article, "relation": relation}
        for (article, url), relation in sorted(found.items())
    ]
