"""Places, settled within the article, on sentences of our own."""

import pytest

from incidents.extract.pipeline import load
from incidents.extract.places.geography import gazetteer
from incidents.extract.places.placing import located


def places(nlp, text):
    return {
        (m.name, m.attributes.get("region"), m.attributes.get("country"))
        for m in nlp(text)._.mentions
        if m.kind == "place"
    }


def test_a_city_comes_with_region_country_and_coordinates(nlp):
    (place,) = [m for m in nlp("The shop in Detroit closed.")._.mentions if m.kind == "place"]
    assert place.text == "Detroit"
    assert place.entity_id == "geonames-4990729"
    assert place.attributes["region"] == "Michigan"
    assert place.attributes["precision"] == "city"
    assert place.attributes["latitude"] == pytest.approx(42.33, abs=0.05)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He lives in Portland, Maine.", ("Portland", "Maine", "US")),
        ("He lives in Portland, Ore.", ("Portland", "Oregon", "US")),
        ("He lives in Portland.", ("Portland", "Oregon", "US")),
        ("He lives in London, Ontario.", ("London", "Ontario", "CA")),
        ("He lives in London.", ("London", "England", "GB")),
        ("He works in Hyderabad, India.", ("Hyderabad", "Telangana", "IN")),
        ("Georgia's Ministry of Internal Affairs bought it.", ("Georgia", None, "GE")),
        ("He lives in Georgia.", ("Georgia", "Georgia", "US")),
    ],
)
def test_the_state_beside_a_name_settles_it(nlp, text, expected):
    assert expected in places(nlp, text)


def test_one_sense_per_article(nlp):
    text = "The council of Portland, Maine, met on Monday. Shops in Portland may no longer scan faces."
    assert {p for p in places(nlp, text) if p[0] == "Portland"} == {("Portland", "Maine", "US")}


def test_the_state_given_last_before_a_name_settles_it(nlp):
    text = "Portland, Maine, banned it first. Portland, Oregon, went further. Shops in Portland may not scan faces."
    assert [found.place.region for found in located(nlp(text)) if found.place.name == "Portland"] == [
        "Maine",
        "Oregon",
        "Oregon",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He lives in St. Paul.", ("Saint Paul", "Minnesota", "US")),
        ("The City of Detroit bought it.", ("Detroit", "Michigan", "US")),
        ("The City Council of New Orleans voted.", ("New Orleans", "Louisiana", "US")),
        ("Deputies of Baltimore County, Maryland, came.", ("Baltimore County", "Maryland", "US")),
    ],
)
def test_forms_of_names(nlp, text, expected):
    assert expected in places(nlp, text)


@pytest.mark.parametrize(
    "text",
    [
        "She teaches in Williamstown, Massachusetts.",  # not in the gazetteer, unlike its namesakes
        "Delta said that its passengers like it.",
        "The shop is in Wyckoff Street.",
        "Police searched Monument Valley.",
    ],
)
def test_no_place_is_better_than_a_wrong_one(nlp, text):
    names = {name for name, _, _ in places(nlp, text)}
    assert not names & {"Williamstown", "Delta", "Wyckoff", "Monument"}


def test_a_county_counts_only_where_its_state_is_named(nlp):
    text = "Deputies in Washington County, Oregon, use it."
    assert ("Washington County", "Oregon", "US") in places(nlp, text)
    assert not any(name == "Washington County" for name, _, _ in places(nlp, "Deputies in Washington County use it."))


def test_new_york_the_city_and_the_state(nlp):
    assert ("New York City", "New York", "US") in places(nlp, "Officers in New York searched the database.")
    assert ("New York", "New York", "US") in places(nlp, "The New York state legislature voted.")


def test_lists_of_states_are_states(nlp):
    assert places(nlp, "Laws in Washington state, Oregon and Nevada differ.") >= {
        ("Oregon", "Oregon", "US"),
        ("Nevada", "Nevada", "US"),
    }


def test_newspapers_and_people_are_no_places(nlp):
    assert places(nlp, "The Houston Chronicle interviewed Paris Jackson.") == set()


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("es", "La policía usa cámaras en Londres desde 2019.", "London"),
        ("es", "El sistema se probó en Madrid.", "Madrid"),
        ("fr", "Le système a été testé à Nice.", "Nice"),
        ("fr", "Le logiciel est vendu aux États-Unis.", "United States"),
    ],
)
def test_spanish_and_french_names(language, text, name):
    assert name in [found.place.name for found in located(load(language)(text))]


def test_points_of_regions_and_countries_lie_inside_them():
    michigan, france = gazetteer().state("Mich."), gazetteer().country("FR")
    assert michigan is not None
    assert 41 < michigan.latitude < 48
    assert france is not None
    assert -5 < france.longitude < 10
