"""A question to a person: what it shows, which answers it takes, and the lines that each answer writes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, Any]

KINDS = ("pair", "date", "organization", "person", "incident")  # what needs a decision first stands first


@dataclass(frozen=True)
class Sentence:
    """What a sentence is shown for, and the sentence."""

    label: str
    quote: str


@dataclass(frozen=True)
class Side:
    """One column of what is shown: an article, or what the dataset says now."""

    heading: str
    about: str
    sentences: tuple[Sentence, ...]
    address: str | None = None


@dataclass(frozen=True)
class Ask:
    """Something to be typed for an answer: the field of the line that it fills, and what to call it."""

    field: str
    label: str


@dataclass(frozen=True)
class Choice:
    """An answer: the key that gives it, and the lines it writes (file and content, without who, when and why)."""

    key: str
    label: str
    lines: tuple[tuple[str, Row], ...]
    asks: tuple[Ask, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question as it is shown. `reason` says why it is asked."""

    id: str
    kind: str
    text: str
    reason: str
    sides: tuple[Side, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Pending:
    """A question that waits; what it shows is looked up when its turn comes."""

    id: str
    make: Callable[[], Question]
