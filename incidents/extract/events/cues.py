"""The language of data/reference/event_cues.yaml: a cue is a few words, compiled to regular expressions.

Its syntax is told at the top of that file. A part of a cue is tried only where a word of the sentence begins with the
first letters of one of the words that the part begins with, so that many cues cost little.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

KEY_LENGTH = 3  # letters by which words are looked up
_CURRENCIES = "$£€"
_WORDS = re.compile(r"\w+|[$£€%?]")
_SEPARATOR = r"\W{0,3}"
_GAP = r"(?:\W+\w+){0,8}?\W+"
_BEGINNING = r"(?<!\w\W)(?<!\w\W\W)(?<!\w)"  # no word stands one or two characters before
_PIECES = re.compile(r"\.\.\.|[()\[\]|]|<[a-z_]+>|[^\s()\[\]|<>]+")


class CueError(ValueError):
    """A cue that cannot be read: what is wrong with it and how to mend it."""


@dataclass(frozen=True)
class Match:
    """A cue found in a sentence: offsets within that sentence."""

    event: str
    weight: int
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """A text in small letters, and where its words begin, by their first letters."""

    text: str
    starts: Mapping[str, list[int]]

    @classmethod
    def of(cls, text: str) -> "Sentence":
        """`text` must be in small letters, see `lower`."""
        starts: dict[str, list[int]] = {}
        for word in _WORDS.finditer(text):
            starts.setdefault(word[0][:KEY_LENGTH], []).append(word.start())
        return cls(text, starts)


@dataclass(frozen=True)
class Part:
    """A pattern and the first letters of the words it can begin with; without any it is searched everywhere."""

    pattern: re.Pattern[str]
    keys: frozenset[str]

    def find(self, sentence: Sentence) -> re.Match[str] | None:
        """The first place where it stands."""
        if not self.keys:
            return self.pattern.search(sentence.text)
        starts = [start for key in self.keys & sentence.starts.keys() for start in sentence.starts[key]]
        return next((m for start in sorted(starts) if (m := self.pattern.match(sentence.text, start))), None)


@dataclass(frozen=True)
class Cue:
    """Parts that must all occur in a sentence, parts that must not, and kinds of mention it must hold."""

    event: str
    weight: int
    parts: tuple[Part, ...]
    without: tuple[Part, ...]
    needs: frozenset[str]

    def match(self, sentence: Sentence, kinds: frozenset[str]) -> Match | None:
        """Where the cue's first part stands in a sentence that names these kinds, or None."""
        if not self.needs <= kinds:
            return None
        first = self.parts[0].find(sentence)
        if first is None or not all(part.find(sentence) for part in self.parts[1:]):
            return None
        if any(part.find(sentence) for part in self.without):
            return None
        return Match(self.event, self.weight, first.start(), first.end())


@dataclass(frozen=True)
class CueIndex:
    """Cues by the first letters of the words they begin with."""

    by_key: Mapping[str, tuple[tuple[int, Cue], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, cues: Iterable[Cue]) -> "CueIndex":
        """The index of these cues, which keep their order."""
        index: dict[str, list[tuple[int, Cue]]] = {}
        for number, cue in enumerate(cues):
            for key in sorted(cue.parts[0].keys):
                index.setdefault(key, []).append((number, cue))
        return cls({key: tuple(entries) for key, entries in index.items()})

    def matches(self, sentence: Sentence, kinds: frozenset[str] = frozenset()) -> list[Match]:
        """All cues of a sentence, in the order of the file."""
        return [match for match in self._found(sentence, kinds) if match]

    def holds(self, sentence: Sentence) -> bool:
        """Whether a sentence has any of the cues."""
        return any(self._found(sentence, frozenset()))

    def _found(self, sentence: Sentence, kinds: frozenset[str]) -> Iterator[Match | None]:
        candidates = {number: cue for key in sentence.starts for number, cue in self.by_key.get(key, ())}
        return (candidates[number].match(sentence, kinds) for number in sorted(candidates))


def lower(text: str) -> str:
    """The text in small letters, character for character, so that offsets hold."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def compile_cue(event: str, weight: int, text: str, words: Mapping[str, str]) -> Cue:
    """A cue of the file. `words` are the word lists of its language. Raises CueError."""
    parts, without, needs = [], [], set()
    for part in map(str.strip, text.split(" & ")):
        if part.startswith("{"):
            needs.add(part.strip("{}"))
        elif part.startswith("!"):
            without.append(_Parser(part[1:], words).part())
        else:
            parts.append(_Parser(part, words).part())
    if not parts:
        raise CueError("a cue needs at least one part that is not ! or {...}")
    if not parts[0].keys:
        raise CueError("a cue must begin with words of three letters or more, not with ... or a number")
    return Cue(event, weight, tuple(parts), tuple(without), frozenset(needs))


def word_list(text: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """One pattern for `a | b | c`, as word lists are written."""
    return _Parser(f"({text})", words).part().pattern


class _Parser:
    """One part of a cue, read from left to right."""

    def __init__(self, text: str, words: Mapping[str, str]) -> None:
        self.words = words
        self.text = text
        self.pieces = list(self._expanded(text.replace("-", " "), depth=0))
        self.at = 0

    def part(self) -> Part:
        pattern = self._alternatives(closing="")
        keys, _ = self._keys(0, first=True)
        return Part(re.compile(pattern), frozenset() if "" in keys else frozenset(keys))

    def _expanded(self, text: str, depth: int) -> Iterator[str]:
        for piece in _PIECES.findall(text):
            if not piece.startswith("<"):
                yield piece
                continue
            name = piece.strip("<>")
            if name not in self.words or depth > 2:
                raise CueError(f"<{name}> is not a word list of this language: add it under words, or mend its name")
            yield from ("(", *self._expanded(self.words[name].replace("-", " "), depth + 1), ")")

    def _alternatives(self, closing: str) -> str:
        options = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            options.append(self._sequence())
        if self._peek() != closing:
            raise CueError(f"brackets do not close in {self.text!r}")
        self.at += 1
        return f"(?:{'|'.join(options)})" if len(options) > 1 or closing else options[0]

    def _sequence(self) -> str:
        pattern, joint = "", ""
        while (piece := self._peek()) not in ("|", ")", "]", ""):
            self.at += 1
            if piece == "...":
                joint = _GAP
            elif piece == "[":
                optional = self._alternatives(closing="]")
                pattern += f"(?:{joint}{optional})?" if pattern else f"(?:{optional}{_SEPARATOR})?"
            else:
                pattern += (joint if pattern else "") + (self._alternatives(")") if piece == "(" else _word(piece))
                joint = _SEPARATOR
        if not pattern:
            raise CueError(f"an empty choice in {self.text!r}")
        return pattern

    def _peek(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def _keys(self, at: int, first: bool) -> tuple[set[str], int]:
        """The keys of the choices from `at` to their closing bracket, and where they end."""
        keys: set[str] = set()
        leading = first
        while at < len(self.pieces) and self.pieces[at] not in ")]":
            piece = self.pieces[at]
            if piece == "|":
                leading = first
            elif piece in "([":
                inner, at = self._keys(at + 1, leading)
                keys |= inner
                leading = leading and piece == "["
            elif leading and piece != "^":
                keys |= _key(piece)
                leading = False
            at += 1
        return keys, at


def _key(piece: str) -> set[str]:
    """The first letters of the words that a piece stands for; an empty one where they cannot be told."""
    if piece == "$":
        return set(_CURRENCIES)
    word = _WORDS.match(piece)
    if word is None or piece in ("9", "...") or (piece.endswith("*") and len(word[0]) < KEY_LENGTH):
        return {""}
    return {word[0][:KEY_LENGTH]}


def _word(piece: str) -> str:
    """`ban*` with any ending, `9` any number, `$` a currency sign, `^` the beginning, else the word as it is."""
    special = {"9": r"\b\d[\d.,]*(?:m|bn|k)?", "$": f"[{_CURRENCIES}]", "^": _BEGINNING}.get(piece)
    if special:
        return special
    stem = piece.removesuffix("*")
    if "*" in stem:
        raise CueError(f"{piece!r}: a * may only end a word")
    end = r"\w*" if piece.endswith("*") else r"\b" if stem[-1:].isalnum() else ""
    return (r"\b" if stem[:1].isalnum() else "") + re.escape(stem) + end
