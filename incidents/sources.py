"""The sources of a data folder: what each run brought from them, how they stand, and what of it is set aside.

All of it rests on one Parquet file beside the archive, with a row for each source that a run asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from incidents import crawling
from incidents.errors import UserError
from incidents.health import PASSING, Decision, Delivery, Problem, Verdict, judge, verdict
from incidents.parquet import write_table
from incidents.reference import Source, load_sources, reference_folder

NAME = "deliveries.parquet"  # in the archive's folder
KEPT = timedelta(days=90)
SAMPLED = 10  # pages of a delivery that are looked at
TEXT_LENGTH = 150  # characters of the shortest text of an article

_COUNTS = ("listings_read", "listings_unchanged", "listings_failed", "discovered", "items", "fetched", "not_modified",
           "failed", "robots_denied", "sampled", "texts")  # fmt: skip
_TIME = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("at", _TIME, nullable=False),  # when the run began
        *(pa.field(name, pa.int64(), nullable=False) for name in _COUNTS),
        pa.field("reason", pa.string(), nullable=False),  # why most of what failed did
        pa.field("last_success", _TIME),
        pa.field("files", pa.list_(pa.string()), nullable=False),  # relative to the archive
        pa.field("problem", pa.string()),
        pa.field("why", pa.string(), nullable=False),
        pa.field("decision", pa.string()),
        pa.field("decided_at", _TIME),
    ]
)
History = dict[str, list[Delivery]]  # by source, the oldest first


def record(data_dir: Path, sources_file: Path, report: Sequence[dict[str, Any]], now: datetime) -> list[Verdict]:
    """Judge what a crawl that began `now` brought, keep it in the history, and say how each source stands.

    `report` has the crawler's numbers by source. Pages without a text are fetched again by later runs.
    """
    sources = {source.id: source for source in load_sources(sources_file.parent)}
    history, useless = load(data_dir), list[str]()
    for counts in report:
        delivery = _delivery(data_dir / "archive", counts, now)
        if not any(getattr(delivery, name) for name in _COUNTS):
            continue  # it was not due
        earlier = history.get(delivery.source, [])
        judged = judge(delivery, earlier, sources[delivery.source])
        if judged:
            delivery = replace(delivery, problem=judged[0], why=judged[1])
        else:
            earlier = [_passed(each, now) if each.problem in PASSING and each.is_aside else each for each in earlier]
        if delivery.problem == Problem.NO_TEXT:
            useless += _addresses(data_dir / "archive", delivery.files)
        history[delivery.source] = [*earlier, delivery]
    _save(data_dir, history, now)
    _try_again(data_dir, useless, now)
    return verdicts(data_dir, [sources[counts["source"]] for counts in report])


def check_clock(data_dir: Path, now: datetime) -> None:
    """Raise UserError where a source was asked on a later day than today: its history is in the order of time."""
    last = max((deliveries[-1].at for deliveries in load(data_dir).values()), default=now)
    if now.date() < last.date():
        told = f"the clock says {now:%Y-%m-%d}, the last crawl was on {last:%Y-%m-%d}"
        raise UserError(f"{data_dir}: {told}: set the clock right")


def verdicts(data_dir: Path, sources: Iterable[Source]) -> list[Verdict]:
    """How these sources stand."""
    history = load(data_dir)
    return [verdict(source, history.get(source.id, [])) for source in sources]


def files_aside(data_dir: Path) -> frozenset[str]:
    """The archive files that are not to be read, relative to the archive."""
    history = load(data_dir)
    return frozenset(name for rows in history.values() for each in rows if each.is_aside for name in each.files)


def decide(data_dir: Path, source_id: str, decision: Decision, now: datetime) -> str:
    """Let in, or keep out for good, all that is set aside of a source. Raises UserError where nothing is."""
    history = load(data_dir)
    held = [each for each in history.get(source_id, []) if each.is_aside]
    if not held:
        raise UserError(f"{source_id}: nothing of it is set aside; `incidents sources` shows what is")
    decided = [
        replace(each, decision=decision, decided_at=now) if each in held else each for each in history[source_id]
    ]
    _save(data_dir, history | {source_id: decided}, now)
    days = ", ".join(sorted({f"{each.at:%Y-%m-%d}" for each in held}))
    then = "the next run reads them" if decision == Decision.LET_IN else "they stay in the archive, unread"
    return f"{source_id}: {sum(len(each.files) for each in held)} files of {days} {decision}; {then}"


def table(data_dir: Path, group: str | None) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The names of columns, and a row for each source of a group, or of all: what it is, how it stands and why.

    Raises UserError for an unknown group.
    """
    from incidents.sample import demo, files

    sources = load_sources(files.SAMPLE if demo.is_sample(data_dir) else reference_folder())
    groups = sorted({source.group for source in sources})
    if group and group not in groups:
        raise UserError(f"--group {group}: no source is in it; the groups are {', '.join(groups)}")
    history = load(data_dir)
    names = ("source", "group", "kind", "country", "verified", "week", "expected", "state", "aside", "why")
    chosen = [source for source in sources if group in (None, source.group)]
    return names, [_row(verdict(source, history.get(source.id, [])), history.get(source.id, [])) for source in chosen]


def load(data_dir: Path) -> History:
    """The history of a data folder; empty where nothing was crawled yet."""
    path = data_dir / "archive" / NAME
    history: History = {}
    for row in _rows(path) if path.exists() else []:
        problem, decision = row["problem"] and Problem(row["problem"]), row["decision"] and Decision(row["decision"])
        delivery = Delivery(**row | {"files": tuple(row["files"]), "problem": problem, "decision": decision})
        history.setdefault(delivery.source, []).append(delivery)
    return history


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        rows: list[dict[str, Any]] = pq.read_table(path, schema=SCHEMA).to_pylist()
    except pa.ArrowInvalid as error:
        raise UserError(
            f"{path}: damaged ({error}); put back a copy of it, or move it away: the sources then begin without a "
            "history, and what was set aside is read"
        ) from error
    return rows


def _save(data_dir: Path, history: History, now: datetime) -> None:
    """Keep what is younger than KEPT, what is set aside, and the last of each source."""
    rows = [
        asdict(each)
        for _, deliveries in sorted(history.items())
        for each in deliveries
        if each.at > now - KEPT or each.is_aside or each is deliveries[-1]
    ]
    write_table(data_dir / "archive" / NAME, pa.Table.from_pylist(rows, schema=SCHEMA))


def _row(stands: Verdict, deliveries: Sequence[Delivery]) -> tuple[object, ...]:
    source = stands.source
    verified = f"{stands.last_success:%Y-%m-%d}" if stands.last_success else "yes" if source.verified else "unverified"
    expected = f"{source.expected_min_per_week}-{source.expected_max_per_week}"
    held = sum(len(each.files) for each in deliveries if each.is_aside and each.decision is None)
    off = "" if source.enabled else "switched off; "
    return (
        *(source.id, source.group, source.kind, source.country, verified, stands.week, expected),
        *(stands.state.value, held or None, off + stands.why),
    )


def _passed(delivery: Delivery, now: datetime) -> Delivery:
    """A delivery that was set aside is let in by itself, unless a person keeps it out."""
    return delivery if delivery.decision else replace(delivery, decision=Decision.PASSED, decided_at=now)


def _delivery(archive: Path, counts: dict[str, Any], now: datetime) -> Delivery:
    reasons: dict[str, int] = counts["failed"] | ({"robots.txt": counts["robots_denied"]})
    texts = list(_sample(archive, counts["files"], counts["fetched"]))
    known = {field.name for field in fields(Delivery)} & counts.keys()
    success = counts["last_success"]
    return Delivery(
        **{name: counts[name] for name in known}
        | {
            "at": now,
            "failed": sum(counts["failed"].values()) - counts["listings_failed"],
            "reason": max(sorted(reasons), key=lambda reason: reasons[reason]) if any(reasons.values()) else "",
            "last_success": datetime.fromisoformat(success) if success else None,
            "files": tuple(counts["files"]),
            "sampled": len(texts),
            "texts": len({text for text in texts if len(text) >= TEXT_LENGTH}),
        }
    )


def _sample(archive: Path, files: Sequence[str], pages: int) -> Iterator[str]:
    """The texts of some pages of a delivery, taken evenly from all."""
    from incidents.errors import Reject
    from incidents.read.reader import reading
    from incidents.read.warc import Page

    step = max(1, pages // SAMPLED)
    found = (item for item in _items(archive, files) if isinstance(item, Page))
    for number, page in enumerate(found):
        if number % step == 0 and number // step < SAMPLED:
            read = reading(page)
            yield "" if isinstance(read, Reject) else read.text


def _addresses(archive: Path, files: Sequence[str]) -> Iterator[str]:
    """All addresses of the pages in these files, redirects included."""
    from incidents.read.warc import Page

    for page in _items(archive, files):
        if isinstance(page, Page):
            named = (page.fields.get(name, "").splitlines() for name in ("requested-url", "redirect-chain"))
            yield from {page.url, *(url for urls in named for url in urls)}


def _items(archive: Path, files: Sequence[str]) -> Iterator[object]:
    from incidents.read import warc

    return (item for name in files for item in warc.iterate(archive / name, name))


def _try_again(data_dir: Path, addresses: Sequence[str], now: datetime) -> None:
    from scrapers.frontier import Frontier

    if addresses:
        with closing(Frontier(crawling.frontier(data_dir))) as frontier:
            frontier.useless(sorted(set(addresses)), "no text", now)
