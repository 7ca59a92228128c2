"""The tables that all incidents make together: what links them, and whom and what they have in common."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from incidents.ids import digest
from incidents.link import background, external
from incidents.link.clusters import Cluster
from incidents.link.columns import lists_by
from incidents.link.corpus import Row
from incidents.link.organizations import Candidate, Directory
from incidents.link.places import better
from incidents.link.registry import Registry
from incidents.reference import Reference
from incidents.tables import BY_NAME

FOLLOW_UP_DAYS = 30
Parts = Mapping[str, pa.Table]  # by name, the rows that each incident made by itself (describing.SCHEMAS)


def tables(
    parts: Parts,
    current: pa.Table,
    by_id: Mapping[str, Cluster],
    registry: Registry,
    directory: Directory,
    reference: Reference,
) -> dict[str, pa.Table]:
    """The tables. `current` are the articles as they were prepared, `by_id` the incidents."""
    rows = _links(parts, current, by_id, registry) | _bodies(parts, directory, reference)
    rows["id_redirects"] = _redirects(registry)
    return {name: table(name, found) for name, found in rows.items()}


def table(name: str, rows: Iterable[Row]) -> pa.Table:
    """The rows in the contract's columns, in the order of their keys, each key once."""
    schema, key = BY_NAME[name].schema, BY_NAME[name].key.name
    unique = {row[key]: row for row in rows}
    return pa.Table.from_pylist([row for _, row in sorted(unique.items())], schema=schema)


def _links(
    parts: Parts, current: pa.Table, by_id: Mapping[str, Cluster], registry: Registry
) -> dict[str, Sequence[Row]]:
    """incident_articles and incident_links."""
    home = {article: key for key, cluster in by_id.items() for article in cluster.articles}
    classes = dict(_pairs(parts["incidents"], "incident_id", "record_class"))
    first, last = (dict(_pairs(current, "article_id", name)) for name in ("first_day", "last_day"))
    own = [
        background.article_row(key, article, relation, link.method, link.score)
        for key, cluster in by_id.items()
        for article, link in cluster.links.items()
        for relation in [_relation(first[article] - last[cluster.articles[0]])]
    ]
    is_about = lists_by(current, "article_id", "is_about")
    central = {key: {n for a in cluster.originals for n in is_about[a]} for key, cluster in by_id.items()}
    told = background.mentions(lists_by(current, "article_id", "tells_of").items(), home, central)
    persons: dict[str, list[str]] = defaultdict(list)
    for incident, person in _pairs(parts["affected_parties"], "incident_id", "person_id"):
        if person:
            persons[incident].append(person)
    split_from = {key: registry.final(registry.split_from[key]) for key in by_id if key in registry.split_from}
    return {
        "incident_articles": own + background.article_rows(told, home, classes),
        "incident_links": background.incident_links(told, home, classes, split_from, persons),
    }


def _relation(days_later: float) -> str:
    """follow_up for what came out a month or more after the first report, reports before."""
    return "follow_up" if days_later > FOLLOW_UP_DAYS else "reports"


def _bodies(parts: Parts, directory: Directory, reference: Reference) -> dict[str, Sequence[Row]]:
    """organizations, their other names and products, places and external ids, as far as incidents use them."""
    used = pa.chunked_array(
        [chunk for n in ("incident_organizations", "incident_events") for chunk in parts[n]["organization_id"].chunks],
        pa.string(),
    )
    directory.candidates = _candidates(parts["names"])
    organizations, aliases, products = directory.rows(used.unique().drop_null().to_pylist())
    places: dict[str, Row] = {}
    for row in parts["places"].drop_columns("incident_id").to_pylist():
        if better(row, places.get(row["place_id"])):
            places[row["place_id"]] = row
    of_incidents = parts["external_ids"].drop_columns("incident_id").to_pylist()
    return {
        "organizations": organizations,
        "organization_aliases": aliases,
        "products": products,
        "places": list(places.values()),
        "external_ids": [*of_incidents, *external.rows([], {}, {}, organizations, reference)],
    }


def _candidates(names: pa.Table) -> dict[str, Candidate]:
    """The unknown organizations, with how often each was met under which name and kind."""
    counted = names.group_by(["organization_id", "what", "value"]).aggregate([("count", "sum")])
    found: dict[str, Candidate] = {}
    for row in counted.to_pylist():
        candidate = found.setdefault(row["organization_id"], Candidate(row["organization_id"]))
        {"name": candidate.names, "kind": candidate.kinds}[row["what"]][row["value"]] += row["count_sum"]
    return found


def _redirects(registry: Registry) -> list[Row]:
    """Every id that no longer stands, with the one that stands for it now."""
    found = []
    for old, redirect in sorted(registry.redirects.items()):
        new = registry.final(old)
        found.append(
            {
                "id_redirect_id": f"redirect-{digest(old, redirect.release)}",
                "old_id": old,
                "new_id": new,
                "reason": redirect.reason if new else "withdrawn",
                "release": redirect.release,
            }
        )
    return found


def _pairs(table: pa.Table, *names: str) -> Iterable[tuple[Any, Any]]:
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)
