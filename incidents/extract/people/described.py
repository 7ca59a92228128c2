"""Victims whom the article describes and does not name: "a 62-year-old woman from Romford"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from incidents.extract.people.attributes import Attributes, finished, stated_in
from incidents.extract.people.clause import AFTER, SENTENCE, Harm, around
from incidents.extract.people.cues import ERROR, FACE, Article
from incidents.extract.people.harm import PRONOUN_SHARE, harms
from incidents.extract.people.words import WORDS

THRESHOLD = 2.0
_ONE = ("un", "una", "une")
_AGED = re.compile(r"de \d{1,3} (?:años|ans)")
_ORIGIN = ("from", "of", "in")


@dataclass(frozen=True)
class Described:
    """An unnamed victim: tokens start to end, the description without its article, the rule and what is stated."""

    start: int
    end: int
    description: str
    rule: str
    weight: float
    attributes: Attributes


def find_described(article: Article, named_genders: Iterable[str | None]) -> list[Described]:
    """One per kind of person ("woman", "driver") that something was done to, in the order of the text.

    A description of the gender of a named victim, or of none, is taken for that victim: nothing is added.
    """
    genders = set(named_genders)
    if not article.parsed:
        return [] if genders else list(_by_words(article))
    found: dict[str, Described] = {}
    for token in article.doc:
        victim = _victim(article, token) if _may_be_victim(article, token) else None
        if victim is None or (genders and not _another(token) and _same_gender(victim, genders)):
            continue
        kind = token.lemma_.lower()
        if kind not in found or len(victim.description) > len(found[kind].description):
            found[kind] = victim
    return sorted(found.values(), key=lambda victim: victim.start)


def _by_words(article: Article) -> Iterator[Described]:
    """Where we read no syntax: "un hombre de 32 años" with a word for harm after it and nobody named in between."""
    doc, kinds = article.doc, set()
    for i in range(1, len(doc)):
        noun = doc[i].lower_
        if doc[i - 1].lower_ not in _ONE or noun not in WORDS.person_nouns or noun in kinds:
            continue
        rest = doc[i + 1 : i + 1 + AFTER]
        end = next((t.i for t in rest if t.text in ".!?" or t.i in article.person_at), rest.end)
        harm = next((t for t in doc[i + 1 : end] if t.lower_ in WORDS.harm_forms), None)
        if harm is not None and {FACE, ERROR} <= article.subjects_at(i):
            kinds.add(noun)
            aged = doc[i + 1 : i + 4].text
            stop = i + 4 if _AGED.fullmatch(aged) else i + 1
            stated = finished(stated_in(list(doc[i - 1 : stop])))
            yield Described(i - 1, stop, doc[i:stop].text, f"beside {harm.lower_}", THRESHOLD, stated)


def _may_be_victim(article: Article, token: Token) -> bool:
    """One person, described with an article, who is nobody's relative and has no name beside."""
    if token.tag_ != "NN" or token.lemma_.lower() not in WORDS.person_nouns:
        return False
    if any(child.dep_ == "poss" for child in token.children):
        return False
    family = (token, token.head, *token.children, *(c for child in token.children for c in child.children))
    if any(t.i in article.person_at for t in family):
        return False
    return any(child.lower_ in ("a", "an", "the", "another", "one") for child in token.children)


def _victim(article: Article, token: Token) -> Described | None:
    context = article.subjects_at(token.i)
    told = [harm for harm in (*harms(token), *_harms_of_pronouns(article, token)) if _counts(harm, context)]
    weight = sum(harm.weight for harm in told)
    if weight < THRESHOLD or not _happened(token):
        return None
    phrase = list(_phrase(token))
    words_of = [t for t in phrase if t.dep_ != "det" or t.i > token.i]
    text = article.doc[words_of[0].i : phrase[-1].i + 1].text
    best = max(told, key=lambda harm: harm.weight)
    stated = finished(stated_in([t for t in phrase if t.i <= token.i]))
    return Described(phrase[0].i, phrase[-1].i + 1, text, best.rule, weight, stated)


def _harms_of_pronouns(article: Article, token: Token) -> Iterator[Harm]:
    """A woman said she was wrongly arrested: the pronoun is hers where the sentence names nobody."""
    sentence = around(token, SENTENCE)
    if any(i in article.person_at for i in range(sentence.start, sentence.end)):
        return
    for pronoun in sentence:
        if pronoun.i > token.i and pronoun.lower_ in ("he", "she", "him", "her"):
            for harm in harms(pronoun):
                yield harm._replace(weight=harm.weight * PRONOUN_SHARE)


def _counts(harm: Harm, context: set[str]) -> bool:
    return FACE in context and (ERROR in context or not harm.needs_error)


def _happened(token: Token) -> bool:
    """Whether the sentence tells of the past: "a driver is locked out when ..." is about drivers in general."""
    return any(t.tag_ == "VBD" or t.lower_ in ("been", "was", "were") for t in around(token, SENTENCE))


def _phrase(token: Token) -> Iterator[Token]:
    """The noun phrase up to its noun, and where the person is from."""
    yield from token.doc[token.left_edge.i : token.i + 1]
    after = token.doc[token.i + 1 : token.i + 5]
    if len(after) > 1 and after[0].lower_ in _ORIGIN and after[1].text[:1].isupper():
        yield after[0]
        for place in after[1:]:
            if not place.text[:1].isupper() and place.text != "'s":
                return
            yield place


def _another(token: Token) -> bool:
    return any(child.lower_ in ("another", "second", "third", "other") for child in token.children)


def _same_gender(victim: Described, genders: set[str | None]) -> bool:
    gender = victim.attributes.get("gender")
    return gender is None or None in genders or gender in genders
