"""Incidents described: the rows that each makes of its own articles, by itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy, deepcopy

import pyarrow as pa

from incidents.link import external, records
from incidents.link.clusters import Cluster
from incidents.link.corpus import Article, Row
from incidents.link.incident import Context, Incident, Rows
from incidents.link.oversight import Oversight
from incidents.link.people import Person
from incidents.link.places import geonames, place_rows
from incidents.link.why import CHOICES
from incidents.tables import BY_NAME

PUBLISHED = (
    "incidents", "incident_organizations", "affected_parties", "incident_events", "incident_tags", "proceedings",
    "evidence",
)  # fmt: skip
_TEXT = pa.string()
_INCIDENT = ("incident_id", _TEXT)
# What all incidents together make of these is told by incidents.link.assembly.
SCHEMAS = {name: BY_NAME[name].schema for name in PUBLISHED} | {
    "choices": CHOICES,
    "places": pa.schema([_INCIDENT, *BY_NAME["places"].schema]),
    "names": pa.schema(
        [_INCIDENT, *((name, _TEXT) for name in ("organization_id", "what", "value")), ("count", pa.int64())]
    ),
    "external_ids": pa.schema([_INCIDENT, *BY_NAME["external_ids"].schema]),
}


def describe(
    incident_id: str,
    cluster: Cluster,
    articles: Mapping[str, Article],
    people: Sequence[Person],
    context: Context,
    overseen: Oversight,
) -> Rows:
    """The rows of one incident in SCHEMAS. A place and an unknown organization are what its own articles call them."""
    told = [articles[article] for article in cluster.articles]
    directory = copy(context.directory)
    directory.candidates = deepcopy(context.directory.candidates)
    own = Context(directory, context.reference, {**context.places, **place_rows(told)}, context.official)
    originals = [articles[article] for article in cluster.originals]
    incident = Incident(incident_id, originals, told, people, context.official, overseen)
    rows = defaultdict(list, records.describe(incident, own))
    (row,) = rows["incidents"]
    known = {place["place_id"]: place for place in _place(row["place_id"], own)}
    bodies = {body["organization_id"] for body in rows["incident_organizations"]}
    used = bodies | {step["organization_id"] for step in rows["incident_events"]}
    found = external.rows([row], {incident_id: bodies}, known, [], context.reference)
    rows["external_ids"] = [{"incident_id": incident_id} | entry for entry in found]
    rows["places"] = [{"incident_id": incident_id} | place for place in known.values()]
    rows["names"] = [
        {"incident_id": incident_id, "organization_id": key, "what": what, "value": value, "count": count}
        for key, candidate in sorted(directory.candidates.items())
        if key in used
        for what, counts in (("name", candidate.names), ("kind", candidate.kinds))
        for value, count in sorted(counts.items())
    ]
    return rows


def _place(place_id: str | None, context: Context) -> list[Row]:
    """The row of an incident's place: one of its articles', or the country of a body."""
    if place_id is None:
        return []
    return [context.places[place_id]] if place_id in context.places else [*geonames([place_id]).values()]
