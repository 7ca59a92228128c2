"""The newest release of a demo folder against data/sample/expected.jsonl: `python -m incidents.sample.check FOLDER`.

Prints, for each field, how many values are as expected and which are not; exit code 1 where a share is below its floor.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from incidents.duck import connect
from incidents.publish.releases import latest
from incidents.sample.files import SAMPLE

Row = dict[str, Any]
# What must hold. Collecting and reading have one right answer; for what is extracted a little less than was reached.
FLOORS = {
    "article is there": 1.0,
    "address": 1.0,
    "title": 1.0,
    "language": 1.0,
    "published_on": 1.0,
    "copy_of": 1.0,
    "not collected": 1.0,
    "not relevant": 1.0,
    "relevant": 0.95,
    "kind": 0.85,
    "incident is there": 0.95,
    "articles are together, others apart": 0.90,
    "record_class": 0.95,
    "incident_type": 0.92,
    "country": 0.88,
    "event_on": 0.90,
    "publishers": 0.90,
    "agencies": 0.80,
    "vendors": 0.85,
    "affected": 0.78,
    "events": 0.85,
}


class Tally:
    """How many values of each field are right, and the others."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.total: Counter[str] = Counter()
        self.misses: list[str] = []

    def note(self, field: str, where: str, right: bool, found: object = None, expected: object = None) -> None:
        self.total[field] += 1
        self.right[field] += right
        if not right:
            self.misses.append(f"{field}: {where}: {found!r}, expected {expected!r}")

    def share(self, field: str) -> float:
        return self.right[field] / self.total[field]

    def below(self) -> list[str]:
        return [field for field, floor in FLOORS.items() if self.share(field) < floor]


def compare(data_dir: Path) -> Tally:
    """Every expectation against the newest release of `data_dir`."""
    expected = [json.loads(line) for line in (SAMPLE / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in expected:
        by_kind[row["what"]].append(row)
    query = _querier(latest(data_dir).path / "incidents.duckdb")
    tally = Tally()
    passed = [row for row in by_kind["article"] if row["relevant"]]
    articles = {row["url"]: row for row in query(ARTICLES)}
    _compare_articles(tally, passed, articles, query)
    _compare_irrelevant(tally, [row for row in by_kind["article"] if not row["relevant"]], articles)
    known = {row["url"] for row in query("SELECT url FROM article_urls")}
    for row in by_kind["not_collected"]:
        tally.note("not collected", row["url"], row["url"] not in known)
    _compare_incidents(tally, by_kind["incident"], passed, articles, query)
    return tally


ARTICLES = """
SELECT a.*, o.url AS copy_url, i.incident_id FROM articles a LEFT JOIN articles o ON o.article_id = a.copy_of
LEFT JOIN incident_articles i ON i.article_id = a.article_id AND i.relation IN ('reports', 'follow_up')
"""
BODIES = """
SELECT name, list(alias) AS aliases FROM incident_organizations JOIN organizations USING (organization_id)
LEFT JOIN organization_aliases USING (organization_id) WHERE incident_id = ? GROUP BY name, role HAVING role IN
"""
AGENCIES = f"{BODIES} ('police_agency', 'search_operator', 'deployer')"
VENDORS = f"{BODIES} ('vendor', 'algorithm_vendor')"


def _querier(path: Path) -> Callable[..., list[Row]]:
    def query(sql: str, *values: str) -> list[Row]:
        with connect(path, read_only=True) as connection:
            cursor = connection.execute(sql, values)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return query


def _compare_articles(
    tally: Tally, expected: list[Row], articles: dict[str, Row], query: Callable[..., list[Row]]
) -> None:
    addresses = {(row["article_id"], row["url"]) for row in query("SELECT article_id, url FROM article_urls")}
    for row in expected:
        found = articles.get(row["url"])
        tally.note("article is there", row["url"], found is not None)
        if not found:
            continue
        for field in ("title", "language", "kind"):
            tally.note(field, row["url"], found[field] == row[field], found[field], row[field])
        day = str(found["published_on"]) if found["published_on"] else None
        tally.note("published_on", row["url"], day == row["published_on"], day, row["published_on"])
        tally.note("copy_of", row["url"], found["copy_url"] == row["copy_of"], found["copy_url"], row["copy_of"])
        tally.note("relevant", row["url"], found["relevance"] >= 0.5, found["relevance"], "relevant")
        for twin in row.get("urls", ()):
            tally.note("address", twin["url"], (found["article_id"], twin["url"]) in addresses)


def _compare_irrelevant(tally: Tally, expected: list[Row], articles: dict[str, Row]) -> None:
    """An article that is not about face recognition is not read at all, or reports no incident."""
    for row in expected:
        found = articles.get(row["url"])
        reports = found["incident_id"] if found else None
        tally.note("not relevant", row["url"], reports is None, reports, None)


def _compare_incidents(
    tally: Tally, expected: list[Row], told: list[Row], articles: dict[str, Row], query: Callable[..., list[Row]]
) -> None:
    incidents = {row["incident_id"]: row for row in query("SELECT * FROM incident_overview")}
    groups = {
        row["key"]: [
            articles[a["url"]]["incident_id"] for a in told if a["incident"] == row["key"] and a["url"] in articles
        ]
        for row in expected
    }
    homes = {key: Counter(filter(None, ids)).most_common(1) for key, ids in groups.items()}
    owners = Counter(home[0][0] for home in homes.values() if home)
    for row in expected:
        key, home = row["key"], homes[row["key"]]
        tally.note("incident is there", key, bool(home))
        if not home:
            continue
        found = incidents[home[0][0]]
        together = len(set(groups[key])) == 1 and owners[found["incident_id"]] == 1
        tally.note("articles are together, others apart", key, together, groups[key])
        for field in ("record_class", "incident_type", "country"):
            tally.note(field, key, found[field] == row[field], found[field], row[field])
        tally.note("event_on", key, _within(found, row["event_on"]), found["event_on_start"], row["event_on"])
        tally.note(
            "publishers",
            key,
            found["publisher_count"] == row["publishers"],
            found["publisher_count"],
            row["publishers"],
        )
        for field, sql in (("agencies", AGENCIES), ("vendors", VENDORS)):
            names = {name for body in query(sql, found["incident_id"]) for name in (body["name"], *body["aliases"])}
            for name in row[field]:
                tally.note(field, key, name in names, sorted(filter(None, names)), name)
        for name in row["affected"]:
            tally.note("affected", key, name in (found["affected"] or ""), found["affected"], name)
        steps = query("SELECT event_type, event_on FROM incident_events WHERE incident_id = ?", found["incident_id"])
        for event in row["events"]:
            right = any(s["event_type"] == event["type"] and str(s["event_on"]).startswith(event["on"]) for s in steps)
            tally.note("events", key, right, [(s["event_type"], str(s["event_on"])) for s in steps], event)


def _within(found: Row, expected: str | None) -> bool:
    if expected is None:
        return found["event_on_start"] is None
    return str(found["event_on_start"]).startswith(expected)


def main() -> int:
    tally = compare(Path(sys.argv[1]))
    for field in tally.total:
        print(f"{field:38} {tally.right[field]:4} of {tally.total[field]:4}  {tally.share(field):.2f}")
    for miss in tally.misses:
        print(f"  {miss}")
    for field in tally.below():
        print(f"{field} is below its floor of {FLOORS[field]}", file=sys.stderr)
    return 1 if tally.below() else 0


if __name__ == "__main__":
    sys.exit(main())
