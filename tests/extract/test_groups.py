"""Groups that an article names, counted where it counts them."""

import pytest

from incidents.extract.contract import Document
from incidents.extract.pipeline import make_doc


@pytest.fixture(scope="module")
def groups(nlp):
    def read(text):
        doc = nlp(make_doc(nlp, Document(url="", title="", text=text)))
        return [mention for mention in doc._.mentions if mention.kind == "group"]

    return read


def test_a_group_is_named_by_its_label(groups):
    (found,) = groups("Face recognition misidentified African Americans more often.")
    assert (found.name, found.entity_id, found.role) == ("Black people", "group-black-people", "affected")


def test_a_group_without_harm_has_no_role(groups):
    (found,) = groups("The meeting was opened by Black women.")
    assert found.role is None


@pytest.mark.parametrize(("number", "count"), [("28", 28), ("eight", 8), ("1,200", 1200)])
def test_a_stated_count(groups, number, count):
    (found,) = groups(f"The system wrongly flagged {number} Black men.")
    assert found.attributes["count"] == count


def test_a_year_is_no_count(groups):
    (found,) = groups("In 2019 Black women were misidentified most.")
    assert "count" not in found.attributes


def test_the_longest_form_wins(groups):
    assert [found.name for found in groups("Errors were worst for Black women.")] == ["Black women"]


def test_names_give_no_group(groups):
    assert groups("John Doe was wrongly arrested after a facial recognition match.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Police officers identify suspects with facial recognition.",
        "The facial recognition search was run by police officers to track a car.",
        "Facial recognition helped to identify missing people.",
        "Facial recognition is used to identify suspects.",
        "The facial recognition models were trained again after errors.",
    ],
)
def test_those_who_search_and_those_who_are_sought_are_not_affected(groups, text):
    assert [found.name for found in groups(text) if found.role] == []


@pytest.mark.parametrize(
    "text",
    [
        "The shop used facial recognition. The cameras hung there. It went on for years. Customers had not been asked.",
        "The gate scanned visitors without their consent, by facial recognition.",
        "Taxpayers were locked out when facial recognition failed them.",
    ],
)
def test_whose_faces_are_taken_unasked_is_affected(groups, text):
    assert [found.role for found in groups(text)] == ["affected"]


def test_what_somebody_is_taken_for_is_not_affected(groups):
    found = {m.name: m.role for m in groups("Facial recognition misidentified members of Congress as criminals.")}
    assert found == {"politicians": "affected", "suspects and defendants": None}


def test_innocent_suspects_are_affected(groups):
    (found,) = groups("Facial recognition led to the wrongful arrest of suspects.")
    assert found.role == "affected"


@pytest.mark.parametrize(
    "text",
    [
        "Face recognition worked well for men but misidentified women.",
        "Face recognition misidentifies people who are not men.",
        "Face recognition could accurately identify men.",
    ],
)
def test_harm_to_others_is_none_to_the_group(groups, text):
    assert {found.role for found in groups(text) if found.name == "men"} == {None}


@pytest.mark.parametrize(
    "text",
    ["Face recognition could misidentify Black women.", "The face recognition software is biased towards white men."],
)
def test_a_group_that_may_be_harmed_or_is_favoured_is_not_harmed(groups, text):
    assert [found.role for found in groups(text)] == [None]
