"""What a scan can be asked for, declared once for the command and for Dagster's launchpad."""

from pydantic import BaseModel, ConfigDict


class ScanOptions(BaseModel):
    """What to scan, and where the work is done: on this machine's processes, or on the Spark cluster of `master`.

    `month` as in 2024-03; `listing` is another copy of its listing; `environment` is for Spark's workers.
    """

    model_config = ConfigDict(frozen=True)

    paths: list[str] = []
    month: str = ""
    listing: str = ""
    engine: str = "local"
    processes: int = 0
    master: str = "local[*]"
    environment: str = ""
