"""What is wrong by Dagster's history: failed runs, failed checks, stale assets."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import dagster as dg
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.events import DagsterEventType
from dagster._core.storage.asset_check_execution_record import (
    COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES as COMPLETED,
)
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_START_TAG, PARTITION_NAME_TAG

from incidents.defs.metadata import SUBJECTS
from incidents.partitions import parse

DAYS = 30  # a failed run that is older, and was never repeated, is forgotten
MANY = 20  # failing subjects of one check that get a message each
LENGTH = 300  # characters of an error that a message quotes
# These runs failed because a check did, and the check has a message of its own.
_TOLD_BY_CHECK = ("DagsterAssetCheckFailedError", "ReleaseRefusedError")


def problems(
    instance: dg.DagsterInstance, assets: Iterable[dg.AssetKey], checks: Iterable[dg.AssetCheckKey], now: datetime
) -> dict[str, str]:
    """All that is wrong now, by key, a sentence each."""
    return dict([*_failed_runs(instance, now), *_failed_checks(instance, checks), *_stale(instance, assets)])


def _failed_runs(instance: dg.DagsterInstance, now: datetime) -> Iterator[tuple[str, str]]:
    """The last finished run of each job and group, where it failed."""
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    since = dg.RunsFilter(statuses=ended, created_after=now - timedelta(days=DAYS))
    last: dict[str, dg.DagsterRun] = {}
    for run in instance.get_runs(since):  # the newest first
        last.setdefault(f"run {_name(run)}", run)
    for key, run in last.items():
        if run.status == dg.DagsterRunStatus.FAILURE and (reason := _reason(instance, run)):
            yield key, f"The {key} ({run.run_id}) failed: {reason}"


def _name(run: dg.DagsterRun) -> str:
    """The job, and the group where it works on one; runs of assets chosen in the UI have no job of ours."""
    job = "of chosen assets" if run.job_name.startswith("__") else run.job_name
    partition = run.tags.get(PARTITION_NAME_TAG) or run.tags.get(ASSET_PARTITION_RANGE_START_TAG)
    return f"{job} {parse(partition).group}" if partition else job


def _reason(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """The error's first line; None where a check tells it."""
    steps = instance.all_logs(run.run_id, of_type=DagsterEventType.STEP_FAILURE)
    for entry in steps:
        error = entry.get_dagster_event().step_failure_data.error
        cause = error and (error.cause or error)
        if cause:
            lines = cause.message.strip().splitlines() or ["no message"]
            return None if cause.cls_name in _TOLD_BY_CHECK else lines[0][:LENGTH]
    ends = instance.all_logs(run.run_id, of_type=DagsterEventType.RUN_FAILURE)
    return ends[-1].message.splitlines()[0][:LENGTH] if ends else "no message"


def _failed_checks(instance: dg.DagsterInstance, checks: Iterable[dg.AssetCheckKey]) -> Iterator[tuple[str, str]]:
    """The checks that failed when they last ran, one for each subject where the check names them."""
    for check in checks:
        key = f"check {check.asset_key.to_user_string()}.{check.name}"
        history = instance.event_log_storage.get_asset_check_execution_history(check, limit=1, status=COMPLETED)
        if not history or history[0].status != AssetCheckExecutionRecordStatus.FAILED or history[0].evaluation is None:
            continue
        evaluation = history[0].evaluation
        subjects = evaluation.metadata.get(SUBJECTS)
        named = subjects.value if isinstance(subjects, dg.JsonMetadataValue) else {}
        if isinstance(named, dict) and 0 < len(named) <= MANY:
            yield from ((f"{key} {subject}", f"{subject}: {why}") for subject, why in named.items())
        else:
            yield key, f"{evaluation.description}; the UI shows the failing rows"


def _stale(instance: dg.DagsterInstance, assets: Iterable[dg.AssetKey]) -> Iterator[tuple[str, str]]:
    """The assets that should have been made again by now."""
    records = instance.event_log_storage.get_freshness_state_records(list(assets))
    for asset, record in sorted(records.items()):
        if record.freshness_state == FreshnessState.FAIL:
            name = asset.to_user_string()
            yield f"stale {name}", f"{name} was not made for longer than it should be; is the service running?"
