"""Why an incident is as it is: what joined its articles and which sentences stand behind its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from incidents.errors import UserError
from incidents.link.clusters import Link
from incidents.link.corpus import Row
from incidents.link.judgements import Judgement
from incidents.link.linking import Linked


@dataclass(frozen=True)
class Value:
    """One value of an incident with its sentences; the published one is `selected`."""

    table: str
    field: str
    value: str
    selected: bool
    evidence: list[Row]


@dataclass(frozen=True)
class Why:
    """An incident explained: its row, its values, what joined each article, and the decisions about its articles."""

    incident: Row
    values: list[Value]
    links: dict[str, Link]
    decisions: list[Judgement]


def why(linked: Linked, incident_id: str, judged: Sequence[Judgement] = ()) -> Why:
    """The explanation of an incident. Raises UserError for an id that does not stand, naming the one that does."""
    if incident_id not in linked.clusters:
        final = linked.registry.final(incident_id) if incident_id in linked.registry.founding else None
        hint = f"look at {final} instead" if final else "`incidents sql` lists the ids of the latest release"
        raise UserError(f"{incident_id} is no incident of this release: {hint}")
    cluster = linked.clusters[incident_id]
    members = set(cluster.articles)
    (row,) = (r for r in linked.tables["incidents"].to_pylist() if r["incident_id"] == incident_id)
    return Why(
        row,
        _values(linked.tables, incident_id),
        cluster.links,
        [item for item in judged if item.a in members or item.b in members],
    )


def _values(tables: Mapping[str, pa.Table], incident_id: str) -> list[Value]:
    """The values of the incident and of the rows that hang on it, by table and column, published ones first."""
    keys = {("incidents", incident_id)}
    for name in ("incident_organizations", "affected_parties", "incident_events", "incident_tags", "proceedings"):
        keys |= {(name, next(iter(r.values()))) for r in tables[name].to_pylist() if r["incident_id"] == incident_id}
    found: dict[tuple[str, str, bool, str, str], list[Row]] = {}
    for row in tables["evidence"].to_pylist():
        if (row["table_name"], row["row_id"]) in keys:
            key = (row["table_name"], row["field"], not row["selected"], row["value"], row["row_id"])
            found.setdefault(key, []).append(row)
    return [
        Value(table, field, value, not loser, sorted(rows, key=lambda r: (-r["score"], r["evidence_id"])))
        for (table, field, loser, value, _), rows in sorted(found.items())
    ]
