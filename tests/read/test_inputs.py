"""The user's own files come in by the one door."""

import gzip
import json
from datetime import UTC, datetime

import pytest

from incidents.errors import UserError
from incidents.read import Gate, archive_inputs, read_warc

NOW = datetime(2024, 1, 2, 3, 4, tzinfo=UTC)
TEXT = "  Facial recognition named the wrong man.\n"
ROW = {"url": "https://a.example/x?utm_source=rss", "title": "Wrong man", "text": TEXT}


@pytest.fixture
def given(tmp_path):
    """Write a file and take it in: `given(name, content)` gives the rows and the rejects."""

    def take(name, content):
        folder = tmp_path / "given"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        data = tmp_path / "data"
        files, rejects = archive_inputs([path], data / "archive", NOW)
        read = [read_warc(file, data, None) for file in files]
        return [row for r in read for row in r.articles.to_pylist()], rejects + [x for r in read for x in r.rejects]

    return take


def lines(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_a_row_of_json_lines_is_an_article(given):
    extra = {
        "published_at": "2021-05-18T23:30:00-07:00",
        "language": "en",
        "publisher": "Ledger",
        "authors": ["Ada Quill"],
    }
    (row,), rejects = given("x.jsonl", lines(ROW | extra | {"unknown": 1}))
    assert not rejects
    assert (row["url"], row["canonical_url"]) == (ROW["url"], "https://a.example/x")
    assert (row["text"], row["title"], row["authors"]) == (TEXT, "Wrong man", ["Ada Quill"])
    assert (row["published_on"].isoformat(), row["published_precision"]) == ("2021-05-18", "day")
    assert row["published_at"] == datetime(2021, 5, 19, 6, 30, tzinfo=UTC)
    assert (row["language"], row["publisher"], row["source"]) == ("en", "Ledger", "inbox")
    assert (row["fetched_at"], row["archive_offset"] > 0) == (NOW, True)
    assert row["archive_file"].startswith("archive/inbox/2024-01-02/")


@pytest.mark.parametrize(
    ("published_at", "precision"), [(2021, "year"), ("2021", "year"), ("2021-05", "month"), ("2021-05-18", "day")]
)
def test_a_date_may_be_only_a_year(given, published_at, precision):
    (row,), _ = given("x.jsonl", lines(ROW | {"published_at": published_at}))
    assert row["published_precision"] == precision


def test_csv_is_read_alike(given):
    content = 'title,text,published_at,authors\nWrong man,"Facial\nrecognition",2021,Ada Quill and Bo Reed\n'
    (row,), rejects = given("x.csv", "\ufeff" + content)
    assert not rejects
    assert (row["text"], row["authors"], row["published_precision"]) == (
        "Facial\nrecognition",
        ["Ada Quill", "Bo Reed"],
        "year",
    )
    assert row["url"].startswith("urn:sha256:")


def test_html_text_and_gzip_are_read_too(given, html):
    head = '<link rel="canonical" href="https://harbour-ledger.example/x">'
    (from_html,), _ = given("x.html.gz", gzip.compress(html(head=head)))
    (from_text,), _ = given("x.txt", "A title\n\nAnd a text.")
    assert from_html["canonical_url"] == "https://harbour-ledger.example/x"
    assert (from_text["title"], from_text["text"]) == ("A title", "A title\n\nAnd a text.")


def test_a_text_files_first_line_is_its_title_or_its_date_but_no_running_text(given):
    heads = ["A title", "date 2025-03-06 A street in Lundby. PHOTO A. NYONE", "Police spoke. Then they left"]
    rows = [given("x.txt", f"{head}\n\nAnd a text.")[0][0] for head in heads]
    assert [row["title"] for row in rows] == ["A title", None, None]
    assert [str(row["published_on"]) for row in rows] == ["None", "2025-03-06", "None"]


def test_a_web_archive_is_taken_as_it_is(given, archive, html):
    rows, _ = given("x.warc.gz", archive({"https://a.example/1": html()}).read_bytes())
    assert [row["url"] for row in rows] == ["https://a.example/1"]


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("x.jsonl", lines(ROW) + "{broken\n" + lines(ROW), 2, "not a JSON object"),
        ("x.jsonl", lines(ROW, [1, 2]), 2, "not a JSON object"),
        ("x.jsonl", lines(ROW, {"title": "no text"}), 2, "no text"),
        ("x.jsonl", lines(ROW, ROW | {"url": "ftp://a.example/x"}), 2, "not an http"),
        ("x.jsonl", lines(ROW).encode() + b'{"text": "\xff"}\n', 2, "not a JSON object"),
        ("x.csv", "text,title\nfacial recognition,a\n\nb,c,d\n", 4, "3 values for 2 columns"),
        ("x.csv", b"text\nfacial recognition\nb\xff\n", 3, "not UTF-8"),
        ("x.csv", "words\nsome\n", 1, "no column `text`"),
        ("x.txt", b"\xff\xfe\xfd", 1, "not UTF-8"),
        ("x.html", "", None, "empty file"),
        ("x.jsonl.gz", gzip.compress(lines(ROW).encode() * 50)[:-20], None, "not a whole gzip file"),
        ("x.png", b"\x89PNG", None, "unknown kind of file"),
    ],
)
def test_what_is_malformed_is_listed_with_its_line(given, name, content, line, reason):
    _, rejects = given(name, content)
    assert [(r.line, reason in r.reason) for r in rejects] == [(line, True)]
    assert rejects[0].file.endswith(name)


def test_the_good_rows_around_a_bad_one_are_kept(given):
    rows, rejects = given("x.jsonl", lines(ROW) + "{broken\n" + lines(ROW | {"url": "https://a.example/y"}))
    assert (len(rows), len(rejects)) == (2, 1)


def test_a_date_that_is_none_costs_the_date_not_the_article(given):
    (row,), (reject,) = given("x.jsonl", lines(ROW | {"published_at": "last week"}))
    assert row["published_precision"] == "unknown"
    assert "published_at" in reject.reason


def test_the_same_input_twice_is_one_file_also_on_another_day(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(lines(ROW))
    first, _ = archive_inputs([path], tmp_path / "archive", NOW)
    again, _ = archive_inputs([path], tmp_path / "archive", NOW.replace(day=9))
    assert first == again
    assert len(list((tmp_path / "archive").rglob("*.warc.gz"))) == 1


def test_the_same_input_gives_the_same_bytes(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(lines(ROW))
    (one,), _ = archive_inputs([path], tmp_path / "one", NOW)
    (other,), _ = archive_inputs([path], tmp_path / "other", NOW)
    assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())


def test_a_folder_is_walked_and_an_empty_file_is_no_error(tmp_path):
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "b" / "x.jsonl").write_text(lines(ROW))
    (tmp_path / "in" / "a.jsonl").write_text("")
    (tmp_path / "in" / ".hidden").write_text("x")
    files, rejects = archive_inputs([tmp_path / "in"], tmp_path / "archive", NOW)
    assert (len(files), rejects) == (1, [])


def test_a_missing_path_is_the_users_error(tmp_path):
    with pytest.raises(UserError, match="no such file"):
        archive_inputs([tmp_path / "missing.jsonl"], tmp_path / "archive", NOW)


def test_own_texts_pass_the_gate_by_title_or_text(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(
        lines(ROW, {"title": "Facial recognition", "text": "Short."}, {"title": "Weather", "text": "Rain."})
    )
    (file,), _ = archive_inputs([path], tmp_path / "archive", NOW)
    read = read_warc(file, tmp_path, Gate({"en": ("facial recognition",)}))
    assert (read.pages, read.articles.num_rows, read.rejects) == (3, 2, [])
