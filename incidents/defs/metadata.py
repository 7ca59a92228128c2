"""What the UI shows of a stage: counts, the rejects, and the columns of its tables."""

from typing import Any

import dagster as dg

from incidents.schema import Table
from incidents.stages import Outcome

SHOWN = 20


def of(outcome: Outcome) -> dict[str, Any]:
    """Counts as numbers (the UI plots them over runs), rejects as a table, details as JSON."""
    shown: dict[str, Any] = {f"count/{name}": dg.MetadataValue.int(number) for name, number in outcome.counts.items()}
    if outcome.details:
        shown["details"] = dg.MetadataValue.json(outcome.details)
    if outcome.rejects:
        shown["rejects"] = dg.MetadataValue.md(rejects_table(outcome))
    return shown


def rejects_table(outcome: Outcome) -> str:
    rows = [f"| {r.file} | {'' if r.line is None else r.line} | {r.reason} |" for r in outcome.rejects[:SHOWN]]
    more = len(outcome.rejects) - SHOWN
    rows += [f"| and {more} more in working/rejects.parquet | | |"] if more > 0 else []
    return "\n".join(["| file | line | reason |", "|---|---|---|", *rows])


def columns(table: Table) -> dg.TableSchema:
    """The contract's columns as the UI draws them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.type,
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=not column.required, unique=column is table.key),
            )
            for column in table.columns
        ]
    )
