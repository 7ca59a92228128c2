"""Hyperscan only saves work: the same pages pass with it and without it."""

import pytest

from incidents.read import Gate
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


def test_the_same_pages_pass():
    pages = [page.encode() for page in PAGES]
    passed = FastGate.from_reference().pages(pages)
    assert passed == Gate.from_reference().pages(pages)
    assert passed[0]
    assert not passed[-2]
