"""Who is named, in which forms, with which role, and the sentence that shows it. All people here are made up."""

import pytest

from incidents.extract.contract import Document
from incidents.extract.pipeline import make_doc


@pytest.fixture(scope="module")
def people(nlp):
    """The mentions of people in a text, by name; `evidence` is the last one's rule."""

    def read(text, title="", kind="person"):
        doc = nlp(make_doc(nlp, Document(url="", title=title, text=text)))
        found = {}
        for mention in doc._.mentions:
            if mention.kind == kind and (kind == "person" or mention.attributes.get("described")):
                found.setdefault(mention.name, []).append(mention)
        return found

    return read


def roles(found):
    return {name: mentions[0].role for name, mentions in found.items()}


ARREST = (
    "Detroit police arrested John Doe in May after facial recognition software wrongly matched his photo. "
    "Doe, 34, spent two nights in jail before the charges were dropped. “I was at work,” Doe told reporters. "
    "His lawyer, Mary Major, said the department never checked his alibi. "
    "Police Chief Richard Roe declined to comment."
)


def test_one_name_and_role_per_person_in_all_forms(people):
    found = people(ARREST)
    assert roles(found) == {"John Doe": "affected", "Mary Major": "lawyer", "Richard Roe": "police_official"}
    assert {mention.text for mention in found["John Doe"]} == {"John Doe", "Doe"}


def test_affected_needs_a_sentence_that_says_so(people):
    evidence = [mention for mention in people(ARREST)["John Doe"] if mention.rule != "named"]
    assert evidence
    assert "arrested" in evidence[0].quote or "jail" in evidence[0].quote


def test_offsets_give_the_mention_in_the_text_as_written(people):
    for mentions in people(ARREST).values():
        assert all(ARREST[mention.start : mention.end] == mention.text for mention in mentions)
        assert all(mention.quote in ARREST for mention in mentions)


@pytest.mark.parametrize(
    "sentence",
    [
        "Jane Roe was misidentified by facial recognition in a shop.",
        "A Texas man named John Doe was falsely arrested because of a face recognition error.",
        "A nurse, Jane Roe, was detained after a false facial recognition match.",
        "Jane Roe sued the city over the face recognition error that put her in jail.",
        "The facial recognition lawsuit describes the wrongful arrest of John Doe.",
        "Among those misidentified by the face recognition system was John Doe.",
        "John Doe, who is said to be the only Texan falsely jailed over a face recognition match, wants answers.",
        "Jane Roe was locked out of her account when the face recognition app failed.",
        "Jane Roe wasn't allowed to enter the theatre after facial recognition spotted her.",
    ],
)
def test_who_is_affected(people, sentence):
    assert set(roles(people(sentence)).values()) == {"affected"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Protests over the death of John Doe led the city to ban facial recognition.",
        "Senator Jane Roe sued the company that sells face recognition.",
        "John Doe was not arrested, although facial recognition wrongly flagged another man.",
        "Jane Roe, a professor of law, said facial recognition had led to wrongful arrests.",
        "Officer John Doe was accused in the lawsuit of trusting a false facial recognition match.",
        "Singer Jane Roe sang at the stadium where facial recognition made errors.",
    ],
)
def test_who_is_not_affected(people, sentence):
    assert "affected" not in roles(people(sentence)).values()


def test_the_one_somebody_is_mistaken_for_is_no_victim(people):
    found = people("The facial recognition system mistook Jane Roe for Mary Major, who was wanted for theft.")
    assert roles(found)["Jane Roe"] == "affected"
    assert roles(found)["Mary Major"] != "affected"


def test_an_arrest_without_an_error_is_no_harm(people):
    found = people("John Doe was arrested in March after face recognition identified the gunman. Doe pleaded guilty.")
    assert roles(found) == {"John Doe": "suspect_correct"}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("“It is a risk,” said Jane Roe, a staff attorney at the ACLU.", "lawyer"),
        ("Jane Roe, a professor at the University of Springfield, studies facial recognition.", "researcher"),
        ("Microsoft president John Doe called for rules on face recognition.", "company_representative"),
        ("The bill was written by Sen. Jane Roe (D-CA) and others.", "government_official"),
        ("Springfield Police Chief John Doe praised the software.", "police_official"),
        ("Jane Roe, policy director at the Electronic Frontier Foundation, called it a victory.", "advocate"),
        ("The New York Times reporter Jane Roe wrote about the company.", "journalist"),
        ("District Attorney John Doe dropped the case.", "government_official"),
        ("The actor John Doe supports the campaign.", "other"),
        ("The company was founded by Jane Roe in 2011.", "company_representative"),
    ],
)
def test_roles_from_titles_and_bodies(people, text, role):
    assert list(roles(people(text)).values()) == [role]


def test_a_title_holds_for_everybody_in_its_list(people):
    found = people("The study was led by researchers Jane Roe, John Doe and Mary Major, all of them in Boston.")
    assert set(roles(found).values()) == {"researcher"}
    assert len(found) == 3


def test_names_that_the_model_misses_or_cuts(people):
    assert "Hoanne Tonn-That" in people("The firm's CEO Hoanne Tonn-That told us so.")
    assert "Os Mustermann" in people("“No,” said Os Mustermann, an ethicist at the University of Springfield.")


def test_shorter_and_other_spellings_join_the_first(people):
    found = people("Deborah Stiles wrote the report. Deb Stiles is a researcher. Later Stiles left, said Ms. Stiles.")
    assert list(found) == ["Deborah Stiles"]


def test_a_surname_alone_stays_with_its_bearer_not_with_a_relative(people):
    text = (
        "John Stiles was wrongly arrested over a facial recognition match. His wife, Mary Stiles, saw it happen. "
        "Stiles was held for two days."
    )
    found = people(text)
    assert roles(found) == {"John Stiles": "affected", "Mary Stiles": "other"}


def test_page_furniture_names_nobody(people):
    text = (
        "By Mary Major The city banned facial recognition. Photograph: Peter Stiles/Getty Images "
        "Business Why Cars Fail in the Snow Paul Miller Gear The Best Phones of the Year Anna Winter "
        "The mayor, Jane Roe, signed the ban. "
        "Business Why Cars Fail in the Snow Paul Miller Gear The Best Phones of the Year Anna Winter It starts in May."
    )
    assert list(people(text)) == ["Jane Roe"]


def test_products_and_section_names_are_no_people(people):
    text = "Rekognition and Face ID are sold by Amazon and Apple. Clearview said it was different."
    assert people(text) == {}


def test_what_the_article_states_of_a_person(people):
    text = "Jane Roe, a 32-year-old Black woman from Detroit, was wrongly arrested after a facial recognition match."
    stated = people(text)["Jane Roe"][0].attributes
    assert (stated["age"], stated["age_band"]) == (32, "adult")
    assert (stated["gender"], stated["race_ethnicity"]) == ("woman", "black")
    assert stated["race_ethnicity_quote"] in text
    assert stated["accused"]
    assert "minor" not in stated


def test_nothing_is_inferred_from_a_name(people):
    stated = people("Face recognition wrongly flagged John Doe.")["John Doe"][0].attributes
    assert not {"gender", "race_ethnicity", "age", "age_band"} & set(stated)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("The 14-year-old Mary Major was wrongly flagged by facial recognition.", "minor"),
        ("John Doe was accused of rape after a false facial recognition match.", "sexual_assault_context"),
        ("“They never asked,” John Doe told the newspaper about the facial recognition error.", "spoke_publicly"),
        ("John Doe sued the city over the false face recognition match.", "spoke_publicly"),
        ("Actress Jane Roe was wrongly matched by facial recognition.", "public_figure"),
        ("Rep. Jane Roe was misidentified by facial recognition.", "public_figure"),
    ],
)
def test_flags_for_the_name_policy(people, text, flag):
    (mentions,) = people(text).values()
    assert mentions[0].attributes[flag] is True


def test_words_to_the_police_are_not_public(people):
    found = people("“It was not me,” John Doe told police when facial recognition wrongly matched him.")
    assert "spoke_publicly" not in found["John Doe"][0].attributes


def test_an_unnamed_victim_is_described(people):
    text = "Police arrested a 62-year-old woman from Romford after a false facial recognition match, her family says."
    (described,) = people(text, kind="group").values()
    mention = described[0]
    assert mention.name == "62-year-old woman from Romford"
    assert (mention.role, mention.attributes["count"], mention.attributes["party_kind"]) == ("affected", 1, "person")
    assert (mention.attributes["age"], mention.attributes["gender"]) == (62, "woman")


def test_a_description_of_somebody_named_is_not_counted_twice(people):
    assert people("A man was wrongly arrested. " + ARREST, kind="group") == {}


def test_people_in_general_are_no_victims(people):
    text = "A customer is wrongly flagged when facial recognition makes an error."
    assert people(text, kind="group") == {}


def test_number_plates_are_not_faces(people):
    text = (
        "Facial recognition is banned there. Police wrongly arrested a woman when a licence plate reader made an error."
    )
    assert people(text, kind="group") == {}


def test_the_title_tells_what_the_story_is(people):
    text = "Jane Roe, 32, was shocked when six officers came to her door."
    assert roles(people(text)) == {"Jane Roe": "other"}
    title = "Woman wrongly arrested after facial recognition error"
    assert roles(people(text, title)) == {"Jane Roe": "affected"}


@pytest.mark.parametrize(
    "text", ["", " ", "Doe", "JOHN DOE " * 50, "“” — ’s (", "John Doe, " * 300, "Ж\u202e\u0661 \ufffd"]
)
def test_odd_texts_do_no_harm(people, text):
    people(text)
