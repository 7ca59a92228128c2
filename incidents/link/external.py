"""The same incident in other databases, found by facts (class of event, country, day, bodies), never by their texts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from incidents.ids import digest
from incidents.link.corpus import Row
from incidents.link.keys import period
from incidents.reference import ExternalFact, Reference

SLACK = timedelta(days=3)


def rows(
    incidents: Sequence[Row],
    bodies_of: Mapping[str, set[str]],
    places: Mapping[str, Row],
    organizations: Iterable[Row],
    reference: Reference,
) -> list[Row]:
    """external_ids rows: AIID and AIAAIC for incidents, Wikidata and ORI for organizations."""
    found = []
    for incident in incidents:
        place = places.get(incident["place_id"] or "")
        for fact in reference.external:
            if _matches(fact, incident, bodies_of.get(incident["incident_id"], set()), place):
                key = incident["incident_id"]
                found += [_row("incidents", key, "aiid", i) for i in fact.aiid_ids]
                found += [_row("incidents", key, "aiaaic", i) for i in fact.aiaaic_ids]
    for body in organizations:
        for scheme, column in (("wikidata", "wikidata_qid"), ("ori", "ori_code")):
            if body[column]:
                found.append(_row("organizations", body["organization_id"], scheme, body[column]))
    unique = {row["external_row_id"]: row for row in found}
    return [row for _, row in sorted(unique.items())]


def _matches(fact: ExternalFact, incident: Row, bodies: set[str], place: Row | None) -> bool:
    """Same type of event, a date in common, no other country, and a body in common (the place where the fact has
    none).
    """
    if fact.event_type != incident["incident_type"] or not _dates_meet(fact, incident):
        return False
    if place and place["country"] and place["country"] != fact.country:
        return False
    wanted = set(fact.organization_ids) | set(fact.vendor_ids)
    if wanted:
        return bool(wanted & bodies)
    return bool(place and fact.place and place["name"].casefold() in fact.place.casefold())


def _dates_meet(fact: ExternalFact, incident: Row) -> bool:
    days = period(fact.date)
    start: date | None = incident["event_on_start"]
    if days is None or start is None:
        return False
    return days[0] - SLACK <= incident["event_on_end"] and start <= days[1] + SLACK


def _row(table: str, key: str, scheme: str, external_id: str) -> Row:
    return {
        "external_row_id": f"ext-{digest(table, key, scheme, external_id)}",
        "table_name": table,
        "row_id": key,
        "scheme": scheme,
        "external_id": external_id,
    }
