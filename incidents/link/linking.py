"""The stage itself: working rows in, all tables that linking makes out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from incidents.errors import Reject
from incidents.ids import digest
from incidents.link import (
    article_rows,
    background,
    clusters,
    corpus,
    external,
    oversight,
    places,
    records,
    reviews,
    why,
)
from incidents.link.claims import official_articles
from incidents.link.clusters import Cluster, Near
from incidents.link.corpus import Corpus, Row
from incidents.link.duplicates import Unit, units
from incidents.link.incident import Context, Incident
from incidents.link.organizations import Directory
from incidents.link.oversight import Decisions, Oversight
from incidents.link.people import Person, decided_by, people
from incidents.link.places import country_place
from incidents.link.registry import Registry, assign
from incidents.reference import Reference
from incidents.tables import BY_NAME

TABLES = (
    "incidents", "id_redirects", "articles", "article_revisions", "article_urls", "incident_articles", "organizations",
    "organization_aliases", "products", "incident_organizations", "affected_parties", "incident_events", "proceedings",
    "incident_tags", "places", "evidence", "incident_links", "external_ids",
)  # fmt: skip
FOLLOW_UP_DAYS = 30


@dataclass(frozen=True)
class Linked:
    """What linking made: the tables (not yet under the name policy), the people, the registry, what was set aside, the
    articles of each incident with what joined them, the pairs of incidents that might be one, and what explains it all
    (incidents.link.why).
    """

    tables: dict[str, pa.Table]
    people: pd.DataFrame
    registry: Registry
    rejects: list[Reject]
    clusters: dict[str, Cluster]
    near: list[Near]
    explained: dict[str, pa.Table]


def link(
    articles: pd.DataFrame,
    assessments: pd.DataFrame,
    mentions: pd.DataFrame,
    events: pd.DataFrame,
    registry: Registry,
    decided: Decisions,
    reference: Reference,
    release: str,
) -> Linked:
    """All published tables that linking makes, from working rows of incidents.working.SCHEMAS in any order.

    Raises UserError where people's decisions contradict each other.
    """
    news = corpus.build(articles, assessments, mentions, events)
    directory = Directory(reference)
    heard = oversight.hear(decided, news, directory)
    news = heard.news
    all_units = units(news)
    found = clusters.build(news, all_units, heard.judgements, directory, reference)
    reported = reviews.without(found.incidents, heard.reviews, [unit.articles for unit in all_units])
    updated, ids = assign(registry, [cluster.articles for cluster in reported], release)
    by_id = dict(zip(ids, reported, strict=True))
    home = {article: key for key, cluster in by_id.items() for article in cluster.articles}
    context = _context(news, directory, reference, decided)
    overseen, rejects = oversight.oversee(decided, heard, home, updated, context)
    rows = _rows(news, all_units, by_id, home, found.story_of, updated, context, overseen)
    rejects += heard.rejects
    rejects += reviews.of_nothing(heard.reviews, {*news.articles, *(row["person_id"] for row in rows["people"])})
    tables = {name: _table(name, rows.get(name, [])) for name in TABLES}
    explained = why.tables(by_id, found.near, rows["choices"], overseen.rows())
    rejects += overseen.corrections.unused()
    return Linked(tables, _people_frame(rows["people"]), updated, rejects, by_id, found.near, explained)


def _context(news: Corpus, directory: Directory, reference: Reference, decided: Decisions) -> Context:
    known_places = places.geonames(item.value for item in decided.corrections if item.field == "place_id")
    groups_of_sources = {source.id: source.group for source in reference.sources}
    official = official_articles(news, groups_of_sources)
    return Context(directory, reference, known_places | places.place_rows(news), official)


def _rows(
    news: Corpus,
    all_units: Sequence[Unit],
    by_id: Mapping[str, Cluster],
    home: Mapping[str, str],
    story_of: Mapping[str, str],
    registry: Registry,
    context: Context,
    overseen: Oversight,
) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = defaultdict(list)
    groups = {key: [news.articles[a] for a in cluster.articles] for key, cluster in by_id.items()}
    loose = [[article] for article in news if article.article_id not in home]
    everyone = decided_by(overseen.corrections, people([*(groups[key] for key in sorted(groups)), *loose]))
    people_in = _people_in(everyone, home)
    for key in sorted(by_id):
        originals = [news.articles[a] for a in by_id[key].originals]
        incident = Incident(key, originals, groups[key], people_in.get(key, []), context.official, overseen)
        for name, found in records.describe(incident, context).items():
            rows[name] += found
    for name, found in article_rows.rows(news, all_units, story_of).items():
        rows[name] += found
    for name, found in overseen.corrections.sources().items():
        rows[name] += found
    _add_links(rows, news, by_id, home, registry)
    _add_bodies(rows, context.places, context.directory, context.reference)
    rows["id_redirects"] = _redirects(registry)
    rows["people"] = [_person_row(person, home) for person in everyone]
    return rows


def _people_in(everyone: Sequence[Person], home: Mapping[str, str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for person in everyone:
        for key in sorted({home[a] for a in person.article_ids if a in home}):
            found[key].append(person)
    return found


def _add_links(
    rows: dict[str, list[Row]],
    news: Corpus,
    by_id: Mapping[str, Cluster],
    home: Mapping[str, str],
    registry: Registry,
) -> None:
    """incident_articles and incident_links."""
    classes = {row["incident_id"]: row["record_class"] for row in rows["incidents"]}
    names: dict[str, list[str]] = defaultdict(list)
    persons: dict[str, list[str]] = defaultdict(list)
    for key, cluster in by_id.items():
        for article in cluster.articles:
            link = cluster.links[article]
            relation = _relation(news, cluster, article)
            rows["incident_articles"].append(background.article_row(key, article, relation, link.method, link.score))
    for row in rows["affected_parties"]:
        if row["person_id"]:
            persons[row["incident_id"]].append(row["person_id"])
    for key, cluster in by_id.items():
        found = {
            name
            for a in cluster.originals
            for event in news.articles[a].events
            if event["is_main"]
            for name in event["people"]
        }
        names[key] = sorted(name for name in found if " " in name)
    told = background.mentions(news, home, names)
    rows["incident_articles"] += background.article_rows(told, home, classes)
    split_from = {key: registry.final(registry.split_from[key]) for key in by_id if key in registry.split_from}
    rows["incident_links"] = background.incident_links(told, home, classes, split_from, persons)


def _relation(news: Corpus, cluster: Cluster, article: str) -> str:
    """follow_up for what came out a month or more after the first report, reports before."""
    first, this = news.articles[cluster.articles[0]], news.articles[article]
    return "follow_up" if this.first_day - first.last_day > FOLLOW_UP_DAYS else "reports"


def _add_bodies(
    rows: dict[str, list[Row]], known: Mapping[str, Row], directory: Directory, reference: Reference
) -> None:
    """organizations, their other names and products, places and external ids, as far as incidents use them."""
    used = {row["organization_id"] for row in (*rows["incident_organizations"], *rows["incident_events"])} - {None}
    rows["organizations"], rows["organization_aliases"], rows["products"] = directory.rows(used)
    countries = (country_place(body["country"]) for body in rows["organizations"])
    by_id = {row["place_id"]: row for row in (*filter(None, countries), *known.values())}
    rows["places"] = [by_id[key] for key in sorted({row["place_id"] for row in rows["incidents"]} - {None})]
    bodies: dict[str, set[str]] = defaultdict(set)
    for row in rows["incident_organizations"]:
        bodies[row["incident_id"]].add(row["organization_id"])
    rows["external_ids"] = external.rows(rows["incidents"], bodies, by_id, rows["organizations"], reference)


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


def _person_row(person: Person, home: Mapping[str, str]) -> Row:
    return {
        "person_id": person.person_id,
        "name": person.name,
        "forms": person.forms,
        "name_policy": person.name_policy,
        "display_label": person.display_label,
        "article_ids": person.article_ids,
        "incident_ids": sorted({home[a] for a in person.article_ids if a in home}),
    }


def _people_frame(rows: Iterable[Row]) -> pd.DataFrame:
    columns = ("person_id", "name", "forms", "name_policy", "display_label", "article_ids", "incident_ids")
    ordered = sorted(rows, key=lambda row: str(row["person_id"]))
    return pd.DataFrame({column: [row[column] for row in ordered] for column in columns})


def _table(name: str, rows: Iterable[Row]) -> pa.Table:
    """The rows in the contract's columns, in the order of their keys, each key once."""
    schema = BY_NAME[name].schema
    key = BY_NAME[name].key.name
    unique = {row[key]: row for row in rows}
    return pa.Table.from_pylist([row for _, row in sorted(unique.items())], schema=schema)
