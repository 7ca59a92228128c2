"""Whether what a stage made is as it should be: shares of good values, rates against history, sources, gold texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from incidents import reference, sources
from incidents.outdated import Makers
from incidents.parquet import read_metadata
from incidents.partitions import kept
from incidents.reference.loader import load_sources
from incidents.sample import demo, gold
from incidents.sample.files import SAMPLE
from incidents.stages import PAGES

DAYS = 30  # that are looked at
FEW = 20  # articles: fewer say nothing about a share
# The least share of articles in which a field must have a usable value.
FIELDS = {"title": 0.95, "publisher": 0.9, "published_on": 0.85, "language": 0.95, "canonical_url": 0.99}
# A rate has moved when it is that many times the usual one or its part, and chance can hardly explain it.
GATE_TIMES, RELEVANCE_TIMES, DEVIATIONS = 4.0, 2.0, 4.0
FEW_PAGES, FEW_ASSESSED = 200, 30


@dataclass(frozen=True)
class Finding:
    """The result of a check: a sentence, the rows that fail, and the numbers behind it."""

    passed: bool
    says: str
    rows: Sequence[dict[str, Any]] = ()
    numbers: dict[str, float] = field(default_factory=dict)


def deliveries(data_dir: Path) -> Finding:
    """Whether every enabled source brings as much as it should, by its own history and what is expected of it."""
    folder = SAMPLE if demo.is_sample(data_dir) else reference.reference_folder()
    enabled = [source for source in load_sources(folder) if source.enabled]
    bad = [verdict for verdict in sources.verdicts(data_dir, enabled) if not verdict.passes]
    rows = [
        {
            "source": verdict.source.id,
            "group": verdict.source.group,
            "state": verdict.state.value,
            "items in the week": verdict.week,
            "expected": f"{verdict.source.expected_min_per_week}-{verdict.source.expected_max_per_week}",
            "why": verdict.why,
        }
        for verdict in bad
    ]
    return Finding(not bad, f"{len(bad)} of {len(enabled)} sources do not deliver as they should", rows)


def fields(data_dir: Path, today: date) -> Finding:
    """In how many articles of the last month each field has a usable value."""
    columns = [*FIELDS, "fetched_at"]
    articles = pa.concat_tables(
        [pq.read_table(path, columns=columns, partitioning=None) for _, path in _recent(data_dir, "articles", today)]
        or [pa.table({name: pa.array([], pa.string()) for name in columns})]
    )
    if articles.num_rows < FEW:
        return Finding(True, f"too few articles to tell: {articles.num_rows} in {DAYS} days")
    shares = {name: pc.mean(_usable(articles, name).cast(pa.int8())).as_py() for name in FIELDS}
    rows = [
        {"field": name, "share": round(share, 3), "floor": FIELDS[name], "articles": articles.num_rows}
        for name, share in shares.items()
        if share < FIELDS[name]
    ]
    return Finding(not rows, f"{articles.num_rows} articles of the last {DAYS} days", rows, shares)


def gate(data_dir: Path, today: date) -> Finding:
    """Whether the last day let as many pages past the gate as is usual."""
    files = _recent(data_dir, "articles", today)
    counts = [(day, pq.read_metadata(path).num_rows, int(read_metadata(path).get(PAGES, 0))) for day, path in files]
    return moved("pages past the gate", counts, GATE_TIMES, FEW_PAGES)


def relevance(data_dir: Path, today: date) -> Finding:
    """Whether as many of the last day's articles are relevant as is usual."""
    counts = []
    for day, path in _recent(data_dir, "assessments", today):
        relevant = pq.read_table(path, columns=["relevant"], partitioning=None).column(0)
        counts.append((day, pc.sum(relevant.cast(pa.int64())).as_py() or 0, len(relevant)))
    return moved("relevant articles", counts, RELEVANCE_TIMES, FEW_ASSESSED)


def extraction(data_dir: Path) -> Finding:
    """Whether the extraction still finds what it should in the labelled texts of data/sample/gold.yaml."""
    figures = gold.figures(data_dir / "working" / "gold.json", Makers.now().extractor)
    shares = {name: figures.share(name) for name in gold.FLOORS}
    low = [name for name, floor in gold.FLOORS.items() if shares[name] < floor]
    rows = [{"what is wrong": miss} for miss in figures.misses if any(f": {name}:" in miss for name in low)]
    told = ", ".join(f"{name} {figures.right[name]} of {figures.total[name]}" for name in gold.FLOORS)
    return Finding(not low, told, rows, shares)


def moved(what: str, counts: Iterable[tuple[str, int, int]], times: float, few: int) -> Finding:
    """Compare the last day's rate with that of the days before; `counts` are (day, hits, total), in any order.

    The test is that of two proportions; nothing is said about days that have `few` in all or less.
    """
    days: dict[str, tuple[int, int]] = {}
    for day, hits, total in counts:
        before = days.get(day, (0, 0))
        days[day] = (before[0] + hits, before[1] + total)
    if not days:
        return Finding(True, f"{what}: nothing yet")
    last = max(days)
    hits, total = days.pop(last)
    earlier = [sum(numbers) for numbers in zip(*days.values(), strict=True)] or [0, 0]
    if total < few or earlier[1] < few:
        return Finding(True, f"{what}: {hits} of {total} on {last}, too few or too little history to compare")
    rate, usual = hits / total, earlier[0] / earlier[1]
    pooled = (hits + earlier[0]) / (total + earlier[1])
    error = sqrt(pooled * (1 - pooled) * (1 / total + 1 / earlier[1]))
    apart = abs(rate - usual) > DEVIATIONS * error and not usual / times <= rate <= usual * times
    row = {"day": last, what: hits, "of": total, "rate": round(rate, 4), "usual": round(usual, 4)}
    says = f"{what}: {rate:.2%} on {last}, usually {usual:.2%}"
    return Finding(not apart, says, [row] if apart else [], {"rate": rate, "usual": usual})


def _usable(articles: pa.Table, name: str) -> pa.ChunkedArray:
    column = articles[name]
    if name == "published_on":
        fetched = pc.add(articles["fetched_at"].cast(pa.date32()).cast(pa.int32()), 1).cast(pa.int32())
        known = pc.and_(pc.less_equal(column.cast(pa.int32()), fetched), pc.greater_equal(pc.year(column), 1990))
        return pc.fill_null(known, False)
    if name == "language":
        return pc.not_equal(column, "und")
    if name == "canonical_url":
        return pc.match_substring_regex(column, r"^(https?://[^/]+/?|urn:)")
    return pc.fill_null(pc.greater(pc.utf8_length(column), 0), False)


def _recent(data_dir: Path, table: str, today: date) -> list[tuple[str, Path]]:
    """The files of the last month's days."""
    first = (today - timedelta(days=DAYS)).isoformat()
    return [(part.day, part.file(data_dir, table)) for part in kept(data_dir, table) if part.day >= first]
