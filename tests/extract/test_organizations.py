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
        ("Facial recognition was tested. IBM, Amazon and Megvii did worst.", {"IBM", "Amazon", "Megvii"}),
        ("After facial recognition bans, Microsoft and IBM will not sell the technology.", {"Microsoft", "IBM"}),
        ("Facial recognition now unlocks phones like Apple's iPhone and Google's Pixel.", {"Apple", "Google"}),
        ("Facebook settled a facial recognition lawsuit.", {"Facebook"}),
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
        "Axon, which makes body cameras, said that facial recognition is not ready.",
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
    "text",
    [
        "Quellmark, which sells facial recognition software to schools, declined to comment.",
        "Facial recognition vendor Quellmark said its system was accurate.",
        "The school bought facial recognition software from a startup called Quellmark.",
        "Developed by the Israeli company Quellmark, the facial recognition system is used at borders.",
        "The city signed a contract with Quellmark for facial recognition cameras.",
    ],
)
def test_an_unlisted_vendor_is_known_by_its_part(nlp, text):
    assert found(nlp, text, "vendor", "product") == {("vendor", "Quellmark")}


@pytest.mark.parametrize(
    "text",
    [
        "Officers used a facial recognition app called Gatelooker.",
        "Its facial recognition product, Gatelooker, is used by police.",
        "Gatelooker, a face search engine, lets anyone find photos.",
        "The face search site Gatelooker was fined.",
    ],
)
def test_an_unlisted_product_is_known_by_what_it_is(nlp, text):
    assert found(nlp, text, "vendor", "product") == {("product", "Gatelooker")}


def test_a_capital_that_only_begins_a_sentence_names_no_product(nlp):
    assert found(nlp, "Meanwhile, a facial recognition system was bought.", "vendor", "product") == set()


def test_systems_that_no_vendor_sells_are_products_and_collections_of_faces_are_not(nlp):
    text = "The Traveler Verification Service and Next Generation Identification use face recognition. So did MegaFace."
    assert {name for _, name in found(nlp, text, "product")} == {
        "Traveler Verification Service",
        "Next Generation Identification",
    }


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
        ("The Columbus Division of Police used facial recognition.", {"Columbus Division of Police"}),
        ("The Florida Department of Law Enforcement bought facial recognition.", {
            "Florida Department of Law Enforcement"}),
        ("Hillsborough County Sheriff Ed Roe defended facial recognition.", {"Hillsborough County Sheriff's Office"}),
        ("Pinellas County deputies used face recognition.", {"Pinellas County Sheriff's Office"}),
        ("Prince George's County police used facial recognition.", {"Prince George's County Police Department"}),
        ("The Maryland Transit Administration Police used facial recognition.", {
            "Maryland Transit Administration Police"}),
        ("The FBI and Detroit Police Department use facial recognition.", {
            "Federal Bureau of Investigation", "Detroit Police Department"}),
        ("Minneapolis and St. Paul police use facial recognition.", {
            "Minneapolis Police Department", "St. Paul Police Department"}),
        ("Detroit Police Chief Ed Roe defended facial recognition.", {"Detroit Police Department"}),
        ("Australian federal police used facial recognition. The AFP stopped it.", {"Australian Federal Police"}),
        ("The Telangana Police use facial recognition.", {"Telangana Police"}),
        ("The Civil Police of Bahia use facial recognition.", {"Civil Police of Bahia"}),
        ("Ukraine's Ministry of Internal Affairs uses facial recognition.", {
            "Ministry of Internal Affairs of Ukraine"}),
        ("Singapore's Ministry of Home Affairs uses facial recognition.", {"Ministry of Home Affairs of Singapore"}),
        ("Portland, Maine, banned facial recognition and so did Portland, Oregon, where Portland police had used "
         "facial recognition.", {"Portland Police Bureau"}),
        ("Orlando ended the facial recognition test. The city's police force had run it.", {
            "Orlando Police Department"}),
        ("The Met used live facial recognition in London.", {"Metropolitan Police Service"}),
        ("The Met Office in London tested facial recognition.", set()),
        ("Seoul Metropolitan Police Agency used facial recognition.", {"Seoul Metropolitan Police Agency"}),
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


def test_in_a_long_article_an_agency_far_from_face_recognition_is_left_out(nlp):
    filler = "The weather was mild. Nobody minded. The market opened early. " * 12
    text = f"Boston police closed a street. {filler}Detroit police used facial recognition. {filler}"
    assert agencies(nlp, text) == {"Detroit Police Department"}


def test_in_a_long_article_the_technology_stands_for_face_recognition(nlp):
    filler = "The weather was mild. Nobody minded. The market opened early. " * 12
    text = "The FBI uses face recognition. {} In London the Met left face recognition. {}"
    assert "Tampa Police Department" in agencies(nlp, filler + text.format("Tampa police want the technology.", filler))
    assert "Tampa Police Department" not in agencies(nlp, filler + text.format(filler, "Tampa police bought drones."))


def test_a_short_story_about_face_recognition_tells_of_its_agencies_throughout(nlp):
    filler = "He had been shopping. Guards held him. He showed his papers. They were in order. "
    text = f"A facial recognition camera picked out the wrong man in Reno. {filler}The Reno Police Department came."
    assert agencies(nlp, text) == {"Reno Police Department"}


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Haringey Council opposed live facial recognition.", ("authority", "Haringey Council")),
        ("New Orleans banned facial recognition. The city council voted.", ("authority", "New Orleans City Council")),
        ("The City Council of Bellingham banned facial recognition.", ("authority", "Bellingham City Council")),
        ("The Vermont Senate voted on facial recognition.", ("authority", "Vermont Senate")),
        ("The U.S. District Court for the Eastern District of Michigan heard the facial recognition case.",
         ("authority", "U.S. District Court for the Eastern District of Michigan")),
        ("The Supreme Court of Canada ruled on facial recognition.", ("authority", "Supreme Court of Canada")),
        ("The House Judiciary Committee on Tuesday discussed facial recognition.",
         ("authority", "House Judiciary Committee")),
        ("Italian data protection watchdog fined the facial recognition firm.",
         ("authority", "Garante per la protezione dei dati personali")),
        ("The supermarket chain Quillmart uses facial recognition.", ("deployer", "Quillmart")),
        ("Quillmart's stores scan faces with facial recognition.", ("deployer", "Quillmart")),
        ("The Tarrow Dome uses facial recognition.", ("deployer", "Tarrow Dome")),
        ("The Pasco County School District used facial recognition.", ("deployer", "Pasco County School District")),
        ("Facial recognition was tested in Terminal F of Atlanta International Airport.",
         ("deployer", "Atlanta International Airport")),
        ("The Quiet Streets Alliance opposed facial recognition.", ("advocacy", "Quiet Streets Alliance")),
        ("Researchers at the University of Massachusetts, Amherst, studied facial recognition.",
         ("advocacy", "University of Massachusetts, Amherst")),
        ("The Institute for Street Studies measured facial recognition.",
         ("advocacy", "Institute for Street Studies")),
    ],
)  # fmt: skip
def test_bodies_that_are_not_listed(nlp, text, expected):
    assert found(nlp, text, "authority", "deployer", "advocacy") >= {expected}


@pytest.mark.parametrize(
    "text",
    [
        "Data Security and Privacy Network Security: facial recognition news.",
        "He stole watches from a Quillmart store and facial recognition found him.",
    ],
)
def test_bodies_that_only_seem_to_be_named(nlp, text):
    assert found(nlp, text, "deployer", "advocacy") == set()
