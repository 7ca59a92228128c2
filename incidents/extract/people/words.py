"""data/reference/people_words.yaml, checked: titles, bodies, kin, verbs of harm and what else the rules look for."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter

from incidents.extract.contract import PERSON_ROLES
from incidents.reference import reference_folder
from incidents.reference.files import read_yaml, validate

FILE = "people_words.yaml"
NO_ROLE = "none"


def _by_word(codes: Any) -> Any:
    """{code: [word, ...]} of the file as {word: code}, the way it is looked up."""
    if not isinstance(codes, dict) or not all(isinstance(words, list) for words in codes.values()):
        raise ValueError("must be lists of words under their codes")
    return {word: code for code, words in codes.items() for word in words}


def _by_role(roles: Any) -> Any:
    for role in roles if isinstance(roles, dict) else ():
        if role not in (*PERSON_ROLES, NO_ROLE):
            raise ValueError(f"{role!r} is no role of a person; use one of {', '.join(PERSON_ROLES)}")
    return _by_word(roles)


List = frozenset[str]
CodeOf = Annotated[dict[str, str], BeforeValidator(_by_word)]
RoleOf = Annotated[dict[str, str], BeforeValidator(_by_role)]


class Words(BaseModel):
    """The file's entries; what each is for stands there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    titles: RoleOf
    titles_by_body: RoleOf
    capital_titles: List
    police_titles: List
    state_titles: List
    two_words: RoleOf
    bodies: RoleOf
    bodies_before: List
    outranks: dict[str, List]
    activities: RoleOf
    deeds: RoleOf
    founded: List
    reported: List
    works: RoleOf
    fame: List
    leaders: List
    honorifics: List
    kin: List
    person_nouns: List
    speech: List
    speech_forms: List
    on_record: List
    recounts: List
    press: List
    not_the_press: List
    no_description: List
    not_a_name: List
    names_too: List
    after_surname: List
    particles: List
    suffixes: List
    strong_harm: List
    arrest: List
    harm_if_said: List
    harmful_what: List
    refusal: List
    refused_what: List
    accounts: List
    closing: List
    claims: List
    remedies: List
    goes_to_law: List
    parties: List
    suits: List
    before_a_court: List
    custody: List
    harm_forms: List
    harm_nouns: List
    case_nouns: List
    matching: List
    machines: List
    labels: List
    labelled: List
    likeness: List
    watched: List
    watching: List
    error_words: List
    guilt_words: List
    wrong_words: List
    face_words: List
    gender_nouns: CodeOf
    age_nouns: CodeOf
    gender_forms: CodeOf
    races: CodeOf

    @cached_property
    def harm_verbs(self) -> List:
        return self.strong_harm | self.arrest | self.harm_if_said | self.refusal

    @cached_property
    def race(self) -> re.Pattern[str]:
        """Any term of `races`, the longest first; a hyphen of the file stands for a space too."""
        terms = sorted(self.races, key=lambda term: (-len(term), term))
        return re.compile(rf"\b(?:{'|'.join(term.replace('-', '[- ]') for term in terms)})\b", re.IGNORECASE)

    def is_title(self, word: str) -> bool:
        """Whether a word can be the title or the occupation of somebody."""
        return word in self.titles or word in self.titles_by_body


def load_words(folder: Path | None = None) -> Words:
    """The words of the reference folder. Raises UserError that names file, entry and mend."""
    path = (folder or reference_folder()) / FILE
    return validate(path, TypeAdapter(Words), read_yaml(path))


WORDS = load_words()
