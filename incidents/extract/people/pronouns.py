"""Pronouns that stand for a person, and descriptions that do: he, her, "the 28-year-old nurse"."""

from spacy.tokens import Doc, Token

from incidents.extract.people.clusters import Form, Occurrence, Person
from incidents.extract.people.words import WORDS

_AGE = ("year", "years", "old")  # of "28-year-old"
_GENDER = {"he": "man", "him": "man", "his": "man", "she": "woman", "her": "woman", "hers": "woman"}
_SUBJECTS = ("nsubj", "nsubjpass")
_REACH = 4  # sentences without the person named


def add_pronouns(doc: Doc, people: list[Person]) -> None:
    """Give each pronoun to the subject of its sentence, or else to the last subject of the sentences before it.

    A person who was "he" once is not "she" later. Needs the parser; without it nothing is added.
    """
    if not doc.has_annotation("DEP"):
        return
    person_at = {o.start: (person, o) for person in people for o in person.occurrences}
    gender: dict[int, str] = {}
    subject: Person | None = None
    age = 0
    here: Person | None = None
    of_subject = False
    for token in doc:
        if token.is_sent_start:
            subject, age = (here, 0) if here else (subject, age + 1)
            here, of_subject = None, False
        if token.i in person_at:
            person, occurrence = person_at[token.i]
            root = doc[occurrence.start : occurrence.end].root
            if root.dep_ in _SUBJECTS or not of_subject:
                here, of_subject = person, root.dep_ in _SUBJECTS
            continue
        referent = here or (subject if age < _REACH else None)
        form = _form(token)
        if referent is None or form is None:
            continue
        stated = _GENDER.get(token.lower_) or WORDS.gender_nouns.get(token.lemma_.lower())
        if stated is None or gender.setdefault(id(referent), stated) == stated:
            referent.occurrences.append(Occurrence(token.i, token.i + 1, form))


def _form(token: Token) -> Form | None:
    """How a token stands for somebody named before: a pronoun, or a description with an age (the 28-year-old nurse)."""
    if not _is_personal(token):
        return None
    if token.lower_ in _GENDER:
        return "pronoun"
    person = token.tag_ == "NN" and token.lemma_.lower() in WORDS.person_nouns
    lefts = list(token.lefts)
    if not (person or token.lower_ == "old") or not lefts or lefts[0].lower_ != "the":
        return None
    aged = person and any(t.lower_ in _AGE for child in lefts for t in child.subtree)
    return "description" if aged or token.lower_ == "old" else None


def _is_personal(token: Token) -> bool:
    return token.dep_ in (*_SUBJECTS, "dobj", "pobj", "poss", "dative", "obj")
