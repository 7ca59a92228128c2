import json
import time

import pytest

from incidents.read.gate import Gate

TERMS = {
    "any": (r"\bClearview\b",),
    "en": ("facial recognition", "face match", r"\bFRT\b"),
    "es": ("reconocimiento facial", "identificación facial"),
    "de": ("gesichtserkennung",),
    "ru": (r"распознавани\w+ лиц",),
    "zh": ("人脸识别",),
}


@pytest.fixture(scope="module")
def gate():
    return Gate(TERMS)


@pytest.mark.parametrize(
    "page",
    [
        "<p>Facial recognition was used.</p>",
        "<p>FACIAL\n      RECOGNITION</p>",
        "<p>facial&nbsp;recognition</p>",
        "<p>facial&#160;recognition</p>",
        "<p>facial\u00a0recognition</p>",
        "<p>facial-recognition, facial\u2011recognition</p>",
        "<p>facial <b>recognition</b></p>",
        '{"articleBody": "facial\\u00a0recognition"}',
        "<p>a face-matching tool</p>",
        "<p>the FRT pilot</p>",
        "<p>Clearview's database</p>",
        "<p>identificaci&oacute;n facial</p>",
        "<p>IDENTIFICACIÓN FACIAL, identificacion facial</p>",
        "<p>Gesichts&shy;erken\u00adnung</p>",
        "<p>Распознавание лиц</p>",
        "<p>" + "".join(f"&#{ord(sign)};" for sign in "распознавания лиц") + "</p>",
        json.dumps({"text": "система распознавания лиц"}),
        "<p>使用人脸识别技术</p>",
    ],
)
def test_a_term_is_found_however_a_page_writes_it(gate, page):
    assert gate.pages([page.encode()]) == [True]


@pytest.mark.parametrize(
    "page", ["<p>the frt of it</p>", "<p>AFRTX</p>", "<p>clearviews</p>", "<p>A face. Recognition.</p>"]
)
def test_other_words_do_not_pass(gate, page):
    assert gate.pages([page.encode()]) == [False]


def test_a_batch_is_answered_in_its_order(gate):
    assert gate.pages([b"nothing", b"facial recognition", b""]) == [False, True, False]
    assert gate.texts(["nothing", "Facial recogni\u00adtion in Leeds", "распознаванием лиц"]) == [False, True, True]


def test_without_terms_nothing_passes():
    assert Gate({}).pages([b"facial recognition"]) == [False]


def test_the_digest_changes_with_the_terms(gate):
    assert gate.digest == Gate(TERMS).digest != Gate({"en": ("face match",)}).digest


def test_the_terms_in_use_leave_the_pattern_small_enough_to_be_fast():
    """Where a pattern is too large RE2 takes a machine a hundred times slower: 8 MB would take over two seconds."""
    body = b"<p>Some words about a harbour, its cranes and its council.</p>" * 130_000
    started = time.process_time()
    Gate.from_reference().pages([body])
    assert time.process_time() - started < 1
