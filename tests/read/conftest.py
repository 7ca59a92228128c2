"""Small archives and pages of our own."""

from datetime import UTC, datetime

import pytest

from incidents.read.warc import Page
from scrapers.archive import WarcWriter

FETCHED_AT = datetime(2023, 8, 9, 12, 0, tzinfo=UTC)
URL = "https://harbour-ledger.example/2023/08/08/wrong-man"
SENTENCE = "Officers in Harbour City arrested a man whom a camera system had taken for somebody else, court papers say."


@pytest.fixture
def html():
    """A page around some paragraphs: `html(body, head, beside)`."""

    def make(body="", head="", beside="", language="en"):
        paragraphs = body or "".join(f"<p>{SENTENCE} This is paragraph {n} of the article.</p>" for n in range(1, 7))
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            f"<title>Wrong man | Harbour Ledger</title>{head}</head><body><nav><a href='/'>Home</a></nav>{beside}"
            f"<main><article><h1>Wrong man</h1>{paragraphs}</article></main></body></html>"
        ).encode()

    return make


@pytest.fixture
def page():
    """A fetched page: `page(body, url, headers, fields)`."""

    def make(body, url=URL, content_type="text/html; charset=utf-8", fields=None, fetched_at=FETCHED_AT):
        headers = {"content-type": content_type}
        return Page(url, 200, headers, body, fetched_at, "archive/ledger/x.warc.gz", 7, fields or {})

    return make


@pytest.fixture
def archive(tmp_path):
    """Write bodies as one WARC file under archive/ledger/ and return its path: `archive({url: body})`."""

    def make(bodies, status=200, headers=(("Content-Type", "text/html; charset=utf-8"),), fields=None):
        folder = tmp_path / "archive" / "ledger" / "2023-08-09"
        writer = WarcWriter(folder, "pages", lambda: FETCHED_AT)
        for url, body in bodies.items():
            writer.write_page(url, status, [], list(headers), body, FETCHED_AT, {"source": "ledger", **(fields or {})})
        writer.close()
        return writer.files[0]

    return make
