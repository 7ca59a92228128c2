"""Where a text speaks of face recognition: the gate's terms, wider wordings, and what they are near to."""

import re
from collections.abc import Iterable
from functools import cache

from spacy.tokens import Doc

from incidents.extract.patterns import one_of
from incidents.extract.spans import document_of, sentence_at, sentence_index, sentences, text_of
from incidents.reference import load

_FACE = "incidents_face"
_LEAD = 2  # sentences at the start: a headline on face recognition speaks of them
# Wordings that are too common for the gate but clear within an article that passed it.
_OF_FACES = one_of("recogn", "detect", "ident", "imag", "feature", "scan", "tech", "data", "template", "software")
_WITH_FACES = one_of("detect", "scan", "match", "print", "recogn", "unlock", "track", "analys", "search", "database")
_WIDER = (
    rf"facial[ -](?:\w+[ -])?{_OF_FACES}\w*",
    rf"fac(?:e|ial)[ -]?{_WITH_FACES}\w*",
    r"fac(?:e|ial)[ -]?(?:id|i-d)\b",
    r"(?:recogni[sz]|scan|match|identif|compar)\w* (?:people's |their |your |human |his |her )?faces?\b",
    r"emotion[ -](?:recognition|detection)",
    r"biometric \w+",
    r"reconocimientos? facial\w*",
    r"rasgos faciales",
    r"biom[ée]tri\w+",
    r"reconnaissances? faciales?",
)
# Words that stand for the technology once a sentence nearby has named it.
_THE_TECHNOLOGY = re.compile(
    r"\b(?:the|this|that|its|their|such|these|same) (?:\w+ )?(?:technology|technologies|tech|software|systems?|tools?|"
    r"algorithms?|app|program|product|service|cameras?)\b"
    r"|\b(?:on|of|selling|offering|using|making) (?:it|them)\b"
    r"|\b(?:el|la|este|esta|su|ese|esa) (?:sistema|tecnología|programa|software|herramienta|aplicación)\b"
    r"|\b(?:le|la|ce|cette|son|sa|leur) (?:système|technologie|logiciel|outil|dispositif|application)\b"
)


class FaceContext:
    """The sentences of one article that speak of face recognition.

    `is_subject`: the title or the first sentences do, so the article is likely to be about it.
    """

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        matches = list(_pattern(doc.lang_).finditer(_lowered(text_of(doc))))
        self.spans = [match.span() for match in matches]
        self._words = [match.span() for match in matches if match.lastgroup == "words"]
        self.sentences = {sentence_index(doc, start) for start, _ in self.spans}
        titled = names_face_recognition(document_of(doc).title, doc.lang_)
        self.is_subject = titled or not self.sentences.isdisjoint(range(_LEAD))
        if titled:
            self.sentences |= set(range(_LEAD))

    def add(self, spans: Iterable[tuple[int, int]]) -> None:
        """Take in more names near which the article speaks of face recognition, such as vendors."""
        self.spans = sorted({*self.spans, *spans})
        self.sentences |= {sentence_index(self._doc, start) for start, _ in self.spans}

    def add_products(self, spans: Iterable[tuple[int, int]]) -> None:
        """Take in products of face recognition: their names are words for it."""
        spans = list(spans)
        self._words = sorted({*self._words, *spans})
        self.add(spans)

    def near(self, char: int, reach: int = 1) -> bool:
        """Whether face recognition is spoken of within `reach` sentences of a character."""
        index = sentence_index(self._doc, char)
        return any(other in self.sentences for other in range(index - reach, index + reach + 1))

    def passages(self, reach: int) -> list[tuple[int, int]]:
        """(start, end) in characters of each passage within `reach` sentences of face recognition, in order."""
        found: list[tuple[int, int]] = []
        previous = -2
        for index, (start, end) in enumerate(sentences(self._doc)):
            if not self.sentences.isdisjoint(range(index - reach, index + reach + 1)):
                first = found.pop()[0] if index == previous + 1 else start
                found.append((first, end))
                previous = index
        return found

    def speaks_in(self, char: int) -> bool:
        """Whether the sentence around a character has words for face recognition, names left out."""
        start, end = sentence_at(self._doc, char)
        return any(start <= first < end for first, _ in self._words)

    def refers_to_it(self, char: int) -> bool:
        """Whether the sentence around a character speaks of face recognition, if only as "the technology"."""
        return bool(self.within(sentence_index(self._doc, char)))

    def within(self, index: int) -> list[tuple[int, int]]:
        """The words for face recognition in a sentence, names left out.

        "The technology" and "sell it" count after them, and where the sentence before speaks of face recognition.
        """
        bounds = sentences(self._doc)
        if not 0 <= index < len(bounds):
            return []
        start, end = bounds[index]
        own = [span for span in self._words if start <= span[0] < end]
        if own:
            start = own[0][1]
        elif (index - 1) not in self.sentences and not self.is_subject:
            return []
        return own + [match.span() for match in _THE_TECHNOLOGY.finditer(text_of(self._doc), start, end)]


def face_context(doc: Doc) -> FaceContext:
    """The article's context, made once."""
    context: FaceContext | None = doc.user_data.get(_FACE)
    if context is None:
        context = doc.user_data[_FACE] = FaceContext(doc)
    return context


def names_face_recognition(text: str, language: str = "en") -> bool:
    """Whether a short text, such as a title, speaks of face recognition."""
    return bool(_pattern(language).search(_lowered(text)))


@cache
def _pattern(language: str) -> re.Pattern[str]:
    terms = load().gate_terms
    words = [*(_term(term) for key in sorted({"en", language}) for term in terms.get(key, ())), *_WIDER]
    names = [_term(term) for term in terms.get("any", ())]
    return re.compile(f"(?P<words>{'|'.join(words)})|(?P<names>{'|'.join(names) or '(?!)'})")


def _term(term: str) -> str:
    """A gate term as a pattern for text in small letters: its spaces stand for any blank or hyphen."""
    small = "".join(part if part.startswith("\\") else part.lower() for part in re.split(r"(\\.)", term))
    return small.replace(" ", r"[\s-]")


def _lowered(text: str) -> str:
    """The text in small letters, each in its place: three times as fast to search as ignoring case."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
