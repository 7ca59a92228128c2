import numpy as np
import pytest

from incidents.link import duplicates
from incidents.link.duplicates import bands, candidate_pairs, duplicate_pairs, jaccard, shingle_hashes

STORY = [
    "The",
    "council",
    "of",
    "Riverton",
    "voted",
    "on",
    "Monday",
    "to",
    "stop",
    "its",
    "police",
    "from",
    "using",
    "face",
    "recognition",
    "after",
    "a",
    "clerk",
    "was",
    "held",
    "for",
    "two",
    "nights",
    "over",
    "a",
    "wrong",
    "match.",
    "The",
    "mayor",
    "said",
    "the",
    "system",
    "had",
    "never",
    "been",
    "tested",
    "on",
    "people",
    "who",
    "live",
    "in",
    "the",
    "town,",
    "and",
    "that",
    "the",
    "contract",
    "would",
    "end",
    "in",
    "June.",
    "Campaigners",
    "had",
    "asked",
    "for",
    "the",
    "vote",
    "since",
    "the",
    "spring.",
]


def test_a_wire_story_with_another_headline_is_a_copy():
    other = ["different", "headline", "here", *STORY]
    assert duplicate_pairs([STORY, other]) == [(0, 1)]


def test_two_stories_with_a_shared_sentence_are_not():
    other = [*STORY[:20], *(f"word{number}" for number in range(60))]
    assert duplicate_pairs([STORY, other]) == []


def test_texts_without_words_are_no_copies():
    assert duplicate_pairs([[], [], STORY]) == []


def test_a_short_text_is_one_shingle():
    assert duplicate_pairs([["face", "match"], ["face", "match"], ["face", "search"]]) == [(0, 1)]


def test_hashes_are_the_same_everywhere():
    assert shingle_hashes(["one", "two", "three", "four", "five"], {}).tolist() == [14900735819062980872]


def test_bands_do_not_depend_on_the_batch():
    shingles = [shingle_hashes(STORY[start:], {}) for start in range(5)]
    whole = bands(list(enumerate(shingles)))
    parts = [bands([(number, found)]) for number, found in enumerate(shingles)]
    assert whole["hash"].to_pylist() == [value for part in parts for value in part["hash"].to_pylist()]


def test_half_alike_pairs_become_candidates():
    """At Jaccard .5 at least 99 of 100 pairs must share a band."""
    random = np.random.default_rng(7)
    shingles = []
    for _ in range(300):
        shared, a, b = (random.integers(0, 2**63, size, dtype=np.uint64) for size in (200, 100, 100))
        shingles += [np.unique(np.concatenate([shared, own])) for own in (a, b)]
    pairs = {(number, number + 1) for number in range(0, 600, 2)}
    assert jaccard(shingles[0], shingles[1]) == pytest.approx(0.5)
    assert len(pairs & set(candidate_pairs(shingles))) >= 297


def test_a_large_bucket_stays_linear(monkeypatch):
    same = shingle_hashes(STORY, {})
    pairs = candidate_pairs([same] * 500)
    assert len(pairs) == 499 + 498


def test_the_first_published_is_the_original(news):
    later = news.article("later", "Vote ends face searches", " ".join(STORY), "2023-03-02")
    first = news.article("first", "Town stops face searches", " ".join(STORY), "2023-03-01")
    rows = {row["article_id"]: row for row in news.link().tables["articles"].to_pylist()}
    assert (rows[later]["copy_of"], rows[later]["copy_kind"]) == (first, "near")
    assert (rows[first]["copy_of"], rows[first]["copy_kind"]) == (None, None)


def test_copies_count_as_one_publisher(news):
    for number in range(4):
        news.article(f"paper{number}", "Town stops face searches", " ".join(STORY), events=({"type": "ban"},))
    (incident,) = news.link().tables["incidents"].to_pylist()
    assert (incident["article_count"], incident["publisher_count"]) == (4, 1)
    assert duplicates.JACCARD == 0.5
