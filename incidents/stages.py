"""The five stages over a data folder: which rows a stage reads, and where its rows go.

Dagster's assets and the command line call these; the work itself is in read/, extract/, link/ and publish/. A stage
that has nothing new to do does nothing. The caller holds the folder's lock (incidents.lock).
"""

import subprocess
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from incidents import crawling, settings, working
from incidents.crawling import Crawl
from incidents.errors import Reject
from incidents.extract.contract import FAILED
from incidents.files import write_text
from incidents.ids import digest
from incidents.parquet import read_metadata, write_table
from incidents.publish import REGISTRY, About, releases
from scrapers import index

Progress = Callable[[str, int, int], None]
INPUTS = "inputs"  # footer key: what a working file was made from
LINKED = "linked"
PEOPLE = "people"


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


def collect(data_dir: Path, wanted: Crawl | None, inputs: Iterable[Path], now: datetime) -> Outcome:
    """Crawl into the archive in a child process, and put the user's own files there too."""
    from incidents.read.inputs import archive_inputs

    outcome = Outcome("collect")
    paths = list(inputs)
    if paths:
        files, rejects = archive_inputs(paths, data_dir / "archive", now)
        outcome.add(input_files=len(files), rejected=len(rejects))
        outcome.rejects += rejects
    if wanted:
        sources, failures = crawling.crawl(data_dir, wanted)
        outcome.details["sources"] = sources
        for source in sources:
            outcome.add(**{name: source[name] for name in ("discovered", "fetched", "not_modified", "robots_denied")})
        outcome.add(failed=len(failures))
        outcome.rejects += failures
        index.update(data_dir / "archive")
    _keep_rejects(data_dir, "collect", "latest", "run", outcome.rejects)
    return outcome


def read(data_dir: Path, progress: Progress | None = None) -> Outcome:
    """Web archives -> working/articles/<group>/<day>.parquet, for each day whose archive files changed."""
    from incidents.read import READER_VERSION, Gate, read_warc

    outcome = Outcome("read")
    gate = Gate.from_reference()
    days = sorted(path for path in (data_dir / "archive").glob("*/*") if path.is_dir())
    for number, folder in enumerate(days):
        files = sorted([*folder.glob("*.warc"), *folder.glob("*.warc.gz")])
        made_from = digest(READER_VERSION, gate.digest, *((f.name, f.stat().st_size) for f in files))
        group, day = folder.parent.name, folder.name
        target = working.partition(data_dir, "articles", group, day)
        if read_metadata(target).get(INPUTS) != made_from:
            tables, rejects, seen = [working.ARTICLES.empty_table()], [], 0
            for file in files:
                result = read_warc(file, data_dir, gate)
                tables.append(result.articles)
                rejects += result.rejects
                seen += result.pages
            articles = pa.concat_tables(tables).sort_by([("revision_id", "ascending"), ("fetched_at", "ascending")])
            _keep_rejects(data_dir, "read", group, day, rejects)
            write_table(target, articles, {INPUTS: made_from})
            outcome.add(pages=seen, articles=articles.num_rows, rejected=len(rejects))
            outcome.rejects += rejects
        if progress:
            progress("read", number + 1, len(days))
    return outcome


def extract(data_dir: Path, progress: Progress | None = None) -> Outcome:
    """working/articles -> working/{assessments,mentions,events}, for each day whose articles or extractor changed."""
    from incidents import reference
    from incidents.extract import rows as extraction_rows
    from incidents.extract.contract import EXTRACTOR_VERSION
    from incidents.extract.pipeline import model_name_and_version

    outcome = Outcome("extract")
    maker = digest(EXTRACTOR_VERSION, *model_name_and_version(), reference.load().digest)
    partitions = sorted((data_dir / "working" / "articles").glob("*/*.parquet"))
    total = sum(pq.read_metadata(path).num_rows for path in partitions)
    done = 0
    for path in partitions:
        group, day = path.parent.name, path.stem
        made_from = digest(maker, read_metadata(path).get(INPUTS))
        targets = {
            name: working.partition(data_dir, name, group, day) for name in ("assessments", "mentions", "events")
        }
        articles = pq.read_table(path, partitioning=None)
        if any(read_metadata(target).get(INPUTS) != made_from for target in targets.values()):
            tick = (lambda n, start=done: progress("extract", start + n, total)) if progress else None
            tables = extraction_rows.extract_articles(articles, tick)
            rejects = _failures(articles, tables["assessments"])
            _keep_rejects(data_dir, "extract", group, day, rejects)
            for name, target in targets.items():
                write_table(target, tables[name], {INPUTS: made_from})
                outcome.add(**{name: tables[name].num_rows})
            outcome.rejects += rejects
        done += articles.num_rows
    outcome.add(watched=_watch(data_dir))
    return outcome


def _failures(articles: pa.Table, assessments: pa.Table) -> list[Reject]:
    """The articles on which the extraction failed, by their place in the archive."""
    reasons = dict(zip(*assessments.select(["revision_id", "refused"]).to_pydict().values(), strict=True))
    return [
        Reject("extract", row["archive_file"], row["archive_offset"], reasons[row["revision_id"]])
        for row in articles.select(["revision_id", "archive_file", "archive_offset"]).to_pylist()
        if (reasons[row["revision_id"]] or "").startswith(FAILED)
    ]


def _watch(data_dir: Path) -> int:
    """Have the crawler look at relevant articles again, less and less often: news is corrected and updated."""
    from scrapers.frontier import Frontier

    if not crawling.frontier(data_dir).exists():
        return 0
    assessments = _concat(data_dir, "assessments")
    relevant = set(assessments.filter(assessments["relevant"])["revision_id"].to_pylist())
    articles = _concat(data_dir, "articles").select(["revision_id", "url"])
    pages = {url for key, url in zip(*articles.to_pydict().values(), strict=True) if key in relevant}
    with closing(Frontier(crawling.frontier(data_dir))) as frontier:
        return frontier.watch(sorted(pages))


def link(data_dir: Path, release: str) -> Outcome:
    """The whole working store -> working/linked/<table>.parquet, people.parquet and the registry's next state.

    `release` is the version under which the registry notes what joined or left an incident.
    """
    from incidents import reference
    from incidents.link import judgements, linking
    from incidents.link import registry as registries

    frames = {name: table.to_pandas() for name, table in load_working(data_dir).items()}
    judged, rejects = judgements.read(_curation(data_dir) / "judgements.jsonl")
    restore_registry(data_dir)
    registry, damaged = registries.load(data_dir / "registry" / "incidents.jsonl")
    linked = linking.link(**frames, registry=registry, judged=judged, reference=reference.load(), release=release)
    folder = data_dir / "working" / LINKED
    for name, table in linked.tables.items():
        write_table(folder / f"{name}.parquet", table)
    write_table(folder / f"{PEOPLE}.parquet", pa.Table.from_pandas(linked.people, preserve_index=False))
    linked.registry.save(folder / REGISTRY)
    rejects += damaged + linked.rejects
    _keep_rejects(data_dir, "link", "latest", "run", rejects)
    counts = {name: table.num_rows for name, table in sorted(linked.tables.items())}
    return Outcome("link", counts, rejects)


def _curation(data_dir: Path) -> Path:
    """The decisions of people: those of the data folder, else the ones that come with the code."""
    own = data_dir / "curation"
    return own if own.exists() else settings.ROOT / "data" / "curation"


def publish(data_dir: Path, is_sample: bool, now: datetime) -> Outcome:
    """working/linked -> a release, where a row changed."""
    from incidents import publish as publishing
    from incidents import reference

    folder = data_dir / "working" / LINKED
    tables = {path.stem: pq.read_table(path, partitioning=None) for path in sorted(folder.glob("*.parquet"))}
    people = tables.pop(PEOPLE).to_pandas()
    registry = (folder / REGISTRY).read_text(encoding="utf-8").splitlines()
    published = publishing.publish(
        tables, people, registry, reference.load(), _about(data_dir, is_sample, now), data_dir
    )
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
    parts = [pq.read_table(p, partitioning=None) for p in sorted((data_dir / "working" / "rejects").rglob("*.parquet"))]
    target = data_dir / "working" / "rejects.parquet"
    write_table(target, pa.concat_tables([working.REJECTS.empty_table(), *parts]))
    return target


def _concat(data_dir: Path, name: str) -> pa.Table:
    files = sorted((data_dir / "working" / name).glob("*/*.parquet"))
    schema = working.SCHEMAS[name]
    parts = [pq.read_table(file, schema=schema, partitioning=None) for file in files]
    return pa.concat_tables([schema.empty_table(), *parts]).replace_schema_metadata(None)


def _first_of_each(table: pa.Table, key: str) -> pa.Table:
    """The rows sorted by key, one of each: a text fetched twice was extracted twice, with the same result."""
    rows = table.append_column("_row", pa.array(range(table.num_rows), pa.int64()))
    first = rows.group_by(key).aggregate([("_row", "min")]).column("_row_min")
    return table.take(first).sort_by(key)


def _keep_rejects(data_dir: Path, stage: str, group: str, day: str, rejects: Iterable[Reject]) -> None:
    rows = pa.Table.from_pylist([asdict(reject) for reject in sorted(rejects, key=_order)], schema=working.REJECTS)
    write_table(data_dir / "working" / "rejects" / stage / group / f"{day}.parquet", rows)


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
    if not (settings.ROOT / ".git").exists():
        return None
    command = ["git", "-C", str(settings.ROOT), "rev-parse", "HEAD"]
    result = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    return result.stdout.strip() or None
