"""Articles of the working store in, rows of assessments, mentions and events out."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from incidents import working
from incidents.extract.contract import EXTRACTOR_VERSION, Document, Event, Extraction, Mention
from incidents.extract.pipeline import extract, model_name_and_version
from incidents.ids import digest

Row = dict[str, Any]
BATCH = 64


def extract_articles(articles: pa.Table, tick: Callable[[int], None] | None = None) -> dict[str, pa.Table]:
    """The tables assessments, mentions and events for a table of working.ARTICLES; `tick` gets the articles done."""
    model, version = model_name_and_version()
    made = {"extractor_version": EXTRACTOR_VERSION, "model": model, "model_version": version}
    rows: dict[str, list[Row]] = {"assessments": [], "mentions": [], "events": []}
    articles_and_results = zip(articles.to_pylist(), extract(_documents(articles)), strict=True)
    for number, (article, found) in enumerate(articles_and_results, start=1):
        key = {"revision_id": article["revision_id"], "article_id": article["article_id"]}
        rows["assessments"].append(key | _assessment(found) | made)
        rows["mentions"] += [key | _mention(key["revision_id"], mention) for mention in found.mentions]
        events = [(found.main_event, True)] if found.main_event else []
        events += [(event, False) for event in found.events]
        rows["events"] += [key | _event(key["revision_id"], event, main) for event, main in events]
        if tick:
            tick(number)
    keys = {"assessments": "revision_id", "mentions": "mention_id", "events": "event_id"}
    return {
        name: pa.Table.from_pylist(_unique(rows[name], key), schema=working.SCHEMAS[name]) for name, key in keys.items()
    }


def _documents(articles: pa.Table) -> Iterator[Document]:
    for batch in articles.to_batches(max_chunksize=BATCH):
        for row in batch.to_pylist():
            yield Document(
                url=row["canonical_url"],
                title=row["title"] or "",
                text=row["text"],
                language=row["language"],
                published_on=row["published_on"],
                published_precision=row["published_precision"],
                authors=tuple(row["authors"]),
                publisher=row["publisher"] or "",
            )


def _assessment(found: Extraction) -> Row:
    return {name: getattr(found, name) for name in ("relevant", "relevance", "kind", "refused")}


def _mention(revision: str, mention: Mention) -> Row:
    key = digest(revision, mention.kind, mention.start, mention.end, mention.name, mention.role, mention.rule)
    return vars(mention) | {"mention_id": f"men-{key}", "attributes": _json(mention.attributes)}


def _event(revision: str, event: Event, is_main: bool) -> Row:
    key = digest(revision, event.type, event.start, event.end, event.date, is_main)
    structured = {"organizations": _json(event.organizations), "codes": _json(event.codes)}
    return vars(event) | structured | {"event_id": f"evt-{key}", "is_main": is_main}


def _unique(rows: list[Row], key: str) -> list[Row]:
    return [row for _, row in sorted({row[key]: row for row in rows}.items())]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
