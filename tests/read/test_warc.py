"""WARC records of any tool become pages."""

import gzip
import io

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from incidents.errors import Reject
from incidents.read.warc import Page, iterate

BODY = b"<html><body><p>A page.</p></body></html>"


def written(tmp_path, body, headers, status="200 OK", kind="response", url="https://ledger.example/1"):
    """One record by warcio, as other tools write it."""
    path = tmp_path / "other.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        http = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind == "response" else None
        record = writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=http, warc_content_type=dict(headers).get("Content-Type")
        )
        writer.write_record(record)
    return next(iter(iterate(path, "archive/other/x.warc.gz")))


def test_our_own_page_comes_with_what_the_crawler_noted(archive):
    path = archive({"https://ledger.example/1": BODY}, fields={"discovered-title": "From the feed"})
    (page,) = iterate(path, "archive/ledger/x.warc.gz")
    assert (page.url, page.status, page.body) == ("https://ledger.example/1", 200, BODY)
    assert page.fields == {"source": "ledger", "discovered-title": "From the feed"}
    assert page.fetched_at.isoformat() == "2023-08-09T12:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(BODY), {"Content-Encoding": "gzip"}),
        (brotli.compress(BODY), {"Content-Encoding": "br"}),
        (BODY, {"Content-Encoding": "gzip"}),
        (b"5\r\n<html\r\n23\r\n><body><p>A page.</p></body></html>\r\n0\r\n\r\n", {"Transfer-Encoding": "chunked"}),
        (BODY, {"Transfer-Encoding": "chunked"}),
    ],
    ids=["gzip", "brotli", "decoded, header kept", "chunked", "joined, header kept"],
)
def test_bodies_come_decoded_however_the_archive_keeps_them(tmp_path, body, coding):
    page = written(tmp_path, body, [("Content-Type", "text/html"), *coding.items()])
    assert isinstance(page, Page)
    assert page.body == BODY


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": "404 Not Found"}, "status 404"),
        ({"headers": [("Content-Type", "application/pdf")]}, "not HTML: application/pdf"),
        ({"body": b""}, "empty body"),
        (
            {"headers": [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], "body": b"\x1f\x8b no"},
            "not whole gzip",
        ),
        ({"url": "dns:ledger.example"}, "not a web address"),
    ],
)
def test_what_is_no_page_says_why(tmp_path, changed, reason):
    reject = written(tmp_path, **({"body": BODY, "headers": [("Content-Type", "text/html")]} | changed))
    assert isinstance(reject, Reject)
    assert reason in reject.reason
    assert reject.file == "archive/other/x.warc.gz"


def test_a_text_that_was_given_is_a_page_too(tmp_path):
    page = written(tmp_path, b"Some text.", [("Content-Type", "text/plain; charset=utf-8")], kind="resource")
    assert page.is_text
