import csv
import gzip
import html
import http.client
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from incidents.errors import UserError
from incidents.sample import SAMPLE, load_articles, load_publishers, render, serve, sources

ARTICLES = {article.name: article for article in load_articles()}
PUBLISHERS = load_publishers()
EXPECTED = [json.loads(line) for line in (SAMPLE / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
LEDGER = "harbour-ledger.example"
PAGE = "/2020/06/25/farmington-hills-man-arrested-on-computer-match"


def url(article):
    return PUBLISHERS[article.publisher].address(article.path)


def expected(what):
    return [row for row in EXPECTED if row["what"] == what]


def shingles(text):
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


@pytest.fixture(scope="module")
def pages():
    return render()


@pytest.fixture(scope="module")
def server():
    with serve() as running:
        yield running


@pytest.fixture
def get(server):
    """Ask the server by Host header: status, headers and body."""

    def ask(host, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", path, headers={"Host": host} | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.headers, body

    return ask


def test_every_article_renders_at_its_address(pages):
    for article in ARTICLES.values():
        page = pages[(PUBLISHERS[article.publisher].host, article.path)].body.decode()
        assert article.blocks[0] in html.unescape(page)
        assert f'<link rel="canonical" href="{url(article)}">' in page
        assert "<h1" in page


def test_rendering_twice_gives_the_same_bytes(pages):
    assert render() == pages


def test_the_sample_is_as_large_as_promised():
    languages = Counter(article.language for article in ARTICLES.values())
    assert len(ARTICLES) >= 46
    assert len({article.publisher for article in ARTICLES.values()}) >= 9
    assert min(languages["es"], languages["fr"]) >= 2
    assert len(expected("incident")) >= 14
    assert all(publisher.host.endswith(".example") for publisher in PUBLISHERS.values())


def test_every_article_has_one_expectation_that_agrees_with_its_file():
    articles = {row["url"]: row for row in expected("article")}
    refused = {row["url"] for row in expected("not_collected")}
    assert {url(article) for article in ARTICLES.values()} - refused == set(articles)
    for article in ARTICLES.values():
        if url(article) in refused:
            continue
        row = articles[url(article)]
        undated = article.quality == "undated"
        assert row["title"] == article.headline
        assert row["language"] == article.language
        assert row["published_on"] == (None if undated else article.published.date().isoformat())
        for twin in article.twins:
            assert {"url": PUBLISHERS[article.publisher].address(twin.path), "relation": twin.relation} in row["urls"]


def test_expected_copies_and_incidents_exist():
    articles, incidents = expected("article"), {row["key"]: row for row in expected("incident")}
    by_url = {url(article): article for article in ARTICLES.values()}
    for row in articles:
        assert row["incident"] is None or row["incident"] in incidents
        if row["copy_of"]:
            copy, original = shingles(by_url[row["url"]].body), shingles(by_url[row["copy_of"]].body)
            assert len(copy & original) / len(copy | original) > 0.5
    for key, incident in incidents.items():
        independent = {
            by_url[row["url"]].publisher for row in articles if row["incident"] == key and not row["copy_of"]
        }
        assert len(independent) == incident["publishers"]


def test_every_article_about_an_incident_names_the_sources_of_its_facts():
    by_url = {url(article): article for article in ARTICLES.values()}
    facts = {row["key"]: row["facts"] for row in expected("incident")}
    for row in expected("article"):
        article = by_url[row["url"]]
        if row["incident"]:
            assert article.source
            assert facts[row["incident"]] is None or facts[row["incident"]] in article.facts


def test_sources_are_the_pages_that_the_facts_were_checked_against():
    known = Path(__file__).parents[2] / "shared" / "facts" / "known_incidents.csv"
    if not known.exists():
        pytest.skip("the checked facts lie beside the checkout only where it was developed")
    rows = {row["gold_id"]: row for row in csv.DictReader(known.open(encoding="utf-8"))}
    for article in ARTICLES.values():
        for fact in article.facts:
            assert rows[fact]["verified"] == "verified"
            assert {rows[fact][f"source{n}"] for n in (1, 2, 3)} & set(article.source)


@pytest.mark.parametrize(
    ("case", "at_least"),
    [
        (lambda a: a.name.endswith("settlement-wire"), 5),
        (lambda a: a.update and a.modified, 1),
        (lambda a: a.correction and a.modified, 1),
        (lambda a: a.paywall, 1),
        (lambda a: a.quality == "undated", 1),
        (lambda a: PUBLISHERS[a.publisher].quality == "broken", 1),
        (lambda a: any(twin.relation == "amp" for twin in a.twins), 1),
        (lambda a: any(twin.relation == "redirect" for twin in a.twins), 1),
        (lambda a: any(twin.relation == "tracking" for twin in a.twins), 1),
        (lambda a: "last Thursday" in a.body.replace("Last", "last"), 1),
    ],
)
def test_special_cases_are_there(case, at_least):
    assert sum(bool(case(article)) for article in ARTICLES.values()) >= at_least


def test_articles_of_no_interest_are_there():
    kinds = Counter(row["kind"] for row in expected("article") if not row["relevant"])
    assert kinds["not_fr"] >= 3
    assert kinds["product"] >= 4


def test_what_must_not_be_collected_is_closed_or_gone(pages):
    for row in expected("not_collected"):
        host, path = row["url"].removeprefix("http://").split("/", 1)
        closed = any(("/" + path).startswith(rule) for rule in PUBLISHERS["harbour-ledger"].robots.disallow)
        assert closed if row["reason"] == "robots" else (host, "/" + path) not in pages


def test_sources_lead_to_feeds_that_list_every_article(pages):
    listed = b"".join(resource.body for resource in pages.values() if "xml" in resource.content_type)
    for source in yaml.safe_load(sources().read_text())["sources"]:
        host, path = source["url"].removeprefix("http://").split("/", 1)
        assert (host, "/" + path) in pages
    for article in ARTICLES.values():
        addresses = [article.path] if article.listed else [twin.path for twin in article.twins]
        assert all(PUBLISHERS[article.publisher].address(path).encode() in listed for path in addresses)


def test_pages_come_with_type_tag_and_date(get):
    status, headers, body = get(LEDGER, PAGE)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Last-Modified"] == "Thu, 25 Jun 2020 10:30:00 GMT"
    assert headers["ETag"].startswith('W/"')
    assert b"Robert Williams" in body


def test_an_unchanged_page_is_not_sent_again(get):
    headers = get(LEDGER, PAGE)[1]
    assert get(LEDGER, PAGE, If_None_Match=headers["ETag"])[::2] == (304, b"")
    assert get(LEDGER, PAGE, If_Modified_Since=headers["Last-Modified"])[::2] == (304, b"")
    assert get(LEDGER, PAGE, If_None_Match='"other"')[0] == 200
    assert get(LEDGER, PAGE, If_Modified_Since="some day")[0] == 200


def test_gzip_only_where_asked(get):
    plain, (_, headers, zipped) = get(LEDGER, PAGE)[2], get(LEDGER, PAGE, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped) == plain


def test_redirect_missing_page_and_unknown_site(get):
    status, headers, _ = get(LEDGER, "/story/88213")
    assert status == 301
    assert headers["Location"].endswith("/2023/08/07/pregnant-woman-sues-detroit-over-carjacking-arrest")
    assert get(LEDGER, "/2021/02/11/council-camera-grant-vote")[0] == 404
    assert get("elsewhere.example", "/")[0] == 404


def test_it_answers_as_a_proxy_would_and_keeps_a_log(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for path in ("/robots.txt", f"{PAGE}?utm_source=x"):  # two requests on one connection
        connection.request("GET", f"http://{LEDGER}{path}", headers={"Host": f"{LEDGER}:80"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()
    assert [(r.host, r.path) for r in server.requests[-2:]] == [
        (LEDGER, "/robots.txt"),
        (LEDGER, f"{PAGE}?utm_source=x"),
    ]
    assert LEDGER in server.hosts


def test_a_bad_article_file_is_named(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.md").write_text("---\npublisher: x\n---\ntext\n")
    with pytest.raises(UserError, match=r"one\.md: path: Field required"):
        load_articles(tmp_path)
