"""Which process a run is in, and the end of runs whose process is gone: nothing may wait for them.

Run as a program before the service starts, it prepares the history of DAGSTER_HOME.
"""

import os
import socket
import sys

import dagster as dg
from sqlalchemy.exc import DatabaseError

POOLS = ("crawl", "link", "publish")  # of the assets
PROCESS_TAG = "incidents/process"  # of runs that a command executes in its own process


def this_process() -> str:
    """The mark that a run in this process carries."""
    return f"{socket.gethostname()}:{os.getpid()}"


def end_dead_runs(instance: dg.DagsterInstance, service_is_down: bool = False) -> list[str]:
    """Mark the runs as failed whose process was killed, so that nothing waits for them; returns their ids.

    Runs of the service end with it: `service_is_down` says that none of them can be alive.
    """
    under_way = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    records = instance.get_run_records(dg.RunsFilter(statuses=under_way))
    dead = [record.dagster_run for record in records if _is_dead(record.dagster_run, service_is_down)]
    for run in dead:
        instance.report_run_failed(run, "The process of this run is gone: it was killed, or the machine was stopped.")
    return [run.run_id for run in dead]


def _is_dead(run: dg.DagsterRun, service_is_down: bool) -> bool:
    process = run.tags.get(PROCESS_TAG)
    if process is None:
        return service_is_down
    host, _, number = process.rpartition(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


if __name__ == "__main__":
    try:
        with dg.DagsterInstance.get() as history:
            end_dead_runs(history, service_is_down=True)
            for pool in POOLS:  # or the first runs of a new history would not be counted
                history.event_log_storage.initialize_concurrency_limit_to_default(pool)
    except DatabaseError as error:
        sys.exit(f"up: {error.orig}")
