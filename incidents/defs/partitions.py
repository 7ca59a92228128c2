"""The partitions of collect, read and extract, and how a step works through those of its run."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from incidents import lock, progress
from incidents.defs import metadata
from incidents.errors import UserError
from incidents.partitions import GROUPS, Partition, parse

if TYPE_CHECKING:
    from incidents.stages import Outcome

Shown = dict[str, Any]  # metadata for the UI
# Common Crawl's news archive begins here: no source tells of an earlier day.
FIRST_DAY = "2016-08-26"
BY_DAY_AND_GROUP = dg.MultiPartitionsDefinition(
    {
        "day": dg.DailyPartitionsDefinition(FIRST_DAY, timezone="UTC", end_offset=1),
        "group": dg.StaticPartitionsDefinition(list(GROUPS)),
    }
)
# A backfill from the UI makes one run for a month of a group: loading the model costs more than most days do.
BACKFILLS = dg.BackfillPolicy.multi_run(max_partitions_per_run=31)


def each(
    context: dg.AssetExecutionContext,
    stage: str,
    batches: Iterable[Sequence[Partition]],
    work: Callable[[Sequence[Partition]], Shown],
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Do the work for every batch of the run's partitions; one that fails leaves the others done, and shown as done."""
    done: dict[str, Shown] = {}
    failed: dict[str, Exception] = {}
    for batch in batches:
        keys = [partition.key for partition in batch]
        try:
            done |= {key: {"together with": keys[-1]} for key in keys[:-1]} | {keys[-1]: work(batch)}
        except (UserError, OSError, dg.RetryRequested):  # concerns them all: a setting, the disk, the network
            raise
        except Exception as error:
            if len(keys) == len(context.partition_keys):
                raise
            context.log.exception(f"{stage}: {', '.join(keys)} failed")
            failed |= dict.fromkeys(keys, error)
    if failed:
        for key, shown in done.items():
            context.log_event(dg.AssetMaterialization(context.asset_key, partition=key, metadata=shown))
        raise _failure(failed, len(context.partition_keys))
    for key, shown in done.items():
        context.add_asset_metadata(shown, partition_key=key)
    return dg.MaterializeResult()


def each_day(
    context: dg.AssetExecutionContext,
    data_dir: Path,
    stage: Callable[..., "Outcome"],
    preview: Callable[[Path, Partition], Shown],
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Run a stage of incidents.stages on each partition of the run, the folder's lock held, with what the UI shows."""

    def work(batch: Sequence[Partition]) -> Shown:
        with lock.writing(data_dir, stage.__name__, lock.WAIT):
            outcome = stage(data_dir, batch, progress.terminal)
            return metadata.of(outcome) | preview(data_dir, batch[-1])

    return each(context, stage.__name__, ([partition] for partition in of_run(context)), work)


def of_run(context: dg.AssetExecutionContext) -> list[Partition]:
    """The partitions of a run, sorted."""
    return sorted(parse(key) for key in context.partition_keys)


def _failure(failed: dict[str, Exception], total: int) -> dg.Failure:
    rows = [f"| {key} | {type(error).__name__}: {error} |" for key, error in failed.items()]
    table = "\n".join(["| partition | error |", "|---|---|", *rows])
    return dg.Failure(
        f"{len(failed)} of {total} partitions failed: {', '.join(failed)}; the others are done",
        metadata={"failed": dg.MetadataValue.md(table)},
        allow_retries=False,
    )
