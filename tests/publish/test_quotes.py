"""Few sentences of one article, and never a published value without one."""

import pyarrow as pa

from incidents.publish.quotes import MOST, limit
from incidents.tables import BY_NAME

REVISIONS = pa.table({"revision_id": ["rev-1", "rev-2"], "article_id": ["art-1", "art-2"]})


def row(number, **changes):
    values = dict(
        evidence_id=f"evi-{number:03d}", table_name="incidents", row_id=f"FRI-{number:08d}", field="incident_type",
        value="ban",
        revision_id="rev-1", char_start=0, char_end=9, quote=f"Sentence {number}.", language="en", extractor="test",
        extractor_version="1", score=0.5, selected=False,
    )  # fmt: skip
    return values | changes


def kept(rows):
    schema = pa.schema([field.with_nullable(True) for field in BY_NAME["evidence"].schema])
    return limit(pa.Table.from_pylist(rows, schema=schema), REVISIONS).column("evidence_id").to_pylist()


def test_the_best_of_too_many_stay():
    rows = [row(n, score=n / 100) for n in range(MOST + 5)]
    assert kept(rows) == [f"evi-{n:03d}" for n in range(5, MOST + 5)]


def test_one_sentence_behind_many_values_counts_once():
    assert len(kept([row(n, quote="The same.") for n in range(MOST + 5)])) == MOST + 5


def test_the_only_sentence_of_a_published_value_stays():
    rows = [row(n, selected=True) for n in range(MOST + 5)]
    assert len(kept(rows)) == MOST + 5


def test_a_value_that_another_article_states_too_can_do_without():
    here = [row(n, selected=True) for n in range(MOST + 5)]
    there = [r | {"evidence_id": f"evj-{n}", "revision_id": "rev-2"} for n, r in enumerate(here[:3])]
    found = kept([*here, *there])
    assert {"evi-000", "evi-001", "evi-002"}.isdisjoint(found)
    assert {"evj-0", "evj-1", "evj-2"} <= set(found)
