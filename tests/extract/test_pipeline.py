"""The pipeline as a whole: order, languages, limits, hostile input, and swapping a component."""

from datetime import date

import pytest
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.errors import UserError
from incidents.extract.contract import Document
from incidents.extract.pipeline import LENGTH_LIMIT, extract, load, make_doc, model_name_and_version
from incidents.extract.spans import mention, normalized

ARTICLE = "Detroit police used facial recognition from Amazon on Jan. 9, 2020. The city paid $5,000."


def document(text=ARTICLE, url="u", language="en"):
    return Document(url, "A title", text, language, date(2020, 6, 24), "day")


def test_results_come_in_the_order_of_the_articles():
    mixed = [document(url=str(n), language=("en", "es", "fr", "sw")[n % 4]) for n in range(10)]
    assert [result.url for result in extract(mixed, batch_size=4)] == [str(n) for n in range(10)]


def test_the_batch_does_not_change_the_result():
    articles = [document(ARTICLE * n, url=str(n)) for n in range(1, 6)]
    assert list(extract(articles, batch_size=1)) == list(extract(articles, batch_size=5))


def test_other_languages_are_recorded_and_left_alone():
    (result,) = extract([document("Gesichtserkennung in Berlin.", language="de")])
    assert result.refused == "language: de not supported"
    assert not result.relevant
    assert result.mentions == []


def test_a_long_article_is_read_to_the_limit_and_says_so():
    (result,) = extract([document("Nothing to see here. " * (LENGTH_LIMIT // 20) + ARTICLE)])
    assert (
        result.refused
        == f"length: {21 * (LENGTH_LIMIT // 20) + len(ARTICLE)} characters, the first {LENGTH_LIMIT} read"
    )


HOSTILE = {
    "empty": "",
    "blank": " \n\t\u200b ",
    "names only": "Robert Julian-Borchak Williams, Nijeer Parks, Michael Oliver, Porcha Woodruff. " * 40,
    "ten languages": "face recognition reconocimiento facial reconnaissance faciale 人脸识别 распознавание лиц زيهوي "
    * 30,
    "broken Unicode": "Detroit police \ud800 used \udfff facial recognition \x00\ufffd\ufeff from Amazon.",
    "right to left": "\u202eהמשטרה השתמשה בזיהוי פנים Amazon facial recognition\u202c",
    "one endless word": "facialrecognition" * 3000,
    "one endless sentence": "Amazon and Microsoft and IBM sell facial recognition to Detroit police and " * 400,
    "capitals": "THE DETROIT POLICE USED FACIAL RECOGNITION FROM CLEARVIEW AI. " * 40,
    "hyphens": "Amazon " + "-" * 3000 + " facial recognition " + "- " * 1500,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_gives_a_result(text):
    for language in ("en", "es", "fr"):
        (result,) = extract([document(text, language=language)])
        assert all(text[m.start : m.end] == m.text for m in result.mentions)


def test_normalizing_keeps_every_offset():
    noise = "".join(chr(code) for code in range(0x2000, 0x2100))
    for text in (noise, "“Detroit’s” – police…\u00a0\u00ad", HOSTILE["broken Unicode"]):
        assert len(normalized(text)) == len(text)


def test_the_model_has_a_name_and_a_version():
    name, version = model_name_and_version()
    assert name.startswith("en_")
    assert version[0].isdigit()


def test_an_unknown_model_and_language_are_one_clear_line(monkeypatch):
    monkeypatch.setenv("INCIDENTS_MODEL", "no_such_model")
    with pytest.raises(UserError, match="no_such_model"):
        load.__wrapped__("en")
    with pytest.raises(UserError, match="'xx' has no pipeline"):
        load("xx")


@Language.component("shouting_places")
def shouting_places(doc: Doc) -> Doc:
    """A stand-in for another extractor behind the same contract."""
    doc._.mentions.append(mention(doc, 0, 7, "place", doc.text[:7].upper(), "shout", 1.0))
    return doc


def test_swapping_a_component_is_an_edit_of_the_configuration(tmp_path, monkeypatch):
    config = tmp_path / "pipeline.cfg"
    config.write_text(
        '[nlp]\npipeline = ["places", "incidents_dates"]\n[components]\n[components.places]\n'
        'factory = "shouting_places"\n[components.incidents_dates]\nfactory = "incidents_dates"\n'
    )
    monkeypatch.setenv("INCIDENTS_PIPELINE", str(config))
    swapped = load.__wrapped__("es")
    (result,) = extract([document(language="es")], nlp=swapped)
    assert [(m.kind, m.name) for m in result.mentions if m.kind != "date"] == [
        ("place", "DETROIT"),
        ("amount", "USD 5,000"),
    ]


def test_a_broken_configuration_names_the_file(tmp_path, monkeypatch):
    config = tmp_path / "mine.cfg"
    config.write_text('[nlp]\npipeline = ["nowhere"]\n')
    monkeypatch.setenv("INCIDENTS_PIPELINE", str(config))
    with pytest.raises(UserError, match=r"mine\.cfg"):
        load.__wrapped__("es")


def test_a_component_scores_itself(nlp):
    labelled = make_doc(nlp, document())
    labelled._.mentions.append(mention(labelled, 0, 14, "police_agency", "Detroit Police Department", "label", 1.0))
    example = Example(nlp(make_doc(nlp, document())), labelled)
    scores = nlp.get_pipe("incidents_organizations").score([example])
    assert scores["police_agency_f"] == 1.0
    assert scores["vendor_p"] == 0.0


def test_an_article_on_which_a_component_fails_is_refused_and_the_others_stand(nlp, monkeypatch):
    component = dict(nlp.pipeline)["incidents_places"]

    def broken(self, doc):
        if "unreadable" in doc.text:
            raise ValueError("no such place")
        return doc

    monkeypatch.setattr(type(component), "__call__", broken)
    texts = ["One on face recognition.", "An unreadable one.", "Another."]
    found = list(extract([Document(f"http://a.example/{n}", "", text) for n, text in enumerate(texts)], nlp))
    assert [item.refused for item in found] == [None, "error: ValueError: no such place", None]
