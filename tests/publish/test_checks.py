"""The contract stops what breaks it, and says which row."""

import pyarrow as pa
import pytest

from incidents.publish.checks import check
from incidents.tables import BY_NAME, TABLES


def tables(**rows):
    """Empty tables with a small vocabulary and the rows given."""
    codes = {
        "place_precision": "city",
        "url_relation": "canonical",
        "article_kind": "incident",
        "date_precision": "day",
    }
    rows.setdefault(
        "vocabulary",
        [
            {"vocabulary_id": f"{v}/{c}", "vocabulary": v, "code": c, "definition": "a code", "example": None}
            for v, c in codes.items()
        ],
    )
    return {
        table.name: pa.Table.from_pylist(
            rows.get(table.name, []), pa.schema([field.with_nullable(True) for field in table.schema])
        )
        for table in TABLES
    }


def place(**changes):
    row = {
        "place_id": "geonames-1",
        "name": "Lundby",
        "country": "SE",
        "latitude": 57.7,
        "longitude": 11.9,
        "precision": "city",
    }
    return row | changes


def test_rows_that_keep_every_rule_pass():
    assert check(tables(places=[place()])) == []


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"name": None}, "name", "is empty"),
        ({"country": "Sweden"}, "country", "does not fit [A-Z]{2}"),
        ({"latitude": 91.0}, "latitude", "is above 90"),
        ({"precision": "street"}, "precision", "is not a code of place_precision"),
    ],
)
def test_a_broken_rule_names_table_row_and_column(changes, column, rule):
    [failure] = check(tables(places=[place(**changes)]))
    assert (failure.table, failure.row_id, failure.column, failure.rule) == ("places", "geonames-1", column, rule)


def test_a_key_stands_once():
    [failure] = check(tables(places=[place(), place(name="Elsewhere")]))
    assert failure.rule == "is not unique"


def test_a_reference_must_exist():
    row = {"article_url_id": "u1", "url": "http://a.example/", "article_id": "art-none", "relation": "canonical"}
    [failure] = check(tables(article_urls=[row]))
    assert failure.rule == "is not in articles"


def test_every_column_with_a_vocabulary_has_one():
    from incidents.reference import load

    vocabularies = {c.vocabulary for table in TABLES for c in table.columns if c.vocabulary}
    assert vocabularies <= set(load().vocabulary)


def test_every_reference_is_to_a_table():
    assert {c.references for t in TABLES for c in t.columns if c.references} <= set(BY_NAME)


def test_a_coded_value_needs_a_sentence():
    row = {"incident_tag_id": "t", "incident_id": "FRI-00000001", "vocabulary": "harm_type", "code": "detention"}
    rules = {(f.column, f.rule) for f in check(tables(incident_tags=[row]))}
    assert ("code", "has no evidence") in rules
