from datetime import UTC, datetime

import pyarrow as pa

from incidents.read.revisions import merge_revisions
from incidents.working import ARTICLES


def row(revision, day, urls):
    empty = {field.name: None for field in ARTICLES}
    return empty | {
        "revision_id": revision,
        "article_id": "art-1",
        "url": "https://a.example/x",
        "canonical_url": "https://a.example/x",
        "urls": [{"url": url, "relation": relation} for url, relation in urls],
        "text": "x",
        "language": "en",
        "authors": [],
        "published_precision": "unknown",
        "source": "a",
        "fetched_at": datetime(2024, 1, day, tzinfo=UTC),
        "text_sha256": "0",
        "word_count": 1,
        "archive_file": f"archive/a/2024-01-0{day}/x.warc.gz",
        "archive_offset": 0,
        "reader_version": "0",
    }


def test_a_text_fetched_again_is_one_revision_with_the_addresses_of_both():
    again = row("rev-1", 2, [("https://a.example/x", "tracking"), ("https://a.example/y", "redirect")])
    first = row("rev-1", 1, [("https://a.example/x", "canonical")])
    other = row("rev-0", 1, [])
    merged = merge_revisions(pa.Table.from_pylist([again, first, other], schema=ARTICLES)).to_pylist()
    assert [r["revision_id"] for r in merged] == ["rev-0", "rev-1"]
    assert merged[1]["fetched_at"].day == 1
    assert {u["url"]: u["relation"] for u in merged[1]["urls"]} == {
        "https://a.example/x": "canonical",
        "https://a.example/y": "redirect",
    }
