"""Spans of an article: the text as given, its sentences, and mentions whose offsets are checked.

Offsets always count characters of the article's own text. `Doc.text` is that text after `normalized`, which replaces
characters one for one, so the same offsets hold in both.
"""

import bisect
import re
from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc

from incidents.extract.contract import KINDS, QUOTE_LIMIT, Document, Mention

_SENTENCES = "incidents_sentences"
_TEXT = "incidents_text"
_SITE_NAME = re.compile(r"(?:\s\|[^|]{2,40})+$|\s-\s[^|-]{2,30}$")
_SHORTEST_TITLE = 30  # characters; a shorter one may be words of any sentence
_ONE_FOR_ONE = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2212": "-",
        "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u3000": " ",
        "\u00ad": " ", "\u200b": " ", "\ufeff": " ", "\x00": " ", "\u2028": "\n", "\u2029": "\n",
    }
)  # fmt: skip


def normalized(text: str) -> str:
    """The text with curly quotes, odd dashes, odd spaces and lone surrogates made plain, character for character."""
    plain = text.translate(_ONE_FOR_ONE)
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in plain) if _has_surrogates(plain) else plain


def headline(title: str) -> str:
    """A title, normalized, without the site's name behind it."""
    return _SITE_NAME.sub("", normalized(title)).strip()


def text_of(doc: Doc) -> str:
    """`doc.text`, put together once: spaCy joins the tokens again at every call."""
    text: str | None = doc.user_data.get(_TEXT)
    if text is None:
        text = doc.user_data[_TEXT] = doc.text
    return text


def document_of(doc: Doc) -> Document:
    """The article a Doc was made from; a Doc made without one (in a test) stands for itself."""
    document: Document | None = doc._.document
    if document is None:
        document = Document(url="", title="", text=text_of(doc), language=doc.lang_ or "en")
        doc._.document = document
    return document


def sentences(doc: Doc) -> list[tuple[int, int]]:
    """(start, end) in characters of each sentence, in order; a line break also ends a sentence."""
    found: list[tuple[int, int]] | None = doc.user_data.get(_SENTENCES)
    if found is None:
        found = list(_sentences(doc))
        doc.user_data[_SENTENCES] = found
    return found


def sentence_index(doc: Doc, char: int) -> int:
    """The index in `sentences(doc)` of the sentence that holds, or comes last before, a character."""
    return max(0, bisect.bisect_right(sentences(doc), (char, len(text_of(doc)) + 1)) - 1)


def sentence_at(doc: Doc, char: int) -> tuple[int, int]:
    """(start, end) of the sentence around a character; the whole text where there is none."""
    bounds = sentences(doc)
    return bounds[sentence_index(doc, char)] if bounds else (0, len(text_of(doc)))


def quote_at(doc: Doc, start: int, end: int) -> str:
    """The sentence around a span, as the article has it, cut between words to at most 300 characters."""
    first, last = sentence_at(doc, start)
    last = max(last, end)
    if last - first > QUOTE_LIMIT:
        first, last = _window(text_of(doc), first, last, start, end)
    return document_of(doc).text[first:last].strip()


def mention(
    doc: Doc,
    start: int,
    end: int,
    kind: str,
    name: str,
    rule: str,
    score: float,
    role: str | None = None,
    entity_id: str | None = None,
    **attributes: Any,
) -> Mention:
    """A mention of text[start:end], with its sentence as the quote. The caller appends it to `doc._.mentions`.

    Raises ValueError for an unknown kind or a span outside the text: both are mistakes of the component.
    """
    text = document_of(doc).text[start:end]
    if kind not in KINDS:
        raise ValueError(f"mention kind {kind!r} is not one of {', '.join(KINDS)}")
    if not 0 <= start < end <= len(text_of(doc)) or not text.strip():
        raise ValueError(f"span {start}:{end} of {kind} {name!r} is empty or outside the text")
    return Mention(
        kind=kind,
        name=name,
        text=text,
        start=start,
        end=end,
        quote=quote_at(doc, start, end),
        rule=rule,
        score=round(score, 3),
        role=role,
        entity_id=entity_id,
        attributes={key: value for key, value in attributes.items() if value is not None},
    )


def mentions_of(doc: Doc, *kinds: str) -> list[Mention]:
    """The mentions of these kinds found so far, in the order of the text."""
    return sorted((m for m in doc._.mentions if m.kind in kinds), key=lambda m: (m.start, m.end))


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _sentences(doc: Doc) -> list[tuple[int, int]]:
    text = text_of(doc)
    if not len(doc) or not doc.has_annotation("SENT_START"):
        bounds = [(0, len(text))]
    else:
        bounds = [(sent.start_char, sent.end_char) for sent in doc.sents]
    lines: list[tuple[int, int]] = []
    for start, end in _without_headlines(bounds, doc):
        at = start
        for line in text[start:end].split("\n"):
            if line.strip():
                lines.append((at, at + len(line)))
            at += len(line) + 1
    return lines


def _without_headlines(bounds: list[tuple[int, int]], doc: Doc) -> Iterator[tuple[int, int]]:
    """The spans cut where the article's own title stands in the text: menus around it are no part of that sentence."""
    title = headline(document_of(doc).title)
    text = text_of(doc)
    for start, end in bounds:
        at = text.find(title, start, end) if len(title) >= _SHORTEST_TITLE else -1
        while at >= 0:
            stop = at + len(title)
            yield from ((a, b) for a, b in ((start, at), (at, stop)) if text[a:b].strip())
            start, at = stop, text.find(title, stop, end)
        if text[start:end].strip():
            yield start, end


def _window(text: str, first: int, last: int, start: int, end: int) -> tuple[int, int]:
    """At most 300 characters of text[first:last], around text[start:end], cut between words."""
    spare = max(0, QUOTE_LIMIT - (end - start))
    left = max(first, start - spare // 2)
    right = min(last, left + QUOTE_LIMIT)
    left = max(first, right - QUOTE_LIMIT)
    if left > first:
        blank = text.find(" ", left, start)
        left = blank + 1 if blank >= 0 else left
    if right < last:
        blank = text.rfind(" ", end, right)
        right = blank if blank >= 0 else right
    return left, right
