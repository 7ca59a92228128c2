"""What no newsroom would print: every text gives a result or a refusal, in time that grows with its length only."""

import json
import time
from datetime import UTC, date, datetime
from itertools import chain

import pyarrow as pa
import pytest

from incidents import ids, working
from incidents.extract import pipeline
from incidents.extract.contract import Document
from incidents.extract.pipeline import LENGTH_LIMIT, extract, make_doc
from incidents.extract.rows import extract_articles
from incidents.read import documents

SENTENCE = "Detroit police used facial recognition from Clearview AI to arrest a man on Jan. 9, 2020, the city said. "
CLAUSE = "police wrongly arrested a man in Lima, Ohio after a false facial recognition match on Tuesday and "
FULL = {
    "one word of 200 KB": "x" * 200_000,
    "200,000 figures": "1" * 200_000,
    "50,000 newlines": "\n" * 50_000,
    "blanks": " " * LENGTH_LIMIT + "facial recognition",
    "accents without end": "facial recognition a" + "\u0301" * LENGTH_LIMIT,
    "dotted capitals that grow in small letters": "İ" * LENGTH_LIMIT,
}
# Each took a time that grew with the square of its length, or is likely to.
DENSE = {
    "brackets": "(",
    "dollars": "$1,",
    "amounts": "$5,000 million ",
    "groups of figures": "111 ",
    "dates": "Jan. 9, 2020 ",
    "nested quotes": "\"'“‘",
    "acronyms of places": "Detroit PD, Ohio PD, ",
    "one sentence": CLAUSE,
    "vendors": "Clearview AI, NEC, facial recognition, ",
    "families of emoji": "👨\u200d👩\u200d👧",
    "bytes in the wrong order": "\ufffe\ufeff\u202e\u2028\x00\x85",
}
TEN_LANGUAGES = (
    "Facial recognition. Reconocimiento facial. Reconnaissance faciale. Gesichtserkennung. Riconoscimento facciale. "
    "Распознавание лиц. 人脸识别. 顔認証. التعرف على الوجه. זיהוי פנים. "
)
LENGTHS = {"en": 3_000, "es": 15_000}  # characters; no model reads Spanish, so that the rules alone take the time
CPU_SECONDS = 6  # a machine needs 1 to 2


def read(text, language="en", title="Facial recognition"):
    """The extraction of a text, which must not take long."""
    document = Document("https://a.example/1", title, text, language, date(2020, 6, 24), "day")
    start = time.process_time()
    (found,) = extract([document])
    assert time.process_time() - start < CPU_SECONDS
    assert all(text[m.start : m.end] == m.text and m.quote in text for m in found.mentions)
    assert not (found.refused or "").startswith("error")
    return found


@pytest.mark.parametrize("text", FULL.values(), ids=FULL)
def test_empty_and_endless_texts(text):
    too_long = f"length: {len(text)} characters, the first {LENGTH_LIMIT} read"
    assert read(text).refused == (too_long if len(text) > LENGTH_LIMIT else None)


@pytest.mark.parametrize("language", LENGTHS)
@pytest.mark.parametrize("piece", DENSE.values(), ids=DENSE)
def test_texts_that_rules_might_read_again_and_again(piece, language):
    read(piece * (LENGTHS[language] // len(piece)), language)


def test_ten_languages_at_once():
    assert read(TEN_LANGUAGES * 20).relevance > 0


def test_a_title_of_100_kb():
    assert read(SENTENCE * 3, title=SENTENCE * 1_000).relevant


def test_a_text_that_is_all_right_inside_one_that_is_not():
    around = "(" * 5_000 + "\n" + SENTENCE + "\n" + "\u202e)" * 5_000
    assert {"Clearview AI"} == {m.name for m in read(around).mentions if m.kind == "vendor"}


def test_a_long_word_is_cut_in_place(nlp):
    text = f"{'x' * 1_000} {SENTENCE}"
    doc = make_doc(nlp, Document("u", "", text))
    assert len(doc.text) == len(text)
    assert max(map(len, doc)) <= pipeline.LONGEST_WORD
    assert doc.text.endswith(SENTENCE)


def test_a_batch_is_bounded_in_articles_and_in_characters(monkeypatch):
    batches = []

    def read_batch(documents, nlp):
        batches.append([len(document.text) for document in documents])
        return pipeline._pipe(documents, nlp)

    monkeypatch.setattr(pipeline, "_read", read_batch)
    lengths = [10, 0, LENGTH_LIMIT, 5 * LENGTH_LIMIT, *[LENGTH_LIMIT // 4] * 5, *[1] * 20]
    found = list(extract([Document(str(n), "", " " * length) for n, length in enumerate(lengths)]))
    assert [item.url for item in found] == [str(n) for n in range(len(lengths))]
    assert list(chain.from_iterable(batches)) == lengths
    assert all(len(batch) <= pipeline.BATCH_SIZE for batch in batches)
    assert all(len(batch) == 1 or sum(batch) <= pipeline.BATCH_LENGTH for batch in batches)


def test_each_article_has_a_row_that_says_what_was_not_read():
    texts = {"": "en", SENTENCE: "en", SENTENCE + "\n" * LENGTH_LIMIT: "en", "Gesichtserkennung": "de", "???": "und"}
    tables = extract_articles(pa.Table.from_pylist([article(*item) for item in texts.items()], working.ARTICLES))
    refused = {row["revision_id"]: row["refused"] for row in tables["assessments"].to_pylist()}
    assert refused == {
        "rev-0-en": None,
        f"rev-{len(SENTENCE)}-en": None,
        f"rev-{len(SENTENCE) + LENGTH_LIMIT}-en": f"length: {len(SENTENCE) + LENGTH_LIMIT} characters, the first "
        f"{LENGTH_LIMIT} read",
        "rev-17-de": "language: de not supported",
        "rev-3-und": "language: und not supported",
    }


def test_half_a_character_in_a_given_article_is_a_listed_refusal(tmp_path):
    whole = {"url": "https://a.example/1", "title": "Facial recognition", "text": SENTENCE, "publisher": "The Dorvan"}
    broken = [whole | {field: f"{whole[field]} \ud800"} for field in whole]
    (tmp_path / "given.jsonl").write_text("\n".join(json.dumps(row) for row in [*broken, whole]))
    *refused, kept = documents(str(tmp_path / "given.jsonl"))
    assert [(item.line, item.reason) for item in refused] == [(n, "not UTF-8") for n in range(1, len(broken) + 1)]
    assert kept.text == SENTENCE


def test_a_text_fetched_twice_has_the_rows_of_its_last_fetch():
    first = article(SENTENCE, "en") | {"published_on": date(2020, 1, 10)}
    last = first | {"published_on": date(2021, 1, 10)}
    (alone, both) = (extract_articles(pa.Table.from_pylist(rows, working.ARTICLES)) for rows in ([last], [first, last]))
    assert both["assessments"] == alone["assessments"]
    assert both["mentions"].num_rows == alone["mentions"].num_rows


def article(text, language):
    revision, then = f"rev-{len(text)}-{language}", datetime(2020, 6, 24, tzinfo=UTC)
    return dict.fromkeys(working.ARTICLES.names) | {
        "revision_id": revision, "article_id": f"art-{revision}", "url": revision, "canonical_url": revision,
        "urls": [], "title": "Facial recognition", "text": text, "language": language, "authors": [],
        "published_on": then.date(), "published_precision": "day", "source": "test", "fetched_at": then,
        "text_sha256": ids.text_sha256(text), "word_count": 0, "archive_file": "a", "archive_offset": 0,
        "reader_version": "1",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", [SENTENCE * 10_000, "ab-" * 70_000, CLAUSE * 2_000], ids=["1 MB", "hyphens", "clauses"]
)
def test_an_article_of_a_megabyte_is_read_to_the_limit(text):
    start = time.process_time()
    (found,) = extract([Document("u", "Facial recognition", text, "en", date(2020, 6, 24), "day")])
    assert time.process_time() - start < 120  # seconds of CPU; a machine needs 10 to 40
    assert found.refused == f"length: {len(text)} characters, the first {LENGTH_LIMIT} read"
