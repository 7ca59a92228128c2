"""Which value is published, and what is said beside it."""

import json
from datetime import date

import pytest

from incidents.link.claims import named_in
from incidents.link.corpus import Article
from incidents.link.organizations import Directory, unresolved
from incidents.link.titles import title
from incidents.reference import Agency, ExternalFact, Reference, Vendor

PD = "Riverton Police Department"
SUIT = {"type": "lawsuit_filed", "people": ("Jane Miller",)}


def incident(linked):
    (row,) = linked.tables["incidents"].to_pylist()
    return row


def steps(linked):
    return [(r["event_type"], str(r["event_on"])) for r in linked.tables["incident_events"].to_pylist()]


def test_the_most_specific_date_before_the_most_frequent(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05", "2022-06-01")
    news.arrest("beta", "Jane Miller", PD, "2022-05", "2022-06-02")
    news.arrest("gamma", "Jane Miller", PD, "2022-05-03", "2022-06-03")
    row = incident(news.link())
    assert (str(row["event_on_start"]), row["date_precision"], row["date_basis"]) == ("2022-05-03", "day", "stated")


def test_a_month_is_the_days_that_it_has(news):
    news.arrest("alpha", "Jane Miller", PD, "2024-02", "2024-06-01")
    row = incident(news.link())
    assert (row["event_on_start"], row["event_on_end"]) == (date(2024, 2, 1), date(2024, 2, 29))


def test_the_publication_date_is_the_last_fallback_and_says_so(news):
    event = {"type": "misidentification_arrest", "people": ("Jane Miller",)}
    news.article(
        "alpha", "Arrest", "Jane Miller was wrongly arrested.", "2022-06-01", affected=("Jane Miller",), events=(event,)
    )
    row = incident(news.link())
    assert (str(row["event_on_start"]), row["date_basis"]) == ("2022-06-01", "publication")


def test_a_day_of_publication_before_a_mere_year_of_publication(news):
    event = {"type": "misidentification_arrest", "people": ("Jane Miller",)}
    for slug, on in (("alpha", "2022"), ("beta", "2022-06-01")):
        text = f"Jane Miller was wrongly arrested. {slug} had more on it."
        news.article(slug, "Arrest", text, on, affected=("Jane Miller",), events=(event | {"date": on},))
        news.events[-1]["date_basis"] = "publication"
    row = incident(news.link())
    assert (str(row["event_on_start"]), row["date_precision"]) == ("2022-06-01", "day")


def test_what_was_reported_before_cannot_have_happened_after(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05", "2022-06-01")
    news.arrest("beta", "Jane Miller", PD, "2022-06-20", "2022-06-21", more=(SUIT | {"date": "2022-06-20"},))
    linked = news.link()
    assert str(incident(linked)["event_on_start"]) == "2022-05-01"
    assert steps(linked) == [("misidentification_arrest", "2022-05-01"), ("lawsuit_filed", "2022-06-20")] or sorted(
        steps(linked)
    ) == [("lawsuit_filed", "2022-06-20"), ("misidentification_arrest", "2022-05-01")]


def test_an_official_page_before_the_press(news):
    news.arrest("paper", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    news.arrest("post", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    official = news.arrest("court", "Jane Miller", PD, "2022-05-04", "2022-06-05")
    for row in news.articles:
        if row["article_id"] == official:
            row["canonical_url"] = "https://www.riverton.gov/orders/1"
    row = incident(news.link())
    assert str(row["event_on_start"]) == "2022-05-04"


def test_a_correction_replaces_the_error(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-04", "2022-06-01")
    old = dict(news.articles[0])
    news.article("other", "x", "x")  # moves the counters on
    del news.articles[1], news.assessments[1]
    text = old["text"] + " Correction: it was the third of May."
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01", text=text)
    news.articles[1]["fetched_at"] = old["fetched_at"].replace(year=2025)
    linked = news.link()
    assert str(incident(linked)["event_on_start"]) == "2022-05-03"
    assert linked.tables["article_revisions"].num_rows == 2
    assert incident(linked)["article_count"] == 1


def test_steps_of_one_kind_far_apart_are_two(news):
    ruling = {"type": "lawsuit_filed", "people": ("Jane Miller",)}
    more = (ruling | {"date": "2022-07-01"}, ruling | {"date": "2022-07-05"}, ruling | {"date": "2023-07-01"})
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2023-08-01", more=more)
    assert sorted(steps(news.link()))[:2] == [("lawsuit_filed", "2022-07-01"), ("lawsuit_filed", "2023-07-01")]


def test_confidence_grows_with_independent_publishers(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    one = incident(news.link())["confidence"]
    news.arrest("beta", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    assert incident(news.link())["confidence"] > one


@pytest.mark.parametrize(
    ("bodies", "place", "day", "precision", "expected"),
    [
        (["Riverton Police"], "Riverton", date(2022, 5, 3), "day", "Fine: Riverton Police, May 2022"),
        (["Acme", "Bolt", "Cork"], "Lakeside", date(2022, 1, 1), "year", "Fine: Acme, Bolt, Lakeside, 2022"),
        ([], None, None, "unknown", "Fine"),
    ],
)
def test_titles(bodies, place, day, precision, expected):
    assert title("Fine", bodies, place, day, precision) == expected


AGENCY = Agency(
    id="agency-us-rv", name=PD, acronym="RPD", kind="police", country="US", ori_code="XX0010000", source="s"
)
VENDOR = Vendor(id="vendor-acme", name="Acme Vision", former_names=("Acme Faces",), source="s", verified=True)
REFERENCE = Reference(vendors=(VENDOR,), agencies=(AGENCY,))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (PD, "agency-us-rv"),
        ("the Riverton Police Department’s", "agency-us-rv"),
        ("State's Riverton Police Department", "agency-us-rv"),
        ("Acme Faces", "vendor-acme"),
        ("ACME VISION INC.", "vendor-acme"),
    ],
)
def test_names_resolve_to_the_reference(name, expected):
    assert Directory(REFERENCE).resolve(name, None, "other") == expected


def test_an_acronym_alone_resolves_nothing():
    directory = Directory(REFERENCE)
    assert directory.resolve("RPD", None, "police") not in directory.known


def test_unresolved_names_come_with_their_sentences():
    def mention(number, name, article):
        row = {"mention_id": f"m{number}", "article_id": article, "kind": "police_agency", "entity_id": None}
        return row | {"name": name, "quote": f"{name} searched."}

    mentions = [mention(0, "Dune Police", "a"), mention(1, "Dune Police", "b"), mention(2, PD, "a")]
    (row,) = unresolved(mentions, Directory(REFERENCE))
    assert (row["name"], row["articles"], row["quotes"]) == ("Dune Police", 2, ["Dune Police searched."] * 2)


def test_the_country_of_who_acted_where_no_place_is_told(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    news.reference = Reference(agencies=(AGENCY,))
    linked = news.link()
    (place,) = linked.tables["places"].to_pylist()
    assert (place["name"], place["country"], place["precision"]) == ("United States", "US", "country")
    assert incident(linked)["place_id"] == place["place_id"]


def test_the_same_incident_elsewhere_is_found_by_facts(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    fact = ExternalFact(
        id="known-1",
        event_type="misidentification_arrest",
        date="2022-05",
        date_precision="month",
        country="US",
        organization_ids=("agency-us-rv",),
        aiid_ids=("7",),
        source="s",
    )
    other = fact.model_copy(update={"id": "known-2", "date": "2021-05", "aiid_ids": ("8",)})
    news.reference = Reference(agencies=(AGENCY,), external=(fact, other))
    found = {(r["scheme"], r["external_id"]) for r in news.link().tables["external_ids"].to_pylist()}
    assert found == {("aiid", "7"), ("ori", "XX0010000")}


def test_what_joined_an_article_is_kept(news):
    first = news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    news.arrest("beta", "Jane Miller", PD, "2022-05-04", "2022-06-02")
    links = news.link().explained["links"].to_pylist()
    founding, joined = sorted(links, key=lambda row: row["method"])
    assert (founding["article_id"], founding["method"]) == (first, "founding")
    assert (joined["method"], joined["other"]) == ("story", first)
    assert json.loads(joined["parts"])["same_person"] > 0


def test_the_rule_that_chose_a_value_is_kept(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-01")
    news.arrest("beta", "Jane Miller", PD, "2022-05", "2022-06-02")
    choices = {row["field"]: row["rule"] for row in news.link().explained["choices"].to_pylist()}
    assert choices["event_on_start"] == "more_specific"
    assert choices["incident_type"] == "only_value"


def test_a_lawsuit_over_an_arrest_is_an_incident(news):
    suit = {"type": "lawsuit_filed", "date": "2020-09-04", "people": ("Jane Miller",)}
    arrest = {"type": "misidentification_arrest", "date": "2019-07", "people": ("Jane Miller",)}
    text = "Jane Miller sued on Friday over her arrest in July 2019."
    news.article("alpha", "Suit", text, "2020-09-05", affected=("Jane Miller",), events=(suit, arrest))
    row = incident(news.link())
    assert (row["record_class"], row["incident_type"]) == ("incident", "misidentification_arrest")
    assert (str(row["event_on_start"]), row["date_precision"]) == ("2019-07-01", "month")


def test_a_step_that_names_nobody_belongs_where_nobody_else_is_told_of(news):
    dropped = {"type": "charges_dropped", "date": "2022-06-01"}
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-05", more=(dropped,))
    assert ("charges_dropped", "2022-06-01") in steps(news.link())


def test_a_step_that_may_be_anothers_is_left_out(news):
    other = {"type": "misidentification_arrest", "date": "2020", "people": ("Tom Baker",)}
    dropped = {"type": "charges_dropped", "date": "2022-06-01"}
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-05", more=(other, dropped))
    assert steps(news.link()) == [("misidentification_arrest", "2022-05-03")]


def test_another_name_for_what_happened_is_no_step(news):
    stop = {"type": "misidentification_stop", "date": "2022-05-03", "people": ("Jane Miller",)}
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-06-05", more=(stop,))
    assert steps(news.link()) == [("misidentification_arrest", "2022-05-03")]


def told(linked, field):
    return [(r["value"], r["part"], r["quote"]) for r in linked.tables["evidence"].to_pylist() if r["field"] == field]


def test_a_value_that_only_the_title_says_quotes_the_title(news):
    title = "Council bans face recognition"
    event = {"type": "ban", "codes": {"quotes": {"type": title}}}
    news.article("alpha", title, "The vote was short.", kind="policy_event", events=(event,))
    assert told(news.link(), "incident_type") == [("ban", "title", title)]


def test_a_code_quotes_the_sentence_that_says_it(news):
    beside = "It happened in a shop."
    codes = {"deployment_context": "retail", "quotes": {"deployment_context:retail": beside}}
    event = {"type": "misidentification_arrest", "codes": codes}
    news.article("alpha", "Arrest", f"A man was wrongly arrested. {beside}", events=(event,))
    assert told(news.link(), "deployment_context") == [("retail", "text", beside)]


def test_what_no_sentence_plainly_says_makes_no_incident(news):
    news.article("alpha", "Arrest", "Jane Miller was arrested.", events=({"type": "misidentification_arrest"},))
    assert news.link().tables["incidents"].num_rows == 0


def test_a_code_that_its_quote_does_not_say_is_not_published(news):
    event = {"type": "misidentification_arrest", "codes": {"deployment_context": "military"}}
    news.article("alpha", "Arrest", "A man was wrongly arrested.", events=(event,))
    assert incident(news.link())["deployment_context"] is None


def test_a_step_that_no_sentence_plainly_says_is_none(news):
    text = "Jane Miller was wrongly arrested. The mayor was silent."
    events = ({"type": "misidentification_arrest", "people": ("Jane Miller",)}, SUIT)
    news.article("alpha", "Arrest", text, affected=("Jane Miller",), events=events)
    assert [kind for kind, _ in steps(news.link())] == ["misidentification_arrest"]


@pytest.mark.parametrize("code", ["reported", "unknown"])
def test_no_sentence_is_quoted_for_a_code_that_says_nothing(news, code):
    event = {"type": "misidentification_arrest", "codes": {"allegation_status": code}}
    news.article("alpha", "Arrest", "A man was arrested.", events=(event,))
    assert told(news.link(), "allegation_status") == []


def test_who_acted_is_a_body_that_can_have_done_it(news):
    bodies = (("Acme Faces", "vendor"), ("Data Office", "regulator"))
    event = {"type": "regulatory_fine", "organizations": bodies}
    text = "Acme Faces was fined by the Data Office."
    news.article("alpha", "Fine", text, kind="policy_event", events=(event,))
    linked = news.link()
    names = {r["organization_id"]: r["name"] for r in linked.tables["organizations"].to_pylist()}
    assert [names[r["organization_id"]] for r in linked.tables["incident_events"].to_pylist()] == ["Data Office"]


def test_an_event_told_too_vaguely_makes_no_incident(news):
    news.article("alpha", "Ban", "A ban may come.", kind="policy_event", events=({"type": "ban", "score": 0.3},))
    assert news.link().tables["incidents"].num_rows == 0


@pytest.mark.parametrize(
    ("text", "parties"),
    [("The women were wrongly arrested.", 1), ("A study found that women are wrongly arrested.", 0)],
)
def test_what_studies_say_of_a_group_is_background_to_an_incident(news, text, parties):
    news.article("alpha", "Stop", text, groups=("women",), events=({"type": "misidentification_arrest"},))
    assert news.link().tables["affected_parties"].num_rows == parties


def test_the_surest_evidence_stands_behind_a_value(news):
    texts = ("Jane Miller was wrongly arrested.", "Officers arrested Jane Miller by mistake.")
    for slug, score, text in zip(("alpha", "beta"), (0.6, 0.45), texts, strict=True):
        event = {"type": "misidentification_arrest", "people": ("Jane Miller",), "score": score}
        news.article(slug, "Arrest", text, affected=("Jane Miller",), events=(event,))
    rows = [r for r in news.link().tables["evidence"].to_pylist() if r["field"] == "incident_type"]
    assert sorted((r["score"], r["selected"]) for r in rows) == [(0.45, False), (0.6, True)]


def test_a_name_is_quoted_where_the_event_is_told():
    def mention(start, quote):
        return {
            "kind": "vendor",
            "name": "Acme Faces",
            "text": "Acme",
            "start": start,
            "end": start + 4,
            "quote": quote,
        }

    title = "Riverton buys cameras"
    article = Article(
        {"title": title, "text": ""}, {}, 0, 0, [mention(5, "Critics met Acme."), mention(90, "Acme scans faces.")]
    )
    event = {"start": 40, "quote": "Riverton bought cameras."}
    assert named_in(article, event, "", "Acme Faces")["quote"] == "Acme scans faces."
    article.row["title"] = "Riverton buys cameras of Acme"
    assert named_in(article, event, "", "Acme Faces")["part"] == "title"
    article.mentions.append(mention(44, event["quote"]))
    assert named_in(article, event, "", "Acme Faces")["start"] == 44


@pytest.mark.parametrize(("kind", "parties"), [("regulatory_fine", 1), ("ban", 0)])
def test_a_group_is_affected_by_what_a_regulator_decides_on_and_by_no_law(news, kind, parties):
    text = "The Data Office fined the shop that had scanned customers without consent, and banned it."
    event = {"type": kind, "organizations": (("Data Office", "regulator"),)}
    news.article("alpha", "Decision", text, kind="policy_event", groups=("customers",), events=(event,))
    assert news.link().tables["affected_parties"].num_rows == parties
