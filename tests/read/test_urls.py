import pytest

from incidents.read import urls

SAME = [
    # scheme, www, slash, case of the host, port, fragment
    ("http://a.example/news/x", "https://a.example/news/x"),
    ("https://www.a.example/news/x", "https://a.example/news/x"),
    ("https://a.example/news/x/", "https://a.example/news/x"),
    ("https://A.Example/news/x", "https://a.example/news/x"),
    ("https://a.example:443/news/x", "https://a.example/news/x"),
    ("http://a.example:80/news/x", "http://a.example/news/x"),
    ("https://a.example/news/x#comments", "https://a.example/news/x"),
    ("https://a.example", "https://a.example/"),
    ("https://www2.a.example/x", "https://a.example/x"),
    ("https://a.example./x", "https://a.example/x"),
    # mobile and AMP
    ("https://m.a.example/news/x", "https://a.example/news/x"),
    ("https://mobile.a.example/news/x", "https://www.a.example/news/x"),
    ("https://amp.a.example/news/x", "https://a.example/news/x"),
    ("https://amp-a.example.co.uk/x", "https://a.example.co.uk/x"),
    ("https://a.example/news/x/amp", "https://a.example/news/x"),
    ("https://a.example/news/x/amp/", "https://a.example/news/x/"),
    ("https://a.example/amp/news/x", "https://a.example/news/x"),
    ("https://a.example/news/x.amp", "https://a.example/news/x"),
    ("https://a.example/news/x.amp.html", "https://a.example/news/x"),
    ("https://a.example/news/x?amp=1", "https://a.example/news/x"),
    ("https://a.example/news/x?amp", "https://a.example/news/x"),
    ("https://a.example/news/x?outputType=amp", "https://a.example/news/x"),
    ("https://www.google.com/amp/s/a.example/news/x", "https://a.example/news/x"),
    ("https://a-example.cdn.ampproject.org/c/s/a.example/news/x", "https://a.example/news/x"),
    # tracking
    ("https://a.example/x?utm_source=rss&utm_medium=feed", "https://a.example/x"),
    ("https://a.example/x?fbclid=Iw2", "https://a.example/x"),
    ("https://a.example/x?id=1&gclid=abc", "https://a.example/x?id=1"),
    ("https://a.example/x?at_medium=RSS&at_campaign=KARANGA", "https://a.example/x"),
    ("https://a.example/x?ref=hp_feed", "https://a.example/x"),
    ("https://a.example/x?CMP=share_btn_tw", "https://a.example/x"),
    ("https://a.example/x?smid=nytcore-ios-share", "https://a.example/x"),
    ("https://a.example/x?source=rss", "https://a.example/x"),
    # spelling
    ("https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"),
    ("https://a.example/caf%C3%A9", "https://a.example/café"),
    ("https://a.example/caf%c3%a9", "https://a.example/caf%C3%A9"),
    ("https://a.example/news//x", "https://a.example/news/x"),
    ("https://a.example/news/index.html", "https://a.example/news/"),
    (" https://a.example/news/x\n", "https://a.example/news/x"),
]
DIFFERENT = [
    ("https://a.example/x?id=1", "https://a.example/x?id=2"),
    ("https://a.example/x?p=12", "https://a.example/x"),
    ("https://a.example/x?eid=77", "https://a.example/x?eid=78"),
    ("https://a.example/x?uid=77", "https://a.example/x"),
    ("https://a.example/x?cid=4711", "https://a.example/x?cid=4712"),
    ("https://a.example/x?glossary=a", "https://a.example/x?glossary=b"),
    ("https://a.example/x", "https://a.example/X"),
    ("https://a.example/x", "https://b.example/x"),
    ("https://news.a.example/x", "https://a.example/x"),
    ("https://a.example/x.html", "https://a.example/x"),
    ("https://a.example/camp", "https://a.example/c"),
    ("https://a.example/example", "https://a.example/ex"),
    ("https://m.example/x", "https://example/x"),
    ("https://a.example:8080/x", "https://a.example/x"),
    ("https://a.example/x/2", "https://a.example/x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_twins_share_the_loose_key(one, other):
    assert urls.loose_key(one) == urls.loose_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_pages_do_not(one, other):
    assert urls.loose_key(one) != urls.loose_key(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example:443/x?b=2&a=1#top", "HTTPS://A.example/x?a=1&b=2", True),
        ("https://a.example/x/", "https://a.example/x", False),
        ("http://a.example/x", "https://a.example/x", False),
        ("https://a.example/x?utm_source=rss", "https://a.example/x", False),
    ],
)
def test_the_fetch_key_joins_only_what_a_server_cannot_tell_apart(one, other, same):
    assert (urls.fetch_key(one) == urls.fetch_key(other)) is same


@pytest.mark.parametrize(
    ("url", "declared", "expected"),
    [
        ("https://a.example/x?utm_source=rss", [], "https://a.example/x"),
        ("https://a.example/x?id=1&utm_source=rss", [], "https://a.example/x?id=1"),
        ("https://a.example/x/amp", ["https://a.example/x"], "https://a.example/x"),
        ("https://amp.a.example/x", ["https://www.a.example/x"], "https://www.a.example/x"),
        ("https://a.example/x", ["/canonical/x"], "https://a.example/canonical/x"),
        ("https://a.example/x", ["https://a.example/"], "https://a.example/x"),
        ("https://a.example/x", ["https://other.example/x", "https://a.example/y"], "https://a.example/y"),
        ("https://a.example/x", ["", "http://[bad", "javascript:void(0)"], "https://a.example/x"),
        ("https://a.example.co.uk/x", ["https://b.co.uk/x"], "https://a.example.co.uk/x"),
        ("https://www.google.com/amp/s/a.example/x", [], "https://a.example/x"),
        ("urn:sha256:00", ["https://a.example/x"], "https://a.example/x"),
        ("urn:sha256:00", [], "urn:sha256:00"),
    ],
)
def test_the_canonical_address_is_declared_and_believable_or_the_cleaned_one(url, declared, expected):
    assert urls.canonical(url, declared) == expected


def test_every_address_seen_has_a_relation():
    seen = ["https://a.example/x?utm_source=rss", "https://a.example/old", "https://a.example/x"]
    assert urls.related("https://a.example/x", seen, amp="/x/amp") == [
        {"url": "https://a.example/old", "relation": "redirect"},
        {"url": "https://a.example/x", "relation": "canonical"},
        {"url": "https://a.example/x/amp", "relation": "amp"},
        {"url": "https://a.example/x?utm_source=rss", "relation": "tracking"},
    ]
