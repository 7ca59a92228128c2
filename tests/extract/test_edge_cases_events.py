"""Traps of real reporting on people, dates, events and amounts, told in stories of our own."""

from datetime import date

import pytest

from incidents.extract import Document, extract


def read(text, title="", language="en", published=date(2024, 10, 1)):
    return next(extract([Document("", title, text, language, published, "day")]))


def roles(found):
    return {m.name: m.role for m in found.mentions if m.kind == "person"}


def events(found):
    return [event for event in (found.main_event, *found.events) if event]


def test_wrong_person_the_lawyer_is_not_the_victim():
    found = read(
        "Pedro Duarte Campos was arrested after a false facial recognition match. "
        "His lawyer, Pedro Duarte Lima, said that the camera was wrong."
    )
    assert roles(found) == {"Pedro Duarte Campos": "affected", "Pedro Duarte Lima": "lawyer"}


def test_wrong_person_whom_police_were_looking_for_is_not_the_victim():
    found = read(
        "Ana Bell was wrongly arrested after facial recognition took her for Rosa Lund, who is wanted for murder. "
        "Bell was released when her papers were checked."
    )
    assert roles(found)["Ana Bell"] == "affected"
    assert roles(found).get("Rosa Lund") != "affected"


def test_disputed_technology_the_denial_stands_beside_the_claim():
    found = read(
        "Mary Stone sued the city after she was arrested over what she says was a false facial recognition match. "
        "Police deny that facial recognition was used in her case."
    )
    assert events(found)[0].codes["frt_involvement"] == "disputed"


def test_technology_correct_enrolment_wrong_the_record_failed_and_not_the_match():
    found = read(
        "A facial recognition camera recognized Lena Holt correctly, but the watch list held a wrong entry on her. "
        "The shop told her to leave. She had been added to the watch list by mistake."
    )
    main = found.main_event
    assert (main.type, "enrolment_error" in main.codes["failure_mode"]) == ("wrongful_watchlisting", True)


def test_status_reversal_a_ban_and_its_end_are_two_dated_events():
    found = read(
        "The Lakeview City Council lifted its ban on facial recognition on July 21, 2024. "
        "The council had banned facial recognition in December 2020.",
        "Lakeview City Council lifts its ban on facial recognition",
    )
    assert found.main_event.type == "reversal_or_expiry"
    assert ("ban", "2020-12") in {(event.type, event.date) for event in found.events}


def test_amount_semantics_what_was_imposed_is_not_what_was_paid():
    found = read(
        "The data protection authority fined the supermarket chain 3.15 million euros over facial recognition. "
        "The chain paid 2.52 million euros after a discount."
    )
    amounts = {(m.attributes["value"], m.attributes["amount_kind"]) for m in found.mentions if m.kind == "amount"}
    assert amounts == {(3150000.0, "fine_imposed"), (2520000.0, "paid")}


def test_conflicting_date_the_day_of_the_decision_stands_in_the_text():
    found = read(
        "The data protection authority fined the face search company 30 million euros on 16 May 2024. "
        "It published the decision on facial recognition on 3 September 2024.",
        "Authority fines face search company",
        published=date(2024, 9, 3),
    )
    dates = {m.attributes["value"] for m in found.mentions if m.kind == "date"}
    assert {"2024-05-16", "2024-09-03"} <= dates
    assert found.main_event.date in {"2024-05-16", "2024-09-03"}


def test_wrong_event_date_what_is_stated_is_taken_as_stated():
    found = read(
        "Police arrested Omar Field on Saturday, August 27, 2022 after a false facial recognition match.",
        published=date(2022, 11, 1),
    )
    assert (found.main_event.date, found.main_event.date_basis) == ("2022-08-27", "stated")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("The app that ages your face", "The app's filter edits selfies. It makes young faces old."),
        ("Cloned voice empties account", "Fraudsters used a deepfake video of a manager. No face check was involved."),
        ("Wrong car stopped", "Number plate cameras read a plate wrongly, and police arrested the driver."),
        ("Altered picture shared", "Somebody put a false smile on the face of an arrested man in a picture."),
    ],
)
def test_hard_negative_keyword_is_not_on_face_recognition(title, text):
    found = read(text, title)
    assert (found.relevant, found.main_event) == (False, None)


def test_hard_negative_type_a_right_arrest_is_use_and_no_incident():
    found = read(
        "Police arrested three wanted men at the festival after facial recognition cameras recognized them. "
        "All three had open warrants.",
        "Facial recognition leads to third arrest at festival",
    )
    assert (found.kind, found.main_event.type) == ("deployment", "arrest")


def test_hard_negative_type_a_column_on_known_cases_tells_no_event_of_its_own():
    found = read(
        "I have long thought that facial recognition is a danger. In 2020 a man was arrested in one city, in 2022 "
        "another in the next. We should ask ourselves whether it is worth it. In my opinion it is not.",
        "Opinion: facial recognition is not worth it",
    )
    assert (found.kind, found.main_event) == ("commentary", None)


def test_aggregator_wrong_body_what_only_the_title_says_is_quoted_from_the_title():
    title = "Face search company hit with class action"
    found = read(
        "The retailer extended its moratorium on police use of its facial recognition software on Tuesday. "
        "The moratorium on facial recognition had been due to end in June.",
        title,
    )
    assert (found.main_event.type, found.main_event.codes["quotes"]["type"]) == ("lawsuit_filed", title)
    assert "vendor_policy_change" in {event.type for event in found.events}
