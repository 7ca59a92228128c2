"""The page of `incidents explain`: every finding in the text with its reason; nothing runs, nothing is fetched."""

import re
from datetime import date

import pytest
from lxml import html as lxml_html

from incidents.annotating import COLORS, Explanation, explain, render
from incidents.errors import UserError
from incidents.extract.contract import KINDS, Document, Event, Extraction, Mention
from incidents.extract.pipeline import extract

TEXT = (
    "Dorvan Police wrongly arrested Tam Orrel, 41, on 3 March 2025 after facial recognition from Clearview AI matched "
    "his photograph to a shoplifter.\n\n"
    "He sued the city of Detroit for $75,000, said his lawyer, Nell Varga.\n"
    "The Detroit Police Department uses <b>facial recognition</b> & DataWorks Plus, Varga said."
)
HOSTILE = '<script>alert(1)</script><img src="http://a.example/x" onerror=alert(2)> "\'&'


@pytest.fixture(scope="module")
def article():
    return Document(
        "https://a.example/1", "Wrongful arrest", TEXT, "en", date(2025, 3, 5), "day", publisher="The Dorvan"
    )


@pytest.fixture(scope="module")
def explained(article):
    return explain(article)


@pytest.fixture(scope="module")
def tree(explained):
    return lxml_html.fromstring(render([explained]))


def words(element):
    return " ".join(element.text_content().split())


def test_it_explains_what_extract_finds(article, explained):
    assert explained.result == next(extract([article]))


def test_every_mention_and_event_stands_in_the_text_with_a_link_to_its_reason(explained, tree):
    findings = [*explained.mentions("a1"), *explained.events("a1")]
    assert findings
    ids = set(tree.xpath("//@id"))
    assert len(ids) == len(tree.xpath("//@id"))
    assert {anchor for item in findings for anchor in (item.anchor, f"{item.anchor}-text")} <= ids
    assert {link.removeprefix("#") for link in tree.xpath("//a[starts-with(@href, '#')]/@href")} <= ids


def test_the_text_is_the_article_to_the_letter(tree):
    (text,) = tree.xpath("//article")
    for reference in text.xpath(".//a[@class='ref']"):
        reference.drop_tree()
    lines = [words(block) for block in text.xpath(".//div[@class='entities']")]
    assert lines == [line for line in TEXT.split("\n") if line]


def test_a_reason_has_kind_name_role_rule_component_score_and_attributes(explained, tree):
    found = next(item for item in explained.mentions("a1") if item.found.name == "Tam Orrel")
    (note,) = tree.xpath(f"//li[@id='{found.anchor}']")
    assert words(note).startswith(f"{found.label} person (affected): Tam Orrel")
    assert f"{found.found.rule} by incidents_people, score {found.found.score:.2f}" in words(note)
    assert "age: 41" in words(note)


def test_the_assessment_and_the_events_say_what_they_rest_on(explained, tree):
    page = words(tree.find(".//main"))
    assert f"Relevant with a relevance of {explained.result.relevance:.2f}; kind: incident" in page
    facts = dict(zip(map(words, tree.xpath("//dt")), map(words, tree.xpath("//dd")), strict=True))
    assert facts["tells of somebody affected"] == "yes"
    assert re.fullmatch(r"[\d.]+ points from .*sentences?", facts["misidentification arrest (incident)"])
    (main,) = tree.xpath("//section[@id='a1-E1']")
    event = explained.result.main_event
    assert f"{event.date} (precision: {event.date_precision}, basis: {event.date_basis})" in words(main)
    assert event.quote in words(main)
    assert "by incidents_events, score" in words(main)
    assert "allegation status" in words(main)


def mention(kind, start, end, name, **rest):
    return Mention(kind, name, "x" * (end - start), start, end, "", "rule", 0.5, **rest)


def made_up(text, mentions, event=None, url="https://a.example/2", title=""):
    result = Extraction(url, title, None, "en", True, 0.9, "incident", mentions, event, [])
    return Explanation(Document(url, title, text), result)


def test_findings_that_overlap_are_each_underlined_over_their_whole_length():
    overlapping = [mention("police_agency", 0, 10, "A"), mention("place", 0, 4, "B"), mention("person", 7, 14, "C")]
    tree = lxml_html.fromstring(render([made_up("abcd efghi klm", overlapping)]))
    marks = [(mark.text, len(re.findall("0 [0-9]+px", mark.get("style")))) for mark in tree.xpath("//mark")]
    assert marks == [("abcd", 2), (" ef", 1), ("ghi", 2), (" klm", 1)]
    assert [link.text for link in tree.xpath("//a[@class='ref']")] == ["2", "1", "3"]


def test_whatever_an_article_says_is_text():
    event = Event(
        HOSTILE,
        HOSTILE,
        0,
        5,
        HOSTILE,
        0.5,
        place=HOSTILE,
        people=[HOSTILE],
        codes={HOSTILE: HOSTILE, "quotes": {HOSTILE: HOSTILE}},
    )
    event.organizations = [{"name": HOSTILE, "entity_id": None, "role": HOSTILE}]
    named = mention("vendor", 0, 8, HOSTILE, role=HOSTILE, entity_id=HOSTILE, attributes={HOSTILE: HOSTILE})
    page = render([made_up(HOSTILE, [named], event, url="javascript:alert(3)", title=HOSTILE)])
    tree = lxml_html.fromstring(page)
    assert not tree.xpath("//script | //img | //link | //iframe | //@src | //@*[starts-with(name(), 'on')]")
    assert all(link.startswith("#") for link in tree.xpath("//@href"))
    assert "default-src 'none'" in page


def test_a_lone_surrogate_does_not_keep_the_page_from_being_written():
    assert "face ? recognition" in render([made_up("face \ud800 recognition", [])])


def test_every_kind_has_a_colour():
    assert set(COLORS) == {*KINDS, "event"}


def test_a_refused_article_says_why():
    (refused,) = [explain(Document("u", "Gesichtserkennung", "Gesichtserkennung in Berlin.", "de"))]
    assert "Refused: language: de not supported" in words(lxml_html.fromstring(render([refused])))


def test_the_command_writes_a_page_and_refuses_what_holds_no_article(cli, tmp_path):
    article, page = tmp_path / "article.txt", tmp_path / "out" / "page.html"
    article.write_text(TEXT)
    ran = cli("explain", article, "-o", page, home=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "Tam Orrel" in page.read_text(encoding="utf-8")
    article.write_text("")
    ran = cli("explain", article, home=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1].startswith("incidents: no article to explain")


def test_nothing_to_explain_is_one_line(tmp_path):
    from incidents.annotating import page

    with pytest.raises(UserError, match="no article"):
        page([str(tmp_path)])
