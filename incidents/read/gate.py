"""The gate: which pages can be about face recognition at all, told as cheaply as possible.

First over raw pages, many at once, in RE2 through pyarrow (a term anywhere in the page, entities and tags between its
words allowed); then over title and text, so that a term in a menu or a related link alone does not pass.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from html.entities import codepoint2name
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from incidents import ids

_TOKEN = re.compile(r"\\b|\\w[+*]|[\s\-‐‑]+|\\?.\??", re.DOTALL)
_ACRONYM = re.compile(r"(?:\\b)?[A-Z]{2,5}(?:\\b)?")
_GAP = r"(?:[^a-z0-9]|nbsp;|#160;|#xa0;|u00a0|<[^<>]*>)+"  # between two words, in HTML, JSON or text
# Soft hyphens, or another script than Latin in entities or JSON escapes: such a page is made plain and asked again.
_ENTITY = r"&(?:shy|#(?:173|[xX][aA][dD]|[xX][0-9a-fA-F]{3,5}|\d{4,6}));"
_JSON_ESCAPE = r"\\u(?:0[3-9a-fA-F]|[1-9a-dA-D][0-9a-fA-F])[0-9a-fA-F]{2}"
_SOFT_HYPHEN = "\u00ad"
_DISGUISED = f"{_SOFT_HYPHEN}|&shy;|&#173;|&#xad;|(?:{_ENTITY}){{8}}|(?:{_JSON_ESCAPE}){{8}}"
_ESCAPES = (((b"&#", b"&shy;"), re.compile(_ENTITY.encode())), ((b"\\u",), re.compile(_JSON_ESCAPE.encode())))
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Gate:
    """Decides by terms: language code to terms, in the small syntax of data/reference/gate_terms.yaml.

    A term counts wherever it stands, whatever its case, with any space or hyphen between its words; a term of two to
    five capital letters is an acronym and counts with its capitals only. Give dozens of pages or texts at a time: the
    pattern is compiled for each call.
    """

    def __init__(self, terms: Mapping[str, Sequence[str]]) -> None:
        every = sorted({unicodedata.normalize("NFC", term) for group in terms.values() for term in group})
        acronyms = [term for term in every if _ACRONYM.fullmatch(term)]
        phrases = [_pattern(term) for term in every if not _ACRONYM.fullmatch(term)]
        any_case = f"(?i:{'|'.join(phrases)})" if phrases else r"[^\s\S]"
        self._pattern = "|".join([any_case, *acronyms])
        self.page_pattern = f"{self._pattern}|{_DISGUISED}"
        self.digest = ids.digest(self._pattern, _DISGUISED)

    @classmethod
    def from_reference(cls) -> Self:
        """The gate of data/reference/gate_terms.yaml."""
        from incidents import reference

        return cls(reference.load().gate_terms)

    def maybe(self, body: bytes, content_type: str = "") -> bool:
        """Whether a page is worth asking about at all; a faster gate says more."""
        return True

    def pages(self, bodies: Sequence[bytes]) -> list[bool]:
        """Which pages, in UTF-8, hold a term anywhere."""
        passed = _matches(bodies, self.page_pattern)
        plain = {number: undisguised(bodies[number]) for number, hit in enumerate(passed) if hit}
        disguised = [number for number, body in plain.items() if body is not bodies[number]]
        confirmed = _matches([plain[number] for number in disguised], self._pattern)
        for number, hit in zip(disguised, confirmed, strict=True):
            passed[number] = hit
        return passed

    def texts(self, texts: Sequence[str]) -> list[bool]:
        """Which texts hold a term."""
        plain = [unicodedata.normalize("NFC", text).translate(_INVISIBLE) for text in texts]
        return _matches([text.encode("utf-8", "replace") for text in plain], self._pattern)


def _pattern(term: str) -> str:
    return "".join(_GAP if not token.strip(" \t-‐‑") else _letter(token) for token in _TOKEN.findall(term))


def _letter(token: str) -> str:
    """A letter of a term as pages write it, in bytes: either case, and for one with an accent its entities or none."""
    letter, optional = token[0], token[1:]
    if token.startswith("\\"):
        return token.replace(r"\w", r"[^\s<>]")  # a letter may be several bytes
    if letter.isascii():
        return re.escape(letter) + optional
    variants = sorted({letter.lower(), letter.upper()})
    base = unicodedata.normalize("NFD", letter)
    accented = [form for variant in variants for form in _entities(variant)] if base[0].isascii() else []
    return f"(?:{'|'.join([*variants, *accented, *([base, base[0]] if accented else [])])}){optional}"


def _entities(letter: str) -> list[str]:
    code = ord(letter[0])
    named = [f"&{codepoint2name[code]};"] if code in codepoint2name else []
    return [*named, f"&#{code};", f"&#x{code:x};", rf"\\u{code:04x}"]


def _matches(bodies: Sequence[bytes], pattern: str) -> list[bool]:
    """Over bytes, not text: only so RE2's program is small enough for its fast automaton, a hundred times the speed."""
    if not bodies:
        return []
    return [bool(hit) for hit in pc.match_substring_regex(pa.array(bodies, pa.binary()), pattern).to_pylist()]


def undisguised(body: bytes) -> bytes:
    """The page without soft hyphens, entities and escapes that hide its letters; the same object where it has none."""
    for marks, escape in _ESCAPES:
        if any(mark in body for mark in marks):  # ten times as fast as the expression
            body = escape.sub(_sign, body)
    return body.replace(_SOFT_HYPHEN.encode(), b"")


def _sign(escape: re.Match[bytes]) -> bytes:
    digits = escape[0].strip(b"&#;\\").lower()
    if digits == b"shy":
        return b""
    code = int(digits[1:], 16) if digits[:1] in b"xu" else int(digits)
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"
