"""publish: the checked tables as a release."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg

from incidents import lock, settings
from incidents.defs import metadata
from incidents.defs.link import incidents
from incidents.defs.resources import DataFolder
from incidents.tables import BY_NAME

if TYPE_CHECKING:
    from incidents.publish.checks import Failure

COLUMNS = [column.name for column in BY_NAME["incidents"].columns]
# What must hold of every row before it is published, by the rules that say so; `contract` is all the others.
EVIDENCE, PRIVACY, FALL, CONTRACT = "every_value_has_evidence", "no_withheld_name", "no_fall", "contract"
CHECKS = {
    EVIDENCE: "Every published value has a sentence behind it.",
    PRIVACY: "No text holds the name of a person whom the name policy withholds.",
    FALL: "No incidents are gone without a redirect or a suppression that tells where.",
    CONTRACT: "Every row keeps the contract: types, keys, references, vocabularies, bounds and the schema's version.",
}


@dg.asset(
    pool="publish",
    group_name="publish",
    kinds={"duckdb", "parquet"},
    owners=["team:incidents"],
    tags={"stage": "publish", "published": "yes"},
    deps=[incidents],
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=9), warn_window=timedelta(days=8)),
    check_specs=[
        dg.AssetCheckSpec(name, asset="release", description=description, blocking=True)
        for name, description in CHECKS.items()
    ],
    metadata={
        metadata.SCHEMA: metadata.columns(BY_NAME["incidents"]),
        metadata.LINEAGE: metadata.lineage("incidents", {name: [name] for name in COLUMNS}),
    },
)
def release(data: DataFolder) -> Iterator[Any]:
    """The newest release: every table as Parquet, CSV and in one DuckDB file; none is made where no row changed.

    A row that breaks a check stops the release, and the last one stands.
    """
    from incidents import stages
    from incidents.defs import previews
    from incidents.publish import ReleaseRefusedError

    with lock.writing(data.folder, "publish", lock.WAIT):
        try:
            outcome = stages.publish(data.folder, data.is_sample, settings.now())
        except ReleaseRefusedError as refused:
            yield from results(refused.failures)
            raise
        stages.write_rejects(data.folder)
        yield dg.MaterializeResult(metadata=metadata.of(outcome) | previews.release(data.folder))
    yield from results([])


def results(failures: list["Failure"]) -> Iterator[dg.AssetCheckResult]:
    """Each check with the rows that break it."""
    by_check: dict[str, list[Failure]] = {name: [] for name in CHECKS}
    for failure in failures:
        by_check[_check_of(failure)].append(failure)
    for name, found in by_check.items():
        rows = [asdict(failure) for failure in found]
        yield dg.AssetCheckResult(
            check_name=name,
            passed=not found,
            description=f"{len(found)} values break it; the last release stands" if found else "every row keeps it",
            metadata={"failing rows": dg.MetadataValue.md(metadata.table(rows))} if found else {},
        )


def _check_of(failure: "Failure") -> str:
    if failure.rule == "has no evidence":
        return EVIDENCE
    if failure.rule == "holds a withheld name":
        return PRIVACY
    return FALL if failure.rule.startswith("is gone with") else CONTRACT
