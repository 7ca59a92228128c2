"""JSON-LD as pages really hold it: graphs, lists, comments around it, line breaks in strings, commas too many."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

Node = dict[str, Any]

_ARTICLE_TYPES = {
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "backgroundnewsarticle",
    "opinionnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle", "satiricalarticle",
    "blogposting", "liveblogposting", "socialmediaposting", "techarticle", "scholarlyarticle", "report", "review",
}  # fmt: skip
_WRAPPER = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)\s*|\s*(?:-->|//\s*\]\]>|\]\]>|;)\s*$", re.DOTALL
)
_COMMA_TOO_MANY = re.compile(r",(\s*[}\]])")
_LOST_STRING = r'"%s"\s*:\s*"((?:[^"\\]|\\.)*)"'
_LOST_NAMES = ("headline", "datePublished", "dateModified", "articleBody", "isAccessibleForFree")


def nodes(tree: HtmlElement) -> list[Node]:
    """Every object of the page's JSON-LD, nested ones too, in document order; of broken JSON what strings it has."""
    found: list[Node] = []
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" in script.get("type", "").lower() and script.text:
            found.extend(_objects(_parsed(script.text)))
    return found


def article(found: list[Node], url: str) -> Node:
    """The object that describes the page's own article, or an empty one."""
    articles = [node for node in found if types(node) & _ARTICLE_TYPES]
    about_page = [node for node in articles if url and url in _addresses(node)]
    with_date = [node for node in about_page or articles if node.get("datePublished") or node.get("headline")]
    return next(iter(with_date or about_page or articles), {})


def types(node: Node) -> set[str]:
    """The node's types in lower case, without the schema's address."""
    return {str(name).rsplit("/", 1)[-1].lower() for name in listed(node.get("@type"))}


def listed(value: Any) -> list[Any]:
    """A value that may stand alone or in a list, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A string value without markup and entities; empty for anything else."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return ""
    return " ".join(re.sub(r"<[^<>]+>", " ", html.unescape(html.unescape(value))).split())


def lines(value: Any) -> str:
    """A string value that is a text: without markup and entities, its lines kept."""
    if not isinstance(value, str):
        return ""
    plain = re.sub(r"<[^<>]+>", " ", re.sub(r"</p>|<br\b[^>]*>", "\n", html.unescape(value)))
    return "\n".join(filter(None, (" ".join(line.split()) for line in html.unescape(plain).splitlines())))


def _parsed(source: str) -> Any:
    bare = _WRAPPER.sub("", source)
    for attempt in (bare, _COMMA_TOO_MANY.sub(r"\1", bare), html.unescape(bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return _lost_strings(bare)


def _lost_strings(source: str) -> Node:
    """The strings of an article that can still be told from JSON that does not parse."""
    node: Node = {"@type": "NewsArticle"} if re.search(r'"@type"\s*:\s*"\w*Article"', source) else {}
    for name in _LOST_NAMES:
        if match := re.search(_LOST_STRING % name, source):
            node[name] = _unescaped(match[1])
    if match := re.search(r'"author"\s*:\s*[\[{][^\]}]*?"name"\s*:\s*"([^"\\]+)"', source):
        node["author"] = match[1]
    return node


def _unescaped(string: str) -> str:
    try:
        return str(json.loads(f'"{string}"', strict=False))
    except ValueError:
        return string


def _objects(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > 8:
        return
    if isinstance(value, dict):
        yield value
        for child in value.values():
            if isinstance(child, dict | list):
                yield from _objects(child, depth + 1)
    elif isinstance(value, list):
        for child in value:
            yield from _objects(child, depth + 1)


def _addresses(node: Node) -> set[str]:
    page = node.get("mainEntityOfPage")
    values = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return {value for value in values if isinstance(value, str)}
