"""Spanish and French people by titles, kin, ages and verbs of speech, without a parser."""

import pytest
import spacy

from incidents.extract.components import groups, people  # noqa: F401 (registers the factories)
from incidents.extract.contract import Document
from incidents.extract.pipeline import make_doc, register_extensions


@pytest.fixture(scope="module")
def roles():
    def read(language, text):
        register_extensions()
        nlp = spacy.blank(language)
        nlp.add_pipe("sentencizer")
        nlp.add_pipe("incidents_people")
        doc = nlp(make_doc(nlp, Document(url="", title="", text=text, language=language)))
        return {mention.name: mention.role for mention in doc._.mentions}

    return read


def test_spanish(roles):
    text = (
        "El reconocimiento facial se equivocó. Ramón Ejemplo Modelo, de 41 años, fue detenido por error y pasó seis "
        "días preso. La abogada Lucía Muestra presentó una demanda. «Nadie me creyó», contó Ejemplo."
    )
    assert roles("es", text) == {"Ramón Ejemplo Modelo": "affected", "Lucía Muestra": "lawyer"}


def test_french(roles):
    text = (
        "La reconnaissance faciale s'est trompée. Jean Exemple, 52 ans, a été interpellé à tort. "
        "L'avocate Claire Modèle dénonce une erreur."
    )
    assert roles("fr", text) == {"Jean Exemple": "affected", "Claire Modèle": "lawyer"}


def test_english_without_a_parser_still_names(roles):
    assert roles("en", "Senator Jane Roe spoke. Then Roe left.") == {"Jane Roe": "government_official"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "es",
            "«Fue un calvario», contó a este diario Ramón Ejemplo, detenido por error tras el reconocimiento facial.",
            {"Ramón Ejemplo": "affected"},
        ),
        (
            "es",
            "La policía detuvo por error a Ramón Ejemplo tras una alerta del reconocimiento facial.",
            {"Ramón Ejemplo": "affected"},
        ),
        ("es", "Su abogada, Lucía Muestra, dijo a El País que habrá una demanda.", {"Lucía Muestra": "lawyer"}),
        ("es", "Una jueza de la Ciudad de Buenos Aires falló. El Mundo dijo que sí.", {}),
        (
            "fr",
            "Karim Exemple, un livreur de 29 ans, a été interpellé à tort après une reconnaissance faciale.",
            {"Karim Exemple": "affected"},
        ),
        ("fr", "La porte-parole de la mairie, Anne Modèle, n'a pas répondu.", {"Anne Modèle": "government_official"}),
    ],
)
def test_who_is_named(roles, language, text, expected):
    assert roles(language, text) == expected


@pytest.mark.parametrize(
    ("language", "text", "description"),
    [
        (
            "es",
            "Un hombre de 32 años fue detenido porque el reconocimiento facial lo confundió por error.",
            "hombre de 32 años",
        ),
        (
            "fr",
            "Une femme de 41 ans a été interpellée à tort après une erreur de la reconnaissance faciale.",
            "femme de 41 ans",
        ),
    ],
)
def test_an_unnamed_victim_is_described(roles, language, text, description):
    assert roles(language, text) == {description: "affected"}


def test_a_right_arrest_describes_no_victim(roles):
    assert roles("es", "Un hombre fue detenido gracias al reconocimiento facial.") == {}
