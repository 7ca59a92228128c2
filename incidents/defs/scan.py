"""scan: WARC files that stay where they are, in a process of its own that Dagster Pipes starts and hears."""

import sys

import dagster as dg

from incidents.defs.resources import DataFolder
from incidents.scan_options import ScanOptions


class ScanConfig(dg.Config, ScanOptions):
    """What `incidents scan` takes: WARC files, folders or addresses, or a month of CC-NEWS, and an engine."""


@dg.asset(
    group_name="read",
    kinds={"parquet", "spark"},
    owners=["team:incidents"],
    tags={"stage": "read", "published": "no"},
)
def scans(context: dg.AssetExecutionContext, config: ScanConfig, data: DataFolder) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """The articles of WARC files that stay where they are, Common Crawl's for one, and what was extracted from them.

    An engine does the work: this machine's processes, or a Spark cluster. Only what is not scanned yet is read.
    """
    extras = config.model_dump() | {"data_dir": str(data.folder)}
    command = [sys.executable, "-m", "incidents.defs.scan_process"]
    return dg.PipesSubprocessClient().run(context=context, command=command, extras=extras).get_materialize_result()
