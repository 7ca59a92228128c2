"""Asset checks: what must hold of each stage's result. A blocking one stops what comes after it in the run."""

from typing import TYPE_CHECKING, Any

import dagster as dg

from incidents import settings
from incidents.defs import metadata
from incidents.defs.collect import web_archives
from incidents.defs.extract import mentions
from incidents.defs.read import articles
from incidents.defs.resources import DataFolder

if TYPE_CHECKING:
    from incidents.checking import Finding


@dg.asset_check(asset=web_archives)
def sources_deliver(data: DataFolder) -> dg.AssetCheckResult:
    """Every source brings as much as it should: by its own history, and by what sources.yaml expects in a week."""
    from incidents import checking

    return result(checking.deliveries(data.folder), "source")


@dg.asset_check(asset=articles)
def fields_filled(data: DataFolder) -> dg.AssetCheckResult:
    """Title, publisher, date, language and address have a usable value in nearly all articles of the last month."""
    from incidents import checking

    return result(checking.fields(data.folder, settings.now().date()), "field")


@dg.asset_check(asset=articles)
def gate_rate(data: DataFolder) -> dg.AssetCheckResult:
    """As many pages pass the gate as is usual: a broken gate or reader shows here first."""
    from incidents import checking

    return result(checking.gate(data.folder, settings.now().date()))


@dg.asset_check(asset=mentions)
def relevance_rate(data: DataFolder) -> dg.AssetCheckResult:
    """As many articles are relevant as is usual."""
    from incidents import checking

    return result(checking.relevance(data.folder, settings.now().date()))


@dg.asset_check(asset=mentions, blocking=True)
def extraction_figures(data: DataFolder) -> dg.AssetCheckResult:
    """The extraction finds what it should in a small set of labelled texts; else nothing is linked or published."""
    from incidents import checking

    return result(checking.extraction(data.folder))


ALL = [sources_deliver, fields_filled, gate_rate, relevance_rate, extraction_figures]


def result(finding: "Finding", subject: str | None = None) -> dg.AssetCheckResult:
    """A finding as the UI shows it; `subject` is the column that names what each failing row is about."""
    shown: dict[str, Any] = {name: dg.MetadataValue.float(float(n)) for name, n in finding.numbers.items()}
    if finding.rows:
        shown["failing rows"] = dg.MetadataValue.md(metadata.table(finding.rows))
    if subject and finding.rows:
        shown[metadata.SUBJECTS] = dg.MetadataValue.json({row[subject]: _reason(row, subject) for row in finding.rows})
    return dg.AssetCheckResult(passed=finding.passed, description=finding.says, metadata=shown)


def _reason(row: dict[str, Any], subject: str) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if name != subject)
