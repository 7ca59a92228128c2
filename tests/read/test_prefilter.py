"""Hyperscan only saves work: the same pages pass with it and without it."""

import json
import random
import re

import pytest

from incidents import reference
from incidents.read.prefilter import FastGate

pytest.importorskip("hyperscan")

PAGES = [
    "Police used facial recognition.",
    "Police used <b>Facial</b>&nbsp;<i>Recognition</i>.",
    "FRT in schools, and LFR vans",
    "frt and lfr mean nothing",
    "El reconocimiento facial y la identificación facial",
    "identificaci&oacute;n facial",
    "fa&shy;cial recog&shy;nition",
    "&#x4EBA;" * 9,
    r"\u4eba\u8138\u8bc6\u522b\u4eba\u8138\u8bc6\u522b",
    "人脸识别",
    "распознавание лиц",
    "The wheat harvest began; cattle faces were washed.",
    "",
]


@pytest.fixture(scope="module")
def gate():
    return FastGate.from_reference()


def passed(gate, pages):
    """What passes where RE2 is asked only about what Hyperscan leaves."""
    left = [page for page in pages if gate.maybe(page)]
    return [page for page, hit in zip(left, gate.pages(left), strict=True) if hit]


def test_the_same_pages_pass(gate):
    pages = [page.encode() for page in PAGES]
    hits = [page for page, hit in zip(pages, gate.pages(pages), strict=True) if hit]
    assert passed(gate, pages) == hits
    assert PAGES[0].encode() in hits
    assert PAGES[-2].encode() not in hits


def test_the_same_generated_pages_pass(gate):
    """Every term in use, in every disguise, among words and tags."""
    rng = random.Random(8)  # noqa: S311
    terms = sorted({term for group in reference.load().gate_terms.values() for term in group})
    pages = [disguised(re.sub(r"\\\w[+*]?|\?", "", term), rng) for term in terms for _ in range(4)]
    pages += [disguised("the harvest began", rng) for _ in range(50)]
    hits = [page for page, hit in zip(pages, gate.pages(pages), strict=True) if hit]
    assert len(terms) < len(hits) < len(pages)
    assert passed(gate, pages) == hits


def disguised(term, rng):
    """A page with a term as servers may send it, or nearly so."""
    ways = (
        lambda sign: sign,
        lambda sign: f"&#{ord(sign)};",
        lambda sign: f"&#x{ord(sign):x};",
        lambda sign: json.dumps(sign)[1:-1],
        lambda sign: f"{sign}&shy;",
        lambda sign: f"{sign}\u00ad",
        str.upper,
    )
    gaps = (" ", "-", "&nbsp;", "</b> <i>", "\n", "\u00a0", " and ")
    way, often = rng.choice(ways), rng.choice((0.1, 1))
    text = "".join(way(sign) if rng.random() < often else sign for sign in term)
    return f"<p>Words {text.replace(' ', rng.choice(gaps))}{rng.choice(' s.,<')} more words</p>".encode()


def test_a_page_in_an_old_encoding_may_hold_a_term(gate):
    page = "<p>El reconocimiento facial y la identificación facial en España</p>"
    assert gate.maybe(page.encode("cp1252"), "text/html; charset=iso-8859-1")
    assert gate.maybe("<p>распознавание лиц</p>".encode("cp1251"), "text/html; charset=windows-1251")
    assert not gate.maybe("<p>сбор урожая</p>".encode("cp1251"), "text/html; charset=windows-1251")
