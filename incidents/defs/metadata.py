"""What the UI shows of a stage: counts, tables, columns and their descent."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from incidents.schema import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from incidents.stages import Outcome

SHOWN = 20
SUBJECTS = "subjects"  # of a failed check: what fails, and why; each gets a message of its own
LINEAGE = "dagster/column_lineage"
ROWS = "dagster/row_count"
PARTITION_ROWS = "dagster/partition_row_count"
SCHEMA = "dagster/column_schema"


def of(outcome: "Outcome") -> dict[str, Any]:
    """Counts as numbers (the UI plots them over runs), rejects as a table, details as JSON."""
    shown: dict[str, Any] = {f"count/{name}": dg.MetadataValue.int(number) for name, number in outcome.counts.items()}
    if outcome.details:
        shown["details"] = dg.MetadataValue.json(outcome.details)
    if outcome.rejects:
        shown["rejects"] = dg.MetadataValue.md(_rejects(outcome))
    return shown


def table(rows: Sequence[Mapping[str, Any]], more: str = "") -> str:
    """The first rows as a Markdown table; `more` says where the others are."""
    if not rows:
        return "none"
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [f"| {' | '.join(_cell(row[name]) for name in names)} |" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines += ["", f"and {len(rows) - SHOWN} more {more}".rstrip()]
    return "\n".join(lines)


def bars(values: Sequence[tuple[str, float]], unit: str) -> str:
    """A small bar chart in Markdown, a bar for each (label, number): the UI shows SVG as an image only.

    One path, as the UI folds Markdown of 1,000 characters.
    """
    highest = max((number for _, number in values), default=0)
    if not highest:
        return f"no {unit}"
    width, height = 12, 60
    tall = ((place, round(height * number / highest)) for place, (_, number) in enumerate(values))
    drawn = "".join(f"M{place * width} {height}v-{up}h{width - 2}v{up}" for place, up in tall if up)
    size = f'width="{len(values) * width}" height="{height}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}><path fill="#4F43DD" d="{drawn}"/></svg>'
    image = b64encode(svg.encode()).decode()
    return (
        f"![{unit}](data:image/svg+xml;base64,{image})\n\n{values[0][0]} to {values[-1][0]}: {highest:g} {unit} at most"
    )


def columns(of_table: Table) -> dg.TableSchema:
    """The contract's columns as the UI draws them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                column.type,
                description=column.description,
                constraints=dg.TableColumnConstraints(nullable=not column.required, unique=column is of_table.key),
            )
            for column in of_table.columns
        ]
    )


def arrow_columns(schema: "pa.Schema") -> dg.TableSchema:
    """The columns of a working file."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(field.name, str(field.type), constraints=dg.TableColumnConstraints(nullable=field.nullable))
            for field in schema
        ]
    )


def lineage(asset: str, sources: Mapping[str, Iterable[str]]) -> dg.TableColumnLineage:
    """From which columns of `asset` each column is made."""
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(dg.AssetKey(asset), source) for source in names]
            for column, names in sources.items()
        }
    )


def _rejects(outcome: "Outcome") -> str:
    rows = [{"file": r.file, "line": r.line, "reason": r.reason} for r in outcome.rejects]
    return table(rows, "in working/rejects.parquet")


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("|", "\\|").replace("\n", " ")
