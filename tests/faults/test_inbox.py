"""A file of which nearly nothing can be read: every line that is left out is listed, and the rest goes on."""

from datetime import UTC, datetime

import pyarrow.parquet as pq

from incidents import stages
from incidents.defs import metadata

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
MALFORMED = (
    b"{",
    b'{"text": "cut',
    b"[]",
    b"7",
    b"\xff\xfe\x00",
    b'{"title": "no text"}',
    b'{"text": 7}',
    b'{"text": ""}',
    b"[" * 2_000,
    b"words",
)


def test_ten_thousand_malformed_items_are_counted_and_listed_and_the_rest_goes_on(tmp_path, articles):
    good = articles(0, 1, 2).read_bytes().splitlines()
    lines = [MALFORMED[number % len(MALFORMED)] for number in range(10_000)]
    for place, line in zip((0, 5_000, 10_002), good, strict=True):
        lines.insert(place, line)
    path = tmp_path / "inbox.jsonl"
    path.write_bytes(b"\n".join(lines))
    data = tmp_path / "data"

    outcome = stages.collect(data, "inbox", None, [path], NOON)
    assert outcome.counts == {"input_files": 1, "rejected": 10_000}
    listed = pq.read_table(stages.write_rejects(data)).to_pylist()
    assert [row["line"] for row in listed] == [n + 1 for n in range(10_003) if n not in (0, 5_000, 10_002)]
    assert {row["file"] for row in listed} == {str(path)}
    assert all(row["reason"] for row in listed)
    assert "and 9980 more in working/rejects.parquet" in metadata.of(outcome)["rejects"].value
    assert stages.read(data).counts["articles"] == 3
