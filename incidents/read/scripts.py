"""Text that stands only in a page's scripts, as in pages that are put together in the browser."""

import json
import re

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

_STRING = re.compile(r'"((?:[^"\\]|\\.){400,})"')
_MIN_TEXT = 300  # characters
_MAX_CODE = 0.02  # share of braces, quotes and colons; above, it is data and not prose
_BLOCK_END = re.compile(r"<(?:br|/p|/div|/h\d|/li)\b[^>]*>", re.IGNORECASE)


def article_text(tree: HtmlElement) -> str:
    """The longest HTML text in a string of the page's scripts; empty where there is none."""
    found = [_prose(match[1]) for script in tree.iter("script") for match in _STRING.finditer(script.text or "")]
    best = max(found, key=len, default="")
    return best if len(best) >= _MIN_TEXT else ""


def _prose(source: str) -> str:
    """The text of a JSON string that holds HTML, perhaps escaped twice."""
    text = source
    for _ in range(2):
        try:
            text = json.loads(f'"{text}"', strict=False)
        except ValueError:
            break
    if not re.search(r"<(?:p|br|div)\b", text):
        return ""
    try:
        body = lxml_html.fromstring(_BLOCK_END.sub("\n", text))
    except ParserError:
        return ""
    lines = (" ".join(line.split()) for line in body.text_content().splitlines())
    text = "\n".join(line for line in lines if line)
    return text if sum(map(text.count, '{}":')) < _MAX_CODE * len(text) else ""
