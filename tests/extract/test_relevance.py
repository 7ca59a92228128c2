"""What is about face recognition, what only mentions it, and which kind of article it is."""

from datetime import date

import pytest

from incidents.extract import Document, extract


def read(title, text, language="en", on="2022-06-15"):
    document = Document("", title, text, language, date.fromisoformat(on), "day")
    return next(extract([document]))


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        (
            "incident",
            "Man wrongly arrested after facial recognition error",
            "Police arrested a man for a theft he did not commit after facial recognition matched the wrong face.",
        ),
        (
            "policy_event",
            "Council bans facial recognition",
            "The city council voted on Tuesday to keep facial recognition away from police and other departments.",
        ),
        (
            "deployment",
            "Airport rolls out face scans at the gate",
            "The airport has installed facial recognition cameras at ten gates and began using them on Monday.",
        ),
        (
            "study",
            "Study finds bias in facial recognition",
            "Researchers tested four facial recognition systems and found higher error rates for darker-skinned women.",
        ),
        (
            "commentary",
            "Opinion: why I fear facial recognition",
            "I have never liked being watched. Facial recognition makes it worse. We should all ask what it is for.",
        ),
        (
            "policy_event",
            "Clearview AI fined 20 million euros",
            "The regulator fined Clearview AI 20 million euros for scraping photos without consent.",
        ),
        (
            "incident",
            "Pictures of travellers stolen from border agency",
            "The border agency said that pictures of travellers had been stolen from a contractor. It uses them "
            "for facial recognition at airports.",
        ),
        (
            "deployment",
            "Metro passengers can now pay with their face",
            "Passengers on the metro can pay for a ride with their face. Advocates fear that the cameras will be "
            "used to track people.",
        ),
        (
            "deployment",
            "Airport security agency tests face scans",
            "The Transportation Security Administration is testing facial recognition at 25 airports. People look at "
            "a camera and show their ID.",
        ),
        (
            "policy_event",
            "Senators want airport face scans to stop",
            "Five senators urged the Transportation Security Administration to stop facial recognition at airports.",
        ),
        (
            "product",
            "Start-up raises $40 million for face checks",
            "The start-up sells facial recognition to banks. Investors have put $40 million into the company.",
        ),
        (
            "deployment",
            "Clinic adopts face biometrics for patients",
            "The clinic uses facial recognition to find the records of its patients.",
        ),
        (
            "commentary",
            "What is emotion recognition, and how does it work?",
            "Emotion recognition is a use of facial recognition. Systems measure the face and guess a feeling.",
        ),
    ],
)
def test_relevant_articles_have_a_kind(kind, title, text):
    found = read(title, text)
    assert found.relevant
    assert found.kind == kind


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Review: a phone that unlocks faster",
            "The phone unlocks with your face. Face ID now works lying down, and the battery lasts. It costs $999.",
        ),
        (
            "Facial recognition market to reach $12 billion by 2028",
            "The facial recognition market size will reach $12 billion, a market report says, at a CAGR of 15%.",
        ),
        (
            "Number plate cameras stop the wrong car",
            "Plate reading cameras led police to stop the wrong car on Monday. Facial recognition played no part.",
        ),
        (
            "Ranger knows each bear by its face",
            "A ranger has software for the facial recognition of bears and other wildlife in the park.",
        ),
        (
            "Two museums argue over an old painting",
            "Two teams used facial recognition on a painting in a gallery and disagree over who painted it.",
        ),
        (
            "Best laptops: our picks for every budget",
            "This laptop has a bright screen, long battery life and Windows Hello face unlock.",
        ),
        (
            "This filter ages your selfie",
            "The app's filter makes you look old. It is no facial recognition, its maker says, and keeps no pictures.",
        ),
        (
            "Deepfake voices drain accounts",
            "Fraudsters cloned the voice of a manager with a deepfake and made a clerk send them $200,000.",
        ),
        ("A fine day for cricket", "The home side won by six wickets and the crowd went home happy."),
        ("", ""),
    ],
)
def test_what_only_mentions_it_is_not_relevant(title, text):
    assert not read(title, text).relevant


def test_a_deepfake_that_deceives_face_recognition_is_relevant():
    text = (
        "Fraudsters used deepfakes to fool the facial recognition checks of a bank and stole $2 million from accounts."
    )
    assert read("Deepfakes pass a bank's face checks", text).relevant


def test_a_long_text_with_one_mention_is_not_on_face_recognition():
    dull = "The village held its fair on Saturday. There were cakes, a brass band and a prize for the best marrow. "
    found = read("A fair in the rain", dull * 40 + "Somebody spoke of facial recognition. " + dull * 20)
    assert not found.relevant
    assert found.kind == "not_fr"
    assert found.main_event is None


def test_relevance_lies_between_0_and_1():
    assert 0 <= read("Facial recognition " * 50, "Facial recognition. " * 500).relevance <= 1


@pytest.mark.parametrize(
    ("language", "title", "text", "relevant"),
    [
        (
            "es",
            "Detenido por error",
            "Lo detuvieron por error tras un fallo del reconocimiento facial en el metro.",
            True,
        ),
        ("es", "El mejor móvil", "El iPhone mantiene Face ID y mejora la batería y la pantalla. Cuesta menos.", False),
        ("fr", "La ville interdit", "Le conseil municipal a interdit la reconnaissance faciale dans les écoles.", True),
        ("fr", "Le marché", "Le marché de Noël a ouvert ses portes et il a neigé toute la journée.", False),
    ],
)
def test_other_languages_by_rules_alone(language, title, text, relevant):
    assert read(title, text, language).relevant is relevant
