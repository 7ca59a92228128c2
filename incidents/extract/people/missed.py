"""Names that the model missed: runs of capitalised words that something beside them shows to be a person."""

from spacy.tokens import Doc, Span, Token

from incidents.extract.people.shapes import begins_word, count_names, gives_a_role, is_name_token, is_title, plausible
from incidents.extract.people.words import WORDS

TITLE_REACH = 5  # tokens before a comma in which the title of the one named after it stands
LONGEST_RUN = 9  # capitalised tokens in a row; more is a headline or a menu
PERSON_LABELS = ("PERSON", "PER")  # of the model's entities
_NOT_PEOPLE = frozenset(("ORG", "GPE", "FAC", "LAW", "EVENT"))
_COMMON = frozenset(("ADP", "ADV", "SCONJ", "CCONJ", "VERB", "AUX", "PRON", "DET"))
_AND = ("and", "y", "et")


def missed_names(doc: Doc) -> list[Span]:
    """Runs of capitalised words that something beside them shows to be a person."""
    surnames = {ent[-1].text for ent in doc.ents if ent.label_ in PERSON_LABELS} | _surnames_shown(doc)
    runs = (span for span in _capitalised_runs(doc) if plausible(span))
    return [span for span in runs if _is_shown_to_be_a_person(span, surnames)]


def _surnames_shown(doc: Doc) -> set[str]:
    """Words with a capital that speak or are described as a person: "Smith, a driver", "contó Pérez"."""
    return {
        token.text
        for token in doc
        if is_name_token(token)
        and not token.is_stop
        and token.ent_type_ not in _NOT_PEOPLE
        and (_is_described_after(doc, token.i + 1) or doc[min(token.i + 1, len(doc) - 1)].lower_ in WORDS.speech_forms)
    }


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
        title = is_title(token) and (gives_a_role(token) or not WORDS.is_title(token.lower_))
        if acronym or title or (token.i == first and _is_common_word(token)):
            first = token.i + 1
    span = doc[first:end]
    if not 2 <= count_names(span) <= 3 or any(token.is_sent_start for token in span[1:]):
        return None
    return None if any(token.lower_ in WORDS.not_a_name and begins_word(token) for token in span) else span


def _is_common_word(token: Token) -> bool:
    """A common word with the capital of a sentence's start."""
    return token.is_stop or bool(token.is_sent_start and token.pos_ in _COMMON)


def _is_shown_to_be_a_person(span: Span, surnames: set[str]) -> bool:
    doc = span.doc
    before = span[0].nbor(-1) if span.start else None
    rest = _is_rest_of_an_entity(span) and span[-1].text not in surnames
    if rest or (before is not None and before.lower_ in ("in", "at", "near", "from", "en", "à")):
        return False
    if before is not None and is_title(before) and (not before.is_sent_start or gives_a_role(before)):
        return True
    if _is_described_after(doc, span.end) or _age_follows(doc, span.end) or _is_beside_a_name(span):
        return True
    if span[-1].text in surnames or _is_the_dead(span) or _is_introduced(span) or _is_done_to(span):
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
    if doc[end + 1].lower_ in ("who", "whose", "quien") or doc[end + 1].lower_ in WORDS.harm_forms:
        return True
    for token in doc[end + 1 : end + 8]:
        if token.text in ",.;:" or token.pos_ in ("VERB", "AUX") or token.lower_ in (*_AND, "or"):
            return False
        if is_title(token) or token.lower_ in WORDS.person_nouns:
            return not token.text[0].isupper() or token.text.isupper()
    return False


def _is_done_to(span: Span) -> bool:
    """detuvo por error a X Y"""
    before = span.doc[max(0, span.start - TITLE_REACH) : span.start]
    return len(before) > 1 and before[-1].lower_ == "a" and any(t.lower_ in WORDS.harm_forms for t in before)


def _is_introduced(span: Span) -> bool:
    """his lawyer, X Y, / la porte-parole de la police, X Y,"""
    doc = span.doc
    if span.start < 2 or span.end >= len(doc) or not doc[span.start - 1].text == "," == doc[span.end].text:
        return False
    if any(token.ent_type_ in _NOT_PEOPLE for token in span):
        return False
    for token in reversed(doc[max(0, span.start - 1 - TITLE_REACH) : span.start - 1]):
        if token.is_punct or is_name_token(token):
            return False
        if is_title(token) and gives_a_role(token):
            return True
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
    return before[1:] in (["of"], ["de"]) and before[0] in ("death", "killing", "murder", "shooting", "case", "caso")


def _is_beside_a_name(span: Span) -> bool:
    """X Y and somebody whom the model knows, or the other way round."""
    doc = span.doc
    after, before = doc[span.end : span.end + 2], doc[max(0, span.start - 2) : span.start]
    return (len(after) == 2 and after[0].lower_ in _AND and after[1].ent_type_ in PERSON_LABELS) or (
        len(before) == 2 and before[1].lower_ in _AND and before[0].ent_type_ in PERSON_LABELS
    )


def _speaks(span: Span) -> bool:
    """X Y said ... / ..., said X Y"""
    doc = span.doc
    beside = [*doc[max(0, span.start - 1) : span.start], *doc[span.end : span.end + 1]]
    return any(token.lemma_.lower() in WORDS.speech or token.lower_ in WORDS.speech_forms for token in beside)
