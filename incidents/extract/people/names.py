"""Which tokens name a person: what the model's NER says, mended by shape and context, and what it missed.

Without a model (Spanish and French by rules) titles, kin, ages and verbs of speech beside capitalised words do it.
"""

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from incidents.extract.people.furniture import in_headline, in_teaser, is_credit
from incidents.extract.people.missed import PERSON_LABELS, missed_names
from incidents.extract.people.shapes import begins_word, count_names, is_name_token, is_title, plausible
from incidents.extract.people.words import WORDS
from incidents.extract.spans import mentions_of

_OTHER_KINDS = ("vendor", "product", "police_agency", "deployer", "authority", "advocacy", "place")


@dataclass(frozen=True)
class Name:
    """Tokens start to end name a person; `full` where there is more than one name."""

    start: int
    end: int
    full: bool


def find_names(doc: Doc) -> list[Name]:
    """Names of people in the order of the text, without titles, bylines, credits and teasers."""
    taken = _tokens_of_others(doc)
    teaser = in_teaser(doc)
    covered = [False] * len(doc)
    found: list[Name] = []
    spans = [*_model_names(doc), *missed_names(doc)]
    elsewhere = {span.text for span in spans if _is_body_or_place(span)}
    for span in spans:
        if any(covered[span.start : span.end]) or teaser[span.start] or all(taken[span.start : span.end]):
            continue
        if is_credit(span) or in_headline(span) or span.text in elsewhere:
            continue
        covered[span.start : span.end] = [True] * len(span)
        found.append(Name(span.start, span.end, full=count_names(span) > 1))
    return sorted(found, key=lambda name: name.start)


def _tokens_of_others(doc: Doc) -> list[bool]:
    """For each token, whether it belongs to an organization, a product or a place found before."""
    flags = [False] * len(doc)
    for item in mentions_of(doc, *_OTHER_KINDS):
        span = doc.char_span(item.start, item.end, alignment_mode="expand")
        if span is not None:
            flags[span.start : span.end] = [True] * len(span)
    return flags


# what the model found


def _model_names(doc: Doc) -> list[Span]:
    spans = (_trimmed(ent) for ent in doc.ents if ent.label_ in PERSON_LABELS)
    return [span for span in spans if span is not None and plausible(span)]


def _trimmed(span: Span) -> Span | None:
    """The name within a span, without titles before it and a possessive or the name of a section after it."""
    doc, end = span.doc, span.end
    start = max((token.i + 1 for token in span if token.text in "[]()"), default=span.start)
    while start < end and (not is_name_token(doc[start]) or _leads_up(doc[start], end)):
        start += 1
    stop = start
    while stop < end and _continues(doc[stop], first=stop == start):
        stop += 1
    stop = _with_second_half(doc, start, stop)
    while stop > start and (doc[stop - 1].text in "-'" or _is_loose_particle(doc[stop - 1])):
        stop -= 1
    while stop - start > 2 and doc[stop - 1].lower_ in WORDS.not_a_name and begins_word(doc[stop - 1]):
        stop -= 1
    return doc[start:stop] if stop > start else None


def _leads_up(token: Token, end: int) -> bool:
    """A title, or a common word that opens the sentence, before the name itself."""
    opens = bool(token.is_sent_start) and token.lower_ in WORDS.not_a_name and token.lower_ not in WORDS.names_too
    return token.i + 1 < end and token.lower_ != "pope" and (is_title(token) or opens)


def _continues(token: Token, first: bool) -> bool:
    if is_name_token(token) or token.lower_ in WORDS.suffixes:
        return True
    return not first and (token.lower_ in WORDS.particles or token.text in ("-", "'", "."))


def _with_second_half(doc: Doc, start: int, stop: int) -> int:
    """The end of a double name that the model cut: Ton|-That, Walker|-Osborn."""
    while start < stop < len(doc) and not doc[stop - 1].whitespace_:
        hyphen = doc[stop].text == "-" and stop + 1 < len(doc) and not doc[stop].whitespace_
        if not (hyphen and is_name_token(doc[stop + 1])) and not (
            doc[stop - 1].text == "-" and is_name_token(doc[stop])
        ):
            break
        stop += 1
    return stop


def _is_loose_particle(token: Token) -> bool:
    return token.lower_ in WORDS.particles and not is_name_token(token)


def _is_body_or_place(span: Span) -> bool:
    """the collective X Y; at X Y: nobody is in or at a person"""
    before = span[0].nbor(-1) if span.start else None
    if before is None or before.is_sent_start:
        return False
    return before.text in WORDS.bodies_before or (before.text in ("in", "at", "near") and before.dep_ == "prep")
