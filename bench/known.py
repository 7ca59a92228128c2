"""A release against a list of known incidents: which values are right, and which incidents it does not have.

    python bench/known.py DATA_DIR KNOWN.csv

A date is right where it lies in the list's day, month or year. A body is right under any of its names, a vendor also
under its product's. A person is right by name, else by what the list says of them; a group under any word for it, or
by its number. Where the list says no more than whose residents or users ("people in Italy"), nobody in particular is
affected: those rows are printed apart. Beside each share stands the share of the values that the incident's own texts
tell, as far as words show that: its names, its day.
An incident is one of the list by its facts: the date or an affected person must agree, and with place, agency and
vendor weigh enough; no other country. A value is judged only where the list has one. Names are compared in the data
folder's own tables and never printed.
"""

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyarrow import dataset

from incidents import reference
from incidents.link.keys import period
from incidents.link.names import parts
from incidents.link.organizations import fold

SLACK = timedelta(days=3)
WEIGHTS = {"affected": 3, "date": 2, "agency": 1, "vendor": 1, "place": 1}
ENOUGH = 4
TARGET = 0.9
# What the list itself does not hold for sure.
UNSURE = re.compile(r"unknown|unnamed (?:vendor|firm)|disputed|unconfirmed|not verified", re.IGNORECASE)
NOBODY = re.compile(r"people in \w+|(?:\w+ )*(?:residents|users|consumers|subjects|class)|Canadians|Australians|Texans")
APART = "nobody in particular"
JUDGED = ("type", "date", "country", "agency", "vendor", "affected", APART)
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
    for vendor in reference.load().vendors:
        names[vendor.id].update(name for product in vendor.products for name in product.names)
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
    texts = _texts(data_dir, rows("incident_articles"))
    for incident in (found := rows("incidents")):
        incident["texts"] = texts[incident["incident_id"]]
        incident["bodies"], incident["parties"] = bodies[incident["incident_id"]], parties[incident["incident_id"]]
        incident["place"] = places.get(incident["place_id"] or "", {})
    return found


def _texts(data_dir: Path, parts: list[Row]) -> dict[str, list[str]]:
    """By incident, title and text of the articles that tell it."""
    columns = ["article_id", "title", "text"]
    articles = dataset.dataset(data_dir / "working" / "articles", format="parquet").to_table(columns).to_pylist()
    text_of = {row["article_id"]: f"{row['title']}\n{row['text']}" for row in articles}
    found = defaultdict(list)
    for part in parts:
        if part["relation"] in ("reports", "follow_up"):
            found[part["incident_id"]].append(text_of[part["article_id"]])
    return found


def has(names: Iterable[str], cell: str) -> bool:
    """Whether one of the names stands in a cell."""
    return any(re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", cell.casefold()) for name in names)


def names_body(names: Iterable[str], cell: str) -> bool:
    """Whether a cell has one of a body's names, or two words of one: "Dune Police" of Dune Police Department."""
    spelled = [set(_singular(name)) for name in names]
    shorter = [set(_singular(part)) for part in re.split(r"[;,/()]", cell)]
    return has(names, cell) or any(len(part) > 1 and part <= name for part in shorter for name in spelled)


def _singular(name: str) -> list[str]:
    return [word.removesuffix("s") for word in fold(re.sub(r"\bPD\b", "Police Department", name)).split()]


def dates_meet(incident: Row, known: Row, slack: timedelta = SLACK) -> bool:
    days, start = period(known["event_date"] or None), incident["event_on_start"]
    return bool(days and start and days[0] - slack <= incident["event_on_end"] and start <= days[1] + slack)


def same_person(incident: Row, known: Row) -> bool:
    """Whether somebody affected has the surname and the initial of the first one in the list's cell."""
    wanted = _person(re.split(r"[;(]", known["affected"])[0])
    return all(wanted) and any(_person(name) == wanted for name, _ in incident["parties"])


def _person(name: str) -> tuple[str, str]:
    first, last, _ = parts(name)
    return first[:1], last


def agreed(incident: Row, known: Row) -> set[str]:
    """The facts that agree; nothing for another country."""
    country, place = incident["place"].get("country"), incident["place"].get("name")
    if country and known["country"] and country not in known["country"]:
        return set()
    agency, vendor = known["agency_or_deployer"], known["vendor_or_product"]
    bodies = incident["bodies"]
    is_its_own = names_body(bodies["vendor"], agency) and names_body(bodies["vendor"], vendor)
    checks = {
        "affected": same_person(incident, known),
        "date": dates_meet(incident, known),
        "agency": is_its_own or names_body(bodies["agency"], agency),
        "vendor": names_body(bodies["vendor"], vendor),
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
            weight -= "date" in facts and incident["date_precision"] == "year"  # which says little
            if weight >= ENOUGH and facts & {"affected", "date"}:
                is_that_day = dates_meet(incident, row, timedelta(0))
                weighed.append((-weight, not is_that_day, row["gold_id"], incident["incident_id"], incident))
    found: dict[str, Row] = {}
    for _, _, gold_id, _, incident in sorted(weighed, key=lambda item: item[:4]):
        if gold_id not in found and incident not in found.values():
            found[gold_id] = incident
    return found


def same_group(incident: Row, known: Row, forms: dict[str, set[str]]) -> bool:
    """Whether a group affected has a word for it in the list's cell, or somebody the gender or the number there."""
    cell = known["affected"]
    genders = {GENDER[word] for word in words(cell) & GENDER.keys()}
    labels = [label.strip() for _, label in incident["parties"]]
    counts = {incident["affected_min"], incident["affected_max"]} - {None}
    told = {int(number.replace(",", "")) for number in re.findall(r"(?<![\d.])\d[\d,]*(?!\.?\d)", cell)}
    return (
        any({GENDER[word] for word in words(label) & GENDER.keys()} & genders for label in labels)
        or any(has(forms.get(label, ()), cell) or len(words(label) & words(cell)) > 1 for label in labels)
        or bool(counts & told)
    )


def right(incident: Row, known: Row, forms: dict[str, set[str]]) -> dict[str, bool]:
    """For each value that the list has, whether the release's is right."""
    facts = agreed(incident, known)
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
        APART if NOBODY.fullmatch(known["affected"]) else "affected": (
            known["affected"],
            "affected" in facts or same_group(incident, known, forms),
        ),
    }
    return {name: ok for name, (told, ok) in judged.items() if told and not UNSURE.search(told)}


def is_told(incident: Row, known: Row, name: str) -> bool:
    """Whether a text of the incident has the words of the list's value: a body's name, a surname, the day or month."""
    if name == "date" and (days := period(known["event_date"])):
        first, is_day = days[0], days[0] == days[1]
        return any(f"{first:%B} {first.day if is_day else first.year}" in text for text in incident["texts"])
    column = {"agency": "agency_or_deployer", "vendor": "vendor_or_product", "affected": "affected"}.get(name)
    if column is None:
        return True
    cell = re.split(r"[;,/()]", known[column])
    wanted = [{parts(cell[0])[1]}] if name == "affected" else [set(_singular(part)) for part in cell if part.strip()]
    return any(names <= set(_singular(text)) | words(text) for text in incident["texts"] for names in wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("known", type=Path)
    options = parser.parse_args()
    incidents = load(options.data_dir)
    forms = {group.label: {f for of in group.forms.values() for f in of} for group in reference.load().groups}
    with options.known.open(encoding="utf-8", newline="") as lines:
        known = list(csv.DictReader(lines))
    by_id, found = {row["gold_id"]: row for row in known}, matches(incidents, known)
    verdicts = {gold_id: right(incident, by_id[gold_id], forms) for gold_id, incident in found.items()}
    print(f"{len(incidents)} released records, {len(known)} known, {len(found)} of them matched")
    for name in JUDGED:
        judged = {gold_id: verdict[name] for gold_id, verdict in verdicts.items() if name in verdict}
        is_right = sum(judged.values())
        told = sum(ok or is_told(found[gold_id], by_id[gold_id], name) for gold_id, ok in judged.items())
        share, of_told = is_right / max(len(judged), 1), is_right / max(told, 1)
        missed = "missed" if share < TARGET and name != APART else ""
        print(
            f"{name:20} {is_right:3} of {len(judged):3}  {share:.2f}  of {told:3} told {of_told:.2f}  {missed}".rstrip()
        )
    for gold_id, verdict in sorted(verdicts.items()):
        wrong = [name for name, ok in verdict.items() if not ok]
        print(f"{gold_id} {found[gold_id]['incident_id']}  {'wrong: ' + ', '.join(wrong) if wrong else 'all right'}")
    print("known, not released:")
    for row in known:
        if row["gold_id"] not in found:
            print(f"  {row['gold_id']}  {row['event_date'] or 'no date':10}  {row['country']:5}  {row['type_vocab']}")


if __name__ == "__main__":
    main()
