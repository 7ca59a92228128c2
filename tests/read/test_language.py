import pytest

from incidents.read.language import detect, primary_subtag


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The police arrested the wrong man after a computer had compared two photographs.", "en"),
        ("La policía detuvo al hombre equivocado después de que un programa comparara dos fotos.", "es"),
        ("La police a arrêté le mauvais homme après la comparaison de deux photos par un logiciel.", "fr"),
        ("警察在计算机比较两张照片之后逮捕了错误的人，这是今年第三次发生这样的事情，当地居民对此表示不满。", "zh"),
    ],
)
def test_the_language_of_a_text(text, language):
    assert detect(text) == language


def test_a_declared_language_decides_only_where_the_text_does_not():
    assert detect("Leeds 14, York 12", "en-GB") == "en"
    assert detect("La police a arrêté le mauvais homme après la comparaison de deux photos.", "en") == "fr"
    assert detect("12 34 56") == "und"


@pytest.mark.parametrize(
    ("tag", "language"), [("pt-BR", "pt"), ("EN_us", "en"), ("", ""), ("x", ""), ("und", ""), ("1e", "")]
)
def test_of_a_tag_the_first_part_counts(tag, language):
    assert primary_subtag(tag) == language
