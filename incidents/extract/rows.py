"""Articles of the working store in, rows of assessments, mentions and events out."""

import json
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import pyarrow as pa

from incidents import working
from incidents.extract.contract import EXTRACTOR_VERSION, Document, Event, Extraction, Mention
from incidents.extract.pipeline import extract, model_name_and_version
from incidents.ids import digest

Row = dict[str, Any]
BATCH = 64  # articles whose rows are Python objects at a time
KEYS = {"assessments": "revision_id", "mentions": "mention_id", "events": "event_id"}


def extract_articles(articles: pa.Table, tick: Callable[[int], None] | None = None) -> dict[str, pa.Table]:
    """The tables assessments, mentions and events for a table of working.ARTICLES; `tick` gets the articles done.

    The rows come by revision_id, those of an article in the order of its text; a text fetched twice has the rows of
    its last fetch.
    """
    parts = {name: [working.SCHEMAS[name].empty_table()] for name in KEYS}
    done = count(1)
    for batch in last_of_each(articles, "revision_id").to_batches(max_chunksize=BATCH):
        rows: dict[str, list[Row]] = {name: [] for name in KEYS}
        given = batch.to_pylist()
        for article, found in zip(given, extract(map(_document, given)), strict=True):
            _add(rows, article, found)
            if tick:
                tick(next(done))
        for name, part in parts.items():
            part.append(pa.Table.from_pylist(rows[name], schema=working.SCHEMAS[name]))
    return {name: pa.concat_tables(parts[name]) for name in KEYS}


def _document(row: Row) -> Document:
    return Document(
        url=row["canonical_url"],
        title=row["title"] or "",
        text=row["text"],
        language=row["language"],
        published_on=row["published_on"],
        published_precision=row["published_precision"],
        authors=tuple(row["authors"]),
        publisher=row["publisher"] or "",
    )


def _add(rows: dict[str, list[Row]], article: Row, found: Extraction) -> None:
    """Put what was found in an article among the rows of each table."""
    revision = article["revision_id"]
    key = {"revision_id": revision, "article_id": article["article_id"]}
    rows["assessments"].append(key | _assessment(found))
    rows["mentions"] += _once("mention_id", (key | _mention(revision, mention) for mention in found.mentions))
    main = [found.main_event] if found.main_event else []
    events = (key | _event(revision, event, event is found.main_event) for event in main + found.events)
    rows["events"] += _once("event_id", events)


def _once(key: str, rows: Iterable[Row]) -> Iterable[Row]:
    return {row[key]: row for row in rows}.values()


def _assessment(found: Extraction) -> Row:
    model, version = model_name_and_version()
    made = {"extractor_version": EXTRACTOR_VERSION, "model": model, "model_version": version}
    return {name: getattr(found, name) for name in ("relevant", "relevance", "kind", "refused")} | made


def _mention(revision: str, mention: Mention) -> Row:
    key = digest(revision, mention.kind, mention.start, mention.end, mention.name, mention.role, mention.rule)
    return vars(mention) | {"mention_id": f"men-{key}", "attributes": _json(mention.attributes)}


def _event(revision: str, event: Event, is_main: bool) -> Row:
    key = digest(revision, event.type, event.start, event.end, event.date, is_main)
    structured = {"organizations": _json(event.organizations), "codes": _json(event.codes)}
    return vars(event) | structured | {"event_id": f"evt-{key}", "is_main": is_main}


def last_of_each(table: pa.Table, key: str) -> pa.Table:
    """The rows sorted by key, the last one of each."""
    numbered = pa.table({key: table[key], "row": pa.array(range(table.num_rows), pa.int64())})
    last = numbered.group_by(key).aggregate([("row", "max")]).sort_by(key)
    return table.take(last["row_max"])


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
