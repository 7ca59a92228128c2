"""An article as the search for events sees it: its title and sentences, and how each is tied to face recognition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from spacy.tokens import Doc

from incidents.extract import support
from incidents.extract.contract import Mention
from incidents.extract.events.cues import Sentence, lower
from incidents.extract.events.rules import Rules, load_rules
from incidents.extract.events.victims import is_victim, names_in, sentences_on_victims, tells_of_somebody
from incidents.extract.spans import document_of, headline, mentions_of, sentence_index, sentences, text_of

_READING = "incidents_reading"
_FURNITURE = re.compile(r"https?://|submitted by /u/|^(?:photo|image|illustration|photograph)(?: by|:| credit)")
_LONGEST = 2000  # characters of a sentence in which cues are looked for; real ones are shorter
AFFECTED = "affected"
TITLE = -1  # the index of the title among the passages


@dataclass(frozen=True)
class Passage:
    """The title or a sentence. `text` is in small letters; `tie` from 0 to 1 says how near face recognition is."""

    index: int
    start: int
    end: int
    text: str
    tie: float
    mentions: tuple[Mention, ...]
    on_victim: bool = False

    @cached_property
    def words(self) -> Sentence:
        """Its words, ready for cues."""
        return Sentence.of(self.text[:_LONGEST])

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of mention that it holds, and `affected` where it is about somebody affected."""
        return frozenset([*(mention.kind for mention in self.mentions), *([AFFECTED] if self.on_victim else [])])

    def of_kind(self, *kinds: str) -> list[Mention]:
        """Its mentions of these kinds, in order."""
        return [mention for mention in self.mentions if mention.kind in kinds]


@dataclass(frozen=True)
class Reading:
    """One article: its title, its sentences, and figures about how much of it is on face recognition."""

    doc: Doc
    rules: Rules
    title: Passage
    body: tuple[Passage, ...]
    face_count: int  # mentions of face recognition in the text
    words: int

    def says(self, vocabulary: str, code: str, passage: Passage) -> bool:
        """Whether a passage says a code by itself (incidents.extract.support)."""
        return self._support.says(vocabulary, code, passage.words)

    @cached_property
    def _support(self) -> support.Support:
        return support.load(document_of(self.doc).language)

    @property
    def on_victim(self) -> bool:
        """Whether the article tells of somebody whom face recognition affected."""
        return any(passage.on_victim for passage in self.body)

    @property
    def density(self) -> float:
        """Mentions of face recognition per thousand words; a short text is reckoned longer than it is."""
        return 1000 * self.face_count / max(self.words, self.rules.weights["words_least"])

    @property
    def in_title(self) -> bool:
        """Whether the title speaks of face recognition or names a product or vendor of it."""
        return self.title.tie >= self.rules.weights["tie_vendor"]

    @property
    def in_lede(self) -> bool:
        """Whether the first sentences do."""
        return any(passage.tie == 1 for passage in self.body if passage.start < self.rules.weights["lede_characters"])


def reading_of(doc: Doc) -> Reading:
    """The article's reading, made once for all components."""
    reading: Reading | None = doc.user_data.get(_READING)
    if reading is None:
        reading = doc.user_data[_READING] = _read(doc)
    return reading


def _read(doc: Doc) -> Reading:
    document = document_of(doc)
    rules = load_rules(document.language if document.language in ("en", "es", "fr") else "en")
    starts = _face_starts(doc, rules)
    spoken = {sentence_index(doc, start) for start in starts}
    words = sum(1 for token in doc if token.is_alpha)
    in_lede = any(start < rules.weights["lede_characters"] for start in starts)
    bare = _bare_passages(doc)
    victim_first = any(passage.on_victim for passage in bare if passage.start < rules.weights["lede_characters"])
    title = _title(document.title, doc, rules, in_lede, victim_first)
    topical = title.tie == 1 or 1000 * len(starts) >= rules.weights["topical_density"] * words
    ties = _ties(bare, spoken, topical, rules)
    body = tuple(replace(passage, tie=tie) for passage, tie in zip(bare, ties, strict=True))
    return Reading(doc, rules, title, body, len(starts), words)


def _bare_passages(doc: Doc) -> list[Passage]:
    by_sentence: dict[int, list[Mention]] = {}
    for item in sorted(doc._.mentions, key=lambda m: (m.start, m.end, m.kind)):
        by_sentence.setdefault(sentence_index(doc, item.start), []).append(item)
    text = text_of(doc)
    parts = [(start, end, lower(text[start:end])) for start, end in sentences(doc)]
    on_victims = sentences_on_victims(doc, [words for _, _, words in parts])
    return [
        Passage(index, start, end, words, 0.0, tuple(by_sentence.get(index, ())), index in on_victims)
        for index, (start, end, words) in enumerate(parts)
    ]


def _face_starts(doc: Doc, rules: Rules) -> set[int]:
    """Where face recognition or a product of it is spoken of."""
    face = rules.words.get("face")
    words = {match.start() for match in face.finditer(lower(text_of(doc)))} if face else set()
    return words | {m.start for m in mentions_of(doc, "product")}


def _title(title: str, doc: Doc, rules: Rules, in_lede: bool, victim_first: bool) -> Passage:
    """The title, without the site's name behind it; its mentions are those of the text whose name stands in it.

    A man or a driver of whom it speaks is the victim that the first sentences are about.
    """
    text = lower(headline(title))
    mentions = tuple({m.name: m for m in reversed(doc._.mentions) if _names(text, m)}.values())
    victims = names_in({m.name for m in mentions_of(doc, "person") if is_victim(m)})
    on_victim = bool(victims and victims.search(text)) or (victim_first and tells_of_somebody(text))
    if _speaks(text, rules):
        tie = 1.0
    elif any(m.kind in ("vendor", "product") for m in mentions):
        tie = rules.weights["tie_vendor"]
    else:
        tie = rules.weights["tie_title_lede"] if (in_lede or victim_first) and text else 0.0
    return Passage(TITLE, 0, 0, text, tie, mentions, on_victim)


def _names(title: str, item: Mention) -> bool:
    if item.kind in ("date", "amount", "docket", "group"):
        return False
    return any(_spaced(name) in _spaced(title) for name in {item.name, item.text})


def _spaced(text: str) -> str:
    """The words of a text in small letters with a space around each."""
    return " ".join(["", *re.findall(r"\w+", text.lower()), ""])


def _ties(passages: list[Passage], spoken: set[int], topical: bool, rules: Rules) -> Iterator[float]:
    weights, technology = rules.weights, rules.words.get("technology")
    for passage in passages:
        near = passage.index - 1 in spoken or passage.index + 1 in spoken
        if _FURNITURE.search(passage.text):
            yield 0.0
        elif passage.index in spoken:
            yield 1.0
        elif (
            passage.on_victim or "vendor" in passage.kinds or (near and technology and technology.search(passage.text))
        ):
            yield weights["tie_vendor"]
        elif near:
            yield weights["tie_neighbour"]
        else:
            yield weights["tie_topic"] if topical else 0.0


def _speaks(text: str, rules: Rules) -> bool:
    face = rules.words.get("face")
    return bool(face and face.search(text))
