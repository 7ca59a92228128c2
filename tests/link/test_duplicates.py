"""Near-duplicates: the Arrow steps, the SQL between them, and the units that come of it."""

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import sqlglot

from incidents.link import duplicates, units
from incidents.link.duplicates import (
    CANDIDATES,
    JACCARD,
    bands,
    candidates,
    jaccard,
    shingle_hashes,
    shingles,
    verified,
)

STORY = (
    "The council of Riverton voted on Monday to stop its police from using face recognition after a clerk was held "
    "for two nights over a wrong match. The mayor said the system had never been tested on people who live in the "
    "town, and that the contract would end in June. Campaigners had asked for the vote since the spring."
)
LEDGER = " ".join(f"word{number}" for number in range(60))


def batch(*texts):
    return pa.record_batch({"id": pa.array(range(len(texts)), pa.int64()), "text": pa.array(texts)})


def edges(*texts):
    """The pairs of copies, by the steps that any engine can run one after the other."""
    shingled = shingles(batch(*texts))
    pairs = candidates([bands(shingled)])
    sides = [shingled.column("shingles").take(pa.array(pairs[:, side])) for side in (0, 1)]
    found = verified(pa.record_batch([pairs[:, 0], pairs[:, 1], *sides], names=["first", "second", "a", "b"]))
    return list(zip(found["first"].to_pylist(), found["second"].to_pylist(), strict=True))


def test_a_wire_story_with_another_headline_is_a_copy():
    assert edges(STORY, f"Different headline here. {STORY}") == [(0, 1)]


def test_two_stories_with_a_shared_sentence_are_not():
    assert edges(STORY, f"{STORY[:120]} {LEDGER}") == []


def test_texts_without_words_are_no_copies():
    assert edges("", "--", STORY) == []


def test_a_short_text_is_one_shingle():
    assert edges("face match", "Face match.", "face search") == [(0, 1)]


def test_hashes_are_the_same_everywhere():
    hashes = shingle_hashes(["one", "two", "three", "four", "five"])
    assert hashes.tolist() == [14900735819062980872]
    assert duplicates.band_hashes(hashes)[:2].tolist() == [-4419644979438351871, 3038140401037990593]


def test_a_batch_gives_what_its_parts_give():
    texts = [STORY[start * 9 :] for start in range(5)]
    whole = bands(shingles(batch(*texts)))
    parts = [bands(shingles(batch(text))) for text in texts]
    assert whole["hash"].to_pylist() == [value for part in parts for value in part["hash"].to_pylist()]


@pytest.mark.parametrize("dialect", ["spark", "duckdb"])
def test_the_candidates_are_plain_sql(dialect):
    (query,) = sqlglot.transpile(CANDIDATES, read="duckdb", write=dialect)
    rows = bands(shingles(batch(STORY, STORY, LEDGER)))  # noqa: F841 DuckDB reads it by its name
    found = duckdb.sql(sqlglot.transpile(query, read=dialect, write="duckdb")[0].replace("bands", "rows"))
    assert found.fetchall() == [(0, 1)]


def half_alike(count):
    """The shingles of pairs of documents whose Jaccard is .5."""
    random = np.random.default_rng(7)
    for _ in range(count):
        shared, a, b = (random.integers(0, 2**63, size, dtype=np.uint64) * np.uint64(2) for size in (200, 100, 100))
        yield from (np.unique(np.concatenate([shared, own])) for own in (a, b))


def test_half_alike_pairs_become_candidates():
    """At Jaccard .5 at least 99 of 100 pairs must share a band."""
    documents = list(half_alike(1000))
    assert jaccard(*documents[:2]) == pytest.approx(JACCARD)
    found = pa.record_batch({"id": pa.array(range(2000), pa.int64()), "shingles": pa.array(documents)})
    met = set(map(tuple, candidates([bands(found)]).tolist()))
    assert sum((number, number + 1) in met for number in range(0, 2000, 2)) >= 990


def test_a_large_bucket_stays_linear():
    assert len(candidates([bands(shingles(batch(*[STORY] * 500)))])) == 499 + 498


def test_a_group_is_connected_though_not_every_pair_is_compared():
    hashes = [shingle_hashes(duplicates.words(text)) for text in [STORY] * 40 + [LEDGER] * 3]
    compared = []

    def shingles_of(wanted):
        compared.extend(wanted.tolist())
        return dict(enumerate(hashes))

    own = [duplicates.band_hashes(found) for found in hashes]
    found = units.compare(units.in_rows(own), shingles_of)
    assert found.groups(43).tolist() == [0] * 40 + [1] * 3
    assert len(found.pairs) == 39 + 2


def test_what_was_compared_before_is_not_compared_again():
    hashes = [shingle_hashes(duplicates.words(text)) for text in (STORY, f"Again. {STORY}", LEDGER)]
    own = units.in_rows([duplicates.band_hashes(found) for found in hashes])
    never = units.compare(own, lambda wanted: {}, lambda pairs: (np.ones(len(pairs), bool), np.ones(len(pairs), bool)))
    assert never.groups(3).tolist() == [0, 0, 1]


def test_the_first_published_is_the_original(news):
    later = news.article("later", "Vote ends face searches", STORY, "2023-03-02")
    first = news.article("first", "Town stops face searches", STORY, "2023-03-01")
    rows = {row["article_id"]: row for row in news.link().tables["articles"].to_pylist()}
    assert (rows[later]["copy_of"], rows[later]["copy_kind"]) == (first, "near")
    assert (rows[first]["copy_of"], rows[first]["copy_kind"]) == (None, None)


def test_copies_count_as_one_publisher(news):
    for number in range(4):
        news.article(f"paper{number}", "Town stops face searches", STORY, events=({"type": "ban"},))
    (incident,) = news.link().tables["incidents"].to_pylist()
    assert (incident["article_count"], incident["publisher_count"]) == (4, 1)
