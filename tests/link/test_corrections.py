"""What a person corrects is published with the source that proves it; what the articles say stays beside it."""

import pytest

from incidents.errors import UserError
from incidents.link import Registry
from incidents.link.corrections import Correction
from incidents.link.oversight import Decisions
from incidents.link.registry import assign

PD = "Riverton Police Department"
SOURCE = "https://court.example/docket/7"


def correction(row_id, field, value, who="ann", **rest):
    line = {"source": SOURCE, "quote": "The court found so.", "when": "2024-01-01", "why": "the ruling says so"}
    return Correction(row_id=row_id, field=field, value=value, who=who, **(line | rest))


def link(news, *corrections, registry=None):
    return news.link(registry, Decisions(corrections=corrections))


def rows(linked, table, **wanted):
    found = linked.tables[table].to_pylist()
    return [row for row in found if all(row[name] == value for name, value in wanted.items())]


@pytest.fixture
def arrest(news):
    """One incident of two articles: the news, its first article and the incident's id."""
    first = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    news.arrest("beta", "Jane Miller", PD, "2022-05-03", "2022-06-02")
    (incident,) = rows(news.link(), "incidents")
    return news, first, incident


def test_a_corrected_date_supersedes_and_the_loser_stays(arrest):
    news, _, before = arrest
    linked = link(news, correction(before["incident_id"], "event_on_start", "2021-04"))
    (row,) = rows(linked, "incidents")
    assert (str(row["event_on_start"]), str(row["event_on_end"])) == ("2021-04-01", "2021-04-30")
    assert (row["date_precision"], row["date_basis"], row["review_level"]) == ("month", "stated", "one_person")
    assert "April 2021" in row["title"]
    assert row["confidence"] >= before["confidence"]
    said = {r["value"]: r["selected"] for r in rows(linked, "evidence", field="event_on_start")}
    assert said == {"2021-04": True, "2022-05-03": False}


def test_the_evidence_leads_to_the_source(arrest):
    news, _, before = arrest
    linked = link(news, correction(before["incident_id"], "incident_type", "ban"))
    (evidence,) = rows(linked, "evidence", extractor="correction")
    assert (evidence["quote"], evidence["value"]) == ("The court found so.", "ban")
    (revision,) = rows(linked, "article_revisions", revision_id=evidence["revision_id"])
    (article,) = rows(linked, "articles", article_id=revision["article_id"])
    assert (article["url"], article["source"]) == (SOURCE, "curation")


def test_a_sentence_of_our_own_article_is_found_there(arrest):
    news, first, _ = arrest
    quote = f"Jane Miller was arrested by the {PD}"
    linked = link(news, correction(first, "event_on_start", "2022-05-04", source=first, quote=quote))
    (evidence,) = rows(linked, "evidence", extractor="correction", field="event_on_start")
    text = next(row["text"] for row in news.articles if row["revision_id"] == evidence["revision_id"])
    assert text[evidence["char_start"] : evidence["char_end"]] == quote
    assert rows(linked, "articles", source="curation") == []


def test_two_people_who_agree_count_as_two(arrest):
    news, first, before = arrest
    one = correction(first, "event_on_start", "2022-05-04", key="1")
    other = correction(before["incident_id"], "event_on_start", "2022-05-04", "bob", key="2")
    (row,) = rows(link(news, one, other), "incidents")
    assert row["review_level"] == "two_people"


def test_two_people_who_disagree_stop_the_release(arrest):
    news, first, before = arrest
    one = correction(first, "event_on_start", "2022-05-04", file="corrections.jsonl", line=1)
    other = correction(before["incident_id"], "event_on_start", "2022-05-05", "bob", file="corrections.jsonl", line=2)
    with pytest.raises(UserError, match=r"corrections.jsonl:1 \(ann\) says 2022-05-04, corrections.jsonl:2 \(bob\)"):
        link(news, one, other)


def test_a_correction_follows_a_merged_id(arrest):
    news, first, before = arrest
    registry, (kept, merged) = assign(Registry(), [[first], ["art-gone"]], "one")
    registry, _ = assign(registry, [[first, "art-gone"]], "two")
    assert (kept, registry.final(merged)) == (before["incident_id"], kept)
    (row,) = rows(link(news, correction(merged, "event_on_start", "2022-05-04"), registry=registry), "incidents")
    assert str(row["event_on_start"]) == "2022-05-04"


@pytest.mark.parametrize(
    ("row_id", "field", "value", "reason"),
    [
        ("part-none", "role", "vendor", "no row part-none with a field role"),
        ("art-none", "event_on_start", "2022", "art-none belongs to no incident"),
        ("incident", "incident_type", "sneeze", "'sneeze' is no code of event_type"),
        ("incident", "place_id", "geonames-0", "'geonames-0' is not among the places"),
        ("incident", "affected_min", "many", "'many' is no integer"),
    ],
)
def test_what_cannot_be_is_set_aside_and_listed(arrest, row_id, field, value, reason):
    news, _, before = arrest
    row_id = before["incident_id"] if row_id == "incident" else row_id
    linked = link(news, correction(row_id, field, value, file="corrections.jsonl", line=3))
    assert [(r.file, r.line) for r in linked.rejects] == [("corrections.jsonl", 3)]
    assert reason in linked.rejects[0].reason
    assert rows(linked, "incidents") == [before]


@pytest.mark.parametrize(
    ("field", "value", "rest", "reason"),
    [
        ("title", "x", {}, "title is none of"),
        ("display_label", "Jane Miller", {}, "display_label is none of"),
        ("event_on_start", "May", {}, "no yyyy"),
        ("place_id", "geonames-1", {"source": "the court"}, "address of the page"),
        ("place_id", "geonames-1", {"quote": ""}, "at least 1 character"),
    ],
)
def test_a_line_that_says_too_little_is_none(field, value, rest, reason):
    with pytest.raises(ValueError, match=reason):
        correction("FRI-00000000", field, value, **rest)


def test_a_city_that_no_article_names_is_known_by_its_geonames_id(arrest):
    news, _, before = arrest
    linked = link(news, correction(before["incident_id"], "place_id", "geonames-5391811"))
    (place,) = rows(linked, "places")
    assert (place["name"], place["country"]) == ("San Diego", "US")


def test_an_amount_is_a_number_however_it_is_written(arrest):
    news, _, _ = arrest
    settled = {"type": "settlement", "date": "2023-01-02", "people": ("Jane Miller",)}
    settled["codes"] = {"amount": 5, "currency": "USD", "amount_kind": "settlement"}
    news.arrest("gamma", "Jane Miller", PD, "2022-05-03", "2022-06-03", more=(settled,))
    (step,) = rows(link(news), "incident_events", event_type="settlement")
    linked = link(news, correction(step["incident_event_id"], "amount", "300000"))
    (step,) = rows(linked, "incident_events", event_type="settlement")
    assert step["amount"] == 300000.0
    said = {r["value"]: r["selected"] for r in rows(linked, "evidence", field="amount")}
    assert said == {"300000.0": True, "5.0": False}


def test_a_name_policy_is_decided_for_the_person(arrest):
    news, _, _ = arrest
    (party,) = rows(news.link(), "affected_parties")
    assert party["name_policy"] == "withheld_accused"
    linked = link(news, correction(party["person_id"], "name_policy", "went_public"))
    (named,) = rows(linked, "affected_parties")
    assert (named["name_policy"], named["display_label"]) == ("went_public", "Jane Miller")
    assert [r["value"] for r in rows(linked, "evidence", field="name_policy")] == ["went_public"]


def test_nobody_names_a_minor(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01", about={"Jane Miller": {"minor": True}})
    (party,) = rows(news.link(), "affected_parties")
    linked = link(news, correction(party["person_id"], "name_policy", "went_public"))
    assert rows(linked, "affected_parties") == [party]
    assert "not for anybody to lift" in linked.rejects[0].reason
