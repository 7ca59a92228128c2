"""Finding and replacing many names in many texts, word by word."""

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
# Between the words of one name: spaces, a hyphen, an apostrophe, the dot of an initial.
_GAP = re.compile(r"[\s.'’\-]{1,3}")


class NameFinder:
    """Finds whole names; where two begin at one place the longer wins. A name with label None is found and kept."""

    def __init__(self, labels: dict[str, str | None]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str | None]]] = defaultdict(list)
        for form, label in sorted(labels.items()):
            words = tuple(_words(form))
            if words:
                self._by_first[words[0]].append((words, label))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def find(self, text: str) -> Iterator[tuple[int, int, str | None]]:
        """(start, end, label) of each name, left to right, without overlap."""
        if self._by_first.keys().isdisjoint(_words(text)):
            return
        words = [(match.start(), match.end(), _fold(match.group())) for match in _WORD.finditer(text)]
        position = 0
        while position < len(words):
            for wanted, label in self._by_first.get(words[position][2], ()):
                last = position + len(wanted) - 1
                if last < len(words) and self._matches(text, words[position : last + 1], wanted):
                    yield words[position][0], words[last][1], label
                    position = last
                    break
            position += 1

    def replace(self, text: str) -> str:
        parts, done = [], 0
        for start, end, label in self.find(text):
            if label is not None:
                parts += [text[done:start], label]
                done = end
        return "".join([*parts, text[done:]])

    @staticmethod
    def _matches(text: str, words: list[tuple[int, int, str]], wanted: tuple[str, ...]) -> bool:
        if any(word[2] != want for word, want in zip(words, wanted, strict=True)):
            return False
        return all(_GAP.fullmatch(text, a[1], b[0]) for a, b in itertools.pairwise(words))


def candidates(text: str, longest: int = 4) -> Iterator[str]:
    """Whatever could be a full name: two to `longest` words in a row, the first and the last with a capital."""
    words = list(_WORD.finditer(text))
    for first, word in enumerate(words):
        for last in range(first + 1, min(first + longest, len(words))):
            if not _GAP.fullmatch(text, words[last - 1].end(), words[last].start()):
                break
            if word.group()[0].isupper() and words[last].group()[0].isupper():
                yield text[word.start() : words[last].end()]


def slug(text: str) -> str:
    """The text as the words of an address: ASCII, lower case, hyphens."""
    return "-".join(_words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower()) if text.isascii() else [_fold(word) for word in _WORD.findall(text)]


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
