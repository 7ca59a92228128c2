"""The coded values of an event: what the sentences say, and no more."""

from datetime import date

import pytest

from incidents.extract import Document, extract

ARREST = "Police arrested the wrong man after a false facial recognition match. "


def codes(text, title="", type_=None):
    found = next(extract([Document("", title, text, "en", date(2024, 7, 1), "day")]))
    events = [found.main_event, *found.events]
    return next(event for event in events if type_ in (None, event.type)).codes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "confirmed"),
        ("The suit alleges that a facial recognition match led to him.", "alleged"),
        ("The suit alleges a match. The department denies that facial recognition was used.", "disputed"),
    ],
)
def test_whether_face_recognition_was_used_at_all(text, expected):
    assert codes(ARREST + text)["frt_involvement"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARREST, "reported"),
        (ARREST + "His lawsuit alleges that nobody checked.", "alleged"),
        (ARREST + "The chief admitted the mistake and apologized for the arrest.", "admitted"),
        ("The Court of Appeal ruled that police use of facial recognition was unlawful.", "found"),
        ("A man sued the city over a facial recognition arrest.", "alleged"),
        ("The city settled a lawsuit over a facial recognition arrest.", "alleged"),
    ],
)
def test_wording_follows_the_stage(text, expected):
    assert codes(text)["allegation_status"] == expected


def test_a_settlement_is_no_admission():
    text = "The city will pay $300,000 to settle a suit over a false facial recognition match. It admits no wrongdoing."
    found = codes(text, type_="settlement")
    assert found["allegation_status"] == "alleged"
    assert (found["amount"], found["currency"], found["amount_kind"]) == (300000.0, "USD", "settlement")


def test_a_fine_takes_the_sum_imposed():
    text = "The regulator fined the chain 3.15 million euros over facial recognition. It paid 2.52 million euros."
    assert codes(text, type_="regulatory_fine")["amount"] == 3150000.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARREST + "Officers had searched a database of mugshots.", "identification_retrospective"),
        ("Live facial recognition cameras wrongly flagged a man, and police detained him.", "identification_live"),
        ("Workers were locked out of their accounts when a selfie check failed to verify them by facial recognition.",
         "verification"),
    ],
)  # fmt: skip
def test_how_the_technology_was_used(text, expected):
    assert codes(text)["technology_task"] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ARREST, "law_enforcement"),
        ("A store threw out a shopper whom facial recognition misidentified as a shoplifter.", "retail"),
        ("A school uses facial recognition to monitor students in its classrooms.", "school"),
        ("The border agency awarded a contract for facial recognition at passport control.", "border"),
    ],
)
def test_where_it_was_used(text, expected):
    assert codes(text)["deployment_context"] == expected


def test_failure_and_harm_of_an_arrest():
    found = codes(ARREST)
    assert found["failure_mode"] == ["false_match"]
    assert "wrongful_arrest" in found["harm_type"]


def test_a_policy_harms_nobody():
    found = codes("The city council voted to ban facial recognition after wrongful arrests.", type_="ban")
    assert not {"failure_mode", "harm_type"} & found.keys()


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Police jailed three innocent men after false facial recognition matches.", 3, 3),
        ("Police wrongly arrested at least five people after false facial recognition matches.", 5, None),
        ("Police wrongly arrested people after a false facial recognition match in 2019.", None, None),
    ],
)
def test_how_many_were_affected(text, least, most):
    found = codes(text)
    assert (found.get("affected_min"), found.get("affected_max")) == (least, most)


def test_a_rightful_arrest_is_no_incident():
    found = codes("Police arrested three wanted men thanks to facial recognition at a festival.", type_="arrest")
    assert found["record_class"] == "deployment"
    assert "harm_type" not in found


def test_a_code_that_no_sentence_says_is_left_out():
    found = codes("The city council voted to ban facial recognition.", type_="ban")
    assert "technology_task" not in found


def test_a_code_said_in_another_sentence_brings_that_sentence():
    beside = "He lost his job over it."
    found = codes(ARREST + beside)
    assert found["quotes"] == {"harm_type:economic": beside}
    assert "economic" in found["harm_type"]


def test_an_amount_in_another_sentence_brings_that_sentence():
    beside = "The fine of 3 million euros is the largest so far."
    found = codes("The regulator fined the chain over facial recognition in its shops. " + beside)
    assert (found["amount"], found["quotes"]["amount"]) == (3000000.0, beside)


def test_where_only_the_title_says_what_happened_the_title_is_quoted():
    title = "Man jailed after a false facial recognition match"
    found = codes("He told his story on Monday. The officers came at six. Facial recognition had found him.", title)
    assert {key: found["quotes"][key] for key in ("type", "harm_type:wrongful_arrest")} == {
        "type": title,
        "harm_type:wrongful_arrest": title,
    }


def test_a_date_in_another_sentence_brings_that_sentence():
    beside = "He was arrested on January 9, 2024."
    assert codes(ARREST + beside)["quotes"]["date"] == beside


def test_how_people_were_counted_comes_with_its_sentence():
    beside = "At least seven people were arrested so."
    found = codes(ARREST + beside)
    assert (found["affected_min"], found["quotes"]["affected"]) == (7, beside)


def test_biometrics_alone_are_no_proof_of_face_recognition():
    text = "Riverton police signed a contract for a biometric surveillance system."
    assert "frt_involvement" not in codes(text)


def test_a_check_of_age_analyses_a_face():
    assert (
        codes("Riverton shops deployed facial recognition to check the age of customers.")["technology_task"]
        == "face_analysis"
    )
