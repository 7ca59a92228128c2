"""`incidents run`: the Dagster jobs in this process, so that they stand in the UI's history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from incidents import lock, settings
from incidents.collecting import enabled
from incidents.crawling import BrokenOffError
from incidents.errors import UserError
from incidents.outdated import Makers, outdated
from incidents.partitions import SAMPLE, Partition, archived, source_groups, stretches
from incidents.reference.models import INBOX
from incidents.sample import demo

Metadata = dict[str, list[dict[str, Any]]]  # of each materialization, by asset
LIVE = "live"
SHOWN_REJECTS = 10
LINKED_SHOWN = ("incidents", "incident_events", "affected_parties", "organizations", "evidence")


@dataclass(frozen=True)
class Options:
    """What to collect before the rest runs. Nothing: only what the archive already holds is worked on."""

    inputs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    sample: bool = False


def run(data_dir: Path, options: Options) -> str:
    """Run all five stages on `data_dir` and return a summary. UserError for what only the user can mend."""
    _check(data_dir, options)
    with lock.crawling(data_dir, "incidents run"), lock.writing(data_dir, "incidents run"):
        if options.sample:
            demo.mark(data_dir)
        try:
            metadata = _execute(data_dir, options)
        except BrokenOffError as error:
            raise UserError(f"{error}; what was fetched is kept, run again to go on") from error
    return _summary(data_dir, metadata)


def _check(data_dir: Path, options: Options) -> None:
    for path in options.inputs:
        if not Path(path).exists():
            raise UserError(f"--input {path}: no such file or folder")
    if data_dir.exists() and not data_dir.is_dir():
        raise UserError(f"--data-dir {data_dir}: not a folder")
    if options.sample and (options.inputs or options.sources):
        raise UserError("--sample works alone: the sample never mixes with other articles")
    if demo.is_sample(data_dir) and (options.inputs or options.sources):
        raise UserError(
            f"{data_dir} holds the sample, which never mixes with other articles: choose another --data-dir"
        )
    if options.sources and not settings.contact():
        raise UserError(
            "sites must be able to turn to you: set INCIDENTS_CONTACT to an e-mail or web address, then crawl"
        )
    if options.sample and not demo.is_sample(data_dir) and (data_dir / "archive").exists():
        raise UserError(
            f"{data_dir} holds collected articles, the sample never mixes with them: choose another --data-dir"
        )


def _execute(data_dir: Path, options: Options) -> Metadata:
    """Collect what is wanted, read and extract all that is new or outdated, link and publish."""
    from incidents.defs.executing import runs  # Dagster takes seconds

    today = settings.now().date().isoformat()
    collected = [Partition(today, group) for group in _groups(options)]
    archive = archived(data_dir)
    others = [p for p in outdated(data_dir, archive, Makers.now()) if p not in collected]
    found: Metadata = {}
    with runs(data_dir, "incidents run") as dagster:
        for stretch in stretches(others):
            _join(found, dagster.execute("reread", stretch))
        for number, partition in enumerate(collected, start=1):
            job = "run" if number == len(collected) else "daily"
            _join(found, dagster.execute(job, [partition], _config(options, partition.group)))
        if not collected:
            _join(found, dagster.execute("publish"))
    return found


def _groups(options: Options) -> list[str]:
    """The groups that something is collected for, sorted."""
    found = {SAMPLE} if options.sample else set()
    found |= {INBOX} if options.inputs else set()
    if LIVE in options.sources:
        found |= enabled().keys()
    group_of = source_groups()
    return sorted(found | {group_of(source) for source in options.sources if source != LIVE})


def _config(options: Options, group: str) -> dict[str, Any]:
    """The configuration of web_archives for a group."""
    if group in (SAMPLE, INBOX):
        return {"inputs": [str(Path(path).absolute()) for path in options.inputs]}
    group_of = source_groups()
    sources = [source for source in options.sources if source != LIVE and group_of(source) == group]
    return {
        "sources": [] if LIVE in options.sources else sources,
        "since": options.since.isoformat() if options.since else "",
    }


def _join(found: Metadata, more: Metadata) -> None:
    for asset, shown in more.items():
        found.setdefault(asset, []).extend(shown)


def _summary(data_dir: Path, metadata: Metadata) -> str:
    """What each stage did, what was left out and why, and where the release is."""
    lines = []
    for asset in ("web_archives", "articles", "mentions", "incidents"):
        counts = _counts(metadata.get(asset, []))
        if asset == "incidents":
            counts = {name: counts[name] for name in LINKED_SHOWN if name in counts}
        told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()) or "nothing new"
        lines.append(f"{asset.replace('_', ' ')}: {told}")
    lines += _rejects(data_dir)
    release = metadata["release"][-1]["details"].value
    kept = "" if release["is_new"] else " (no row changed: no new release)"
    sample_note = " [sample]" if demo.is_sample(data_dir) else ""
    lines.append(f"release {release['version']}{sample_note}{kept}: {release['path']}")
    return "\n".join(lines)


def _counts(materializations: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The counts of all runs together."""
    total: dict[str, int] = {}
    for shown in materializations:
        for name, value in shown.items():
            if name.startswith("count/"):
                counted = name.removeprefix("count/")
                total[counted] = total.get(counted, 0) + value.value
    return total


def _rejects(data_dir: Path) -> list[str]:
    rows = pq.read_table(data_dir / "working" / "rejects.parquet").to_pylist()
    if not rows:
        return []
    shown = [
        f"  {r['file']}{'' if r['line'] is None else ':' + str(r['line'])}: {r['reason']}" for r in rows[:SHOWN_REJECTS]
    ]
    more = [f"  and {len(rows) - SHOWN_REJECTS} more"] if len(rows) > SHOWN_REJECTS else []
    return [f"left out: {len(rows)}, listed in {data_dir / 'working' / 'rejects.parquet'}", *shown, *more]
