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
