"""What runs when something changed: old working files, a file in the inbox, new extractions, a decision of a person."""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG, PRIORITY_TAG

from incidents import reference, settings
from incidents.alerts import Hooks, tell
from incidents.defs import checks, jobs, processes, watching
from incidents.defs.resources import DataFolder
from incidents.ids import digest
from incidents.partitions import Partition, archived, stretches
from incidents.reference.models import INBOX

ON = dg.DefaultSensorStatus.RUNNING
MINUTE = 60
RECENT = 7  # days: an older day of the archive changes only by hand
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
Requests = Iterator[dg.RunRequest | dg.SkipReason]


@dg.sensor(job=jobs.reread, minimum_interval_seconds=5 * MINUTE, default_status=ON)
def outdated_days(context: dg.SensorEvaluationContext, data: DataFolder) -> Requests:
    """Reads and extracts again the days whose pages, model, reference data or code changed since; no other."""
    from incidents.outdated import Makers, outdated
    from incidents.sources import files_aside

    if _under_way(context):
        yield dg.SkipReason("a run is under way: what is outdated shows when it is over")
        return
    makers, today = Makers.now(), settings.now().date()
    groups = (reference.reference_folder() / "sources.yaml").read_text(encoding="utf-8")
    made_with = digest(makers.reader, makers.extractor, groups, *sorted(files_aside(data.folder)))
    recent = {(today - timedelta(days=n)).isoformat() for n in range(RECENT)}
    days = recent if context.cursor == made_with else None
    found = list(outdated(data.folder, archived(data.folder, days or ["*"]), makers, days))
    for stretch in stretches(found):
        # A stretch that fails is tried again the next day, or when something changes: its data is at fault.
        key = f"{today}/{made_with}/{stretch[0].key}/{stretch[-1].key}"
        yield dg.RunRequest(run_key=key, partition_key=_single(stretch), tags=_range(stretch))
    if not found:
        yield dg.SkipReason("every day was made with the present code, model and reference data")
        context.update_cursor(made_with)


@dg.sensor(job=jobs.daily, minimum_interval_seconds=MINUTE // 2, default_status=ON)
def inbox(context: dg.SensorEvaluationContext, data: DataFolder) -> Requests:
    """Takes files dropped into the data folder's inbox, each once its size has not changed for half a minute."""
    if data.is_sample:
        yield dg.SkipReason("the sample never mixes with other articles")
        return
    before = json.loads(context.cursor) if context.cursor else {"seen": {}, "taken": {}}
    seen = {str(path): _state(path) for path in _files(data.folder / INBOX)}
    still = {path: state for path, state in seen.items() if before["seen"].get(path) == state}
    new = sorted(path for path, state in still.items() if before["taken"].get(path) != state)
    taken = {path: state for path, state in (before["taken"] | {p: still[p] for p in new}).items() if path in seen}
    context.update_cursor(json.dumps({"seen": seen, "taken": taken}, sort_keys=True))
    if not new:
        arriving = len(seen) - len(still)
        yield dg.SkipReason(f"{arriving} files are still arriving" if arriving else "nothing new in the inbox")
        return
    yield dg.RunRequest(
        run_key=digest(*((path, *still[path]) for path in new)),
        partition_key=Partition(settings.now().date().isoformat(), INBOX).key,
        run_config={"ops": {"web_archives": {"config": {"inputs": new}}}},
    )


@dg.sensor(job=jobs.link, minimum_interval_seconds=5 * MINUTE, default_status=ON)
def unlinked(context: dg.SensorEvaluationContext, data: DataFolder) -> Requests:
    """Links when something was extracted since the last time, once all groups of the day are done."""
    extracted = _newest((data.folder / "working" / "events").glob("*/*.parquet"))
    linked = _newest((data.folder / "working" / "linked").glob("incidents.parquet"))
    if extracted <= linked:
        yield dg.SkipReason("everything extracted is linked")
    elif _under_way(context):
        yield dg.SkipReason("a run is under way: linking waits until all are done")
    else:
        yield dg.RunRequest(run_key=str(extracted))


@dg.sensor(job=jobs.publish, minimum_interval_seconds=MINUTE, default_status=ON)
def decisions(context: dg.SensorEvaluationContext, data: DataFolder) -> Requests:
    """Links and publishes again when someone decided on articles, corrected a value or suppressed a name."""
    from incidents.link.curation import folder

    files = sorted(folder(data.folder).glob("*.jsonl"))
    state = digest(*(part for path in files for part in (path.name, path.read_text(encoding="utf-8"))))
    released = _newest((data.folder / "releases").glob("*/manifest.json"))
    if not released:
        yield dg.SkipReason("there is no release yet that a decision could change")
        return
    # Without a cursor the service is new here: what is older than the last release went into it.
    is_new = context.cursor != state if context.cursor else _newest(files) > released
    context.update_cursor(state)
    if is_new:
        yield dg.RunRequest(run_key=f"{state}/{_newest(files)}", tags={PRIORITY_TAG: "10"})
    else:
        yield dg.SkipReason("no decision since the last release")


@dg.sensor(minimum_interval_seconds=MINUTE, default_status=ON)
def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Tells the hooks of the configuration about failed runs, failed checks and stale assets, each problem once."""
    processes.end_dead_runs(context.instance)
    watched = [spec for asset in jobs.ASSETS for spec in asset.specs]
    checked = [spec.key for definition in [*jobs.ASSETS, *checks.ALL] for spec in definition.check_specs]
    found = watching.problems(context.instance, [spec.key for spec in watched], checked, settings.now())
    told = json.loads(context.cursor) if context.cursor else {}
    context.update_cursor(json.dumps(tell(found, told, Hooks.configured()), sort_keys=True))
    return dg.SkipReason("; ".join(found.values()) or "all is well")


ALL = [outdated_days, inbox, unlinked, decisions, alerts]


def _under_way(context: dg.SensorEvaluationContext) -> bool:
    return context.instance.get_runs_count(dg.RunsFilter(statuses=UNDER_WAY)) > 0


def _single(stretch: list[Partition]) -> str | None:
    return stretch[0].key if len(stretch) == 1 else None


def _range(stretch: list[Partition]) -> dict[str, str]:
    if len(stretch) == 1:
        return {}
    return {ASSET_PARTITION_RANGE_START_TAG: stretch[0].key, ASSET_PARTITION_RANGE_END_TAG: stretch[-1].key}


def _files(folder: Path) -> list[Path]:
    """The files of a kind that we read."""
    from incidents.read import given

    return [found for found in given.files([folder]) if isinstance(found, Path)] if folder.exists() else []


def _state(path: Path) -> list[int]:
    """Size in bytes and time of the last change in nanoseconds."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _newest(files: Iterable[Path]) -> int:
    """When the newest of the files changed, in nanoseconds; 0 for none."""
    return max((path.stat().st_mtime_ns for path in files), default=0)
