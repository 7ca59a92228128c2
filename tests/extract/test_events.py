"""What happened, when and where, who took part, and whether the article is about it."""

from datetime import date

import pytest

from incidents.extract import Document, extract

AMAZON = "\n\n".join(
    (
        "Amazon will go on refusing to sell Rekognition, its facial recognition software, to police forces. "
        "The company confirmed the decision to this paper. It comes weeks before the end of the one-year "
        "moratorium that Amazon announced in June 2020, when protests over the killing of George Floyd filled "
        "American streets. IBM and Microsoft had taken similar steps.",
        "Critics recall the case of Robert Williams, the first wrongful arrest known to follow a false match. "
        "Several studies found that such systems fail more often on darker faces. Nathan Freed Wessler, a lawyer "
        "at the American Civil Liberties Union, welcomed the news. "
        "Jeff Bezos, who founded Amazon, did not comment.",
        "After the storming of the Capitol the FBI asked the public for help, and some police departments "
        "turned to Clearview AI.",
    )
)

CASE = (
    "A father from Farmington Hills sued the city of Detroit on Tuesday, saying that police arrested him "
    "because facial recognition software pointed to the wrong man. Detroit police officers arrested him on "
    "January 9, 2020, in front of his daughters. Prosecutors dropped the charges two weeks later."
)


def read(title, text, language="en", on="2021-05-21", precision="day"):
    document = Document("", title, text, language, date.fromisoformat(on) if on else None, precision)
    return next(extract([document]))


def main(title, text, **more):
    return read(title, text, **more).main_event


@pytest.mark.parametrize("title", ["", "Amazon extends its ban on police use of Rekognition"])
def test_a_vendor_prolongs_its_moratorium(title):
    found = read(title, AMAZON)
    event = found.main_event
    assert event.type == "vendor_policy_change"
    assert event.date == "2021-05-21"
    assert event.date_basis == "publication"
    assert {"name": "Amazon", "entity_id": "vendor-amazon", "role": "vendor"} in event.organizations
    assert event.people == []
    assert found.kind == "policy_event"
    names = {
        kind: {m.name for m in found.mentions if m.kind == kind} for kind in ("vendor", "product", "police_agency")
    }
    assert names["vendor"] == {"Amazon", "Clearview AI", "IBM", "Microsoft"}
    assert names["product"] == {"Rekognition"}
    assert names["police_agency"] == {"Federal Bureau of Investigation"}
    roles = {m.name: m.role for m in found.mentions if m.kind == "person"}
    assert [name for name, role in roles.items() if role == "affected"] == ["Robert Williams"]
    assert roles["Nathan Freed Wessler"] == "lawyer"


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        (
            "misidentification_arrest",
            "Police jailed an innocent man for six days after a false facial recognition match.",
        ),
        (
            "misidentification_stop",
            "Officers detained a fan after live facial recognition wrongly flagged him as a suspect.",
        ),
        ("misidentification_exclusion", "A girl was barred from a rink after facial recognition misidentified her."),
        ("retaliatory_exclusion", "The arena used facial recognition to keep out lawyers of firms that sue it."),
        ("access_denial", "Drivers were locked out of their accounts when facial recognition failed to verify them."),
        ("lawsuit_filed", "A civil rights group sued the city over its facial recognition cameras."),
        ("settlement", "The company agreed to pay $650 million to settle a class action over facial recognition."),
        ("regulatory_fine", "The watchdog fined Clearview AI £7.5 million."),
        ("court_ruling", "The Court of Appeal ruled that the force's use of facial recognition was unlawful."),
        ("investigation_opened", "The privacy commissioner opened an investigation into facial recognition in stores."),
        ("ban", "The city council voted to ban the use of facial recognition by police."),
        ("moratorium", "The governor signed a two-year moratorium on facial recognition in schools."),
        ("bill_proposed", "Two senators introduced a bill to limit facial recognition."),
        ("hearing", "A House committee held a hearing on facial recognition, where experts testified."),
        ("reversal_or_expiry", "The council repealed its ban on facial recognition."),
        ("vendor_policy_change", "IBM will no longer sell facial recognition software."),
        ("agency_policy_change", "The tax agency dropped its plan to use facial recognition."),
        ("procurement", "The border agency awarded a contract for facial recognition worth $4 million."),
        ("deployment_planned", "Police plan to install facial recognition cameras in the station."),
        ("deployment_started", "The airport began using facial recognition at its gates."),
        ("audit_finding", "A study found that facial recognition systems misidentify Black women more often."),
        ("data_breach", "Hackers stole the client list of the facial recognition firm Clearview AI."),
        (
            "data_scraping_training_misuse",
            "The firm scraped billions of photos to train facial recognition without consent.",
        ),
        ("protest_political_targeting", "Police used facial recognition to arrest protesters after the march."),
        ("protected_trait_profiling", "The company built facial recognition that spots Uighurs and alerts police."),
        ("worker_student_surveillance", "The school uses facial recognition to monitor students in class."),
        ("undisclosed_deployment", "The chain secretly used facial recognition on its customers."),
        ("unauthorised_use", "Officers ran facial recognition searches with a celebrity's photo."),
        ("spoofing_fraud", "Researchers fooled airport facial recognition with printed masks."),
        ("arrest", "Police arrested a wanted man thanks to facial recognition at a festival."),
    ],
)
def test_role_verbs_make_the_type(type_, text):
    assert main("", text).type == type_


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("The council is considering a ban on facial recognition.", "bill_proposed"),
        ("Campaigners called on the council to ban facial recognition.", "other"),
        ("The council banned facial recognition.", "ban"),
        ("The council fought to ban facial recognition.", "other"),
        ("The appeal court reversed the 10 million dollar fine over facial recognition.", "court_ruling"),
        ("A senior peer called for limits on facial recognition.", "other"),
        ("Orlando abandons Amazon's Rekognition.", "agency_policy_change"),
        ("PimEyes bans searches for children with its face search engine.", "vendor_policy_change"),
        ("The attorney general wants answers on the use of facial recognition in the arena.", "investigation_opened"),
        ("The privacy watchdog questions the use of facial recognition by police.", "investigation_opened"),
        ("Police in three towns resume the use of live facial recognition.", "deployment_started"),
        ("A start-up and a lock maker partner on face biometrics for lockers.", "other"),
    ],
)
def test_a_longer_cue_wins(text, type_):
    assert main("", text).type == type_


def test_the_steps_of_a_case_have_their_own_dates():
    found = read("Man sues over facial recognition arrest", CASE, on="2021-04-14")
    assert (found.main_event.type, found.main_event.date) == ("lawsuit_filed", "2021-04-13")
    steps = {event.type: event for event in found.events}
    arrest = steps["misidentification_arrest"]
    assert (arrest.date, arrest.date_precision, arrest.date_basis) == ("2020-01-09", "day", "stated")
    assert "January 9, 2020" in arrest.quote
    assert {"name": "Detroit Police Department", "role": "police_agency"}.items() <= arrest.organizations[0].items()
    assert "charges_dropped" in steps


def test_who_took_part_and_where():
    text = (
        "Detroit police arrested Robert Williams in January 2020 after facial recognition took him for somebody else. "
        "He was held for 30 hours. The Detroit Police Department has since changed its rules."
    )
    event = main("Robert Williams was wrongly arrested after a facial recognition error", text, on="2020-06-24")
    assert event.people == ["Robert Williams"]
    assert event.place == "Detroit, Michigan, US"
    assert ("Detroit Police Department", "police_agency") in {(o["name"], o["role"]) for o in event.organizations}
    assert (event.type, event.date) == ("misidentification_arrest", "2020-01")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The Court of Appeal ruled that the use of facial recognition was unlawful.", "court"),
        ("The Portland City Council voted to ban facial recognition.", "legislature"),
        ("The Information Commissioner's Office fined Clearview AI £7.5 million.", "regulator"),
        ("The American Civil Liberties Union sued Clearview AI over facial recognition.", "advocacy"),
    ],
)
def test_authorities_have_their_part(text, role):
    assert role in {organization["role"] for organization in main("", text).organizations}


def test_the_day_of_publication_is_the_last_resort_and_says_so():
    event = main("", "The council voted to ban facial recognition in its buildings.", on="2020-06-24")
    assert (event.date, event.date_precision, event.date_basis) == ("2020-06-24", "day", "publication")


def test_a_year_of_publication_gives_a_year():
    event = main("", "The council voted to ban facial recognition.", on="2020-01-01", precision="year")
    assert (event.date, event.date_precision) == ("2020", "year")


def test_without_any_date_none_is_made_up():
    event = main("", "The council voted to ban facial recognition.", on=None, precision="unknown")
    assert (event.date, event.date_precision, event.date_basis) == (None, "unknown", "none")


def test_the_day_that_somebody_spoke_is_not_the_day_of_the_harm():
    text = (
        "Police jailed the wrong man after a false facial recognition match in March 2019, his lawyer said on Friday."
    )
    assert main("", text, on="2020-06-24").date == "2019-03"


def test_background_does_not_make_the_main_event():
    text = (
        "The school board voted on Monday to ban facial recognition in all its buildings. "
        "In 2018 researchers found that facial recognition misidentifies Black women. "
        "Last year a company was fined $2 million for collecting faces."
    )
    assert main("School board bans facial recognition", text).type == "ban"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("What is facial recognition?", "Facial recognition compares faces. You may wonder how. We explain it to you."),
        ("Opinion: the watched city", "I walk past cameras. I dislike facial recognition, and you should too."),
        (
            "An interview with an engineer",
            "We met in a café. She builds facial recognition. I asked her what you fear.",
        ),
    ],
)
def test_explainers_and_columns_have_no_main_event(title, text):
    assert main(title, text) is None


def test_a_status_is_a_history():
    text = (
        "The tribunal ruled on 7 October 2025 that the British regulator may fine Clearview AI after all. "
        "The regulator had fined Clearview AI £7.5 million in May 2022. "
        "A lower tribunal quashed the fine in October 2023."
    )
    found = read("Tribunal sides with regulator over Clearview AI", text, on="2025-10-09")
    told = {(event.type, event.date) for event in [found.main_event, *found.events]}
    assert found.main_event.type == "court_ruling"
    assert told >= {("court_ruling", "2025-10-07"), ("regulatory_fine", "2022-05"), ("court_ruling", "2023-10")}


def test_a_ban_and_its_end_are_two_events():
    text = (
        "The council voted on Thursday to lift its ban on facial recognition by police. "
        "It had banned the use of facial recognition in December 2020."
    )
    found = read("City lets police use facial recognition again", text, on="2022-07-22")
    assert (found.main_event.type, found.main_event.date) == ("reversal_or_expiry", "2022-07-21")
    assert [(event.type, event.date) for event in found.events] == [("ban", "2020-12")]


def test_a_vote_is_one_event():
    text = "On Tuesday the council voted to limit facial recognition, a law that bans its use in schools."
    assert read("Council limits facial recognition", text).events == []


@pytest.mark.parametrize(
    ("language", "text", "type_"),
    [
        ("es", "Lo detuvieron por error tras un fallo del reconocimiento facial.", "misidentification_arrest"),
        ("es", "El regulador multó a la cadena por usar reconocimiento facial.", "regulatory_fine"),
        ("es", "El ayuntamiento prohibió el reconocimiento facial en los colegios.", "ban"),
        ("fr", "Un homme a été arrêté à tort après une erreur de reconnaissance faciale.", "misidentification_arrest"),
        ("fr", "La CNIL a infligé une amende de 20 millions d'euros à Clearview AI.", "regulatory_fine"),
        ("fr", "Le tribunal administratif a annulé l'essai de reconnaissance faciale.", "court_ruling"),
        ("es", "La policía detuvo a un prófugo gracias al reconocimiento facial del estadio.", "arrest"),
        ("es", "El centro comercial usó cámaras de reconocimiento facial sin avisar.", "undisclosed_deployment"),
        ("es", "Los jubilados pierden la pensión porque el reconocimiento facial no los reconoce.", "access_denial"),
        ("es", "Amazon prorroga la moratoria sobre su reconocimiento facial.", "vendor_policy_change"),
        ("es", "El metro instaló cámaras con reconocimiento facial.", "deployment_started"),
        ("es", "Los diputados presentaron un proyecto de ley sobre reconocimiento facial.", "bill_proposed"),
        ("es", "Un estudio revela que el reconocimiento facial falla más con mujeres.", "audit_finding"),
        ("fr", "Clearview condamnée à 20 millions d’euros par la Cnil pour reconnaissance faciale.", "regulatory_fine"),
        ("fr", "La Cnil a mis en demeure la société de cesser la reconnaissance faciale.", "regulatory_order"),
        ("fr", "La police utilise illégalement un logiciel de reconnaissance faciale.", "unauthorised_use"),
        ("fr", "Le magasin a testé la reconnaissance faciale sans prévenir ses clients.", "undisclosed_deployment"),
        ("fr", "La ville prévoit d'expérimenter la reconnaissance faciale au carnaval.", "deployment_planned"),
        ("fr", "Des associations ont déposé un recours contre la reconnaissance faciale.", "lawsuit_filed"),
    ],
)  # fmt: skip
def test_spanish_and_french_by_cues_alone(language, text, type_):
    assert main("", text, language=language).type == type_


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "Facial recognition", "\u202eecaf reconocimiento facial\u202c", "x " * 20000]
)
def test_odd_texts_give_a_result(text):
    found = read("Facial recognition banned", text)
    for event in [found.main_event, *found.events] if found.main_event else found.events:
        assert event.quote in text


def test_quotes_and_offsets_come_from_the_text():
    found = read("Man sues over facial recognition arrest", CASE, on="2021-04-14")
    for event in [found.main_event, *found.events]:
        assert 0 <= event.start < event.end <= len(CASE)
        assert len(event.quote) <= 300
        assert event.quote in CASE


def test_a_headline_in_the_text_is_a_sentence_of_its_own():
    title = "Riverton bans facial recognition in all of its shops"
    menu = "Sport Weather Recipes "
    found = next(extract([Document("", f"{title} | The Riverton Post", f"{menu}{title} Share this", "en")]))
    assert found.main_event.quote == title


FILLER = "The case has drawn wide notice. His family waited at home for days. Neighbours could not believe it. " * 6


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("The Reno Police Department used facial recognition.", {"Reno Police Department"}),
        ("The Reno Police Department and the Tulsa Police Department used facial recognition.", set()),
    ],
)
def test_harm_is_done_by_the_only_police_that_the_article_names(later, expected):
    text = f"A man was wrongly arrested after a false facial recognition match. {FILLER}{later}"
    found = next(extract([Document("", "", text, "en")]))
    assert {o["name"] for o in found.main_event.organizations if o["role"] == "police_agency"} == expected


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Riverton police deployed facial recognition at the station.", "deployment_started"),
        ("Campaigners say the order paves the way for a roll-out of facial recognition.", "deployment_planned"),
        ("Police in Riverton to roll out live facial recognition.", "deployment_planned"),
        ("The mayor of Riverton wants to ban facial recognition by police.", "bill_proposed"),
        ("Lawyers fear a false facial recognition match could lead to wrongful arrests.", None),
    ],
)
def test_what_is_only_planned_or_feared_has_not_happened(text, type_):
    event = main("", text)
    assert (event.type if event else None) == type_


def test_what_another_company_did_does_not_date_the_event():
    text = (
        "Amazon will keep selling facial recognition to police. The company stands by its sales to police. "
        "Microsoft stopped selling facial recognition to police on 3 March 2019."
    )
    assert main("Amazon will keep selling facial recognition to police", text, on="2019-09-01").date != "2019-03-03"


def test_a_sentence_on_another_case_names_no_police_of_this_one():
    text = (
        f"Ann Lee was turned away from a rink after a false facial recognition match. {FILLER}"
        "Robert Williams was wrongly arrested by the Detroit Police Department after a false facial recognition match."
    )
    found = main("Woman turned away from rink after a false facial recognition match", text)
    assert "police_agency" not in {entry["role"] for entry in found.organizations}


def test_a_union_of_states_makes_law_and_a_ministry_uses_a_system():
    law = main("", "The European Union adopted a law that bans live facial recognition by police.")
    assert {entry["role"] for entry in law.organizations} == {"legislature"}
    use = main("", "The Ministry of Home Affairs of Indonesia installed facial recognition cameras.")
    assert {entry["role"] for entry in use.organizations} == {"deployer"}


def test_the_date_of_what_is_reviewed_is_not_that_of_the_review():
    text = "A tribunal has overturned the fine that the regulator imposed on the facial recognition firm in May 2022."
    assert main("Tribunal overturns fine for facial recognition", text, on="2023-10-18").date == "2023-10-18"
