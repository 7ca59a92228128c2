"""`incidents why`: an incident's values with the sentences behind them, what joined its articles, and who decided what.

Values come from a release, under the name policy, and need nothing else. Weights, rules and decisions come from the
working store beside it (incidents.link.why); a release alone is told without them.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow.parquet as pq

from incidents.duck import connect
from incidents.errors import UserError
from incidents.link.why import SCHEMAS
from incidents.publish.releases import Release
from incidents.querying import chosen
from incidents.working import EXPLAINED

Row: TypeAlias = dict[str, Any]

CORRECTION = "correction"  # the rule, and the extractor of its evidence
PARTS = {
    "incident_organizations": "incident_organization_id",
    "affected_parties": "affected_party_id",
    "incident_events": "incident_event_id",
    "proceedings": "proceeding_id",
    "incident_tags": "incident_tag_id",
}
RULES = {
    CORRECTION: "a person corrected it",
    "only_value": "no article says otherwise",
    "more_specific": "more specific than the others",
    "official_source": "told by a court, regulator or police itself",
    "more_articles": "told by more independent articles",
    "surer_extraction": "the surer reading",
    "older_article": "told first",
    "field": "by the rule of its column",
    "first_in_the_alphabet": "nothing tells them apart: first in the alphabet",
}
UNKNOWN = "not known here: the working store is not beside this release"
METHODS = {
    "founding": "the first article, which founded the incident",
    "story": "joined by its words, its date and what it is about",
    "keys": "joined by the people, bodies, places and days it names",
    "judgement": "joined by a person's decision",
    "background": "only tells of it",
}
VALUES = f"""
SELECT e.table_name, e.row_id, e.field, e.value, e.selected, coalesce(o.name, p.name, x.name) AS name, e.quote,
       a.publisher, a.published_on, a.article_id, a.url, r.archive_file, r.archive_offset, e.extractor, e.score
FROM evidence e JOIN article_revisions r USING (revision_id) JOIN articles a USING (article_id)
LEFT JOIN organizations o ON e.field = 'organization_id' AND o.organization_id = e.value
LEFT JOIN places p ON e.field = 'place_id' AND p.place_id = e.value
LEFT JOIN products x ON e.field = 'product_id' AND x.product_id = e.value
WHERE e.row_id = $id OR e.row_id IN (
{" UNION ALL ".join(f"SELECT {key} FROM {table} WHERE incident_id = $id" for table, key in PARTS.items())})
ORDER BY e.table_name != 'incidents', e.table_name, e.row_id, e.field, e.selected DESC, e.value, e.score DESC,
         e.evidence_id
"""
LINKS = """
SELECT l.article_id, l.relation, l.method, l.score, a.publisher, a.published_on, a.title, a.url, a.copy_of
FROM incident_articles l JOIN articles a USING (article_id) WHERE l.incident_id = $id
ORDER BY l.relation IN ('mentions', 'lists'), l.method != 'founding', a.published_on, l.article_id
"""


def explain(data_dir: Path, incident_id: str, version: str | None = None) -> Row:
    """All that is known of why an incident is as it is. UserError for an id that is unknown or was withdrawn.

    `data_dir` is a data folder or the folder of one release; an id that was merged leads to the one that stands.
    """
    release = chosen(data_dir, version)
    with connect(release.path / "incidents.duckdb", read_only=True) as connection:
        redirect = _redirect(connection, incident_id, release)
        current = redirect["new_id"] if redirect else incident_id
        found = _query(connection, "SELECT * FROM incidents WHERE incident_id = $id", current)
        if not found:
            hint = "list its incidents with: incidents sql 'FROM incidents'"
            raise UserError(f"{incident_id}: not in release {release.version}; {hint}")
        values, links = _query(connection, VALUES, current), _query(connection, LINKS, current)
    store = data_dir / "working" / EXPLAINED
    return {
        "incident": found[0],
        "release": release.version,
        "redirect": redirect,
        "values": _values(values, _kept(store, "choices", "row_id", {row["row_id"] for row in values})),
        "links": _links(links, _kept(store, "links", "incident_id", {current})),
        "decisions": _kept(store, "decisions", "incident_id", {current}),
        "has_weights": (store / "links.parquet").exists(),
    }


def _redirect(connection: duckdb.DuckDBPyConnection, incident_id: str, release: Release) -> Row | None:
    """The redirect of an id that no longer stands; UserError for one that leads nowhere."""
    found = _query(
        connection, "SELECT * FROM id_redirects WHERE old_id = $id ORDER BY release DESC LIMIT 1", incident_id
    )
    if found and not found[0]["new_id"]:
        raise UserError(f"{incident_id} was withdrawn in release {found[0]['release']}; nothing stands in its place")
    return found[0] if found else None


def _query(connection: duckdb.DuckDBPyConnection, sql: str, incident_id: str) -> list[Row]:
    cursor = connection.execute(sql, {"id": incident_id})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _kept(store: Path, name: str, column: str, wanted: set[str]) -> list[Row]:
    """The rows that linking left behind on what is wanted; none where there is only a release."""
    path = store / f"{name}.parquet"
    if not path.exists():
        return []
    filters = [(column, "in", wanted)]
    rows: list[Row] = pq.read_table(path, schema=SCHEMAS[name], filters=filters, partitioning=None).to_pylist()
    return rows


def _values(rows: Iterable[Row], choices: Iterable[Row]) -> list[Row]:
    """One entry for each value of each field, with its quotes."""
    rules = {(row["row_id"], row["field"], row["value"]): row["rule"] for row in choices}
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        kept = {name: row[name] for name in ("table_name", "row_id", "field", "value", "name", "selected")}
        entry = found.setdefault((row["row_id"], row["field"], row["value"]), kept | {"rule": None, "quotes": []})
        if row["selected"]:
            corrected = row["extractor"] == CORRECTION or entry["rule"] == CORRECTION
            entry["rule"] = CORRECTION if corrected else rules.get((row["row_id"], row["field"], row["value"]))
        entry["quotes"].append({name: row[name] for name in list(row)[list(row).index("quote") :]})
    return list(found.values())


def _links(rows: Iterable[Row], links: Iterable[Row]) -> list[Row]:
    """The articles with what joined each, and what that rests on where the working store tells it."""
    kept = {row["article_id"]: row for row in links}
    found = []
    for row in rows:
        told = kept.get(row["article_id"]) if row["method"] != "background" else None
        weights = {"other": told["other"], "parts": json.loads(told["parts"])} if told else {"other": None, "parts": {}}
        found.append(row | weights)
    return found


def printed(found: Row) -> str:
    """The explanation as text, in two sections."""
    incident = found["incident"]
    lines = [f"{incident['incident_id']}  {incident['title']}", f"release {found['release']}"]
    if found["redirect"]:
        redirect = found["redirect"]
        lines.append(f"{redirect['old_id']} became this one in release {redirect['release']} ({redirect['reason']})")
    lines += ["", "VALUES", *_value_lines(found["values"])]
    lines += ["", "LINKS", *_link_lines(found["links"], found["has_weights"])]
    told = [
        f"{row['who']}, {row['when']}: {row['answer']}, of {row['subject']} ({row['file']}:{row['line']}); {row['why']}"
        for row in found["decisions"]
    ]
    none = "none" if found["has_weights"] else UNKNOWN
    return "\n".join([*lines, "", "decisions of people:", *(f"  {line}" for line in told or [none])])


def _value_lines(values: Iterable[Row]) -> Iterator[str]:
    before = None
    for entry in values:
        row = (entry["table_name"], entry["row_id"])
        if row != before and entry["table_name"] != "incidents":
            yield f"{entry['table_name']} {entry['row_id']}"
        before = row
        name = f" ({entry['name']})" if entry["name"] else ""
        rule = RULES.get(entry["rule"] or "", "")
        state = f"published{': ' + rule if rule else ''}" if entry["selected"] else "not published"
        yield f"  {entry['field']} = {entry['value']}{name}  [{state}]"
        for quote in entry["quotes"]:
            source = ", ".join(str(part) for part in (quote["publisher"], quote["published_on"]) if part)
            yield f'      "{" ".join(quote["quote"].split())}"'
            yield f"        {source}, {quote['article_id']}, by {quote['extractor']} ({quote['score']:.2f})"


def _link_lines(links: Iterable[Row], has_weights: bool) -> Iterator[str]:
    if not has_weights:
        yield f"  (how much each piece of evidence weighed is {UNKNOWN})"
    for link in links:
        told = f"{link['publisher'] or ''}, {link['published_on'] or 'no date'}: {link['title'] or ''}"
        yield f"  {link['article_id']}  {told}"
        how = f"a copy of {link['copy_of']}" if link["copy_of"] else METHODS[link["method"]]
        other = f", most like {link['other']}" if link["other"] else ""
        yield f"      {link['relation']}: {how} (score {link['score']:.2f}{other})"
        if link["parts"]:
            weights = ", ".join(f"{name.replace('_', ' ')} {weight:+.2f}" for name, weight in link["parts"].items())
            yield f"      {weights}"
