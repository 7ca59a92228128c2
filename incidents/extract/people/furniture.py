"""Parts of a page that are not the story: bylines, picture credits, sign-offs, teasers of other articles."""

import re
from collections import defaultdict
from itertools import groupby

from spacy.tokens import Doc, Span

from incidents.extract.spans import text_of

WINDOW = 8  # tokens; a teaser block is longer, a phrase that a writer repeats is shorter
HEADLINE = 12  # tokens before a name that are looked at
TEASER_REACH = 25  # tokens after a label such as "Related stories"
_TITLE_CASE = 0.85  # of the longer words have a capital
_TEASER = re.compile(
    r"\b(?:Related (?:[Ss]tories|[Aa]rticles|[Ll]inks)|Read [Mm]ore|More [Ss]tories|Most [Pp]opular)\b(?! about)"
)
_CREDIT_BEFORE = re.compile(
    r"(?:\b(?:Illustrations?|Photos?|Photographs?|Photography|Pictures?|Images?|Credit|Video|Graphic|Caption)"
    r"(?: by|:| credit:?)|©|\b(?:[Tt]hanks for reading|news tips to|[Ss]end (?:tips|feedback) to),?)"
    r"\s*(?:[A-Z][\w.'-]+ ){0,2}$"
)
_CREDIT_AFTER = re.compile(
    r"^\s?/\s?[A-Z]\w+|^ (?:for|via) (?:Getty|AFP|AP|Reuters|Bloomberg)\b|^, (?:Getty|AFP|AP Photo|Reuters)\b"
)
_BYLINE = re.compile(
    r"(?:^|[^\w,;:\s]\s*|\n\s*)(?:By|BY|Words by|Reporting by|Text by)\s+(?:[A-Z][\w.'-]+,? (?:and )?){0,6}$"
)


def in_teaser(doc: Doc) -> list[bool]:
    """For each token, whether it lies in a block of teasers."""
    flags = _repeated_headlines(doc)
    for label in _TEASER.finditer(text_of(doc)):
        span = doc.char_span(label.start(), label.end(), alignment_mode="expand")
        for token in doc[span.end : span.end + TEASER_REACH] if span else ():
            if token.text in ".?!":
                break
            flags[token.i] = True
    return flags


def is_credit(span: Span) -> bool:
    """Whether a name stands as a byline, a picture credit or a sign-off."""
    text, first, last = text_of(span.doc), span.start_char, span.end_char
    before, after = text[max(0, first - 80) : first], text[last : last + 30]
    return bool(_CREDIT_BEFORE.search(before) or _CREDIT_AFTER.match(after) or _BYLINE.search(before))


def in_headline(name: Span) -> bool:
    """Whether a name follows a headline in title case, as in lists of other articles with their authors."""
    doc = name.doc
    if name.end < len(doc) and not doc[name.end].text[0].isupper() and not doc[name.end].text[0].isdigit():
        return False
    long_words, capital_function_words = 0, 0
    for token in reversed(doc[max(0, name.start - HEADLINE) : name.start]):
        if token.is_punct and token.text not in ("'", "-", "?"):
            break
        if token.is_alpha and len(token) > 3:
            if not token.text[0].isupper():
                return False
            long_words += 1
        capital_function_words += token.is_stop and token.text[0].isupper() and not token.is_sent_start
    return long_words >= 4 and capital_function_words > 0


def _repeated_headlines(doc: Doc) -> list[bool]:
    """Passages in title case that the page prints more than once: a repeated quotation is no teaser."""
    flags = _repeated(doc)
    start = 0
    for repeated, run in groupby(list(flags)):
        end = start + len(list(run))
        if repeated and not _in_title_case(doc[start + 1 : end]):  # it may begin with the full stop before it
            flags[start:end] = [False] * (end - start)
        start = end
    return flags


def _repeated(doc: Doc) -> list[bool]:
    texts = [token.text for token in doc]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i in range(len(texts) - WINDOW + 1):
        places[tuple(texts[i : i + WINDOW])].append(i)
    flags = [False] * len(texts)
    for starts in places.values():
        for i in starts if len(starts) > 1 else ():
            flags[i : i + WINDOW] = [True] * WINDOW
    return flags


def _in_title_case(span: Span) -> bool:
    long_words = [token.text for token in span if len(token) > 3 and token.is_alpha]
    capitals = sum(word[0].isupper() for word in long_words)
    return capitals >= _TITLE_CASE * len(long_words) and not any(token.text in '."' for token in span)
