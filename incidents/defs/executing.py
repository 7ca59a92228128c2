"""Runs in this process, in the history that the UI shows, one for each job and stretch of days of a group."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG
from sqlalchemy.exc import DatabaseError

from incidents import settings
from incidents.definitions import defs
from incidents.defs.processes import PROCESS_TAG, end_dead_runs, this_process
from incidents.errors import UserError
from incidents.partitions import Partition

COMMAND_TAG = "incidents/command"


@dataclass(frozen=True)
class Runs:
    """Executes jobs on a data folder for a command. The caller holds the folder's lock."""

    data_dir: Path
    instance: dg.DagsterInstance
    command: str

    def materialized(self, asset: str) -> set[str]:
        """The keys of the partitions of an asset that some run has made."""
        return self.instance.get_materialized_partitions(dg.AssetKey(asset))

    def execute(
        self, job: str, partitions: Sequence[Partition] = (), collect: Mapping[str, Any] | None = None
    ) -> dict[str, list[dict[str, Any]]]:
        """The metadata of each materialization, by asset. `partitions` are successive days of one group.

        `collect` is the configuration of web_archives. Raises what a stage raises, UserError where a check stops it.
        """
        config: dict[str, Any] = {
            "resources": {"data": {"config": {"path": str(self.data_dir)}}},
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        }
        if collect is not None:
            config["ops"] = {"web_archives": {"config": dict(collect)}}
        tags = {COMMAND_TAG: self.command, PROCESS_TAG: this_process()}
        if len(partitions) > 1:
            tags[ASSET_PARTITION_RANGE_START_TAG] = partitions[0].key
            tags[ASSET_PARTITION_RANGE_END_TAG] = partitions[-1].key
        try:
            result = defs.resolve_job_def(job).execute_in_process(
                run_config=config,
                instance=self.instance,
                tags=tags,
                partition_key=partitions[0].key if len(partitions) == 1 else None,
            )
        except DagsterAssetCheckFailedError as error:
            failed = ", ".join(str(error).splitlines()[1:])
            raise UserError(
                f"a check failed ({failed}) and stopped the run, the UI shows why; what was published stands"
            ) from error
        found: dict[str, list[dict[str, Any]]] = {}
        for event in result.get_asset_materialization_events():
            if event.asset_key:
                shown = event.step_materialization_data.materialization.metadata
                found.setdefault(event.asset_key.path[-1], []).append(dict(shown))
        return found


@contextmanager
def runs(data_dir: Path, command: str) -> Iterator[Runs]:
    """Runs whose history goes to DAGSTER_HOME."""
    home = settings.prepare_dagster_home()
    before, is_new = os.environ.get("DAGSTER_HOME"), not (home / "history").exists()
    os.environ["DAGSTER_HOME"] = str(home)
    try:
        with dg.DagsterInstance.get() as instance:
            end_dead_runs(instance)
            yield Runs(data_dir, instance, command)
    except DatabaseError as error:
        if is_new:  # half made, it would fail for ever
            shutil.rmtree(home / "history", ignore_errors=True)
        raise UserError(
            f"{home}: the run history fails ({error.orig}); make room on its disk, or where it is damaged move "
            f"{home / 'history'} away; no data is in it, what was published stands"
        ) from error
    finally:
        if before is None:
            del os.environ["DAGSTER_HOME"]
