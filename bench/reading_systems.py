"""One reader over all pages, in a process of its own: `python reading_systems.py NAME PAGES OUT.jsonl`.

Each system gets the bytes of a page and gives text, title, authors and day; its cost is the CPU time of that alone.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reading_gold import fundus, scrapinghub

Reader = Callable[[bytes, str], dict[str, Any]]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def ours() -> Reader:
    from incidents.read.article import read
    from incidents.read.warc import Page

    def reader(body: bytes, url: str) -> dict[str, Any]:
        reading = read(Page(url or "urn:sha256:0", 200, {"content-type": "text/html"}, body, NOW))
        day = reading.published.on.isoformat() if reading.published else None
        return {"text": reading.text, "title": reading.title, "authors": reading.authors, "day": day}

    return reader


def trafilatura(**options: bool) -> Reader:
    from trafilatura import bare_extraction

    def reader(body: bytes, url: str) -> dict[str, Any]:
        html = body.decode("utf-8", "replace")
        found = bare_extraction(html, url=url or None, with_metadata=True, include_comments=False, **options)
        if found is None:
            return {}
        authors = (found.author or "").split("; ")
        return {"text": found.text, "title": found.title, "authors": authors, "day": found.date}

    return reader


def newspaper() -> Reader:
    import newspaper as newspaper4k

    def reader(body: bytes, url: str) -> dict[str, Any]:
        html = body.decode("utf-8", "replace")
        article = newspaper4k.article(url or "https://a.example/", input_html=html, fetch_images=False)
        day = article.publish_date.date().isoformat() if article.publish_date else None
        return {"text": article.text, "title": article.title, "authors": article.authors, "day": day}

    return reader


def goose() -> Reader:
    from goose3 import Goose

    extractor = Goose()

    def reader(body: bytes, url: str) -> dict[str, Any]:
        article = extractor.extract(raw_html=body.decode("utf-8", "replace"))
        day = article.publish_datetime_utc.date().isoformat() if article.publish_datetime_utc else None
        return {
            "text": article.cleaned_text,
            "title": article.title,
            "authors": [str(name) for name in article.authors],
            "day": day,
        }

    return reader


def readability() -> Reader:
    from lxml import html as lxml_html
    from readability import Document

    def reader(body: bytes, url: str) -> dict[str, Any]:
        document = Document(body.decode("utf-8", "replace"))
        return {"text": lxml_html.fromstring(document.summary()).text_content(), "title": document.short_title()}

    return reader


def resiliparse() -> Reader:
    from resiliparse.extract.html2text import extract_plain_text

    def reader(body: bytes, url: str) -> dict[str, Any]:
        options = {"main_content": True, "alt_texts": False, "list_bullets": False, "comments": False}
        return {"text": extract_plain_text(body.decode("utf-8", "replace"), **options)}

    return reader


SYSTEMS: dict[str, Callable[[], Reader]] = {
    "incidents read": ours,
    "trafilatura precise": lambda: trafilatura(favor_precision=True),
    "trafilatura": trafilatura,
    "trafilatura fast": lambda: trafilatura(fast=True),
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "goose3": goose,
    "resiliparse": resiliparse,
}


def canonical(body: bytes) -> str:
    """The address that a saved page gives itself; fundus pages come without one."""
    link = re.search(rb"<link[^>]+rel=[\"']?canonical[\"']?[^>]*>", body)
    address = re.search(rb"href=[\"']?(https?://[^\"'\\s>]+)", link[0]) if link else None
    return address[1].decode("latin-1") if address else ""


def main(name: str, pages: Path, out: Path) -> None:
    reader = SYSTEMS[name]()
    seconds = 0.0
    with out.open("w", encoding="utf-8") as file:
        for gold in (*scrapinghub(pages), *fundus(pages)):
            body = gold.html()
            started = time.process_time()
            try:
                found = reader(body, gold.url or canonical(body))
            except Exception as error:  # a reader that fails on a page found nothing there
                print(f"{name}: {gold.name}: {error}", file=sys.stderr)
                found = {}
            seconds += time.process_time() - started
            file.write(json.dumps({"name": gold.name, **found}, default=str) + "\n")
        file.write(json.dumps({"seconds": seconds}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
