"""Who is not named in public is named nowhere in what is published."""

import pandas as pd
import pyarrow as pa
import pytest

from incidents.publish import privacy
from incidents.tables import TABLES


def person(name, policy, label, articles=("art-1",), forms=()):
    return {
        "person_id": f"per-{name}",
        "name": name,
        "forms": list(forms),
        "name_policy": policy,
        "display_label": label,
        "article_ids": list(articles),
    }


def tables(quote="", title="", url="http://a.example/1", value="x"):
    rows = {
        "articles": [{"article_id": "art-1", "url": url, "title": title}],
        "article_urls": [{"article_url_id": "u", "url": url, "article_id": "art-1"}],
        "article_revisions": [{"revision_id": "rev-1", "article_id": "art-1"}],
        "evidence": [{"evidence_id": "e", "revision_id": "rev-1", "quote": quote, "value": value}],
    }
    return {
        t.name: pa.Table.from_pylist(rows.get(t.name, []), pa.schema([f.with_nullable(True) for f in t.schema]))
        for t in TABLES
    }


def published(people, **rows):
    people = pd.DataFrame(people)
    out = privacy.apply(tables(**rows), people)
    assert privacy.leaks(out, people) == []
    return out


@pytest.mark.parametrize("policy", ["withheld_minor", "withheld_accused", "withheld_private", "suppressed"])
def test_a_withheld_name_becomes_its_label(policy):
    out = published(
        [person("Kim Sample", policy, "a 14-year-old girl")], quote="Kim Sample was turned away.", title="Kim Sample"
    )
    assert out["evidence"].column("quote").to_pylist() == ["[a 14-year-old girl] was turned away."]
    assert out["articles"].column("title").to_pylist() == ["[a 14-year-old girl]"]


@pytest.mark.parametrize("policy", sorted(privacy.ALLOWED))
def test_a_public_name_stays(policy):
    out = published([person("Kim Sample", policy, "Kim Sample")], quote="Kim Sample sued the city.")
    assert out["evidence"].column("quote").to_pylist() == ["Kim Sample sued the city."]


def test_a_surname_is_replaced_in_the_persons_own_articles_only():
    kim = person("Kim Sample", "withheld_private", "a woman", articles=["art-2"], forms=["Sample"])
    assert published([kim], quote="A Sample of ten").get("evidence").column("quote").to_pylist() == ["A Sample of ten"]


def test_one_sentence_in_two_articles_follows_each_articles_people():
    rows = tables(quote="Sample came")
    more = {
        "articles": {"article_id": "art-2", "url": "http://a.example/2"},
        "article_revisions": {"article_id": "art-2", "revision_id": "rev-2"},
        "evidence": {"evidence_id": "f", "revision_id": "rev-2", "quote": "Sample came"},
    }
    for name, row in more.items():
        rows[name] = pa.concat_tables([rows[name], pa.Table.from_pylist([row], rows[name].schema)])
    kim = person("Kim Sample", "withheld_private", "a woman", articles=["art-2"], forms=["Sample"])
    out = privacy.apply(rows, pd.DataFrame([kim]))
    assert out["evidence"].column("quote").to_pylist() == ["Sample came", "[a woman] came"]


def test_a_namesake_who_may_be_named_keeps_the_name_but_never_a_minors():
    mayor = person("Kim Sample", "public_official", "Kim Sample", articles=["art-1"])
    private = person("Kim Sample", "withheld_private", "a man", articles=["art-2"])
    assert published([mayor, private], quote="Kim Sample spoke")["evidence"].column("quote").to_pylist() == [
        "Kim Sample spoke"
    ]
    minor = person("Kim Sample", "withheld_minor", "a boy", articles=["art-2"])
    quotes = published([mayor, minor], quote="Kim Sample spoke")["evidence"].column("quote").to_pylist()
    assert quotes == ["[a boy] spoke"]


def test_an_address_that_names_somebody_is_published_as_the_article_id():
    out = published(
        [person("Kim Sample", "withheld_minor", "a boy")], url="http://a.example/2024/kim-sample-turned-away.html"
    )
    assert out["articles"].column("url").to_pylist() == ["art-1"]
    assert out["article_urls"].column("url").to_pylist() == ["art-1"]


def test_what_bears_the_name_of_a_place_is_no_person():
    place = pa.table({"name": ["Milton Sample"]})
    none = pa.table({"name": pa.array([], pa.string())})
    people = pd.DataFrame([person("Milton Sample", "withheld_private", "a man")])
    assert privacy.persons(people, {"places": place, "organizations": none, "products": none}).empty


def test_a_leak_is_found():
    people = pd.DataFrame([person("Kim Sample", "withheld_minor", "a boy")])
    [leak] = privacy.leaks(tables(quote="Kim Sample came"), people)
    assert (leak.table, leak.column) == ("evidence", "quote")
