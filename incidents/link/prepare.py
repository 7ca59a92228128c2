"""Articles made ready for linking, each by itself: its bands, words, keys, dates and published rows.

No other article changes these, so they are made once for each partition of the working store and kept
(incidents.link.store) until the partition, the reference data or this code changes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from incidents.link import article_rows, duplicates, keys, settings, units, words
from incidents.link.claims import official_articles
from incidents.link.columns import hashed
from incidents.link.corpus import Article, Row
from incidents.link.features import NEWS, dates_of, record_class, told_of
from incidents.link.keys import OFTEN, PERSON, Period
from incidents.link.life import is_plain
from incidents.link.opening import Opening, openings
from incidents.link.organizations import KIND_OF_MENTION, Directory, candidate_id
from incidents.link.places import place_rows
from incidents.link.stories import opening_text
from incidents.reference import Reference

_TEXT, _DAY, _FLAG = pa.string(), pa.date32(), pa.bool_()
_PERIOD = pa.struct([("type", _TEXT), ("first", _DAY), ("last", _DAY)])
_KEY = [("kind", _TEXT), ("name", _TEXT), ("certain", _FLAG)]
_COUNTED = pa.struct([*_KEY, ("count", pa.int32())])
NAMES = pa.schema(
    [
        pa.field("surfaces", pa.list_(pa.struct([("form", _TEXT), *_COUNTED])), nullable=False),
        pa.field("told", pa.list_(pa.struct(_KEY)), nullable=False),
        pa.field("has_event", _FLAG, nullable=False),
        pa.field("early", pa.list_(_COUNTED), nullable=False),
        pa.field("subjects", pa.list_(pa.struct([("name", _TEXT), ("count", pa.int32())])), nullable=False),
        pa.field("others", pa.list_(_TEXT), nullable=False),
        pa.field("dates", pa.list_(_PERIOD), nullable=False),  # of the main event and of events with people
        pa.field("steps", pa.list_(_PERIOD), nullable=False),  # every event without people, dated or not
    ]
)
COMPARED = pa.schema(
    [
        pa.field("body", pa.uint64(), nullable=False),  # stands for the words of title and text
        pa.field("bands", pa.list_(pa.int64()), nullable=False),  # incidents.link.duplicates
        pa.field("words", pa.list_(pa.uint32()), nullable=False),  # incidents.link.words
        pa.field("counts", pa.list_(pa.uint8()), nullable=False),
        pa.field("start", pa.int64(), nullable=False),  # where in the text the topic begins
        pa.field("headline", _TEXT, nullable=False),  # as names are compared with it
    ]
)
TOLD = pa.schema(
    [
        pa.field("first_day", pa.float64(), nullable=False),  # corpus.Article
        pa.field("last_day", pa.float64(), nullable=False),
        pa.field("considered", _FLAG, nullable=False),
        pa.field("reports", _FLAG, nullable=False),  # clearly tells of an event: makes an incident
        pa.field("speaks", _FLAG, nullable=False),  # relevant, and with an event: speaks for its copies
        pa.field("record_class", _TEXT),
        pa.field("official", _FLAG, nullable=False),
        pa.field("tells_of", pa.list_(_TEXT), nullable=False),  # people in its events, or affected
        pa.field("is_about", pa.list_(_TEXT), nullable=False),  # people in its main event, in full
        pa.field("organizations", pa.list_(_TEXT), nullable=False),  # their ids if all were unknown
        pa.field("places", pa.list_(_TEXT), nullable=False),  # their ids
        pa.field("content", pa.uint64(), nullable=False),  # stands for everything read and extracted
    ]
)
SCHEMA = pa.schema([*article_rows.SCHEMA, *TOLD, *COMPARED, *NAMES])


def prepare(articles: Sequence[Article], directory: Directory, reference: Reference) -> pa.Table:
    """A row of SCHEMA for each of some articles that came in together, in the order given."""
    bodies = [duplicates.body(article.row) for article in articles]
    shingles = [duplicates.shingle_hashes(body) for body in bodies]
    bands = [duplicates.band_hashes(found) if len(found) else np.zeros(0, np.int64) for found in shingles]
    opened = openings(articles, units.of_texts(bands, shingles))
    official = official_articles(articles, {source.id: source.group for source in reference.sources})
    rows = [
        article_rows.row(article)
        | _told(article, official, reference)
        | _compared(opening, body, own)
        | names(article, opening.start, directory)
        for article, opening, body, own in zip(articles, opened, bodies, bands, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _told(article: Article, official: frozenset[str], reference: Reference) -> Row:
    event = article.main_event
    people = {name for event in article.events for name in event["people"]}
    people |= {m["name"] for m in article.mentions if m["kind"] == PERSON and m["role"] == "affected"}
    bodies = {candidate_id(m["name"]) for m in article.mentions if m["kind"] in KIND_OF_MENTION}
    everything = [article.row, article.assessment, article.mentions, article.events]
    return {
        "first_day": article.first_day,
        "last_day": article.last_day,
        "considered": article.considered,
        "reports": _reports(article),
        "speaks": article.relevant and event is not None,
        "record_class": record_class(article, reference),
        "official": article.article_id in official,
        "tells_of": sorted(name for name in people if " " in name),
        "is_about": sorted({name for name in event["people"] if " " in name}) if event else [],
        "organizations": sorted(bodies),
        "places": sorted({row["place_id"] for row in place_rows([article]).values()}),
        "content": hashed([json.dumps(everything, default=str, sort_keys=True)])[0],
    }


def _reports(article: Article) -> bool:
    """Whether a relevant article clearly tells of an event, of harm or other; a column or a product review does not."""
    event = article.main_event
    if event is None or not article.relevant or article.kind not in NEWS or not is_plain(article, event):
        return False
    least = settings.load().incidents
    return bool(event["score"] >= (least.clear_harm if article.kind == "incident" else least.clear))


def _compared(opening: Opening, body: Sequence[str], bands: Any) -> Row:
    numbers, counts = words.counted(opening_text(opening, settings.load().stories))
    whole = hashed([" ".join(body)])[0]
    return {
        "body": whole,
        "bands": bands,
        "words": numbers,
        "counts": counts,
        "start": opening.start,
        "headline": keys.plain(opening.headline),
    }


def names(article: Article, start: int, directory: Directory) -> Row:
    """The columns of NAMES: what an article says of people, bodies, places and days. `start` is where in its text the
    topic begins."""
    subjects = [m["name"] for m in article.mentions if keys.is_subject(m)]
    others = {m["name"] for m in article.mentions if m["kind"] == PERSON and m["role"] in (None, "other")}
    early = sorted(keys.named(article, start, directory).items())
    return {
        "surfaces": [
            {"form": form, **_fields(key), "count": count}
            for (form, key), count in sorted(keys.surfaces(article, directory).items())
        ],
        "told": [_fields(key) for key in sorted(keys.told(article, directory))],
        "has_event": article.main_event is not None,
        "early": [{**_fields(key), "count": count} for key, count in early if key.kind == PERSON or count >= OFTEN],
        "subjects": [{"name": name, "count": subjects.count(name)} for name in sorted(set(subjects))],
        "others": sorted(others),
        "dates": list(_periods(dates_of(article))),
        "steps": list(_periods(told_of(article))),
    }


def _fields(key: keys.Key) -> Row:
    return {"kind": key.kind, "name": key.name, "certain": key.certain}


def _periods(found: Iterable[tuple[str, Period | None]]) -> Iterator[Row]:
    for event_type, days in sorted(found, key=str):
        yield {"type": event_type, "first": days and days[0], "last": days and days[1]}
