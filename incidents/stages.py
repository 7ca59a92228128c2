"""The five stages over a data folder: which rows a stage reads, and where its rows go.

Dagster's assets and the command line call these; the work itself is in read/, extract/, link/ and publish/. A stage
that has nothing new to do does nothing. The caller holds the folder's lock (incidents.lock), but for collect, which
takes what it needs: hours of crawling keep nobody waiting.
"""

import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from incidents import crawling, lock, sources, working
from incidents.crawling import Crawl
from incidents.errors import Reject
from incidents.extract.contract import FAILED
from incidents.files import write_text
from incidents.installed import ROOT
from incidents.outdated import CODE, EXTRACTED, INPUTS, SCHEMA, Makers, footer, is_made_from, linked_from
from incidents.parquet import read_table, write_table
from incidents.partitions import GROUPS, SCANNED, Partition, archived, kept
from incidents.publish import REGISTRY, About, releases
from incidents.tables import SCHEMA_VERSION
from scrapers import index

if TYPE_CHECKING:
    from incidents.read import Gate

Progress = Callable[[str, int, int], None]
PAGES = "pages"  # footer key of articles: how many pages were looked at


@dataclass
class Outcome:
    """What a stage did, for the run's summary."""

    stage: str
    counts: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def add(self, **counts: int) -> None:
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number


def collect(data_dir: Path, group: str, wanted: Crawl | None, inputs: Iterable[Path], now: datetime) -> Outcome:
    """Crawl sources of a group into the archive in a child process, or put the user's own files there."""
    from incidents.read.inputs import archive_inputs

    outcome = Outcome("collect")
    with ExitStack() as held:
        if wanted:
            held.enter_context(lock.crawling(data_dir, "collect", lock.WAIT))
            sources.check_clock(data_dir, now)
            brought, failures = crawling.crawl(data_dir, wanted, now)
        held.enter_context(lock.writing(data_dir, "collect", lock.WAIT))
        if wanted:
            _take_in(data_dir, wanted, brought, failures, now, outcome)
        if paths := list(inputs):
            files, rejects = archive_inputs(paths, data_dir / "archive", now)
            outcome.add(input_files=len(files), rejected=len(rejects))
            outcome.rejects += rejects
        _keep_rejects(data_dir, "collect", Partition("latest", group), outcome.rejects)
    return outcome


def _take_in(
    data_dir: Path,
    wanted: Crawl,
    brought: Sequence[dict[str, Any]],
    failures: Sequence[Reject],
    now: datetime,
    outcome: Outcome,
) -> None:
    """Judge and index what a crawl brought into the archive."""
    files = crawling.deliver(data_dir)
    brought = [counts | {"files": files.get(counts["source"], [])} for counts in brought]
    verdicts = sources.record(data_dir, wanted.sources_file, brought, now)
    outcome.details["sources"] = [counts | each.told for counts, each in zip(brought, verdicts, strict=True)]
    for source in brought:
        outcome.add(**{name: source[name] for name in ("discovered", "fetched", "not_modified", "robots_denied")})
    outcome.add(failed=len(failures))
    for each in verdicts:
        outcome.add(**{} if each.passes else {f"sources_{each.state.name.lower()}": 1})
    outcome.rejects += failures
    index.update(data_dir / "archive")


def read(data_dir: Path, wanted: Collection[Partition] | None = None, progress: Progress | None = None) -> Outcome:
    """Web archives -> working/articles/<group>/<day>.parquet, where files or reader changed; all, or those `wanted`."""
    from incidents.read import Gate

    outcome = Outcome("read")
    _drop_strangers(data_dir)
    archive = archived(data_dir, ("*",) if wanted is None else [partition.day for partition in wanted])
    partitions = sorted({*archive, *kept(data_dir, "articles")} if wanted is None else wanted)
    makers, gate = Makers.now(), Gate.from_reference()
    for number, partition in enumerate(partitions, start=1):
        _read_partition(data_dir, partition, archive.get(partition, []), makers, gate, outcome)
        if progress:
            progress("read", number, len(partitions))
    return outcome


def _read_partition(
    data_dir: Path, partition: Partition, files: Sequence[Path], makers: Makers, gate: "Gate", outcome: Outcome
) -> None:
    from incidents.read import read_warc

    target, made_from = partition.file(data_dir, "articles"), makers.articles(data_dir, files)
    if not files:
        target.unlink(missing_ok=True)
    if not files or is_made_from([target], made_from):
        return
    tables, rejects, seen = [working.ARTICLES.empty_table()], [], 0
    for file in files:
        result = read_warc(file, data_dir, gate)
        tables.append(result.articles)
        rejects += result.rejects
        seen += result.pages
    articles = pa.concat_tables(tables).sort_by([("revision_id", "ascending"), ("fetched_at", "ascending")])
    _keep_rejects(data_dir, "read", partition, rejects)
    write_table(target, articles, footer("articles", made_from) | {PAGES: str(seen)})
    outcome.add(pages=seen, articles=articles.num_rows, rejected=len(rejects))
    outcome.rejects += rejects


def extract(data_dir: Path, wanted: Collection[Partition] | None = None, progress: Progress | None = None) -> Outcome:
    """working/articles -> working/{assessments,mentions,events}, where articles or extractor changed."""
    outcome = Outcome("extract")
    tables = ("articles", *EXTRACTED)
    partitions = sorted({p for table in tables for p in kept(data_dir, table)} if wanted is None else wanted)
    articles = {p: p.file(data_dir, "articles") for p in partitions}
    sizes = {p: pq.read_metadata(file).num_rows if file.exists() else 0 for p, file in articles.items()}
    makers, total, done = Makers.now(), sum(sizes.values()), 0
    for partition in partitions:
        tick = (lambda n, start=done: progress("extract", start + n, total)) if progress else None
        _extract_partition(data_dir, partition, makers, outcome, tick)
        done += sizes[partition]
    outcome.add(watched=_watch(data_dir, partitions))
    return outcome


def _extract_partition(
    data_dir: Path, partition: Partition, makers: Makers, outcome: Outcome, tick: Callable[[int], None] | None
) -> None:
    from incidents.extract import rows as extraction_rows

    source, targets = partition.file(data_dir, "articles"), {t: partition.file(data_dir, t) for t in EXTRACTED}
    if not source.exists():
        for target in targets.values():
            target.unlink(missing_ok=True)
        return
    made_from = makers.extraction(source)
    if is_made_from(targets.values(), made_from):
        return
    articles = read_table(source)
    tables = extraction_rows.extract_articles(articles, tick)
    rejects = _failures(articles, tables["assessments"])
    _keep_rejects(data_dir, "extract", partition, rejects)
    for name, target in targets.items():
        write_table(target, tables[name], footer(name, made_from))
        outcome.add(**{name: tables[name].num_rows})
    outcome.rejects += rejects


def _drop_strangers(data_dir: Path) -> None:
    """Remove working files that are not cut by group, as older versions left them: they are made again."""
    kinds = [*working.SCHEMAS, *(f"rejects/{stage}" for stage in ("collect", "read", "extract"))]
    for folder in (path for kind in kinds for path in (data_dir / "working" / kind).glob("*")):
        if folder.name not in (*GROUPS, SCANNED):
            shutil.rmtree(folder)


def _failures(articles: pa.Table, assessments: pa.Table) -> list[Reject]:
    """The articles on which the extraction failed, by their place in the archive."""
    reasons = dict(zip(*assessments.select(["revision_id", "refused"]).to_pydict().values(), strict=True))
    return [
        Reject("extract", row["archive_file"], row["archive_offset"], reasons[row["revision_id"]])
        for row in articles.select(["revision_id", "archive_file", "archive_offset"]).to_pylist()
        if (reasons[row["revision_id"]] or "").startswith(FAILED)
    ]


def _watch(data_dir: Path, partitions: Iterable[Partition]) -> int:
    """Have the crawler look at relevant articles again, less and less often: news is corrected and updated."""
    from scrapers.frontier import Frontier

    if not crawling.frontier(data_dir).exists():
        return 0
    pages = set()
    for partition in partitions:
        if partition.file(data_dir, "articles").exists():
            pages |= _relevant_pages(data_dir, partition)
    with closing(Frontier(crawling.frontier(data_dir))) as frontier:
        return frontier.watch(sorted(pages))


def _relevant_pages(data_dir: Path, partition: Partition) -> set[str]:
    names = (("assessments", ["revision_id", "relevant"]), ("articles", ["revision_id", "url"]))
    assessed, articles = (read_table(partition.file(data_dir, name), columns=columns) for name, columns in names)
    relevant = set(assessed.filter(assessed["relevant"])["revision_id"].to_pylist())
    return {url for key, url in zip(*articles.to_pydict().values(), strict=True) if key in relevant}


def link(data_dir: Path, release: str) -> Outcome:
    """The whole working store -> working/linked/<table>.parquet, people.parquet and the registry's next state.

    `release` is the version under which the registry notes what joined or left an incident.
    """
    from incidents import reference
    from incidents.link import LINKER_VERSION, oversight, updating
    from incidents.link import registry as registries

    decided, rejects = oversight.read(curation(data_dir))
    restore_registry(data_dir)
    registry, damaged = registries.load(data_dir / "registry" / "incidents.jsonl")
    made_by = {INPUTS: linked_from(data_dir), SCHEMA: SCHEMA_VERSION, CODE: LINKER_VERSION}
    linked = updating.update(data_dir, registry, decided, reference.load(), release, made_by)
    rejects += damaged + linked.rejects
    _keep_rejects(data_dir, "link", Partition("run", "latest"), rejects)
    folder = data_dir / "working" / working.LINKED
    counts = {name: pq.read_metadata(folder / f"{name}.parquet").num_rows for name in sorted(linked.tables)}
    return Outcome("link", counts, rejects)


def curation(data_dir: Path) -> Path:
    """The folder with the decisions of people on this data folder."""
    from incidents.link.curation import folder

    return folder(data_dir)


def publish(data_dir: Path, is_sample: bool, now: datetime) -> Outcome:
    """working/linked -> a release, where a row changed."""
    from incidents import publish as publishing
    from incidents import reference
    from incidents.publish import suppressions
    from incidents.publish.coverage import Collected
    from incidents.sample import files

    folder = data_dir / "working" / working.LINKED
    tables = {path.stem: read_table(path) for path in sorted(folder.glob("*.parquet"))}
    people = tables.pop(working.PEOPLE).to_pandas()
    registry = (folder / REGISTRY).read_text(encoding="utf-8").splitlines()
    suppressed = suppressions.read(curation(data_dir) / "suppressions.jsonl")
    asked = reference.load_sources(files.SAMPLE if is_sample else reference.reference_folder())
    collected = Collected(asked, sources.load(data_dir))
    about = _about(data_dir, is_sample, now)
    published = publishing.publish(tables, people, registry, reference.load(), about, data_dir, suppressed, collected)
    restore_registry(data_dir)
    outcome = Outcome("publish", dict(sorted(published.row_counts.items())))
    outcome.details = {"version": published.version, "path": str(published.path), "is_new": published.is_new}
    return outcome


def restore_registry(data_dir: Path) -> None:
    """The registry as the newest release has it: the two are written together, so that a crash cannot part them."""
    known = releases.releases(data_dir)
    if known:
        target = data_dir / "registry" / "incidents.jsonl"
        write_text(target, (known[-1].path / REGISTRY).read_text(encoding="utf-8"))


def load_working(data_dir: Path) -> dict[str, pa.Table]:
    """All partitions of each working table; a text fetched again is one revision, with the addresses of both."""
    from incidents.read.revisions import merge_revisions

    tables = {name: _concat(data_dir, name) for name in working.SCHEMAS}
    keys = {"assessments": "revision_id", "mentions": "mention_id", "events": "event_id"}
    return {"articles": merge_revisions(tables["articles"])} | {
        name: _first_of_each(tables[name], key) for name, key in keys.items()
    }


def write_rejects(data_dir: Path) -> Path:
    """Join the rejects of all stages in working/rejects.parquet."""
    parts = [read_table(path) for path in sorted((data_dir / "working" / "rejects").rglob("*.parquet"))]
    target = data_dir / "working" / "rejects.parquet"
    write_table(target, pa.concat_tables([working.REJECTS.empty_table(), *parts]))
    return target


def _concat(data_dir: Path, name: str) -> pa.Table:
    files = sorted((data_dir / "working" / name).glob("*/*.parquet"))
    schema = working.SCHEMAS[name]
    parts = [read_table(file, schema=schema) for file in files]
    return pa.concat_tables([schema.empty_table(), *parts]).replace_schema_metadata(None)


def _first_of_each(table: pa.Table, key: str) -> pa.Table:
    """The rows sorted by key, one of each: a text fetched twice was extracted twice, with the same result."""
    rows = table.append_column("_row", pa.array(range(table.num_rows), pa.int64()))
    first = rows.group_by(key).aggregate([("_row", "min")]).column("_row_min")
    return table.take(first).sort_by(key)


def _keep_rejects(data_dir: Path, stage: str, partition: Partition, rejects: Iterable[Reject]) -> None:
    rows = pa.Table.from_pylist([asdict(reject) for reject in sorted(rejects, key=_order)], schema=working.REJECTS)
    write_table(partition.file(data_dir, f"rejects/{stage}"), rows)


def _order(reject: Reject) -> tuple[str, int, str]:
    return reject.file, reject.line or 0, reject.reason


def _about(data_dir: Path, is_sample: bool, now: datetime) -> About:
    from incidents.extract.contract import EXTRACTOR_VERSION
    from incidents.extract.pipeline import model_name_and_version
    from incidents.link import LINKER_VERSION
    from incidents.read import READER_VERSION

    model, version = model_name_and_version()
    return About(
        built_at=now,
        code_commit=_commit(),
        is_sample=is_sample,
        model=model,
        model_version=version,
        reader_version=READER_VERSION,
        extractor_version=EXTRACTOR_VERSION,
        linker_version=LINKER_VERSION,
        quality={},
    )


def _commit() -> str | None:
    """The commit of the checkout this code runs from; None where it was installed from a wheel."""
    if not (ROOT / ".git").exists():
        return None
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return result.stdout.strip() or None
