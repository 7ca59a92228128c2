"""Charts and first rows of each stage's result for the UI, of columns that can name no private person."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from incidents.defs.metadata import PARTITION_ROWS, ROWS, SHOWN, bars, table
from incidents.partitions import Partition
from incidents.publish import releases

DAYS = 30
ARTICLES = ["published_on", "language", "publisher", "source", "word_count"]
MENTIONS = ["kind", "role", "name", "rule", "score"]
INCIDENTS = [
    "incident_id", "record_class", "incident_type", "event_on_start", "frt_involvement", "article_count",
    "publisher_count", "confidence",
]  # fmt: skip
RELEASED = ["incident_id", "title", "incident_type", "event_on_start", "publisher_count"]
Shown = dict[str, Any]


def crawl(sources: list[dict[str, Any]]) -> Shown:
    """What each source of a crawl gave."""
    ordered = sorted(sources, key=lambda source: (-source["fetched"], source["source"]))
    rows = [
        {name: source[name] for name in ("source", "discovered", "fetched", "not_modified", "robots_denied")}
        | {"failed": sum(source["failed"].values())}
        for source in ordered
    ]
    chart = bars([(source["source"], source["fetched"]) for source in ordered[:DAYS]], "pages from a source")
    return {"chart": _md(chart), "sources": _md(table(rows))}


def articles(data_dir: Path, partition: Partition) -> Shown:
    """How many articles the days up to this one gave, and the first of this day."""
    rows = _rows(partition.file(data_dir, "articles"), ARTICLES)
    return _of_day(data_dir, partition, "articles") | {"preview": _md(table(rows.slice(0, SHOWN).to_pylist()))}


def mentions(data_dir: Path, partition: Partition) -> Shown:
    """How many mentions the days up to this one gave, of which kinds, and the organizations we know among them."""
    found = _rows(partition.file(data_dir, "mentions"), [*MENTIONS, "entity_id"])
    kinds = Counter(found["kind"].to_pylist())
    known = found.filter(pc.is_in(found["kind"], pa.array(["vendor", "product", "police_agency"])))
    known = known.filter(pc.is_valid(known["entity_id"])).select(MENTIONS)
    counted = [{"kind": kind, "mentions": number} for kind, number in sorted(kinds.items())]
    return _of_day(data_dir, partition, "mentions") | {
        "kinds": _md(table(counted)),
        "preview": _md(table(known.slice(0, SHOWN).to_pylist())),
    }


def incidents(data_dir: Path) -> Shown:
    """Incidents by the year of their first report, and those last reported."""
    rows = _rows(data_dir / "working" / "linked" / "incidents.parquet", [*INCIDENTS, "first_reported_on"])
    years = Counter(day.year for day in rows["first_reported_on"].to_pylist() if day)
    newest = rows.sort_by([("first_reported_on", "descending"), ("incident_id", "ascending")]).select(INCIDENTS)
    span = range(min(years, default=0), max(years, default=0) + 1)
    return {
        ROWS: rows.num_rows,
        "chart": _md(bars([(str(year), years[year]) for year in span], "incidents first reported in a year")),
        "preview": _md(table(newest.slice(0, SHOWN).to_pylist())),
    }


def release(data_dir: Path) -> Shown:
    """Incidents by release, and the newest as they are published."""
    known = releases.releases(data_dir)
    rows = _rows(known[-1].path / "parquet" / "incidents.parquet", [*RELEASED, "last_reported_on"])
    newest = rows.sort_by([("last_reported_on", "descending"), ("incident_id", "ascending")]).select(RELEASED)
    numbers = [(item.version, item.manifest["rows"]["incidents"]) for item in known[-DAYS:]]
    return {
        ROWS: rows.num_rows,
        "chart": _md(bars(numbers, "incidents in a release")),
        "preview": _md(table(newest.slice(0, SHOWN).to_pylist())),
        "page": dg.MetadataValue.path(str(known[-1].path / "index.html")),
    }


def _of_day(data_dir: Path, partition: Partition, name: str) -> Shown:
    """The rows of a partition, and of its group on the days before."""
    last = date.fromisoformat(partition.day)
    days = [(last - timedelta(days=n)).isoformat() for n in reversed(range(DAYS))]
    numbers = [(day, _count(Partition(day, partition.group).file(data_dir, name))) for day in days]
    return {PARTITION_ROWS: int(numbers[-1][1]), "chart": _md(bars(numbers, f"{name} in a day"))}


def _count(file: Path) -> int:
    return int(pq.read_metadata(file).num_rows) if file.exists() else 0


def _rows(file: Path, columns: list[str]) -> pa.Table:
    if file.exists():
        return pq.read_table(file, columns=columns, partitioning=None)
    return pa.table({name: pa.array([], pa.string()) for name in columns})


def _md(text: str) -> dg.MetadataValue:
    return dg.MetadataValue.md(text)
