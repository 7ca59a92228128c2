"""What is kept of a page, and what is kept out."""

import json

import pytest

from incidents.read.article import read

PARAGRAPHS = [
    f"Paragraph {n} tells at some length what the officers did on day {n}, whom they asked, and what they wrote down."
    for n in range(1, 9)
]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def test_the_paragraphs_are_kept_and_nothing_else(html, page):
    assert read(page(html(body=BODY))).text.splitlines() == PARAGRAPHS


@pytest.mark.parametrize(
    "beside",
    [
        "<figure><img src='x.jpg'><figcaption>A camera over the harbour. Photograph: Stock</figcaption></figure>",
        "<aside class='related'><h3>Related</h3><a href='/y'>Another story about the cameras in town</a></aside>",
        "<div id='cookie-consent'><p>We and our partners store cookies on your device, says our policy.</p></div>",
        "<p>Sign up for our newsletter to get the best of the week.</p>",
        "<p>READ MORE: The camera that never sleeps</p>",
        "<section class='comments'><p>I was there and saw it all with my own eyes, says a reader.</p></section>",
        "<p>Copyright 2023 Harbour Ledger. All rights reserved.</p>",
    ],
    ids=["caption", "related", "consent", "newsletter", "read more", "comments", "copyright"],
)
def test_what_stands_around_is_kept_out(html, page, beside):
    half = len(BODY) // 2
    middle = BODY.index("<p>", half)
    for body in (BODY[:middle] + beside + BODY[middle:], BODY + beside):
        assert read(page(html(body=body))).text.splitlines() == PARAGRAPHS


def test_headings_inside_are_kept_the_title_is_not(html, page):
    lines = read(page(html(body=BODY.replace("</p>", "</p><h2>What came of it</h2>", 4)))).text.splitlines()
    assert "What came of it" in lines
    assert "Wrong man" not in lines


def test_a_standfirst_that_is_the_description_is_part_of_the_text(html, page):
    standfirst = (
        "The third such arrest in the county was made on the word of a program that the sheriff bought last year"
    )
    head = f'<meta property="og:description" content="{standfirst}">'
    lines = read(page(html(head=head, body=f'<div class="intro"><p>{standfirst}</p></div>{BODY}'))).text.splitlines()
    assert lines == [standfirst, *PARAGRAPHS]


def test_words_in_links_are_not_lost(html, page):
    body = BODY.replace("the officers did", 'the <a href="/officers">officers of the <b>harbour</b> watch</a> did')
    assert all(
        "the officers of the harbour watch did" in line for line in read(page(html(body=body))).text.splitlines()
    )


def test_a_text_in_several_containers_is_read_to_its_end(html, page):
    chunks = "".join(
        f'<div class="chunk"><div class="body">{BODY}</div></div><div class="ad-slot">Advertisement</div>'.replace(
            "day", word
        )
        for word in ("day", "night", "shift")
    )
    text = read(page(html(body=chunks))).text
    assert all(f"{word} 8" in text for word in ("day", "night", "shift"))


def test_json_ld_gives_the_text_that_the_page_hides(html, page):
    node = {"@type": "NewsArticle", "headline": "Wrong man", "articleBody": "\n".join(PARAGRAPHS)}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert read(page(html(head=head, body=f"<p>{PARAGRAPHS[0]}</p>"))).text.splitlines() == PARAGRAPHS


def test_a_page_put_together_in_the_browser_is_read_from_its_script(page):
    data = json.dumps({"article": {"html": BODY}})
    source = f"<html><head></head><body><div id='root'></div><script>window.data = {data}</script></body></html>"
    assert read(page(source.encode())).text.splitlines() == PARAGRAPHS


def test_soft_hyphens_do_not_break_words(html, page):
    text = read(page(html(body=BODY.replace("officers", "offi&shy;cers")))).text
    assert "officers" in text
    assert "\u00ad" not in text


def test_a_text_that_was_given_is_kept_to_the_letter(page):
    given = "  Two blanks first.\r\n\r\nThen a line.\n"
    assert read(page(given.encode(), content_type="text/plain; charset=utf-8")).text == given
