"""News of people harmed: told at length, in court, in steps, with few words for the technology. All made up."""

from datetime import date

import pytest

from incidents.extract import Document, extract

STORY = (
    "A computer match sent Jonah Alder to a cell for two nights. Alder, 41, was arrested at his flat on "
    "March 3, 2021 after a face search run by Springfield police returned his passport picture for a theft "
    "in a town that he had never seen. It was the wrong man.\n\n"
    "He was stopped on the stairs and handcuffed. The charges against Alder were dismissed in June 2021. "
    "His lawsuit, filed on November 9, 2021, says that nobody compared the pictures. "
    "Alder says he still does not sleep."
)


def read(title, text, language="en", on="2021-11-12"):
    return next(extract([Document("", title, text, language, date.fromisoformat(on), "day")]))


def person(found, name):
    return next(m for m in found.mentions if m.kind == "person" and m.name == name)


def steps(found):
    return {(event.type, event.date) for event in (found.main_event, *found.events) if event}


def test_somebody_harmed_makes_an_article_relevant_and_an_incident():
    found = read("Two nights in a cell for a man who was never there", STORY)
    assert found.relevant
    assert found.kind == "incident"
    assert found.main_event.type in ("misidentification_arrest", "lawsuit_filed")


def test_the_steps_of_a_case_have_their_own_dates():
    found = steps(read("Two nights in a cell for a man who was never there", STORY))
    assert ("misidentification_arrest", "2021-03-03") in found
    assert ("charges_dropped", "2021-06") in found
    assert ("lawsuit_filed", "2021-11-09") in found


@pytest.mark.parametrize(
    "text",
    [
        "Jonah Alder sued the city on Tuesday. He was arrested after a false face match.",
        "The lawsuit that Jonah Alder filed says a false face match led to his arrest.",
        "A lawsuit filed by Jonah Alder says that a false face match led to an arrest.",
        "The city will pay $9,000 to Jonah Alder to end a lawsuit over a false face match.",
        "The court found that facial recognition violated the rights of travellers. Jonah Alder's claim was upheld.",
        "The claimants are Jonah Alder and a neighbour. Facial recognition had wrongly flagged them.",
    ],
)
def test_who_goes_to_law_in_their_own_name_went_public(text):
    assert person(read("A false face match", text), "Jonah Alder").attributes.get("spoke_publicly")


def test_a_victim_who_speaks_to_the_press_went_public_and_one_who_tells_the_police_did_not():
    start = "Jonah Alder was wrongly arrested after a false face match. "
    press = read("A false face match", start + "Alder told reporters that he had been at work.")
    police = read("A false face match", start + "Alder told police that he had been at work.")
    assert person(press, "Jonah Alder").attributes.get("spoke_publicly")
    assert not person(police, "Jonah Alder").attributes.get("spoke_publicly")


def test_whom_a_camera_picks_out_is_affected_though_she_has_a_profession():
    text = (
        "Mary Hollis, a lawyer, was turned away from the theater in an error. "
        "The facial recognition system at the door had flagged Mary Hollis by mistake."
    )
    assert person(read("Turned away by a face camera", text), "Mary Hollis").role == "affected"


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        (
            "incident",
            "City settles with man over false face match",
            "Springfield will pay $9,000 to Jonah Alder, who was wrongly arrested after a facial recognition match.",
        ),
        (
            "policy_event",
            "Chain settles with regulator over facial recognition",
            "The chain agreed to a settlement with the Federal Trade Commission over its facial recognition system.",
        ),
        (
            "incident",
            "Developer admits using facial recognition on visitors",
            "The developer admitted using facial recognition on visitors without telling anybody.",
        ),
        (
            "product",
            "Facial recognition market to double by 2032",
            "The market for facial recognition will grow to $9bn in 2032, according to a forecast.",
        ),
        (
            "commentary",
            "Seven face recognition cases that you should know",
            "Here are seven cases of facial recognition. Each was a wrongful arrest after a false match.",
        ),
    ],
)
def test_kind(kind, title, text):
    assert read(title, text).kind == kind


@pytest.mark.parametrize(
    ("type_", "when", "title", "text"),
    [
        (
            "regulatory_fine",
            "2021-10-20",
            "Watchdog fines face search firm",
            "The privacy watchdog fined the facial recognition company Clearview AI 5 million euros. "
            "The decision is dated 20 October 2021.",
        ),
        (
            "court_ruling",
            "2021-11-11",
            "Court clears the use of facial recognition by police",
            "The High Court cleared the police of breaking the law with live facial recognition. "
            "In a judgment handed down on 11 November 2021 the judges accepted the safeguards.",
        ),
        (
            "reversal_or_expiry",
            "2021-11-11",
            "City lifts its ban on facial recognition",
            "Two years on, the council changed its mind. The ordinance passed on November 11, 2021.",
        ),
    ],
)
def test_a_decision_has_its_own_day(type_, when, title, text):
    event = read(title, text).main_event
    assert (event.type, event.date) == (type_, when)


@pytest.mark.parametrize(
    "text",
    [
        "The firm was caught using facial recognition, said Ada Poe of the collective Open Lantern.",
        "Facial recognition was used at Milton Keynes.",
        "The Italian Garante and Jefferson Parish looked at facial recognition.",
    ],
)
def test_bodies_and_places_are_no_people(text):
    names = {m.name for m in read("", text).mentions if m.kind == "person"}
    assert names <= {"Ada Poe"}
