"""`incidents upgrade`: what an older version left in the working store, made again from the archive."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from incidents import engines, lock, progress, settings, stages
from incidents.outdated import EXTRACTED, Makers, is_made_from, linked_from, outdated
from incidents.parquet import read_metadata
from incidents.partitions import SCANNED, Partition, archived
from incidents.publish.releases import next_version
from incidents.warc_stage import Scan
from incidents.working import LINKED, PEOPLE


@dataclass(frozen=True)
class Plan:
    """What is not of the present schema, code, model and reference data.

    `days` are partitions to read or extract again, `scanned` those of scanned files, whose articles are kept, to
    extract again; `unscanned` are files that only another scan can bring up to date.
    """

    days: list[Partition]
    scanned: list[Partition]
    unscanned: list[str]
    is_linked: bool

    @property
    def is_empty(self) -> bool:
        return self.is_linked and not (self.days or self.scanned or self.unscanned)

    def __str__(self) -> str:
        parts = [f"{len(self.days) + len(self.scanned)} days of a group"] if self.days or self.scanned else []
        parts += [f"{len(self.unscanned)} scanned files"] if self.unscanned else []
        parts += [] if self.is_linked else ["links"]
        return ", ".join(parts) or "nothing"


def planned(data_dir: Path) -> Plan:
    """What an upgrade would do now."""
    makers, working = Makers.now(), data_dir / "working"
    days = list(outdated(data_dir, archived(data_dir), makers))
    scanned = [Partition(path.stem, SCANNED) for path in sorted((working / "articles" / SCANNED).glob("*.parquet"))]
    old = [p for p in scanned if not _is_extracted(data_dir, p, makers)]
    results = sorted((working / "scans").glob("*.parquet"))
    files = [name for name in (read_metadata(path).get(engines.FILE) for path in results) if name]
    unscanned = engines.missing(Scan(makers.reader, makers.extractor), files, working / "scans")
    linked = working / LINKED / f"{PEOPLE}.parquet"
    holds_any = any((working / "events").glob("*/*.parquet"))
    is_linked = not (days or old) and (not holds_any or is_made_from([linked], linked_from(data_dir)))
    return Plan(days, old, unscanned, is_linked)


def upgrade(data_dir: Path) -> Iterator[str]:
    """Make again what is older; a line for each part. What is done is skipped, so that it goes on where it was stopped.

    Nothing is published: that is for the next run. Raises UserError where the folder is in use.
    """
    with lock.writing(data_dir, "incidents upgrade"):
        plan = planned(data_dir)
        if plan.is_empty:
            yield f"{data_dir}: everything is of this version"
            return
        if plan.days:
            read = stages.read(data_dir, plan.days, progress.terminal)
            yield f"read again: {len(plan.days)} days of a group, {read.counts.get('articles', 0)} articles"
        if plan.days or plan.scanned:
            extracted = stages.extract(data_dir, plan.days + plan.scanned, progress.terminal)
            yield f"extracted again: {extracted.counts.get('assessments', 0)} articles"
        if not plan.is_linked:
            linked = stages.link(data_dir, next_version(data_dir, settings.now()))
            yield f"linked again: {linked.counts['incidents']} incidents"
        stages.write_rejects(data_dir)
    if plan.unscanned:
        yield (
            f"left: {len(plan.unscanned)} files were scanned by an older version, such as {plan.unscanned[0]}: "
            "give them to incidents scan once more"
        )
    yield f"make a release of it with: incidents run --data-dir {data_dir}"


def _is_extracted(data_dir: Path, partition: Partition, makers: Makers) -> bool:
    articles = partition.file(data_dir, "articles")
    return is_made_from([partition.file(data_dir, table) for table in EXTRACTED], makers.extraction(articles))
