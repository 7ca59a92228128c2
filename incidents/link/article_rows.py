"""The published rows of articles: what is known of each, its texts and its addresses. Never the text itself."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from incidents.ids import digest
from incidents.link.columns import Lists
from incidents.link.corpus import Article, Row
from incidents.link.units import Unit
from incidents.tables import BY_NAME

INBOX = "inbox"  # a user's own input keeps the address under which the user knows it
_RELATIONS = ("canonical", "amp", "redirect", "tracking")  # the plainest first
_LATER = ("story_id", "copy_of", "copy_kind")  # known when all articles are
_REVISION = BY_NAME["article_revisions"].schema
_ARTICLE = BY_NAME["articles"].schema
SCHEMA = pa.schema(
    [
        *_REVISION,
        *(field for field in _ARTICLE if field.name not in (*_LATER, "article_id")),
        pa.field("urls", pa.list_(pa.struct([("url", pa.string()), ("relation", pa.string())])), nullable=False),
    ]
)


def row(article: Article) -> Row:
    """What is known of one text of an article, in the columns of SCHEMA."""
    given = article.row
    found = {name: given[name] for name in SCHEMA.names if name in given}
    return found | {
        "url": given["url"] if given["source"] == INBOX else given["canonical_url"],
        "publisher": publisher(given),
        "authors": "; ".join(given["authors"]) or None,
        "relevance": article.assessment["relevance"],
        "kind": article.kind,
        "corrected_at": (given["modified_at"] or given["fetched_at"]) if given["correction"] else None,
        "urls": [{"url": given["canonical_url"], "relation": "canonical"}, *given["urls"]],
    }


def publisher(row: Row) -> str:
    """The publisher as the page names it, else the host."""
    host = (urlsplit(str(row["canonical_url"])).hostname or "").removeprefix("www.")
    return str(row["publisher"] or host or "unknown")


def articles(current: pa.Table, units: Iterable[Unit], story_of: Mapping[str, str]) -> pa.Table:
    """The articles table from the current text of each; `story_of` gives the story of an article that has one."""
    copies = {article: (unit.original, kind) for unit in units for article, kind in unit.kinds.items()}
    ids = current.column("article_id").to_pylist()
    known = [(story_of.get(key), *copies.get(key, (None, None))) for key in ids]
    found = current.select([name for name in _ARTICLE.names if name not in _LATER])
    for name, values in zip(_LATER, zip(*known, strict=True) if known else ((), (), ()), strict=True):
        found = found.append_column(name, pa.array(values, pa.string()))
    return found.select(_ARTICLE.names).cast(_ARTICLE).sort_by("article_id")


def revisions(texts: pa.Table) -> pa.Table:
    """The article_revisions table from all texts, each given once."""
    return texts.select(_REVISION.names).cast(_REVISION).sort_by("revision_id")


def addresses(fetched: pa.Table) -> pa.Table:
    """The article_urls table: every address of every article, once, under its plainest relation."""
    seen = Lists.of(fetched.column("urls"))
    rows = pa.table(
        {
            "url": seen.values.field("url"),
            "article_id": fetched.column("article_id").take(pa.array(seen.owners)),
            "rank": pc.index_in(seen.values.field("relation"), pa.array(_RELATIONS)),
        }
    )
    plainest = rows.group_by(["url", "article_id"]).aggregate([("rank", "min")])
    keys = [
        f"url-{digest(*key)}" for key in zip(*plainest.select(["url", "article_id"]).to_pydict().values(), strict=True)
    ]
    relation = pa.array(_RELATIONS).take(plainest.column("rank_min"))
    columns = {
        "article_url_id": keys,
        "url": plainest["url"],
        "article_id": plainest["article_id"],
        "relation": relation,
    }
    return pa.table(columns, BY_NAME["article_urls"].schema).sort_by("article_url_id")
