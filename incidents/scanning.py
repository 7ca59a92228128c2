"""`incidents scan`: WARC files that stay where they are, streamed through gate, reader and extraction by an engine.

What a file gave lies in working/scans/, one Parquet file for each, and what became of it in outcomes.jsonl there. From
all of them the working store's partitions of group `scan` are made, by UTC day of fetching; linking and publishing then
run as they always do.
"""

import gzip
import json
import os
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from incidents import engines, lock, progress, ranges, running, stages, working
from incidents.engines import Engine, Outcome
from incidents.errors import Reject, UserError
from incidents.extract.rows import KEYS, last_of_each
from incidents.ids import digest
from incidents.outdated import Makers, footer, is_made_from
from incidents.parquet import read_metadata, write_table
from incidents.partitions import SCANNED, Partition
from incidents.scan_options import ScanOptions
from incidents.warc_stage import FOUND, PLACE, Scan, ordered

CCNEWS = "https://data.commoncrawl.org/crawl-data/CC-NEWS/{month}/warc.paths.gz"
OUTCOMES = "outcomes.jsonl"
_PLACE_OF_LISTING = re.compile(r"(.*/)crawl-data/CC-NEWS/\d{4}/\d{2}/[^/]+")
_SHOWN = 10  # failures in the summary
_TIME = pa.timestamp("us", tz="UTC")
_WARC = re.compile(r".*\.warc(\.gz)?$", re.IGNORECASE)


class Request(ScanOptions):
    """The files that are asked for, and the engine that does the work."""

    def files(self) -> list[str]:
        """Raises UserError where there is nothing to scan, or a path or listing is missing."""
        if not self.paths and not self.month:
            raise UserError("nothing to scan: name WARC files, or a month with --ccnews YYYY-MM")
        return warc_files(self.paths) + (ccnews_files(self.month, self.listing) if self.month else [])

    def worker(self) -> Engine:
        if self.engine == "spark":
            return engines.Spark(self.master, environment=self.environment or None)
        return engines.Local(self.processes or os.cpu_count() or 1)


def command(data_dir: Path, request: Request) -> str:
    """`incidents scan`: scan what is not scanned yet, then link and publish. Raises UserError."""
    files = request.files()
    progress.keep_terminal()
    with lock.writing(data_dir, "incidents scan"):
        outcomes = scan(data_dir, files, request.worker())
        return "\n".join([*told(outcomes, len(set(files))), running.run(data_dir, running.Options())])


def scan(data_dir: Path, files: Sequence[str], engine: Engine) -> list[Outcome]:
    """Scan what is not scanned yet into the working store; the caller holds the folder's lock. Raises UserError."""
    from incidents.sample import demo

    if demo.is_sample(data_dir):
        raise UserError(
            f"{data_dir} holds the sample, which never mixes with other articles: choose another --data-dir"
        )
    makers, folder = Makers.now(), data_dir / "working" / "scans"
    outcomes = record(Scan(makers.reader, makers.extractor), files, folder, engine)
    stages.extract(data_dir, merge(data_dir, folder, makers, outcomes), progress.terminal)
    return outcomes


def record(stage: Scan, files: Iterable[str], folder: Path, engine: Engine) -> list[Outcome]:
    """Run the engine over the files that are missing, and record each outcome as it comes."""
    outcomes: list[Outcome] = []
    todo = engines.missing(stage, files, folder)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / OUTCOMES).open("a", encoding="utf-8") as record:
        for outcome in engines.run(stage, todo, folder, engine):
            outcomes.append(outcome)
            print(json.dumps(asdict(outcome), ensure_ascii=False), file=record, flush=True)
            progress.terminal("scan", len(outcomes), len(todo))
    return outcomes


def merge(data_dir: Path, folder: Path, makers: Makers, outcomes: Sequence[Outcome]) -> list[Partition]:
    """Make the partitions of group `scan` from the results of all scans; returns them."""
    results = ds.dataset(sorted(map(str, folder.glob("*.parquet"))), schema=FOUND, format="parquet")
    days = _days(results)
    for day, names in days.items():
        _merge_day(data_dir, Partition(day, SCANNED), results, makers, {folder / name for name in names})
    for path in (path for table in working.SCHEMAS for path in (data_dir / "working" / table / SCANNED).glob("*")):
        if path.stem not in days:
            path.unlink()
    rejects = results.to_table(columns=working.REJECTS.names, filter=_of("rejects")).cast(working.REJECTS)
    failed = [asdict(Reject("scan", each.file, None, each.reason)) for each in outcomes if not each.ok]
    rejects = pa.concat_tables([rejects, pa.Table.from_pylist(failed, working.REJECTS)])
    write_table(Partition("all", SCANNED).file(data_dir, "rejects/scan"), ordered(rejects, "file", "line", "reason"))
    return [Partition(day, SCANNED) for day in sorted(days)]


def _days(results: ds.Dataset) -> dict[str, set[str]]:
    """The UTC days that articles were fetched on, with the names of the results that hold them."""
    rows = results.to_table(columns=["__filename", "fetched_at"], filter=_of("articles")).to_pylist()
    days: dict[str, set[str]] = {}
    for row in rows:
        days.setdefault(row["fetched_at"].date().isoformat(), set()).add(Path(row["__filename"]).name)
    return days


def _merge_day(data_dir: Path, partition: Partition, results: ds.Dataset, makers: Makers, files: set[Path]) -> None:
    """Write the articles of a day, and what was extracted from them unless an older extractor did it."""
    articles = partition.file(data_dir, "articles")
    made_from = digest(makers.reader, *((file.name, read_metadata(file)[engines.MADE_BY]) for file in sorted(files)))
    if is_made_from([articles], made_from):
        return
    table = _rows(results, "articles", partition.day)
    write_table(articles, ordered(table, "revision_id", *PLACE).cast(working.ARTICLES), footer("articles", made_from))
    made = results.to_table(columns=["__filename", "extractor"], filter=_of("pages")).to_pylist()
    if {row["extractor"] for row in made if Path(row["__filename"]) in files} != {makers.extractor}:
        return
    for name, key in KEYS.items():
        schema = working.SCHEMAS[name]
        rows = last_of_each(ordered(_rows(results, name, partition.day), *PLACE), key)
        write_table(
            partition.file(data_dir, name),
            rows.select(schema.names).cast(schema),
            footer(name, makers.extraction(articles)),
        )


def _rows(results: ds.Dataset, name: str, day: str) -> pa.Table:
    """The rows of a table on a day, with the place of their article."""
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    fetched = pc.field("fetched_at")
    on_day = (fetched >= pa.scalar(start, _TIME)) & (fetched < pa.scalar(start + timedelta(days=1), _TIME))
    columns = list(dict.fromkeys([*working.SCHEMAS[name].names, *PLACE]))
    return results.to_table(columns=columns, filter=_of(name) & on_day)


def _of(table: str) -> pc.Expression:
    return pc.field("table") == table


def told(outcomes: Sequence[Outcome], wanted: int) -> list[str]:
    """What became of the files."""
    failed = [outcome for outcome in outcomes if not outcome.ok]
    done = len(outcomes) - len(failed)
    first = f"scan: {wanted} files, {done} scanned, {wanted - len(outcomes)} scanned before, {len(failed)} failed"
    return [first, *(f"  {outcome.file}: {outcome.reason}" for outcome in failed[:_SHOWN])]


def warc_files(paths: Iterable[str]) -> list[str]:
    """Paths and addresses of WARC files, folders unfolded. Raises UserError for a path that is not there."""
    found: list[str] = []
    for name in paths:
        path = Path(name).absolute()
        if ranges.is_remote(name):
            found.append(name)
        elif path.is_dir():
            found += sorted(str(each) for each in path.rglob("*") if _WARC.fullmatch(each.name))
        elif path.exists():
            found.append(str(path))
        else:
            raise UserError(f"{name}: no such file or folder")
    return found


def ccnews_files(month: str, listing: str = "") -> list[str]:
    """The files of a month of CC-NEWS, from its listing or another copy of it. Raises UserError.

    A listing that lies as Common Crawl's does, under crawl-data/CC-NEWS/, names files of the same place; any other one
    names Common Crawl's.
    """
    listing = listing or CCNEWS.format(month=month.replace("-", "/"))
    try:
        content = ranges.content(listing)
        names = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode().split()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UserError(f"{listing}: not a readable listing ({error}): name another with --listing") from error
    place = _PLACE_OF_LISTING.fullmatch(listing if ranges.is_remote(listing) else str(Path(listing).absolute()))
    root = place[1] if place else CCNEWS.partition("crawl-data/")[0]
    return [name if ranges.is_remote(name) or name.startswith("/") else root + name for name in names]
