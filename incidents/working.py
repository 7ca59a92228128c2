"""The working store: the Arrow schemas of the files that stages hand to each other (incidents.partitions says where).

Unlike the published tables these say what the article says, names included, and never leave the data folder.
"""

import pyarrow as pa

from incidents.ids import digest

LINKED, EXPLAINED = "linked", "explained"  # folders of the working store
PEOPLE = "people"  # a table of LINKED that is not published

_TEXT = pa.string()
_TIME = pa.timestamp("us", tz="UTC")

ARTICLES = pa.schema(
    [
        pa.field("revision_id", _TEXT, nullable=False),  # hash of article_id and text_sha256
        pa.field("article_id", _TEXT, nullable=False),  # hash of canonical_url
        pa.field("url", _TEXT, nullable=False),  # the address fetched, after redirects
        pa.field("canonical_url", _TEXT, nullable=False),
        pa.field("urls", pa.list_(pa.struct([("url", _TEXT), ("relation", _TEXT)])), nullable=False),
        pa.field("title", _TEXT),
        pa.field("text", _TEXT, nullable=False),
        pa.field("language", _TEXT, nullable=False),  # ISO 639-1, or und
        pa.field("publisher", _TEXT),
        pa.field("authors", pa.list_(_TEXT), nullable=False),
        pa.field("published_on", pa.date32()),
        pa.field("published_at", _TIME),
        pa.field("published_precision", _TEXT, nullable=False),  # day, month, year or unknown
        pa.field("modified_at", _TIME),
        pa.field("correction", _TEXT),  # the correction notice as the page gives it
        pa.field("paywalled", pa.bool_()),
        pa.field("source", _TEXT, nullable=False),
        pa.field("fetched_at", _TIME, nullable=False),
        pa.field("text_sha256", _TEXT, nullable=False),
        pa.field("word_count", pa.int64(), nullable=False),
        pa.field("archive_file", _TEXT, nullable=False),  # relative to the data folder, with forward slashes
        pa.field("archive_offset", pa.int64(), nullable=False),
        pa.field("reader_version", _TEXT, nullable=False),
    ]
)

ASSESSMENTS = pa.schema(
    [
        pa.field("revision_id", _TEXT, nullable=False),
        pa.field("article_id", _TEXT, nullable=False),
        pa.field("relevant", pa.bool_(), nullable=False),
        pa.field("relevance", pa.float64(), nullable=False),
        pa.field("kind", _TEXT, nullable=False),
        pa.field("refused", _TEXT),  # language, length or error: why not all was extracted
        pa.field("extractor_version", _TEXT, nullable=False),
        pa.field("model", _TEXT, nullable=False),
        pa.field("model_version", _TEXT, nullable=False),
    ]
)

MENTIONS = pa.schema(
    [
        pa.field("mention_id", _TEXT, nullable=False),
        pa.field("revision_id", _TEXT, nullable=False),
        pa.field("article_id", _TEXT, nullable=False),
        pa.field("kind", _TEXT, nullable=False),  # incidents.extract.contract.KINDS
        pa.field("role", _TEXT),
        pa.field("name", _TEXT, nullable=False),
        pa.field("entity_id", _TEXT),
        pa.field("text", _TEXT, nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("quote", _TEXT, nullable=False),
        pa.field("rule", _TEXT, nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("attributes", _TEXT, nullable=False),  # a JSON object, keys sorted
    ]
)

EVENTS = pa.schema(
    [
        pa.field("event_id", _TEXT, nullable=False),
        pa.field("revision_id", _TEXT, nullable=False),
        pa.field("article_id", _TEXT, nullable=False),
        pa.field("is_main", pa.bool_(), nullable=False),
        pa.field("type", _TEXT, nullable=False),
        pa.field("date", _TEXT),  # yyyy, yyyy-mm or yyyy-mm-dd
        pa.field("date_precision", _TEXT, nullable=False),
        pa.field("date_basis", _TEXT, nullable=False),
        pa.field("place", _TEXT),
        pa.field("place_id", _TEXT),
        pa.field("organizations", _TEXT, nullable=False),  # JSON list of {name, entity_id, role}
        pa.field("people", pa.list_(_TEXT), nullable=False),
        pa.field("codes", _TEXT, nullable=False),  # JSON object: technology_task, frt_involvement, amounts...
        pa.field("quote", _TEXT, nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("rule", _TEXT, nullable=False),
        pa.field("score", pa.float64(), nullable=False),
    ]
)

REJECTS = pa.schema(
    [
        pa.field("stage", _TEXT, nullable=False),
        pa.field("file", _TEXT, nullable=False),  # relative to the data folder where it lies inside
        pa.field("line", pa.int64()),  # line, row or byte offset, whichever the file has
        pa.field("reason", _TEXT, nullable=False),
    ]
)

SCHEMAS = {
    "articles": ARTICLES,
    "assessments": ASSESSMENTS,
    "mentions": MENTIONS,
    "events": EVENTS,
}


def version(table: str) -> str:
    """The version of a table's schema: another one when a column is added, dropped, renamed or retyped."""
    return digest(SCHEMAS[table].to_string())
