"""What a release may not do to the one before it: break its schema silently, or lose incidents without a word."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from incidents import settings
from incidents.publish.checks import Failure
from incidents.publish.releases import Release
from incidents.tables import SCHEMA_VERSION, TABLES

# Incidents may vanish one by one as texts are corrected; many at once mean that a source or a stage broke.
LARGEST_FALL = 0.1
FEW = 2


def check(tables: dict[str, pa.Table], previous: Release) -> list[Failure]:
    """Incidents that are gone, where they are too many, and breaks of the schema that no major version tells."""
    return _fall(tables, previous) + _unannounced(previous)


def _fall(tables: dict[str, pa.Table], previous: Release) -> list[Failure]:
    """Merged, split and suppressed incidents have a redirect; what else is gone must be little."""
    before = pq.read_table(previous.path / "parquet" / "incidents.parquet", columns=["incident_id"]).column(0)
    redirects = tables["id_redirects"]
    moved = redirects.filter(pc.is_valid(redirects.column("new_id"))).column("old_id")
    gone = sorted(set(before.to_pylist()) - set(tables["incidents"].column("incident_id").to_pylist()))
    lost = sorted(set(gone) - set(moved.to_pylist()))
    if len(lost) <= max(FEW, LARGEST_FALL * len(before)) or settings.accepts_fall():
        return []
    rule = f"is gone with {len(lost) - 1} others of {len(before)} (INCIDENTS_ACCEPT_FALL=1 accepts it once)"
    return [Failure("incidents", key, "incident_id", rule, "") for key in lost]


def schema_breaks(previous: Release) -> list[str]:
    """What a reader of the last release no longer finds: tables and columns that are gone or have another type."""
    breaks = []
    ours = {table.name: table.schema for table in TABLES}
    for path in sorted((previous.path / "parquet").glob("*.parquet")):
        if path.stem not in ours:
            breaks.append(f"the table {path.stem} is gone")
            continue
        for field in pq.read_schema(path):
            place = ours[path.stem].get_field_index(field.name)
            if place < 0:
                breaks.append(f"{path.stem}.{field.name} is gone")
            elif ours[path.stem].field(place).type != field.type:
                breaks.append(f"{path.stem}.{field.name} is {ours[path.stem].field(place).type}, was {field.type}")
    return breaks


def _unannounced(previous: Release) -> list[Failure]:
    before, now = previous.manifest["schema_version"], SCHEMA_VERSION
    if before.partition(".")[0] != now.partition(".")[0]:
        return []
    rule = f"breaks schema {before}: {now} must have another major version"
    return [
        Failure(line.split(".")[0].removeprefix("the table "), "", line, rule, "") for line in schema_breaks(previous)
    ]
