"""Which tokens name a person: what the model's NER says, mended by shape and context, and what it missed.

Without a model (Spanish and French by rules) titles, kin, ages and verbs of speech beside capitalised words do it.
"""

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from incidents.extract.people.furniture import in_headline, in_teaser, is_credit
from incidents.extract.people.words import WORDS
from incidents.extract.spans import mentions_of

LONGEST_RUN = 9  # capitalised tokens in a row; more is a headline or a menu
LONGEST_COUNT = 4  # names of one person; a run of more is a list of authors
LONGEST_NAME = 7  # tokens, with initials, hyphens and particles
_PERSON = ("PERSON", "PER")
_OTHER_KINDS = ("vendor", "product", "police_agency", "deployer", "authority", "advocacy", "place")
_NOT_PEOPLE = frozenset(("ORG", "GPE", "FAC", "LAW", "EVENT"))
_COMMON = frozenset(("ADP", "ADV", "SCONJ", "CCONJ", "VERB", "AUX", "PRON", "DET"))
_AND = ("and", "y", "et")


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
    for span in [*_model_names(doc), *_missed_names(doc)]:
        if any(covered[span.start : span.end]) or teaser[span.start] or all(taken[span.start : span.end]):
            continue
        if is_credit(span) or in_headline(span):
            continue
        covered[span.start : span.end] = [True] * len(span)
        found.append(Name(span.start, span.end, full=count_names(span) > 1))
    return sorted(found, key=lambda name: name.start)


def is_name_token(token: Token) -> bool:
    """Whether a token has the shape of a name or an initial."""
    text = token.text
    return text[:1].isupper() and not any(c.isdigit() for c in text) and any(c.isalpha() for c in text)


def begins_word(token: Token) -> bool:
    """Whether a token begins a word, so that it is not the second half of a double name."""
    return token.i == 0 or bool(token.nbor(-1).whitespace_)


def is_title(token: Token) -> bool:
    """A title or an honorific that can stand right before a name."""
    return WORDS.is_title(token.lower_) or token.lower_ in WORDS.honorifics


def count_names(span: Span) -> int:
    """How many names a span holds: particles, suffixes and the second half of a double name are not counted."""
    count = 0
    for token in span:
        second_half = token.i > span.start and not begins_word(token)
        particle = token.lower_ in WORDS.particles and token.i + 1 < span.end
        particle = particle and token.nbor().lower_ in WORDS.particles
        count += is_name_token(token) and token.lower_ not in WORDS.suffixes and not second_half and not particle
    return count


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
    spans = (_trimmed(ent) for ent in doc.ents if ent.label_ in _PERSON)
    return [span for span in spans if span is not None and _plausible(span)]


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


def _plausible(span: Span) -> bool:
    """Whether a span can be the name of a person, from its words alone."""
    words = [token for token in span if begins_word(token) and (token.is_alpha or len(token) > 1)]
    if not words or len(span) > LONGEST_NAME or len({token.text for token in words}) < len(words):
        return False
    if any(token.lower_ in WORDS.not_a_name and token.lower_ not in WORDS.names_too for token in words):
        return False
    if any(_is_an_address(token.text) for token in words) or _is_all_capitals(words) or _names_a_thing(span):
        return False
    count = count_names(span)
    return _single_name_stands(span) if count == 1 else count <= LONGEST_COUNT and len(span[-1]) > 1


def _is_an_address(text: str) -> bool:
    """pol.is, a/b, @somebody; not J.K."""
    initials = all(len(part) <= 1 for part in text.split("."))
    return "/" in text or "@" in text or ("." in text.rstrip(".") and not initials)


def _is_all_capitals(words: list[Token]) -> bool:
    return all(token.text.isupper() and len(token) > 3 for token in words)


def _names_a_thing(span: Span) -> bool:
    """Whether what follows shows a place, a body or a scheme that only bears the name."""
    return span.end < len(span.doc) and span.doc[span.end].lower_ in WORDS.after_surname


def _single_name_stands(span: Span) -> bool:
    """A name alone counts beside a title or kin, or for a leader; otherwise only as the short form of a full name."""
    token = span[0]
    if token.lower_ in WORDS.not_a_name or (token.text.isupper() and len(token) > 2):
        return False
    if span.text in WORDS.leaders or token.lower_ == "pope":
        return True
    if span.start == 0:
        return False
    before = token.nbor(-1)
    honoured = before.lower_ in WORDS.honorifics
    titled = before.text[0].isupper() and (honoured or _gives_a_role(before))
    goes_by = before.lower_ == "name" and span.start > 1 and before.nbor(-1).lower_ == "the"
    return titled or goes_by or before.lower_ in WORDS.kin


# what the model missed


def _missed_names(doc: Doc) -> list[Span]:
    """Runs of capitalised words that something beside them shows to be a person."""
    surnames = {ent[-1].text for ent in doc.ents if ent.label_ in _PERSON}
    runs = (span for span in _capitalised_runs(doc) if _plausible(span))
    return [span for span in runs if _is_shown_to_be_a_person(span, surnames)]


def _capitalised_runs(doc: Doc) -> list[Span]:
    """Runs of name tokens, cut down to the two or three names at their end."""
    runs: list[Span] = []
    i = 0
    while i < len(doc):
        start = i
        while i < len(doc) and (is_name_token(doc[i]) or (i > start and _is_inside_a_name(doc[i]))):
            i += 1
        span = _name_in_run(doc, start, i)
        if span is not None:
            runs.append(span)
        i = max(i, start + 1)
    return runs


def _is_inside_a_name(token: Token) -> bool:
    """A hyphen without spaces, or a small particle, between two names."""
    if token.i + 1 >= len(token.doc) or not is_name_token(token.nbor()):
        return False
    if token.text == "-":
        return not token.whitespace_ and not begins_word(token)
    return token.text in WORDS.particles and token.text not in ("y", "e")


def _name_in_run(doc: Doc, start: int, end: int) -> Span | None:
    """The end of a run: what comes before it is a title, a body, an acronym or the first word of a sentence."""
    if not 2 <= end - start <= LONGEST_RUN:
        return None
    first = start
    for token in doc[start:end]:
        acronym = token.text.isupper() and len(token) > 1 and token.text[-1] != "."
        title = is_title(token) and (_gives_a_role(token) or not WORDS.is_title(token.lower_))
        if acronym or title or (token.i == first and _is_common_word(token)):
            first = token.i + 1
    span = doc[first:end]
    if not 2 <= count_names(span) <= 3 or any(token.is_sent_start for token in span[1:]):
        return None
    return None if any(token.lower_ in WORDS.not_a_name and begins_word(token) for token in span) else span


def _gives_a_role(title: Token) -> bool:
    """Whether a word is a title of somebody with an office, not a mere occupation."""
    return WORDS.is_title(title.lower_) and WORDS.titles.get(title.lower_) != "other"


def _is_common_word(token: Token) -> bool:
    """A common word with the capital of a sentence's start."""
    return token.is_stop or bool(token.is_sent_start and token.pos_ in _COMMON)


def _is_shown_to_be_a_person(span: Span, surnames: set[str]) -> bool:
    doc = span.doc
    before = span[0].nbor(-1) if span.start else None
    if _is_rest_of_an_entity(span) or (before is not None and before.lower_ in ("in", "at", "near", "from", "en", "à")):
        return False
    if before is not None and is_title(before) and (not before.is_sent_start or _gives_a_role(before)):
        return True
    if _is_described_after(doc, span.end) or _age_follows(doc, span.end) or _is_beside_a_name(span):
        return True
    if span[-1].text in surnames or _is_the_dead(span):
        return True
    return _speaks(span) and not any(token.ent_type_ in _NOT_PEOPLE for token in span)


def _is_rest_of_an_entity(span: Span) -> bool:
    """Whether the model has these tokens in an entity that begins before them, and not with a title or acronym."""
    if span.start == 0 or span[0].ent_iob_ != "I":
        return False
    before = span[0].nbor(-1)
    return bool(before.ent_type_) and not before.text.isupper() and not is_title(before)


def _is_described_after(doc: Doc, end: int) -> bool:
    """X Y, a professor ... / X Y, CEO of ... / X Y, who ..."""
    if end + 2 >= len(doc) or doc[end].text != ",":
        return False
    if doc[end + 1].lower_ in ("who", "whose", "quien"):
        return True
    for token in doc[end + 1 : end + 8]:
        if token.text in ",.;:" or token.pos_ in ("VERB", "AUX") or token.lower_ in (*_AND, "or"):
            return False
        if is_title(token) or token.lower_ in WORDS.person_nouns:
            return not token.text[0].isupper() or token.text.isupper()
    return False


def _age_follows(doc: Doc, end: int) -> bool:
    """X Y, 34, ... / X Y, de 34 años / X Y, 34 ans"""
    after = [token.text for token in doc[end : end + 4]]
    if len(after) < 3 or after[0] != ",":
        return False
    return (after[1].isdigit() and after[2] in (",", ".", "ans")) or (after[1] == "de" and after[2].isdigit())


def _is_the_dead(span: Span) -> bool:
    """the killing of X Y"""
    before = [token.lower_ for token in span.doc[max(0, span.start - 2) : span.start]]
    return before[1:] == ["of"] and before[0] in ("death", "killing", "murder", "shooting")


def _is_beside_a_name(span: Span) -> bool:
    """X Y and somebody whom the model knows, or the other way round."""
    doc = span.doc
    after, before = doc[span.end : span.end + 2], doc[max(0, span.start - 2) : span.start]
    return (len(after) == 2 and after[0].lower_ in _AND and after[1].ent_type_ in _PERSON) or (
        len(before) == 2 and before[1].lower_ in _AND and before[0].ent_type_ in _PERSON
    )


def _speaks(span: Span) -> bool:
    """X Y said ... / ..., said X Y"""
    doc = span.doc
    beside = [*doc[max(0, span.start - 1) : span.start], *doc[span.end : span.end + 1]]
    return any(token.lemma_.lower() in WORDS.speech or token.lower_ in WORDS.speech_forms for token in beside)
