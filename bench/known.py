"""A release against a list of known incidents: which values are right, and which incidents it does not have.

    python bench/known.py DATA_DIR KNOWN.csv

A date is right where it lies in the list's day, month or year.
An incident is one of the list by its facts: the date or an affected person must agree, and with place, agency and
vendor weigh enough; no other country. A value is judged only where the list has one. Names are compared in the data
folder's own tables and never printed.
"""

import argparse
import csv
import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from incidents.link.keys import period

SLACK = timedelta(days=3)
WEIGHTS = {"affected": 3, "date": 2, "agency": 1, "vendor": 1, "place": 1}
ENOUGH = 4
TARGET = 0.9
# What the list itself does not hold for sure.
UNSURE = re.compile(r"unknown|unnamed|disputed|unconfirmed|not verified", re.IGNORECASE)
JUDGED = ("type", "date", "country", "agency", "vendor", "affected")
GENDER = {"man": "man", "men": "man", "boy": "man", "woman": "woman", "women": "woman", "girl": "woman"}
Row = dict[str, Any]


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", text.casefold()))


def load(data_dir: Path) -> list[Row]:
    """The released incidents with the names of what belongs to them."""

    def rows(name: str) -> list[Row]:
        return pq.read_table(data_dir / "releases" / "latest" / "parquet" / f"{name}.parquet").to_pylist()

    names = defaultdict(set)
    for body in rows("organizations"):
        names[body["organization_id"]].add(body["name"])
    for alias in rows("organization_aliases"):
        names[alias["organization_id"]].add(alias["alias"])
    bodies, parties = defaultdict(lambda: defaultdict(set)), defaultdict(list)
    for part in rows("incident_organizations"):
        kind = "vendor" if part["role"] in ("vendor", "algorithm_vendor") else "agency"
        bodies[part["incident_id"]][kind] |= names[part["organization_id"]]
    people = pq.read_table(data_dir / "working" / "linked" / "people.parquet").to_pylist()
    named = {person["person_id"]: person["name"] for person in people}
    for party in rows("affected_parties"):
        known = named.get(party["person_id"] or "", "")
        parties[party["incident_id"]].append((known, f"{party['display_label']} {party['gender'] or ''}"))
    places = {place["place_id"]: place for place in rows("places")}
    for incident in (found := rows("incidents")):
        incident["bodies"], incident["parties"] = bodies[incident["incident_id"]], parties[incident["incident_id"]]
        incident["place"] = places.get(incident["place_id"] or "", {})
    return found


def has(names: set[str], cell: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", cell.casefold()) for name in names)


def dates_meet(incident: Row, known: Row) -> bool:
    days, start = period(known["event_date"] or None), incident["event_on_start"]
    return bool(days and start and days[0] - SLACK <= incident["event_on_end"] and start <= days[1] + SLACK)


def same_person(incident: Row, known: Row) -> bool:
    named = known["affected"].split(";")[0]
    return any(len(words(name) & words(named)) > 1 for name, _ in incident["parties"])


def agreed(incident: Row, known: Row) -> set[str]:
    """The facts that agree; nothing for another country."""
    country, place = incident["place"].get("country"), incident["place"].get("name")
    if country and known["country"] and country not in known["country"]:
        return set()
    checks = {
        "affected": same_person(incident, known),
        "date": dates_meet(incident, known),
        "agency": has(incident["bodies"]["agency"], known["agency_or_deployer"]),
        "vendor": has(incident["bodies"]["vendor"], known["vendor_or_product"]),
        "place": bool(place) and has({place}, known["place"]),
    }
    return {name for name, holds in checks.items() if holds}


def matches(incidents: list[Row], known: list[Row]) -> dict[str, Row]:
    """The incident for each id of the list, the best first, each used once."""
    weighed = []
    for row in known:
        for incident in incidents:
            facts = agreed(incident, row)
            weight = sum(WEIGHTS[fact] for fact in facts) + (incident["incident_type"] == row["type_vocab"])
            if weight >= ENOUGH and facts & {"affected", "date"}:
                weighed.append((-weight, row["gold_id"], incident["incident_id"], incident))
    found: dict[str, Row] = {}
    for _, gold_id, _, incident in sorted(weighed, key=lambda item: item[:3]):
        if gold_id not in found and incident not in found.values():
            found[gold_id] = incident
    return found


def right(incident: Row, known: Row) -> dict[str, bool]:
    """For each value that the list has, whether the release's is right."""
    facts, named = agreed(incident, known), words(known["affected"])
    genders = {GENDER[word] for word in named & GENDER.keys()}
    labels = [words(label) for _, label in incident["parties"]]
    described = any({GENDER[w] for w in label & GENDER.keys()} & genders or len(label & named) > 1 for label in labels)
    days, start = period(known["event_date"] or None), incident["event_on_start"]
    judged = {
        "type": (known["type_vocab"], incident["incident_type"] == known["type_vocab"]),
        "date": (
            known["event_date"],
            bool(days and start) and days[0] <= start and incident["event_on_end"] <= days[1],
        ),
        "country": (known["country"], incident["place"].get("country") == known["country"]),
        "agency": (known["agency_or_deployer"], "agency" in facts),
        "vendor": (known["vendor_or_product"], "vendor" in facts),
        "affected": (known["affected"], "affected" in facts or described),
    }
    return {name: ok for name, (told, ok) in judged.items() if told and not UNSURE.search(told)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("known", type=Path)
    options = parser.parse_args()
    incidents = load(options.data_dir)
    with options.known.open(encoding="utf-8", newline="") as lines:
        known = list(csv.DictReader(lines))
    found = matches(incidents, known)
    verdicts = {row["gold_id"]: right(found[row["gold_id"]], row) for row in known if row["gold_id"] in found}
    print(f"{len(incidents)} released records, {len(known)} known, {len(found)} of them matched")
    for name in JUDGED:
        judged = [verdict[name] for verdict in verdicts.values() if name in verdict]
        share = sum(judged) / len(judged) if judged else 0.0
        print(f"{name:9} {sum(judged):3} of {len(judged):3}  {share:.2f}  {'' if share >= TARGET else 'missed'}")
    for gold_id, verdict in sorted(verdicts.items()):
        wrong = [name for name, ok in verdict.items() if not ok]
        print(f"{gold_id} {found[gold_id]['incident_id']}  {'wrong: ' + ', '.join(wrong) if wrong else 'all right'}")
    print("known, not released:")
    for row in known:
        if row["gold_id"] not in found:
            print(f"  {row['gold_id']}  {row['event_date'] or 'no date':10}  {row['country']:5}  {row['type_vocab']}")


if __name__ == "__main__":
    main()
