"""The article's own words: headings kept; captions, related links, consent walls and comments kept out.

Trafilatura, in its precise mode, gives the first view. The page's blocks are the second: they mend paragraphs that
lost their links, bring back what stands in the same kind of container, and take over where the first view read
something else. The page's JSON-LD and, where there is no text at all, its scripts are the last.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from incidents.read import scripts
from incidents.read.blocks import Block, blocks, grams, key, without_invisible
from incidents.read.boilerplate import is_byline, is_promotion

_SHORT = 250  # characters; below, trafilatura's balanced mode is asked too
_LONG_KEY = 40  # letters; a shorter block can stand in a text by chance
_EDGE = 6  # lines at the top where title and byline stand
_TAIL = 4  # lines at the bottom


@dataclass(frozen=True)
class Hints:
    """What the page's metadata says about the text: titles, descriptions, and the text itself where JSON-LD has it."""

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    body: str = ""


def extract(tree: HtmlElement, hints: Hints = Hints()) -> str:
    """The body text, one block a line; empty where the page has none. The tree is not changed."""
    first = _First(_trafilatura(tree))
    page = blocks(tree)
    lines = _other_view(first, page) or _Merge(first, page, hints).lines()
    text = _from_json_ld("\n".join(lines), page, hints.body)
    best = text if len(text) >= _SHORT else max(text, scripts.article_text(tree), key=len)
    return without_invisible(best).strip()


def _trafilatura(tree: HtmlElement) -> str:
    precise = _trafilatura_mode(tree, precise=True)
    return precise if len(precise) >= _SHORT else max(precise, _trafilatura_mode(tree, precise=False), key=len)


def _trafilatura_mode(tree: HtmlElement, precise: bool) -> str:
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    found = bare_extraction(tree, favor_precision=precise, include_comments=False)
    return (found.text or "").strip() if isinstance(found, Document) else ""


class _First:
    """The first view: its lines, and where a block's letters stand in it."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        self.keys = [key(line) for line in self.lines]
        self.letters = "".join(self.keys)
        self.grams = grams(self.letters)
        self.line_of_gram = {g: number for number, letters in enumerate(self.keys) for g in grams(letters)}
        self._line_of = {letters: number for number, letters in reversed(list(enumerate(self.keys)))}
        self._starts: list[int] = []
        position = 0
        for letters in self.keys:
            self._starts.append(position)
            position += len(letters)

    def line_of(self, block: Block) -> int | None:
        """The line where the block stands, whole; the last one where it spans several."""
        if block.key in self._line_of:
            return self._line_of[block.key]
        may_be_inside = len(block.key) >= _LONG_KEY and block.key[:8] in self.grams
        position = self.letters.find(block.key) if may_be_inside else -1
        return bisect_right(self._starts, position + len(block.key) - 1) - 1 if position >= 0 else None


def _other_view(first: _First, page: list[Block]) -> list[str] | None:
    """The paragraphs of the page's main container, where the first view is short and read something else."""
    main = _main_container(page)
    if main is None:
        return None
    inside = [block for block in page if _is_inside(block, main) and _is_prose(block)]
    letters = sum(len(block.key) for block in inside)
    seen = set().union(*(grams(block.key) for block in inside))
    shared = len(first.grams & seen) / len(first.grams)
    return [block.text for block in inside] if shared < 0.3 and letters > 2.5 * len(first.letters) else None


def _main_container(page: list[Block]) -> HtmlElement | None:
    """The element with most paragraph text in and near it; weight falls by a fifth with every level up."""
    weight: dict[HtmlElement, float] = {}
    for block in page:
        if block.element.tag in ("p", "blockquote") and len(block.text) >= 60 and _is_prose(block):
            share = float(len(block.text))
            for ancestor in list(block.element.iterancestors())[:5]:
                if ancestor.tag in ("body", "html"):
                    break
                weight[ancestor] = weight.get(ancestor, 0) + share
                share *= 0.8
    return max(weight, key=lambda element: weight[element]) if weight else None


def _is_inside(block: Block, container: HtmlElement) -> bool:
    return any(ancestor is container for ancestor in block.element.iterancestors())


def _is_prose(block: Block) -> bool:
    if block.beside is not None or block.is_caption:
        return False
    if block.element.tag == "p" or block.is_heading:
        return block.link_share < 0.5
    return len(block.text) > 20 and block.link_share < 0.3


class _Merge:
    """The first view, edited by what the blocks of the page say."""

    def __init__(self, first: _First, page: list[Block], hints: Hints) -> None:
        self._first, self._page = first, page
        self._titles = {key(title) for title in hints.titles}
        self._descriptions = [key(text) for text in hints.descriptions]
        self._line = {number: line for number, block in enumerate(page) if (line := first.line_of(block)) is not None}
        self._times = Counter(block.key for block in page)
        first_of_key = {page[number].key: number for number in sorted(self._line, reverse=True)}
        self._found = sorted(number for letters, number in first_of_key.items() if len(letters) >= _LONG_KEY)
        weights: Counter[HtmlElement] = Counter()
        for number in self._found:
            weights[page[number].parent] += len(page[number].key)
        self._parents = set(weights)
        self._home = max(weights, key=lambda parent: weights[parent], default=None)
        self._kinds = _frequent_kinds(weights)
        self._articles = {_article_of(page[number]) for number in self._found}
        self._around = {ancestor for parent in weights for ancestor in (parent, *parent.iterancestors())}

    def lines(self) -> list[str]:
        """The merged lines."""
        if not self._found:
            return [line for number, line in enumerate(self._first.lines) if not self._is_boilerplate(number)]
        mended, added, dropped = self._edits()
        lines = [*self._standfirst(), *added.get(-1, ())]
        for number, line in enumerate(self._first.lines):
            if number not in dropped and not self._is_boilerplate(number):
                lines.append(mended.get(number, line))
            lines += added.get(number, ())
        return lines

    def _edits(self) -> tuple[dict[int, str], dict[int, list[str]], set[int]]:
        """What replaces a line, what comes after a line, and which lines go: captions, and pieces of mended lines."""
        mended: dict[int, str] = {}
        added: dict[int, list[str]] = {}
        dropped: set[int] = set()
        current = -1
        rest = self._is_cut_off()
        for number, block in enumerate(self._page):
            if number in self._line:
                current = max(current, self._line[number]) if len(block.key) >= _LONG_KEY else current
                if block.is_caption and len(block.key) >= 15:
                    dropped.add(self._line[number])
            elif (damaged := self._damaged_line(block, mended)) is not None:
                mended[damaged] = block.text
                current = max(current, damaged)
                dropped |= self._pieces(block, damaged)
            elif self._belongs(number, block, rest):
                added.setdefault(current, []).append(block.text)
        return mended, added, dropped

    def _damaged_line(self, block: Block, mended: Iterable[int]) -> int | None:
        """The line that is this paragraph with words lost, such as those of its links."""
        if block.element.tag != "p" or block.is_caption or len(block.key) < _LONG_KEY:
            return None
        own, lines = grams(block.key), self._first.line_of_gram
        votes = Counter(lines[gram] for gram in own if gram in lines)
        line, shared = votes.most_common(1)[0] if votes else (-1, 0)
        letters = self._first.keys[line]
        is_like = 0.6 * len(block.key) <= len(letters) < len(block.key) and shared >= 0.8 * len(grams(letters))
        return line if is_like and line not in mended else None

    def _pieces(self, block: Block, line: int) -> set[int]:
        """The lines around `line` that are parts of the same paragraph, torn off."""
        keys = self._first.keys
        pieces = set()
        for step in (-1, 1):
            number = line + step
            while 0 <= number < len(keys) and keys[number] and keys[number] in block.key:
                pieces.add(number)
                number += step
        return pieces

    def _belongs(self, number: int, block: Block, rest: bool) -> bool:
        """Whether a block that the first view lacks is of the article: it stands in its containers, or alike."""
        if not self._is_of_article(block):
            return False
        inside = self._found[0] < number < self._found[-1]
        if block.is_heading:
            return inside
        after = number > self._found[0] and (inside or block.parent not in self._parents)
        after = after or (rest and block.parent is self._home)
        return block.element.tag == "p" and after and (len(block.text) >= 60 or _is_sentence(block.text))

    def _is_of_article(self, block: Block) -> bool:
        parent = block.parent
        return (
            (parent in self._parents or (parent.tag, parent.get("class")) in self._kinds)
            and _article_of(block) in self._articles
            and (block.beside is None or block.beside in self._around)
            and not block.is_caption
            and block.link_share < 0.5
            and self._times[block.key] == 1
            and not is_promotion(block.text)
        )

    def _is_cut_off(self) -> bool:
        """Whether the first view stops in the middle: much more follows in the same container."""
        following = self._page[self._found[-1] + 1 :]
        more = sum(len(b.key) for b in following if b.parent is self._home and self._is_of_article(b))
        return more > 0.5 * len(self._first.letters)

    def _standfirst(self) -> list[str]:
        """The line above the body that the page also gives as its description."""
        for block in self._page[: self._found[0]]:
            is_new = len(grams(block.key) & self._first.grams) < 0.8 * len(grams(block.key))
            is_text = len(block.key) >= 30 and not block.is_caption and block.key not in self._titles
            if is_text and is_new and any(_begins(block.key, text) for text in self._descriptions):
                return [block.text]
        return []

    def _is_boilerplate(self, number: int) -> bool:
        line, letters = self._first.lines[number].lstrip("- "), self._first.keys[number]
        at_top, at_end = number < _EDGE, number >= len(self._first.lines) - _TAIL
        return (at_top and letters in self._titles) or is_promotion(line) or ((at_top or at_end) and is_byline(line))


def _frequent_kinds(weights: Counter[HtmlElement]) -> set[tuple[str, str]]:
    """The tag and class of the containers that hold a good part of the text."""
    kinds: Counter[tuple[str, str]] = Counter()
    for parent, letters in weights.items():
        if parent.get("class"):
            kinds[parent.tag, parent.get("class")] += letters
    return {kind for kind, letters in kinds.items() if letters >= 0.2 * weights.total()}


def _article_of(block: Block) -> HtmlElement | None:
    return next((a for a in block.element.iterancestors() if a.tag == "article"), None)


def _begins(letters: str, description: str) -> bool:
    """Whether a block is the description, or begins with one that was cut off."""
    return letters == description or (len(description) >= 60 and letters.startswith(description[:-3]))


def _is_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)]").endswith((".", "!", "?", "…", ":", ";", "。", "！", "？"))


def _from_json_ld(text: str, page: list[Block], body: str) -> str:
    """The text that JSON-LD gives where it is the same article and much longer, in the page's blocks if it can."""
    letters, own = key(body), key(text)
    if len(letters) < 500:
        return text
    theirs, ours = grams(letters), grams(own)
    is_longer = len(theirs) >= 1.25 * len(ours)
    has_lost_its_lines = len(own) <= len(letters) and text.count("\n") < body.count("\n")
    is_another = len(own) >= _SHORT and len(theirs & ours) < 0.5 * len(ours)
    if is_another or not (is_longer or has_lost_its_lines):
        return text
    held = {block.key: block.text for block in page if len(block.key) >= 12 and block.key in letters}
    return "\n".join(held.values()) if sum(map(len, held)) >= 0.8 * len(letters) else body
