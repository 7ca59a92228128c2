"""A user's own articles, good and bad, end in a release."""

import gzip
import json

import pyarrow.parquet as pq

from incidents.publish.releases import latest

TEXT = (
    "Lundby police said on Tuesday that facial recognition software had matched the wrong man. "
    "Officers of the Lundby Police Department arrested Kim Sample, 34, on 3 March 2025 after a false face match. "
    "His lawyer said he was held for two days before the charges were dropped."
)


def test_an_empty_input_gives_an_empty_valid_release(cli, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    done = cli("run", "--input", empty, "--data-dir", tmp_path / "data", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    release = latest(tmp_path / "data")
    assert release.manifest["rows"]["articles"] == 0
    asked = cli(
        "sql", "SELECT count(*) FROM incidents", "--data-dir", tmp_path / "data", "--format", "csv", home=tmp_path
    )
    assert asked.stdout.split() == ["count_star()", "0"]


def test_good_rows_come_through_and_bad_ones_are_listed_with_file_and_line(cli, tmp_path):
    lines = [
        json.dumps(
            {"url": "http://a.example/1", "title": "Wrong man", "text": TEXT, "published_at": "2025-03-06", "x": 1}
        ),
        '{"url": "http://a.example/2", "title": ',
        json.dumps({"url": "http://a.example/3", "title": "No text"}),
    ]
    rows = tmp_path / "rows.jsonl.gz"
    rows.write_bytes(gzip.compress("\n".join(lines).encode()))
    table = tmp_path / "rows.csv"
    table.write_text(f'url,title,text,published_at\nhttp://b.example/1,In Lundby,"{TEXT} A second paper.",2025\n')
    page = tmp_path / "page.html"
    page.write_text(
        f"<html><head><title>On a page</title></head><body><article><p>{TEXT} On a page.</p></article></body></html>"
    )
    note = tmp_path / "note.txt"
    note.write_text(TEXT + " As a note.")
    done = cli("run", "--input", rows, table, page, note, "--data-dir", tmp_path / "data", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "rows.jsonl.gz:2" in done.stdout
    assert "rows.jsonl.gz:3" in done.stdout
    parquet = latest(tmp_path / "data").path / "parquet"
    articles = pq.read_table(parquet / "articles.parquet").to_pylist()
    assert len(articles) == 4
    precision = {article["url"]: article["published_precision"] for article in articles}
    assert (precision["http://a.example/1"], precision["http://b.example/1"]) == ("day", "year")
    rejects = pq.read_table(tmp_path / "data" / "working" / "rejects.parquet").to_pylist()
    assert len(rejects) == 2
