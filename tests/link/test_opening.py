from datetime import date

import pytest

from incidents.link.corpus import Article, published_between
from incidents.link.opening import openings

MENU = "View all topics Artificial Intelligence Big Data Cloud Security Share on every network."


def article(text, title="A title", url="https://paper.example/a"):
    row = {"article_id": text[:9], "title": title, "text": text, "canonical_url": url}
    return Article(row, {}, 0.0, 0.0)


def test_a_menu_is_blanked_where_it_stands():
    texts = [f"{MENU} The council of {town} bought face recognition." for town in ("Ames", "Bree", "Cork")]
    for text, opening in zip(texts, openings([article(text) for text in texts], range(3)), strict=True):
        assert len(opening.text) == len(text)
        assert "Artificial" not in opening.text
        assert "bought face recognition" in opening.passage(200)


def test_the_name_of_the_site_leaves_the_headline():
    titles = [f"Story {number} | The Paper" for number in range(3)]
    found = openings([article(f"text {title}", title) for title in titles], range(3))
    assert [opening.headline for opening in found] == ["Story 0", "Story 1", "Story 2"]


def test_two_articles_are_too_few_to_tell():
    assert MENU in openings([article(f"{MENU} One."), article(f"{MENU} Two.")], range(2))[0].text


def test_copies_of_one_text_count_once():
    texts = [f"{MENU} One.", f"{MENU} One!", f"{MENU} Two."]
    assert MENU in openings([article(text) for text in texts], [0, 0, 1])[0].text


@pytest.mark.parametrize(
    ("url", "precision", "expected"),
    [
        ("https://x.example/2019/12/20/a", "year", (18250.0, 18251.0)),
        ("https://x.example/world/2019/dec/20/a", "year", (18250.0, 18251.0)),
        ("https://x.example/2018/12/20/a", "year", (17897.0, 18263.0)),
        ("https://x.example/2019/13/20/a", "year", (17897.0, 18263.0)),
        ("https://x.example/a", "day", (17897.0, 17898.0)),
    ],
)
def test_a_day_in_the_address_makes_a_year_precise(url, precision, expected):
    row = {"published_at": None, "published_on": date(2019, 1, 1), "published_precision": precision}
    assert published_between(row | {"canonical_url": url}) == pytest.approx(expected, abs=0.001)
