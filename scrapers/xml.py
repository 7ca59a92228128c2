"""XML from strangers: no entities of its own, no network, bounded."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

# A document type and then an entity, after any blanks, comments and instructions. Nothing is tried twice (`(?>`, `*+`).
_ENTITY = re.compile(
    rb"(?>\s+|\xef\xbb\xbf|\xff\xfe|\xfe\xff|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE.*?<!ENTITY",
    re.IGNORECASE | re.DOTALL,
)


class HostileXmlError(ValueError):
    """A document that declares entities, the means to blow a small file up."""


def refuse_entities(body: bytes) -> None:
    """Raise HostileXmlError if the document's type declares entities. No feed or sitemap needs any."""
    if _ENTITY.match(body.replace(b"\0", b"") if b"\0" in body[:4] else body):  # also in UTF-16
        raise HostileXmlError("XML entities")


def elements(body: bytes, depth: int) -> Iterator[tuple[str, Any]]:
    """The local name and element of the root as it begins, then of each whole element `depth` levels below it.

    Each is emptied when the next is asked for, so a large document takes little memory. Damage is mended if it can be.
    """
    refuse_entities(body)
    events = etree.iterparse(
        BytesIO(body), ("start", "end"), recover=True, resolve_entities=False, load_dtd=False, huge_tree=False
    )
    level = -1
    for event, element in events:
        level += event == "start"
        if event == "start" and level == 0:
            yield local_name(element), element
        elif event == "end" and level == depth:
            yield local_name(element), element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        level -= event == "end"


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
