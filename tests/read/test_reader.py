"""From archive files, and from anything a user names, to articles."""

import http.server
import io
import json
import sys
import threading
from types import SimpleNamespace

import pytest

from incidents.errors import Reject, UserError
from incidents.read import Gate, documents, inspect, read_warc
from incidents.working import ARTICLES

URL = "https://harbour-ledger.example/2023/08/08/wrong-man"
GATE = Gate({"en": ("facial recognition",)})
TERM = "<p>The county pays for facial recognition by the month, the sheriff said at a meeting of the council.</p>"
FILLER = "".join(
    f"<p>Paragraph {n} is about what the officers of Harbour City did on that day and why.</p>" for n in range(6)
)


def test_an_article_past_the_gate_is_a_row(archive, tmp_path, html):
    path = archive({URL: html(body=TERM + FILLER), f"{URL}-2": html()})
    read = read_warc(path, tmp_path, GATE)
    assert read.articles.schema == ARTICLES
    assert (read.pages, read.articles["url"].to_pylist()) == (2, [URL])
    row = read.articles.to_pylist()[0]
    assert (row["source"], row["publisher"], row["language"]) == ("ledger", "harbour-ledger.example", "en")
    assert (row["archive_file"], row["word_count"] > 60) == ("archive/ledger/2023-08-09/pages-0.warc.gz", True)


@pytest.mark.parametrize(
    "beside",
    ["<nav><a href='/fr'>Facial recognition</a></nav>", "<aside><a href='/y'>More on facial recognition</a></aside>"],
)
def test_a_term_in_the_menu_or_a_related_link_alone_does_not_pass(archive, tmp_path, html, beside):
    assert read_warc(archive({URL: html(body=FILLER, beside=beside)}), tmp_path, GATE).articles.num_rows == 0


def test_the_pages_own_keywords_pass(archive, tmp_path, html):
    head = '<meta name="keywords" content="police, facial recognition">'
    assert read_warc(archive({URL: html(head=head)}), tmp_path, GATE).articles.num_rows == 1


def test_rows_come_in_the_same_order_whatever_the_order_of_the_pages(archive, tmp_path, html):
    bodies = {f"{URL}-{n}": html(body=TERM + FILLER) for n in range(5)}
    ids = read_warc(archive(bodies), tmp_path, GATE).articles["article_id"].to_pylist()
    assert ids == sorted(ids)


def test_what_cannot_be_read_is_listed(archive, tmp_path):
    path = archive({URL: b"<html><head><title>Facial recognition</title></head><body></body></html>"})
    (reject,) = read_warc(path, tmp_path, GATE).rejects
    assert (reject.stage, reject.file, reject.reason) == (
        "read",
        "archive/ledger/2023-08-09/pages-0.warc.gz",
        "no article text found",
    )


def test_redirects_and_the_amp_twin_are_addresses_of_the_article(archive, tmp_path, html):
    head = f'<link rel="canonical" href="{URL}"><link rel="amphtml" href="{URL}/amp">'
    fields = {"requested-url": f"{URL}?utm_source=rss", "redirect-chain": "https://harbour-ledger.example/s/1"}
    row = read_warc(archive({URL: html(body=TERM, head=head)}, fields=fields), tmp_path, GATE).articles.to_pylist()[0]
    assert {u["url"]: u["relation"] for u in row["urls"]} == {
        URL: "canonical",
        f"{URL}/amp": "amp",
        f"{URL}?utm_source=rss": "tracking",
        "https://harbour-ledger.example/s/1": "redirect",
    }


def test_documents_come_without_a_gate(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"title": "Weather", "text": "Rain, and then more rain over the harbour.", "published_at": 2021}\n{"a"\n'
    )
    document, reject = documents(str(path))
    assert (document.title, document.published_precision) == ("Weather", "year")
    assert isinstance(reject, Reject)


@pytest.mark.parametrize("given", ['{"text": "Rain."}', "<html><body><p>Rain.</p></body></html>", "Rain."])
def test_standard_input_is_recognised_by_its_start(monkeypatch, given):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(given.encode())))
    (document,) = documents("-")
    assert document.text == "Rain."


def test_inspect_shows_every_candidate(tmp_path, html):
    path = tmp_path / "x.html"
    path.write_bytes(html(head='<meta property="og:title" content="Wrong man again">'))
    (shown,) = inspect(str(path))
    assert shown["path"] == str(path)
    assert shown["title"] == "Wrong man again"
    assert {"field": "title", "value": "Wrong man", "source": "page"} in shown["candidates"]
    assert json.dumps(shown)


def test_inspect_says_what_it_cannot_read(tmp_path):
    (tmp_path / "x.html").write_text("")
    (shown,) = inspect(str(tmp_path / "x.html"))
    assert (shown["error"], shown["text"]) == ("empty file", "")


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/x" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(
            b"<html><body><p>It rained all day over the harbour.</p></body></html>" if self.path == "/x" else b""
        )

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_page_on_the_web_is_fetched(site):
    (document,) = documents(f"{site}/x")
    assert (document.url, "rained" in document.text) == (f"{site}/x", True)


def test_an_address_that_does_not_answer_is_the_users_error(site):
    with pytest.raises(UserError, match="404"):
        list(documents(f"{site}/missing"))
    with pytest.raises(UserError, match="could not be fetched"):
        list(documents("http://127.0.0.1:9/"))
