"""The shape of a name: which tokens and spans can be one, from their words and those right beside them."""

from spacy.tokens import Span, Token

from incidents.extract.people.words import WORDS

LONGEST_COUNT = 4  # names of one person; a run of more is a list of authors
_LONGEST_INITIALS = 3
LONGEST_NAME = 7  # tokens, with initials, hyphens and particles


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


def gives_a_role(title: Token) -> bool:
    """Whether a word is a title of somebody with an office, not a mere occupation."""
    return WORDS.is_title(title.lower_) and WORDS.titles.get(title.lower_) != "other"


def count_names(span: Span) -> int:
    """How many names a span holds: particles, suffixes and the second half of a double name are not counted."""
    count = 0
    for token in span:
        second_half = token.i > span.start and not begins_word(token)
        particle = token.lower_ in WORDS.particles and token.i + 1 < span.end
        particle = particle and token.nbor().lower_ in WORDS.particles
        count += is_name_token(token) and token.lower_ not in WORDS.suffixes and not second_half and not particle
    return count


def plausible(span: Span) -> bool:
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
    capitals = all(token.text.isupper() and len(token) > 1 for token in words)
    return capitals and any(len(token) > _LONGEST_INITIALS for token in words)


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
    titled = before.text[0].isupper() and (honoured or gives_a_role(before))
    goes_by = before.lower_ == "name" and span.start > 1 and before.nbor(-1).lower_ == "the"
    return titled or goes_by or before.lower_ in WORDS.kin
