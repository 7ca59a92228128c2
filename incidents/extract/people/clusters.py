"""Names that are one person: full forms, then surnames, first names and titles with a surname."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from spacy.tokens import Doc, Token

from incidents.extract.people.names import Name
from incidents.extract.people.shapes import begins_word, is_name_token, is_title
from incidents.extract.people.words import WORDS

Form = Literal["full", "short", "pronoun", "description"]


@dataclass(frozen=True)
class Occurrence:
    """Tokens start to end stand for a person."""

    start: int
    end: int
    form: Form

    @property
    def named(self) -> bool:
        """Whether the tokens are a name, and no pronoun or description."""
        return self.form in ("full", "short")


@dataclass
class Person:
    """One person of an article. `parts` are the names, a double name being one part."""

    name: str
    parts: list[str]
    occurrences: list[Occurrence] = field(default_factory=list)

    @property
    def surname(self) -> str:
        return self.parts[-1]

    @property
    def first_name(self) -> str:
        return self.parts[0]

    @property
    def first(self) -> Occurrence:
        """Where the person is first named."""
        return next(o for o in self.occurrences if o.named)


def cluster(doc: Doc, names: list[Name]) -> list[Person]:
    """People in order of first appearance, each with its occurrences in the order of the text."""
    register = _Register(doc)
    for name in names:
        if name.full:
            register.add_full(name)
    for name in names:
        if not name.full:
            register.add_single(name)
    register.adopt_short_forms({name.start: name for name in names if name.full})
    people = [person for person in register.people if person.occurrences]
    for person in people:
        person.occurrences.sort(key=lambda o: o.start)
    return sorted(people, key=lambda p: p.first.start)


def parts_of(doc: Doc, start: int, end: int) -> list[str]:
    """The names in a span: tokens that no space parts are one name; suffixes such as Jr. are left out."""
    parts: list[str] = []
    for token in doc[start:end]:
        if parts and not begins_word(token):
            parts[-1] += token.text
        else:
            parts.append(token.text)
    names = [part for part in parts if part.lower() not in WORDS.suffixes]
    return names or parts


class _Register:
    """The people found so far, by surname and by first name."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.people: list[Person] = []
        self.by_surname: dict[str, list[Person]] = defaultdict(list)
        self.by_first: dict[str, list[Person]] = defaultdict(list)
        self.bearer: dict[str, Person] = {}  # who a surname alone means at this place of the text

    def add_full(self, name: Name) -> None:
        parts = parts_of(self.doc, name.start, name.end)
        person = self._known(parts) or self._new(name, parts)
        person.occurrences.append(Occurrence(name.start, name.end, "full"))
        if person not in self.by_surname[parts[-1]]:
            self.by_surname[parts[-1]].append(person)
        if person not in self.by_first[parts[0]]:
            self.by_first[parts[0]].append(person)

    def add_single(self, name: Name) -> None:
        """A person known by one name, unless it is the surname or first name of somebody."""
        parts = parts_of(self.doc, name.start, name.end)
        if parts[-1] not in self.by_surname and parts[-1] not in self.by_first:
            self.by_surname[parts[-1]].append(self._new(name, parts))

    def _new(self, name: Name, parts: list[str]) -> Person:
        person = Person(self.doc[name.start : name.end].text, parts)
        self.people.append(person)
        return person

    def _known(self, parts: list[str]) -> Person | None:
        """A person with this name, a longer or shorter form of it, or another spelling of one half of it."""
        for person in self.by_surname.get(parts[-1], ()):
            if parts == person.parts[-len(parts) :] or _same_first_name(person.first_name, parts[0]):
                return person
        for person in self.by_first.get(parts[0], ()):
            if parts[-1] in person.parts[1:] or person.surname in parts[1:] or _alike(person.surname, parts[-1]):
                return person
        return None

    def adopt_short_forms(self, full: dict[int, Name]) -> None:
        """Walk the text once and give every surname or first name that stands alone to its person."""
        beginnings = {part.split("-")[0] for part in [*self.by_surname, *self.by_first]}
        owner = {o.start: person for person in self.people for o in person.occurrences}
        i = 0
        while i < len(self.doc):
            if i in full:
                self._note_bearer(owner[i], full[i])
                i = full[i].end
            elif self.doc[i].text in beginnings and not _is_common_word(self.doc[i]):
                end = _end_of_word(self.doc, i)
                person = self._meant_by(i, end)
                if person is not None:
                    person.occurrences.append(Occurrence(i, end, "short"))
                i = end
            else:
                i += 1

    def _note_bearer(self, person: Person, name: Name) -> None:
        """From here the surname means this person, if a sentence is about them and they are nobody's relative."""
        root = self.doc[name.start : name.end].root
        subject = root.dep_ in ("nsubj", "nsubjpass") and not _introduced_as_kin(self.doc, name.start)
        if person.surname not in self.bearer or subject:
            self.bearer[person.surname] = person

    def _meant_by(self, start: int, end: int) -> Person | None:
        word = self.doc[start:end].text
        if _part_of_other_name(self.doc, start, end):
            return None
        bearers = self.by_surname.get(word)
        if bearers:
            return self.bearer.get(word, bearers[0])
        namesakes = self.by_first.get(word)
        return namesakes[0] if namesakes else None


def _same_first_name(one: str, other: str) -> bool:
    """Equal, an initial of the other, or two forms with the same three letters at the start (Chris, Christopher)."""
    initial = len(one.rstrip(".")) == 1 or len(other.rstrip(".")) == 1
    return one[:3] == other[:3] or (initial and one[0] == other[0])


def _alike(one: str, other: str) -> bool:
    """One half of a double surname, or two spellings, as transcripts have them: same start, about the same length."""
    spelt = min(len(one), len(other)) >= 5 and one[:3] == other[:3] and abs(len(one) - len(other)) <= 1
    return spelt or one.rpartition("-")[2] == other.rpartition("-")[2]


def _introduced_as_kin(doc: Doc, start: int) -> bool:
    before = [token.lower_ for token in doc[max(0, start - 2) : start]]
    return bool(before) and (before[-1] in WORDS.kin or (before[-1] == "," and before[0] in WORDS.kin))


def _is_common_word(token: Token) -> bool:
    """Whether a word at the start of a sentence is the common word and not the name ("Strong winds ...")."""
    return bool(token.is_sent_start and token.tag_ and token.pos_ not in ("PROPN", "X") and token.ent_type_ != "PERSON")


def _end_of_word(doc: Doc, start: int) -> int:
    """The end of the tokens that hyphens join."""
    end = start + 1
    while end + 1 < len(doc) and doc[end].text == "-" and not begins_word(doc[end]) and not begins_word(doc[end + 1]):
        if not is_name_token(doc[end + 1]):
            break
        end += 2
    return end


def _part_of_other_name(doc: Doc, start: int, end: int) -> bool:
    """Whether the words beside it make it another name: "Smith County", "Smith" after another first name."""
    after = doc[end] if end < len(doc) else None
    if after is not None and after.lower_ in WORDS.after_surname:
        return True
    if after is not None and _is_another_name(after) and not after.is_sent_start:
        return True
    before = doc[start - 1] if start else None
    return before is not None and _is_another_name(before) and before.lower_ not in WORDS.not_a_name


def _is_another_name(token: Token) -> bool:
    return is_name_token(token) and not is_title(token) and (not token.is_sent_start or token.pos_ == "PROPN")
