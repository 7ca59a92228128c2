"""A page as a list of its blocks of text, with what their place in the page says about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

_GRAM = 8  # signs
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # not U+200C and U+200D: they carry meaning
_NEVER = {
    "script", "style", "noscript", "svg", "iframe", "template", "select", "textarea", "button", "math", "object",
    "canvas", "video", "audio", "form", "input", "option", "dialog",
}  # fmt: skip
_BESIDE = {"nav", "aside", "footer", "figure", "figcaption", "menu", "time", "label", "header"}
_TEXT_BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "th", "dd", "dt", "pre", "figcaption",
    "address", "summary",
}  # fmt: skip
_CONTAINERS = {"div", "ul", "ol", "table", "section", "article"}
_INLINE = {
    "a", "b", "strong", "i", "em", "span", "u", "s", "sub", "sup", "small", "mark", "abbr", "cite", "q", "code",
    "font", "br", "time", "wbr", "bdi", "ins", "del", "tt", "acronym", "big", "label", "data", "var", "kbd", "dfn",
    "img",
}  # fmt: skip
_BESIDE_NAME = re.compile(
    r"""(?ix)(?:^|[-_\ ])(?:
    comments?|disqus|related\w*|recommend\w*|recirc\w*|promo\w*|newsletters?|sign-?up|subscri\w*|share|sharing|social
    |cookies?|consent|gdpr|breadcrumbs?|sidebar|footer|teaser\w*|most-?(?:read|popular)|trending|outbrain|taboola|advert\w*
    |ads?|sponsor\w*|credits?|byline|author(?:-?(?:bio|info|box))?|bio|tags?|topics|toolbar|menu|nav\w*|modal|popup|overlay
    |login|print|read-?more|more-?(?:on|from|stories)|infobox|gallery|legal|copyright|disclaimer|sr-only|visually-hidden
    )(?:$|[-_\ ])"""
)
_CAPTION_NAME = re.compile(r"(?i)caption|(?:img|image|photo|picture)-?_?desc")
_MAX_NAME = 200  # characters; utility-class soup says nothing


@dataclass(slots=True, eq=False)
class Block:
    """A paragraph, heading, list item or the like. `beside` is the outermost element that sets it apart."""

    element: HtmlElement
    text: str
    key: str
    beside: HtmlElement | None
    is_caption: bool

    @property
    def parent(self) -> HtmlElement:
        return self.element.getparent()

    @property
    def is_heading(self) -> bool:
        return self.element.tag in ("h2", "h3", "h4")

    @property
    def link_share(self) -> float:
        """The share of the text that stands in links."""
        linked = sum(len(" ".join(link.text_content().split())) for link in self.element.iter("a"))
        return linked / max(1, len(self.text))


def key(text: str) -> str:
    """The letters and digits of a text in lower case: what stays the same whatever a view does to blanks and signs."""
    return re.sub(r"[\W_]+", "", text.lower())


def without_invisible(text: str) -> str:
    """The text without soft hyphens and zero-width spaces, which break words for every reader but a browser."""
    return text.translate(_INVISIBLE)


def grams(letters: str) -> set[str]:
    """All runs of eight signs."""
    return {letters[i : i + _GRAM] for i in range(max(1, len(letters) - _GRAM + 1))}


def blocks(tree: HtmlElement) -> list[Block]:
    """The blocks of the page's body in document order; forms, scripts and players are left out."""
    body = tree.find("body")
    return [] if body is None else list(_Page(body).blocks(body, None, False))


class _Page:
    """The walk over a page; which elements hold others is found once, from below."""

    def __init__(self, body: HtmlElement) -> None:
        self._holds_block: set[HtmlElement] = set()
        self._holds_more_than_inline: set[HtmlElement] = set()
        for element in body.iter("*"):
            tag = element.tag
            if tag not in _INLINE and tag not in _NEVER:
                _add_ancestors(element, self._holds_more_than_inline)
                if tag in _TEXT_BLOCKS or tag in _CONTAINERS:
                    _add_ancestors(element, self._holds_block)

    def blocks(self, parent: HtmlElement, beside: HtmlElement | None, in_caption: bool) -> Iterator[Block]:
        for element in parent:
            tag = element.tag
            if not isinstance(tag, str) or tag in _NEVER:
                continue
            name = f"{element.get('class') or ''} {element.get('id') or ''}"
            says_something = len(name) <= _MAX_NAME and tag not in ("article", "main")
            is_beside = tag in _BESIDE or (says_something and _BESIDE_NAME.search(name) is not None)
            beside_here = element if beside is None and is_beside else beside
            caption = in_caption or tag == "figcaption" or (tag != "article" and _CAPTION_NAME.search(name) is not None)
            if not self._is_leaf(element):
                yield from self.blocks(element, beside_here, caption)
            elif (text := text_of(element)) and (letters := key(text)):
                yield Block(element, text, letters, beside_here, caption)

    def _is_leaf(self, element: HtmlElement) -> bool:
        if element.tag in _TEXT_BLOCKS:
            return element not in self._holds_block
        if element in self._holds_more_than_inline:
            return False
        has_own_text = bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)
        return has_own_text or element.tag in _INLINE


def _add_ancestors(element: HtmlElement, found: set[HtmlElement]) -> None:
    """Add the elements above, up to the first that is there already."""
    for ancestor in element.iterancestors():
        if ancestor in found:
            return
        found.add(ancestor)


def text_of(element: HtmlElement) -> str:
    """The text of an element on one line, without scripts and the like."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _NEVER:
            yield "\n" if child.tag == "br" else ""
            yield from _texts(child)
        yield child.tail or ""
