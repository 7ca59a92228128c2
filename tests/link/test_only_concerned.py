"""A decision of a person changes the incidents concerned; every byte of all the others stays."""

import json

import pytest

from incidents.link.judgements import Judgement
from incidents.tables import BY_NAME

PARTS = ("incident_organizations", "affected_parties", "incident_events", "incident_tags", "proceedings")
OF_THE_WORLD = ("articles", "article_revisions", "article_urls")  # no incident's
TOWNS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")
NAMES = ("Ann Abel", "Bea Brook", "Cem Cole", "Dan Drew", "Eva Ember", "Finn Frost")


@pytest.fixture
def newsroom(news):
    """Six arrests, each told three times and followed by a lawsuit, a ban and a round-up."""
    for number, (town, name) in enumerate(zip(TOWNS, NAMES, strict=True), 1):
        day = f"2021-0{number}-1{number}"
        codes = {"harm_type": ["detention"], "docket": f"{number}:21-cv-00{number}"}
        suit = {"type": "lawsuit_filed", "date": f"2021-1{number % 3}-01", "people": (name,), "codes": codes}
        for paper in range(3):
            news.arrest(f"{town}{paper}", name, f"{town} Police Department", day, day, more=(suit,))
    council = (("Alder City Council", "legislature"),)
    ban = {"type": "ban", "date": "2021-06-01", "organizations": council, "place": "Alder"}
    text = "Alder banned face recognition after the arrest of Ann Abel, the Alder City Council said."
    news.article("ban", "Alder bans it", text, "2021-06-02", "policy_event", affected=("Ann Abel",), events=(ban,))
    return news


def rows_by_incident(linked):
    """The lines of each incident's rows in all tables, and the lines of the tables that belong to none."""
    of_row = {row["incident_id"]: row["incident_id"] for row in linked.tables["incidents"].to_pylist()}
    for name in PARTS:
        key = BY_NAME[name].key.name
        of_row |= {row[key]: row["incident_id"] for row in linked.tables[name].to_pylist()}
    found = {}
    for name, table in linked.tables.items():
        for row in table.to_pylist():
            line = json.dumps([name, row], default=str).encode()
            owner = row.get("incident_id") or row.get("from_id") or of_row.get(row.get("row_id")) or name
            found.setdefault(owner, []).append(line)
    return found


def decided(a, b, verdict):
    return (Judgement(a=a, b=b, verdict=verdict, who="ann", when="2024-01-01", why="read both"),)


def changed(before, after):
    one, other = rows_by_incident(before), rows_by_incident(after)
    return {owner for owner in {*one, *other} if one.get(owner) != other.get(owner)}


def incident_of(linked, article):
    links = linked.explained["links"].to_pylist()
    return next(row["incident_id"] for row in links if row["article_id"] == article)


def test_a_merge_changes_the_two_that_become_one(newsroom):
    before = newsroom.link()
    a, b = newsroom.articles[0]["article_id"], newsroom.articles[3]["article_id"]
    after = newsroom.link(before.registry, decided(a, b, "same"))
    concerned = {incident_of(before, a), incident_of(before, b)}
    assert len(concerned) == 2
    assert concerned <= changed(before, after) <= concerned | {"id_redirects"}
    assert before.tables["incidents"].num_rows == after.tables["incidents"].num_rows + 1


def test_a_split_changes_the_one_that_becomes_two(newsroom):
    before = newsroom.link()
    a, b = newsroom.articles[6]["article_id"], newsroom.articles[7]["article_id"]
    after = newsroom.link(before.registry, decided(a, b, "different"))
    concerned = {incident_of(before, a), incident_of(after, a), incident_of(after, b)}
    assert len(concerned) == 2
    assert changed(before, after) == concerned
    assert before.tables["incidents"].num_rows + 1 == after.tables["incidents"].num_rows


def test_what_belongs_to_no_incident_stays(newsroom):
    before = newsroom.link()
    a, b = newsroom.articles[0]["article_id"], newsroom.articles[3]["article_id"]
    after = newsroom.link(before.registry, decided(a, b, "same"))
    assert all(before.tables[name].equals(after.tables[name]) for name in OF_THE_WORLD)
    assert before.people.drop(columns="incident_ids").equals(after.people.drop(columns="incident_ids"))
