"""Which sentences of an article are about somebody whom face recognition affected, named or described."""

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from incidents.extract.contract import Mention
from incidents.extract.people.words import WORDS
from incidents.extract.spans import mentions_of, sentence_index

_PRONOUN = re.compile(r"\b(?:he|him|his|she|her)\b")


def is_victim(item: Mention) -> bool:
    """Whether a mention is of a person, named or described, whom face recognition affected."""
    return item.role == "affected" and (item.kind == "person" or bool(item.attributes.get("described")))


def sentences_on_victims(doc: Doc, texts: Sequence[str]) -> set[int]:
    """The indexes of the sentences (`texts`, in small letters) that name a victim or go on about one as he or she."""
    victims = [item for item in mentions_of(doc, "person", "group") if is_victim(item)]
    if not victims:
        return set()
    begun = {sentence_index(doc, item.start) for item in victims}
    own = names_in({item.name for item in victims if item.kind == "person"})
    others = names_in({item.name for item in mentions_of(doc, "person") if not is_victim(item)})
    found: set[int] = set()
    for index, text in enumerate(texts):
        goes_on = index - 1 in found and _PRONOUN.search(text) and not (others and others.search(text))
        if index in begun or (own and own.search(text)) or goes_on:
            found.add(index)
    return found


def tells_of_somebody(title: str) -> bool:
    """Whether a title in small letters has a word for an ordinary person, such as "man" or "driver"."""
    return any(
        word in WORDS.person_nouns or "other" in (WORDS.titles.get(word), WORDS.titles_by_body.get(word))
        for word in re.findall(r"\w+", title)
    )


def names_in(names: set[str]) -> re.Pattern[str] | None:
    """A pattern for the last names of people, in small letters."""
    last = sorted({name.lower().split()[-1] for name in names if name.strip()})
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, last))})\b") if last else None
