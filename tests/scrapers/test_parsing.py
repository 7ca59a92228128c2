"""What feeds, sitemaps and addresses say."""

from datetime import UTC, datetime

import pytest

from scrapers.frontier import Item
from scrapers.spiders.feed import NotAFeedError, parse_feed
from scrapers.spiders.sitemap import NotASitemapError, parse_sitemap, w3c_date
from scrapers.spiders.wayback import parse_snapshot
from scrapers.urls import BadUrlError, absolute, fetch_key, site
from scrapers.xml import HostileXmlError

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)

RSS = b"""<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><item><title>Caf\xe9 &amp; bar</title>
<link>/1</link><pubDate>Mon, 04 May 2026 11:00:00 +0200</pubDate></item><item><title>No link</title></item>
<item><guid>http://x.example/2</guid><title>By its guid</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">One</title>
<link rel="self" href="/self"/>
<link href="/1"/><published>2026-05-04T09:00:00Z</published></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="/1"><title>One</title><link>/1</link>
<dc:date>2026-05-04T09:00:00Z</dc:date></item></rdf:RDF>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "7", "url": "/1", "title": "One",
"date_published": "2026-05-04T11:00:00+02:00"}, {"title": "no address"}, 7]}"""


@pytest.mark.parametrize(
    ("feed", "items"),
    [
        (RSS, [("/1", "Café & bar", NINE), ("http://x.example/2", "By its guid", None)]),
        (ATOM, [("/1", "One", NINE)]),
        (RDF, [("/1", "One", NINE)]),
        (JSON, [("/1", "One", NINE)]),
        (b"\xef\xbb\xbf" + JSON, [("/1", "One", NINE)]),
        (ATOM.replace(b"</feed>", b""), [("/1", "One", NINE)]),  # cut off
    ],
)
def test_feeds(feed: bytes, items: list[tuple[str, str, datetime | None]]) -> None:
    assert [(item.url, item.title, item.published) for item in parse_feed(feed)] == items


@pytest.mark.parametrize("body", [b"", b"<html><p>hello", b"{", b'{"items": 7', b"[" * 100_000, b"\x00\xff"])
def test_what_is_no_feed(body: bytes) -> None:
    with pytest.raises(NotAFeedError):
        parse_feed(body)


def test_a_plain_sitemap_dates_a_page_by_its_last_change() -> None:
    body = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><!-- a note --><url>
    <loc> http://x.example/1?a=1&amp;b=2 </loc><lastmod>2026-05-04</lastmod></url><url><lastmod>2026</lastmod></url>"""
    assert parse_sitemap(body) == (
        [Item("http://x.example/1?a=1&b=2", "", "2026-05-04", datetime(2026, 5, 4, tzinfo=UTC))],
        [],
    )


def test_what_is_no_sitemap() -> None:
    for body in (b"", b"<html/>", b"words"):
        with pytest.raises(NotASitemapError):
            parse_sitemap(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("before", ["", " <?xml version='1.0'?>\n", f"<!-- {'long ' * 20_000} -->", "<!-- --><?x ?>"])
def test_entities_are_refused_wherever_they_hide(before: str, encoding: str) -> None:
    body = before + '<!DOCTYPE u SYSTEM "a>b" [<!entity a SYSTEM "file:///etc/passwd">]><urlset>&a;</urlset>'
    with pytest.raises(HostileXmlError):
        parse_sitemap(body.encode(encoding))


def test_what_an_article_says_of_entities_is_no_entity() -> None:
    item = b"<item><title><![CDATA[<!DOCTYPE a [<!ENTITY b>]]]></title><link>/1</link></item>"
    (found,) = parse_feed(b'<rss version="2.0"><channel>' + item + b"</channel></rss>")
    assert found.url == "/1"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-04T11:00:00+02:00", NINE),
        ("2026-05-04T09:00Z", NINE),
        ("2026-05", datetime(2026, 5, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("4 May", None),
        ("", None),
    ],
)
def test_w3c_dates(text: str, moment: datetime | None) -> None:
    assert w3c_date(text) == moment


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://x.example", "http://x.example/"),
        ("HTTP://X.Example:80/a#part", "http://x.example/a"),
        ("https://x.example:443/a?", "https://x.example/a"),
        ("https://x.example:8443/a", "https://x.example:8443/a"),
        ("http://x.example/a?utm_source=rss&id=2&utm_medium=x", "http://x.example/a?id=2"),
        ("http://x.example/a?fbclid=1", "http://x.example/a"),
        ("http://x.example/a?id=2&id=1", "http://x.example/a?id=2&id=1"),
        ("http://x.example/a?ref=7", "http://x.example/a?ref=7"),
        ("http://x.example/caf\u00e9", "http://x.example/caf%C3%A9"),
        ("http://user:secret@x.example/a", "http://x.example/a"),
        ("http://x.example/a/", "http://x.example/a/"),
        ("http://x.example/amp/a", "http://x.example/amp/a"),
    ],
)
def test_one_page_has_one_fetch_key(url: str, key: str) -> None:
    assert fetch_key(url) == key
    assert fetch_key(key) == key


@pytest.mark.parametrize("url", ["", "a", "ftp://x.example/", "javascript:alert(1)", "http://", "http://x:99999/"])
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(BadUrlError):
        absolute("", url)


def test_a_site_is_a_registered_domain() -> None:
    assert site("https://www.news.co.uk/a") == site("https://m.news.co.uk/b") == "news.co.uk"
    assert site("http://www.ledger.example/") == "ledger.example"
    assert site("http://127.0.0.1:80/") == "127.0.0.1"


def test_a_snapshot_is_asked_for_without_the_archives_frame() -> None:
    found = b'{"archived_snapshots": {"closest": {"available": true, "url": "http://w.example/web/2026/http://x.example/"}}}'
    assert parse_snapshot(found) == "http://w.example/web/2026id_/http://x.example/"
    assert parse_snapshot(b'{"archived_snapshots": {}}') is None
    with pytest.raises(ValueError, match="Expecting value"):
        parse_snapshot(b"busy")
