import pytest

PD = "Riverton Police Department"


def party(linked):
    (row,) = [r for r in linked.tables["affected_parties"].to_pylist() if r["party_kind"] == "person"]
    return row


@pytest.mark.parametrize(
    ("about", "policy", "label"),
    [
        ({}, "withheld_accused", "a person"),
        ({"gender": "woman", "age": 34}, "withheld_accused", "a 34-year-old woman"),
        ({"gender": "man", "race_ethnicity": "black"}, "withheld_accused", "a Black man"),
        ({"spoke_publicly": True}, "went_public", "Jane Miller"),
        ({"public_figure": True}, "public_figure", "Jane Miller"),
        ({"spoke_publicly": True, "minor": True, "gender": "woman", "age": 14}, "withheld_minor", "a 14-year-old girl"),
        ({"spoke_publicly": True, "age_band": "teen"}, "withheld_minor", "a child"),
        ({"spoke_publicly": True, "sexual_assault_context": True}, "withheld_sexual_assault", "a person"),
    ],
)
def test_who_is_named(news, about, policy, label):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05", about={"Jane Miller": about})
    row = party(news.link())
    assert (row["name_policy"], row["display_label"]) == (policy, label)


def test_a_plaintiff_went_public(news):
    suit = {"type": "lawsuit_filed", "date": "2023-01-02", "people": ("Jane Miller",)}
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2023-01-05", more=(suit,))
    assert party(news.link())["name_policy"] == "went_public"


def test_a_minor_in_one_article_is_one_in_all(news):
    news.arrest("alpha", "Jane Miller", PD, "2022-05-03", "2022-05-05", about={"Jane Miller": {"spoke_publicly": True}})
    news.arrest("beta", "Jane Miller", PD, "2022-05-03", "2022-05-06", about={"Jane Miller": {"minor": True}})
    assert party(news.link())["name_policy"] == "withheld_minor"


def test_spellings_are_one_person_with_an_opaque_id(news):
    news.arrest("alpha", "Randall Stone", PD, "2022-05-03", "2022-05-05")
    news.arrest("beta", "Randal Stone", PD, "2022-05-03", "2022-05-06")
    linked = news.link()
    (person,) = linked.people.to_dict("records")
    assert person["person_id"] == party(linked)["person_id"]
    assert person["forms"] == ["Randal Stone", "Randall Stone"]
    assert len(person["article_ids"]) == 2
