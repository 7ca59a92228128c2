import json

import pytest

from incidents.read.article import read


def json_ld(*nodes):
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Harbour City arrests the wrong man",
    "datePublished": "2023-08-08T22:30:00-05:00",
    "dateModified": "2023-08-09T09:00:00-05:00",
    "author": [{"@type": "Person", "name": "Ada Quill"}, {"@type": "Person", "name": "Bo Reed"}],
    "publisher": {"@type": "Organization", "name": "Harbour Ledger"},
    "isAccessibleForFree": "False",
}


def test_json_ld_says_it_all(html, page):
    reading = read(page(html(head=json_ld(ARTICLE))))
    assert reading.title == "Harbour City arrests the wrong man"
    assert reading.authors == ["Ada Quill", "Bo Reed"]
    assert reading.publisher == "Harbour Ledger"
    assert reading.published.stated() == "2023-08-09T03:30:00+00:00"
    assert reading.published.on.isoformat() == "2023-08-08"
    assert reading.modified.stated() == "2023-08-09T14:00:00+00:00"
    assert reading.paywalled is True


def test_a_graph_is_searched_and_its_references_followed(html, page):
    graph = {
        "@graph": [
            {"@type": "WebSite", "name": "Harbour Ledger"},
            {"@type": ["Article"], "headline": "Wrong man", "author": {"@id": "#ada"}, "datePublished": "2023-08-08"},
            {"@type": "Person", "@id": "#ada", "name": "Ada Quill"},
        ]
    }
    reading = read(page(html(head=json_ld(graph))))
    assert (reading.title, reading.authors, reading.published.stated()) == ("Wrong man", ["Ada Quill"], "2023-08-08")


def test_the_article_of_the_page_is_chosen_among_those_it_links_to(html, page):
    other = {"@type": "NewsArticle", "headline": "Another story", "url": "https://harbour-ledger.example/other"}
    own = {
        "@type": "NewsArticle",
        "headline": "Wrong man",
        "url": "https://harbour-ledger.example/2023/08/08/wrong-man",
    }
    assert read(page(html(head=json_ld(other, own)))).title == "Wrong man"


@pytest.mark.parametrize(
    "broken",
    [
        '<!-- {"@type": "NewsArticle", "headline": "Wrong man", "datePublished": "2023-08-08"} -->',
        '{"@type": "NewsArticle", "headline": "Wrong man", "datePublished": "2023-08-08",}',
        '{"@type": "NewsArticle", "headline": "Wrong man", "datePublished": "2023-08-08", "body": "a\nb"}',
        '{"@type": "NewsArticle", "headline": "Wrong man", "datePublished": "2023-08-08", "body": "say "no" to it"}',
    ],
    ids=["commented out", "comma too many", "line break in a string", "quotes in a string"],
)
def test_broken_json_ld_is_read_as_far_as_it_goes(html, page, broken):
    reading = read(page(html(head=f'<script type="application/ld+json">{broken}</script>')))
    assert (reading.title, reading.published.stated()) == ("Wrong man", "2023-08-08")


def test_open_graph_and_meta_stand_in(html, page):
    head = (
        '<meta property="og:title" content="Wrong man | Harbour Ledger">'
        '<meta property="og:site_name" content="Harbour Ledger">'
        '<meta property="article:published_time" content="2023-08-08T10:00:00Z">'
        '<meta name="author" content="By Ada Quill">'
        '<meta property="article:content_tier" content="locked">'
    )
    reading = read(page(html(head=head)))
    assert (reading.title, reading.authors, reading.paywalled) == ("Wrong man", ["Ada Quill"], True)
    assert reading.published.stated() == "2023-08-08T10:00:00+00:00"


def test_microdata_and_bylines_stand_in(html, page):
    beside = (
        '<div class="byline">By <a href="/ada">Ada Quill</a> and <a href="/bo">Bo Reed</a></div>'
        '<span itemprop="datePublished" content="2023-08-08T10:00:00Z"></span>'
    )
    reading = read(page(html(beside=beside)))
    assert reading.authors == ["Ada Quill", "Bo Reed"]
    assert reading.published.stated() == "2023-08-08T10:00:00+00:00"


def test_the_feed_is_the_last_source(html, page):
    fields = {"discovered-date": "Tue, 08 Aug 2023 10:00:00 GMT", "discovered-title": "From the feed"}
    reading = read(page(html(), url="https://harbour-ledger.example/wrong-man", fields=fields))
    assert reading.published.stated() == "2023-08-08T10:00:00+00:00"
    assert ("title", "From the feed", "feed") in [(c.field, c.value, c.source) for c in reading.candidates]


def test_a_date_in_the_future_is_not_believed(html, page):
    node = ARTICLE | {"datePublished": "2031-01-01T00:00:00Z"}
    assert read(page(html(head=json_ld(node)))).published.on.isoformat() == "2023-08-08"  # the address says so


def test_the_same_instant_with_a_local_offset_gives_the_local_day(html, page):
    head = json_ld({"@type": "NewsArticle", "headline": "Wrong man", "datePublished": "2023-08-09T03:30:00Z"})
    head += '<meta property="article:published_time" content="2023-08-08T22:30:00-05:00">'
    reading = read(page(html(head=head), url="https://harbour-ledger.example/x"))
    assert reading.published.on.isoformat() == "2023-08-08"


def test_the_publisher_is_an_author_only_where_nobody_is_named(html, page):
    house = ARTICLE | {"author": "Harbour Ledger"}
    assert read(page(html(head=json_ld(house)))).authors == ["Harbour Ledger"]
    byline = '<p class="author">Ada Quill</p>'
    assert read(page(html(head=json_ld(house), beside=byline))).authors == ["Ada Quill"]


def test_a_page_that_says_nothing_has_its_host_for_a_publisher(page):
    reading = read(
        page(b"<html><body><p>Something happened somewhere, it seems.</p></body></html>", url="https://www.a.example/x")
    )
    assert (reading.title, reading.authors, reading.publisher, reading.published) == ("", [], "a.example", None)


@pytest.mark.parametrize(
    "notice",
    [
        "Correction: An earlier version of this article named the wrong street.",
        "This story has been corrected to say that the arrest was in May.",
        "Fe de errores: una versión anterior de este artículo daba otra fecha.",
        "Une version précédente de cet article donnait un autre nom.",
    ],
)
def test_a_correction_is_kept_as_the_page_gives_it(html, page, notice):
    body = "".join(
        f"<p>Paragraph {n} says what happened in the harbour, and to whom, at some length.</p>" for n in range(6)
    )
    assert read(page(html(body=f"{body}<p>{notice}</p>"))).correction == notice
    assert read(page(html(body=body))).correction is None


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Wrong man arrested - Harbour Ledger", "Wrong man arrested", "Wrong man arrested"),
        ("Wrong man arrested | Some Other Name", "", "Wrong man arrested | Some Other Name"),
        ("Harbour-owned cameras failed, says court", "Harbour", "Harbour-owned cameras failed, says court"),
    ],
)
def test_the_sites_name_goes_from_the_title_where_the_page_shows_it_to_be_one(page, title, heading, expected):
    source = f'<html><head><meta property="og:title" content="{title}"></head><body><h1>{heading}</h1></body></html>'
    assert read(page(source.encode())).title == expected


@pytest.mark.parametrize("canonical", ["http://[bad", "", "//"])
def test_an_address_that_is_none_is_passed_over(html, page, canonical):
    reading = read(page(html(head=f'<link rel="canonical" href="{canonical}">')))
    assert reading.canonical_url == "https://harbour-ledger.example/2023/08/08/wrong-man"
