"""Pronouns that stand for a person: he, she, him, her, his."""

from spacy.tokens import Doc, Token

from incidents.extract.people.clusters import Occurrence, Person

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
    for token in doc:
        if token.is_sent_start:
            subject, age = (here, 0) if here else (subject, age + 1)
            here = None
        if token.i in person_at:
            person, occurrence = person_at[token.i]
            root = doc[occurrence.start : occurrence.end].root
            if here is None or root.dep_ in _SUBJECTS:
                here = person
        elif token.lower_ in _GENDER and _is_personal(token):
            referent = here or (subject if age < _REACH else None)
            if referent is not None and gender.setdefault(id(referent), _GENDER[token.lower_]) == _GENDER[token.lower_]:
                referent.occurrences.append(Occurrence(token.i, token.i + 1, "pronoun"))


def _is_personal(token: Token) -> bool:
    return token.dep_ in (*_SUBJECTS, "dobj", "pobj", "poss", "dative", "obj")
