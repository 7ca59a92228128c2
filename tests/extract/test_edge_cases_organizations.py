"""Known traps of news on face recognition that concern organizations and products. The id of a case names the trap."""

import pytest

from incidents.extract.contract import Document
from incidents.extract.pipeline import load, make_doc

KINDS = ("vendor", "product", "police_agency", "deployer", "authority", "advocacy")


def mentions(nlp, text, title=""):
    return [m for m in nlp(make_doc(nlp, Document("u", title, text)))._.mentions if m.kind in KINDS]


def names(nlp, text, *kinds):
    return {m.name for m in mentions(nlp, text) if m.kind in kinds}


@pytest.mark.parametrize(
    ("text", "name", "forms"),
    [
        pytest.param(
            "The New York City Police Department bought face recognition. NYPD officers ran it, and the New York "
            "Police Department kept the results. New York police denied that face recognition was used.",
            "New York Police Department",
            4,
            id="entity_alias-new-york",
        ),
        pytest.param(
            "U.S. Customs and Border Protection scans faces. Face scans by US Customs and Border Protection, or CBP, "
            "go to Customs and Border Protection.",
            "Customs and Border Protection",
            4,
            id="entity_alias-customs-and-border-protection",
        ),
        pytest.param(
            "London's Metropolitan Police Service put live facial recognition in Croydon. The Metropolitan Police, "
            "Met Police and Scotland Yard are one force; the Met calls live facial recognition a success.",
            "Metropolitan Police Service",
            5,
            id="entity_alias-metropolitan-police",
        ),
        pytest.param(
            "The Information Commissioner's Office looked into the facial recognition. The ICO and the UK Information "
            "Commissioner agreed on facial recognition.",
            "Information Commissioner's Office",
            3,
            id="entity_alias-regulator",
        ),
    ],
)  # fmt: skip
def test_the_names_of_one_body_have_one_name_and_one_id(nlp, text, name, forms):
    found = [m for m in mentions(nlp, text) if m.kind in ("police_agency", "authority")]
    assert {m.name for m in found} == {name}
    assert len({m.entity_id for m in found}) == 1
    assert None not in {m.entity_id for m in found}
    assert len(found) == forms


@pytest.mark.parametrize(
    ("text", "forms", "vendor"),
    [
        pytest.param(
            "Lockhaven used AnyVision for face recognition; the firm is now Oosto.",
            {"AnyVision", "Oosto"},
            "vendor-anyvision",
            id="entity_alias-former-name",
        ),
        pytest.param(
            "MorphoTrust made the face recognition algorithm before it was part of Idemia.",
            {"MorphoTrust", "Idemia"},
            "vendor-idemia",
            id="entity_alias-merged-company",
        ),
        pytest.param(
            "Meta, once Facebook, developed facial recognition for tags. Facebook's facial recognition is gone.",
            {"Meta", "Facebook"},
            "vendor-facebook",
            id="entity_alias-renamed-company",
        ),
    ],
)  # fmt: skip
def test_former_names_carry_the_id_of_the_company(nlp, text, forms, vendor):
    found = [m for m in mentions(nlp, text) if m.kind == "vendor"]
    assert {m.text for m in found} == forms
    assert {m.entity_id for m in found} == {vendor}


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        pytest.param(
            "ViaQuatro runs one line of the metro with facial recognition doors. The Companhia do Metropolitano de São "
            "Paulo bought the SecurOS face recognition for the others.",
            ("deployer", "product"),
            {"ViaQuatro", "Companhia do Metropolitano de São Paulo", "SecurOS"},
            id="related_not_same-two-operators",
        ),
        pytest.param(
            "The supermarket's guards trusted Facewatch. Home Bargains said that the facial recognition match was "
            "right and the entry on the list was wrong.",
            ("vendor", "deployer"),
            {"Facewatch", "Home Bargains"},
            id="technology_correct_enrolment_wrong-shop-and-vendor",
        ),
        pytest.param(
            "Fined by the Information Commissioner's Office, Clearview AI won before the First-tier Tribunal; the "
            "Upper Tribunal then sided with the ICO over the face search engine.",
            ("authority", "vendor"),
            {"Information Commissioner's Office", "Upper Tribunal", "Clearview AI"},
            id="status_reversal-three-bodies",
        ),
        pytest.param(
            "Bunnings broke the law with facial recognition, the Office of the Australian Information Commissioner "
            "found; the Administrative Review Tribunal later set part of the facial recognition finding aside.",
            ("deployer", "authority"),
            {
                "Bunnings",
                "Office of the Australian Information Commissioner",
                "Administrative Review Tribunal",
            },
            id="status_reversal-retailer",
        ),
        pytest.param(
            "The New Orleans City Council banned facial recognition, then let New Orleans police use it.",
            ("authority", "police_agency"),
            {"New Orleans City Council", "New Orleans Police Department"},
            id="status_reversal-city",
        ),
        pytest.param(
            "Huawei and Megvii tested facial recognition software that could send an alarm for one ethnic group.",
            ("vendor",),
            {"Huawei", "Megvii"},
            id="related_not_same-vendors",
        ),
    ],
)  # fmt: skip
def test_bodies_that_play_different_parts_are_kept_apart(nlp, text, kinds, expected):
    assert names(nlp, text, *kinds) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "A plate reader took the wrong car for a stolen one. Detroit police held the driver at gunpoint.",
            id="hard_negative_keyword-plate-reader",
        ),
        pytest.param("FaceApp makes users look old. Millions shared it.", id="hard_negative_keyword-filter"),
        pytest.param(
            "Fraudsters used deepfake pictures made with software by Microsoft to open accounts at a bank.",
            id="hard_negative_keyword-deepfake",
        ),
        pytest.param(
            "The AIAA met in Reston to hear from Amazon about rockets and the New York Police Department about drones.",
            id="hard_negative_keyword-lexical-collision",
        ),
    ],
)  # fmt: skip
def test_an_article_on_something_else_names_no_organization(nlp, text):
    assert mentions(nlp, text) == []


def test_disputed_technology_keeps_the_agency_that_denies_it(nlp):
    text = "Detroit police said that no facial recognition was used. The lawsuit says that it was."
    assert names(nlp, text, "police_agency") == {"Detroit Police Department"}


def test_hard_negative_type_a_success_story_names_the_agency_that_tells_it(nlp):
    text = "Police in Reno said that facial recognition led them to three wanted men at the fair."
    assert names(nlp, text, "police_agency") == {"Reno Police Department"}


def test_aggregator_wrong_body_the_organizations_are_those_of_the_text(nlp):
    text = "Amazon will not sell facial recognition to the police for a year, it said."
    found = mentions(nlp, text, title="Clearview AI hit with another lawsuit")
    assert {m.name for m in found if m.kind == "vendor"} == {"Amazon"}


def test_correction_not_propagated_a_vendor_that_is_not_named_is_not_found(nlp):
    text = (
        "Woodbridge police used facial recognition software. The newspaper took the software's name out of its story."
    )
    assert names(nlp, text, "vendor", "product") == set()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(
            "es",
            "El hombre pasó seis días preso por un dato mal cargado en el sistema de reconocimiento facial de la "
            "Policía de la Ciudad de Buenos Aires.",
            {"Policía de la Ciudad de Buenos Aires"},
            id="technology_correct_enrolment_wrong-spanish",
        ),
        pytest.param(
            "es",
            "La Agencia Española de Protección de Datos multó a Mercadona por el reconocimiento facial; la AEPD impuso "
            "3,15 millones y la empresa pagó 2,52.",
            {"Agencia Española de Protección de Datos", "Mercadona"},
            id="amount_semantics-two-bodies",
        ),
        pytest.param(
            "fr",
            "La CNIL a infligé une amende à Clearview AI pour sa reconnaissance faciale.",
            {"Commission nationale de l'informatique et des libertés", "Clearview AI"},
            id="conflicting_date-regulator",
        ),
    ],
)  # fmt: skip
def test_traps_in_other_languages(language, text, expected):
    doc = load(language)(text)
    assert {m.name for m in doc._.mentions if m.kind in KINDS} == expected
