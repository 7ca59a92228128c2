"""Vendors, products, agencies and other bodies, on sentences of our own."""

import pytest

from incidents.extract.contract import Document
from incidents.extract.pipeline import load, make_doc


def found(nlp, text, *kinds):
    return {(m.kind, m.name) for m in nlp(text)._.mentions if m.kind in kinds}


def vendors(nlp, text):
    return {name for _, name in found(nlp, text, "vendor")}


def agencies(nlp, text):
    return {name for _, name in found(nlp, text, "police_agency")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amazon's facial recognition service was tested.", {"Amazon"}),
        ("The city tested facial recognition software from Amazon and Microsoft.", {"Amazon", "Microsoft"}),
        ("Facial recognition systems sold by IBM, Amazon and Microsoft erred.", {"IBM", "Amazon", "Microsoft"}),
        ("IBM said it would no longer sell facial recognition.", {"IBM"}),
        ("Officers use a facial recognition tool Amazon sells to police.", {"Amazon"}),
        ("Apple unlocks the phone with Face ID.", {"Apple"}),
        ("NEC, a maker of facial recognition, won the contract.", {"NEC"}),
        ("Clearview AI was named in the facial recognition lawsuit.", {"Clearview AI"}),
        ("NEC paused facial recognition sales. IBM and Microsoft took similar steps.", {"NEC", "IBM", "Microsoft"}),
    ],
)
def test_a_vendor_is_tied_to_face_recognition_by_the_text(nlp, text, expected):
    assert vendors(nlp, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The facial recognition start-up scraped photos from Facebook and Google.",
        "Google has no plans to sell facial recognition.",
        "Amazon opened a warehouse. Critics of facial recognition met elsewhere in the country.",
        "He bought it on Amazon.",
        "The apple fell. Face recognition failed.",
    ],
)
def test_a_company_merely_mentioned_is_no_vendor(nlp, text):
    assert vendors(nlp, text) == set()


def test_a_former_name_stays_and_carries_the_id_of_the_firm(nlp):
    (vendor,) = [m for m in nlp("MorphoTrust made the face recognition system.")._.mentions if m.kind == "vendor"]
    assert (vendor.name, vendor.entity_id) == ("MorphoTrust", "vendor-idemia")


def test_a_product_and_its_maker_are_two_mentions(nlp):
    doc = nlp("Deputies ran Amazon Rekognition on mugshots with face recognition.")
    spans = {(m.kind, m.name, m.text) for m in doc._.mentions if m.kind in ("vendor", "product")}
    assert spans == {("vendor", "Amazon", "Amazon"), ("product", "Rekognition", "Amazon Rekognition")}


def test_unlisted_vendors_and_products_that_the_text_describes(nlp):
    text = (
        "The school bought from Quellmark, a facial recognition company, a facial recognition tool called Gatelooker."
    )
    assert found(nlp, text, "vendor", "product") == {("vendor", "Quellmark"), ("product", "Gatelooker")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Detroit police used facial recognition.", {"Detroit Police Department"}),
        ("Chicago's police use facial recognition.", {"Chicago Police Department"}),
        ("The NYPD ran a facial recognition search.", {"New York Police Department"}),
        ("Toronto police used facial recognition.", {"Toronto Police Service"}),
        ("London police use live facial recognition.", {"Metropolitan Police Service"}),
        ("South Wales Police used facial recognition.", {"South Wales Police"}),
        ("Police in Reno and Orlando use face recognition.", {"Reno Police Department", "Orlando Police Department"}),
        ("Kent police and West Midlands Police test facial recognition.", {"Kent Police", "West Midlands Police"}),
        (
            "The Washington County (Oregon) Sheriff's Office uses facial recognition.",
            {"Washington County Sheriff's Office"},
        ),
        ("The FBI and ICE searched driver's licences with facial recognition.", {
            "Federal Bureau of Investigation", "Immigration and Customs Enforcement"}),
    ],
)  # fmt: skip
def test_agencies_by_name_by_place_and_by_acronym(nlp, text, expected):
    assert agencies(nlp, text) == expected


def test_the_police_department_is_that_of_the_article(nlp):
    doc = nlp("A man from Detroit sued. He says the police department relied on a facial recognition match.")
    assert {(m.name, m.text) for m in doc._.mentions if m.kind == "police_agency"} == {
        ("Detroit Police Department", "police department")
    }


def test_an_acronym_counts_where_the_article_introduces_it(nlp):
    introduced = (
        "The Denver Police Department (DPD) tested facial recognition. DPD stopped the facial recognition test."
    )
    assert agencies(nlp, introduced) == {"Denver Police Department"}
    assert agencies(nlp, "DPD stopped the facial recognition test.") == set()


def test_an_agency_far_from_face_recognition_is_left_out(nlp):
    filler = "The weather was mild. Nobody minded. The market opened early. "
    text = f"Boston police closed a street. {filler}Detroit police used facial recognition."
    assert agencies(nlp, text) == {"Detroit Police Department"}


def test_a_headline_on_face_recognition_speaks_for_the_first_sentences(nlp):
    text = "Detroit police will switch the cameras on this week. Residents protested."
    with_title = make_doc(nlp, Document("u", "Facial recognition comes to town", text))
    without = make_doc(nlp, Document("u", "Cameras come to town", text))
    assert {m.name for m in nlp(with_title)._.mentions if m.kind == "police_agency"} == {"Detroit Police Department"}
    assert not [m for m in nlp(without)._.mentions if m.kind == "police_agency"]


def test_the_reference_id_follows_the_state(nlp):
    doc = nlp("In Oregon, the Washington County Sheriff's Office uses facial recognition.")
    (agency,) = [m for m in doc._.mentions if m.kind == "police_agency"]
    assert agency.entity_id is not None
    assert "or" in agency.entity_id


def test_authorities_deployers_and_advocates(nlp):
    text = (
        "The San Francisco Board of Supervisors banned facial recognition. The ACLU had asked for it. "
        "Macy's used facial recognition in its stores."
    )
    assert found(nlp, text, "authority", "deployer", "advocacy") >= {
        ("authority", "San Francisco Board of Supervisors"),
        ("advocacy", "American Civil Liberties Union"),
        ("deployer", "Macy's"),
    }


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "La Policía Nacional usa el reconocimiento facial de Thales.", {"Policía Nacional", "Thales"}),
        ("es", "La policía de Londres usa reconocimiento facial.", {"Metropolitan Police Service"}),
        ("fr", "La police nationale utilise la reconnaissance faciale de BriefCam.", {"Police nationale", "BriefCam"}),
    ],
)
def test_spanish_and_french(language, text, expected):
    doc = load(language)(text)
    assert {m.name for m in doc._.mentions if m.kind in ("vendor", "police_agency")} == expected


def test_every_mention_is_the_text_at_its_offsets(nlp):
    text = "Detroit’s police used Amazon’s Rekognition – “face recognition” – in Detroit, Michigan."
    doc = nlp.make_doc(text)
    for mention in nlp(doc)._.mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.quote in text
        assert len(mention.quote) <= 300
