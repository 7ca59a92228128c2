"""Age, gender, race and what the name policy asks: only as the article states it, with the phrase that does.

Nothing is inferred from a name or a picture. A pronoun states a gender; its sentence is the phrase.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from spacy.tokens import Doc, Token

from incidents.extract.contract import QUOTE_LIMIT
from incidents.extract.people.clause import SENTENCE, around
from incidents.extract.people.clusters import Occurrence, Person
from incidents.extract.people.cues import Article
from incidents.extract.people.harm import AFFECTED
from incidents.extract.people.roles import Decision
from incidents.extract.people.titles import words_after, words_before
from incidents.extract.people.words import WORDS
from incidents.extract.spans import document_of, quote_at, sentence_at, text_of

Attributes = dict[str, Any]
TEEN, ADULT, OLDER = 13, 18, 65  # years
OLDEST = 110
DESCRIPTION = 8  # tokens of an apposition that describe the person and not yet something else
_AGE = re.compile(r"\b(\d{1,3})[- ](?:years?[- ]old|años|ans)\b|\baged? (\d{1,3})\b")
_AGE_AFTER = re.compile(r"^, (?:now |aged |de )?(\d{1,3})(?=,| ?-|;|\.| años| ans)|^ \((\d{1,3})\)")
_PUPIL = re.compile(
    r"\b(?:high|middle|elementary|primary|secondary)[- ]school (?:student|pupil|senior|junior)\b|\b\w+[- ]grader\b"
)
_SEXUAL = re.compile(
    r"\b(?:rap(?:e[ds]?|ists?|ing)|sexual(?:ly)? (?:assault|abus|molest|offen)\w*|molest\w*|indecent assault)\b",
    re.IGNORECASE,
)
_WITH_AN_OFFICE = frozenset(
    (
        "lawyer", "police_official", "government_official", "company_representative",
        "researcher", "advocate", "journalist",
    )
)  # fmt: skip


def attributes_of(article: Article, decision: Decision) -> Attributes:
    """What the article states of a named person: values with `<name>_quote`, and flags, present where they hold."""
    doc = article.doc
    found: Attributes = {}
    for occurrence in decision.person.occurrences:
        if occurrence.form == "description":
            _add(found, stated_in(_described_as(doc[occurrence.start])))
        if occurrence.named:
            for phrase in _phrases(article, occurrence):
                _add(found, stated_in(phrase))
            _add(found, _age_after(doc, occurrence.end))
    _add(found, _gender_of_forms(doc, decision.person))
    return finished(found) | _policy_flags(article, decision)


def stated_in(phrase: Sequence[Token]) -> Attributes:
    """What a noun phrase such as "a 32-year-old Black woman" states."""
    if not phrase:
        return {}
    doc = phrase[0].doc
    text = doc[phrase[0].i : phrase[-1].i + 1].text
    found: Attributes = {}
    age = _AGE.search(text)
    if age:
        found["age"] = int(age[1] or age[2])
    nouns = [(token.lemma_ or token.text).lower() for token in phrase]
    place = next((i for i, noun in enumerate(nouns) if noun in WORDS.gender_nouns or noun in WORDS.age_nouns), None)
    if place is not None:
        found |= {"gender": WORDS.gender_nouns.get(nouns[place]), "age_band": WORDS.age_nouns.get(nouns[place])}
    race = WORDS.race.search(_text_before(phrase, place))
    if race:
        found["race_ethnicity"] = WORDS.races[race[0].lower().replace(" ", "-")]
    if _PUPIL.search(text):
        found["minor"] = True
    stated = {key: value for key, value in found.items() if value is not None}
    quote = quote_between(doc, phrase[0].i, phrase[-1].i + 1)
    return stated | {f"{key}_quote": quote for key in stated if key != "minor"}


def quote_between(doc: Doc, start: int, end: int) -> str:
    """The tokens start to end as the article writes them."""
    span = doc[start:end]
    return document_of(doc).text[span.start_char : span.end_char][:QUOTE_LIMIT]


def finished(found: Attributes) -> Attributes:
    """The attributes with the age band, and whether it is a minor's, that follow from them."""
    age = found.get("age")
    if age is not None:
        band = "child" if age < TEEN else "teen" if age < ADULT else "adult" if age < OLDER else "older_adult"
        found = found | {"age_band": band, "age_band_quote": found["age_quote"], "minor": age < ADULT}
    elif found.get("age_band") in ("child", "teen"):
        found = found | {"minor": True}
    return {key: value for key, value in found.items() if value is not False}


def _text_before(phrase: Sequence[Token], noun: int | None) -> str:
    """The four words before the noun for the person, or all where there is none ("is Black")."""
    near = phrase[max(0, noun - 4) : noun] if noun is not None else phrase
    return near[0].doc[near[0].i : near[-1].i + 1].text if near else ""


def _phrases(article: Article, occurrence: Occurrence) -> Iterator[Sequence[Token]]:
    """The descriptions beside a name: before it, after its comma, what it is said to be, the noun it explains."""
    doc = article.doc
    yield _noun_at_end(words_before(doc, occurrence.start))
    after = words_after(doc, occurrence.end)
    if after and after[0].lower_ not in WORDS.no_description:
        yield after[:DESCRIPTION]
    if article.parsed:
        yield from _phrases_by_syntax(doc, doc[occurrence.start : occurrence.end].root)


def _described_as(noun: Token) -> list[Token]:
    """the 28-year-old Georgia resident"""
    return list(noun.doc[noun.left_edge.i : noun.i + 1])


def _noun_at_end(tokens: list[Token]) -> list[Token]:
    """The part of a phrase that stands right before the name: nothing of "the sister of"."""
    parts = (i + 1 for i in range(len(tokens) - 1, -1, -1) if tokens[i].pos_ in ("ADP", "CCONJ"))
    return tokens[next(parts, 0) :]


def _phrases_by_syntax(doc: Doc, root: Token) -> Iterator[Sequence[Token]]:
    """X is a Black man; a Black woman, X; a man named X"""
    if root.dep_ == "nsubj" and root.head.lemma_ == "be":
        for child in root.head.rights:
            if child.dep_ in ("attr", "acomp"):
                yield list(doc[child.left_edge.i : child.i + 1])
    named = root.dep_ in ("oprd", "attr", "dobj") and root.head.lower_ in ("named", "called", "identified")
    noun = root.head.head if named else root.head
    if (named or root.dep_ == "appos") and noun.lemma_.lower() in WORDS.person_nouns:
        yield list(doc[noun.left_edge.i : noun.i + 1])


def _age_after(doc: Doc, end: int) -> Attributes:
    """NAME, 32, / NAME (32)"""
    start = doc[end - 1].idx + len(doc[end - 1])
    match = _AGE_AFTER.match(text_of(doc)[start : start + 16])
    age = int(match[1] or match[2]) if match else 0
    if match is None or not 1 <= age <= OLDEST:
        return {}
    return {"age": age, "age_quote": document_of(doc).text[doc[end - 1].idx : start + match.end()]}


def _gender_of_forms(doc: Doc, person: Person) -> Attributes:
    """The gender that an honorific or, failing that, a pronoun states."""
    for occurrence in sorted(person.occurrences, key=lambda o: o.form == "pronoun"):
        pronoun = occurrence.form == "pronoun"
        token = doc[occurrence.start if pronoun else max(0, occurrence.start - 1)]
        gender = WORDS.gender_forms.get(token.lower_)
        if gender:
            end = token.idx + len(token)
            quote = quote_at(doc, token.idx, end) if pronoun else quote_between(doc, token.i, occurrence.end)
            return {"gender": gender, "gender_quote": quote, "gender_basis": "pronoun" if pronoun else "honorific"}
    return {}


def _add(found: Attributes, more: Attributes) -> None:
    """Keep what is known already: the first statement stands."""
    for key in [key for key in more if not key.endswith(("_quote", "_basis"))]:
        if key not in found:
            found.update({name: value for name, value in more.items() if name == key or name.startswith(f"{key}_")})


# what the name policy asks


def _policy_flags(article: Article, decision: Decision) -> Attributes:
    doc, person = article.doc, decision.person
    flags = {
        "public_figure": decision.in_office or _is_public_figure(doc, person),
        "spoke_publicly": decision.sued or _spoke(article, decision),
        "sexual_assault_context": decision.role not in _WITH_AN_OFFICE and _is_near_sexual_assault(doc, person),
        "accused": decision.accused,
    }
    return {key: True for key, holds in flags.items() if holds}


def _is_public_figure(doc: Doc, person: Person) -> bool:
    for occurrence in person.occurrences:
        if doc[occurrence.end - 1].text in WORDS.leaders:
            return True
        founded_by = doc[max(0, occurrence.start - 2) : occurrence.start]
        beside = [*words_before(doc, occurrence.start)[-3:], *words_after(doc, occurrence.end)[:5], *founded_by]
        if occurrence.named and any(token.lower_ in WORDS.fame for token in beside):
            return True
    return False


def _spoke(article: Article, decision: Decision) -> bool:
    """Whether the article has the person's own words: their speech, or for a victim an account of what happened."""
    doc, occurrences = article.doc, decision.person.occurrences
    if not article.parsed:
        return any(doc[o.end].lower_ in WORDS.speech_forms for o in occurrences if o.end < len(doc))
    told = decision.role == AFFECTED or decision.role in _WITH_AN_OFFICE
    return any(_speaks_on_record(doc[o.start : o.end].root, told) for o in occurrences)


def _speaks_on_record(subject: Token, told: bool) -> bool:
    """Whether somebody speaks, and not to the police or a court: in direct speech, to the press, or as `told`."""
    verb = subject.head
    if subject.dep_ != "nsubj" or verb.lemma_.lower() not in (WORDS.on_record | (WORDS.recounts if told else set())):
        return False
    objects = (child for child in verb.children if child.dep_ in ("dobj", "dative", "obj"))
    listeners = {token.lower_ for child in objects for token in (*child.lefts, child)}
    if listeners & WORDS.not_the_press:
        return False
    return told or bool(listeners & WORDS.press) or any(token.text == '"' for token in around(verb, SENTENCE))


def _is_near_sexual_assault(doc: Doc, person: Person) -> bool:
    sentences = {sentence_at(doc, doc[occurrence.start].idx) for occurrence in person.occurrences}
    return any(_SEXUAL.search(text_of(doc), start, end) for start, end in sentences)
