"""Headlines read for the names that other articles write."""

import pytest

from incidents.link import corpus, prepare
from incidents.link.lexicon import profiles
from incidents.link.organizations import Directory

PD = "Riverton Police Department"


def add(news, key, text, name, role):
    news._mention({"revision_id": key["revision_id"], "article_id": key["article_id"]}, text, "person", name, role=role)


@pytest.mark.parametrize(
    ("headline", "text", "named", "people"),
    [
        ("Theme parks scan faces", "Visitors of Dune Land are let in by their faces.", None, 0),
        ("Parks on cameras", "Ada Parks spoke for half an hour about faces.", "Ada Parks", 0),
        ("Parks sues", "After the face match Parks wants money from Riverton.", "Parks", 1),
        ("Tom Parks sues", "After the face match he wants money from Riverton.", None, 1),
    ],
)
def test_a_surname_alone_is_that_of_somebody_whom_the_article_names(news, headline, text, named, people):
    told = "Tom Parks was arrested by the Riverton Police Department. Parks sat in a cell."
    news.arrest("alpha", "Tom Parks", PD, "2022-05-03", "2022-05-05", text=told)
    add(news, news.articles[0], told, "Parks", "affected")
    news.mentions[-1]["name"] = "Tom Parks"
    news.article("beta", headline, text, "2022-05-06", "deployment")
    if named:
        add(news, news.articles[1], text, named, "other")
    found = corpus.revisions(*news.frames())
    table = prepare.prepare(sorted(found, key=lambda a: a.arrival), Directory(news.known), news.known)
    keys = profiles(table).keys["person"]
    assert keys.getnnz(axis=1).tolist() == [1, people]
