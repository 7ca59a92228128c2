"""What a rule hands on, and what rules look up in an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from incidents.extract.face import face_context, names_face_recognition
from incidents.extract.people.clusters import Occurrence, Person
from incidents.extract.people.words import WORDS
from incidents.extract.spans import document_of, mentions_of, sentence_index, sentences, text_of

FACE, ERROR, GUILT, WRONG = "face", "error", "guilt", "wrong"  # what a text can speak of
_SUBJECTS = {FACE: WORDS.face_words, ERROR: WORDS.error_words, GUILT: WORDS.guilt_words, WRONG: WORDS.wrong_words}
NAMED = "named"  # the rule of a mention that only names
_ROLE_OF_KIND = {
    "vendor": "company_representative",
    "product": "company_representative",
    "deployer": "company_representative",
    "police_agency": "police_official",
    "authority": "government_official",
    "advocacy": "advocate",
}
_PLATES = re.compile(r"\b(?:licen[cs]e|number)[- ]plates?\b|\bA[LN]PR\b", re.IGNORECASE)
_STATION = re.compile(r"[WK][A-Z]{3}(?:-TV)?")  # call signs of American broadcasters


@dataclass(frozen=True)
class Cue:
    """Evidence at an occurrence that a person has a role; `weight` is how much it counts, `rule` its name.

    It counts only where the title or the sentences about the person speak of all that it `needs`. `accuses`: the person
    was arrested, charged or taken for a suspect.
    """

    role: str
    weight: float
    rule: str
    occurrence: Occurrence
    needs: tuple[str, ...] = ()
    accuses: bool = False


class Article:
    """A Doc with its people, looked up by token: who is named there, and the role that a body named there gives."""

    def __init__(self, doc: Doc, people: list[Person]) -> None:
        self.doc = doc
        self.people = people
        self.parsed: bool = doc.has_annotation("DEP")
        self.person_at = {i: p for p in people for o in p.occurrences for i in range(o.start, o.end)}
        self.body_at: dict[int, str] = {}
        for item in mentions_of(doc, *_ROLE_OF_KIND):
            span = doc.char_span(item.start, item.end, alignment_mode="expand")
            if span is not None:
                self.body_at.update(dict.fromkeys(range(span.start, span.end), _ROLE_OF_KIND[item.kind]))
        self.title = _title_subjects(doc)
        self._plates = {sentence_index(doc, match.start()) for match in _PLATES.finditer(text_of(doc))}
        on_faces = face_context(doc).sentences
        self._subjects = [
            _subjects(text_of(doc)[start:end]) | ({FACE} if index in on_faces else set())
            for index, (start, end) in enumerate(sentences(doc))
        ]

    def subjects_at(self, token: int) -> set[str]:
        """What the title, the sentence around a token and its neighbours speak of: faces, an error, guilt, a wrong.

        A sentence about number plates is not about faces, whatever stands around it.
        """
        at = sentence_index(self.doc, self.doc[token].idx)
        if at in self._plates:
            return self._subjects[at] - {FACE}
        return self.title.union(*self._subjects[max(0, at - 1) : at + 2])

    def subjects_of(self, person: Person) -> set[str]:
        """The same for all places where a person stands."""
        return self.title.union(*(self.subjects_at(occurrence.start) for occurrence in person.occurrences))


def affiliation(article: Article, tokens: Sequence[Token]) -> str | None:
    """The role that the first body named in these tokens gives to its people; a company's where no word tells."""
    first: str | None = None
    for token in tokens:
        role = _role_of_body(article, token)
        if first and role and first in WORDS.outranks.get(role, ()):
            return role
        first = first or role
    if first is None and any(token.ent_type_ == "ORG" for token in tokens):
        return "company_representative"
    return first


def _role_of_body(article: Article, token: Token) -> str | None:
    word = token.lower_
    if _STATION.fullmatch(token.text):
        return "journalist"
    if word == "law" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "firm":
        return "lawyer"
    by_word = WORDS.bodies.get(word) or WORDS.bodies.get(word.removesuffix("s"))
    return by_word if by_word == "researcher" else article.body_at.get(token.i) or by_word


def _title_subjects(doc: Doc) -> set[str]:
    document = document_of(doc)
    found = _subjects(document.title)
    if names_face_recognition(document.title, document.language):
        found.add(FACE)
    return found


def _subjects(text: str) -> set[str]:
    words = set(re.findall(r"[\w-]+", text.lower()))
    return {subject for subject, vocabulary in _SUBJECTS.items() if words & vocabulary}
