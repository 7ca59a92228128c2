"""index.html of a release: its incidents with the sentences behind them, and its files. No script, no request."""

from collections import defaultdict
from typing import Any

import pyarrow as pa

from incidents.publish import documents

Row = dict[str, Any]


def render(tables: dict[str, pa.Table], context: dict[str, Any]) -> str:
    """The page as HTML."""
    template = documents.environment().get_template("index.html.j2")
    return template.render(context | {"incidents": _incidents(tables)})


def _incidents(tables: dict[str, pa.Table]) -> list[Row]:
    """Each incident with its place, organizations, affected parties, events and quotes; the newest first."""
    articles = _by(tables["articles"], "article_id")
    article_of = {row["revision_id"]: articles[row["article_id"]] for row in tables["article_revisions"].to_pylist()}
    names = {row["organization_id"]: row["name"] for row in tables["organizations"].to_pylist()}
    places = _by(tables["places"], "place_id")
    grouped = {
        name: _grouped(tables[name], "incident_id")
        for name in ("incident_organizations", "affected_parties", "incident_events")
    }
    quotes = _grouped(tables["evidence"], "row_id")
    incidents = []
    for row in tables["incidents"].to_pylist():
        parts = {name: rows[row["incident_id"]] for name, rows in grouped.items()}
        rows_with_evidence = [row["incident_id"], *_row_ids(parts)]
        incidents.append(
            row
            | {
                "place": places.get(row["place_id"]),
                "organizations": [
                    part | {"name": names[part["organization_id"]]} for part in parts["incident_organizations"]
                ],
                "affected": parts["affected_parties"],
                "events": sorted(
                    parts["incident_events"], key=lambda event: (str(event["event_on"]), event["event_type"])
                ),
                "evidence": [
                    item | {"article": article_of[item["revision_id"]]}
                    for row_id in rows_with_evidence
                    for item in quotes[row_id]
                    if item["selected"]
                ],
            }
        )
    return sorted(incidents, key=lambda row: (str(row["event_on_start"] or ""), row["incident_id"]), reverse=True)


def _row_ids(parts: dict[str, list[Row]]) -> list[str]:
    keys = {"incident_organizations": "incident_organization_id", "affected_parties": "affected_party_id"}
    keys["incident_events"] = "incident_event_id"
    return [part[keys[name]] for name, rows in parts.items() for part in rows]


def _by(table: pa.Table, key: str) -> dict[str, Row]:
    return {row[key]: row for row in table.to_pylist()}


def _grouped(table: pa.Table, key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        groups[row[key]].append(row)
    return groups
