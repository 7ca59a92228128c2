"""What `incidents extract` and `incidents read` print."""

import json
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeGuard

from incidents.errors import Reject, UserError
from incidents.extract.contract import Document, Event, Extraction
from incidents.querying import as_table


def extractions(targets: Iterable[str], as_json: bool) -> Iterator[str]:
    """For each article of each target its extraction, as JSON or as a readable table."""
    from incidents.extract.pipeline import extract

    for found in extract(readable(targets)):
        yield json.dumps(found.as_json(), ensure_ascii=False, default=str) if as_json else _readable(found)


def readable(targets: Iterable[str]) -> Iterator[Document]:
    """The articles of files, folders and web addresses; what cannot be read is told on standard error."""
    from incidents.read import documents

    return (item for target in targets for item in documents(target) if _was_read(item))


def articles(targets: Iterable[str], as_json: bool) -> Iterator[str]:
    """For each page of each target the article in it, as JSON or as text under its metadata."""
    from incidents.read import inspect

    for target in targets:
        for article in inspect(target):
            yield json.dumps(article, ensure_ascii=False, default=str) if as_json else _page(article)


def archived_page(data_dir: Path, url: str) -> bytes:
    """The body of a page as it was when last fetched. UserError where the archive has none."""
    from scrapers import index

    folder = data_dir / "archive"
    if folder.exists():
        index.update(folder)
    entries = index.find(folder, url)
    if not entries:
        raise UserError(f"{url}: not in the archive {folder}")
    try:
        return index.body(folder, entries[0])
    except (OSError, zlib.error, StopIteration) as error:
        place = f"{folder / entries[0].file}:{entries[0].offset}"
        raise UserError(f"{place}: cannot be read; incidents archive verify lists all that is damaged") from error


def archive_problems(data_dir: Path) -> Iterator[str]:
    """A line for each record whose length or digest is wrong, or that cannot be read."""
    from scrapers import index

    for problem in index.verify(data_dir / "archive"):
        yield f"{problem.file}:{problem.offset}: {problem.reason}"


def _was_read(item: Document | Reject) -> TypeGuard[Document]:
    """Whether there is an article; what was left out is told on standard error."""
    if isinstance(item, Reject):
        place = item.file if item.line is None else f"{item.file}:{item.line}"
        print(f"left out: {place}: {item.reason}", file=sys.stderr)
        return False
    return True


def _page(article: dict[str, Any]) -> str:
    if "error" in article:
        return f"{article['path']}: {article['error']}\n"
    shown = ("url", "title", "authors", "published_at", "modified_at", "language", "paywalled")
    head = [f"{name}: {article[name]}" for name in shown]
    return "\n".join([*head, "", article["text"], ""])


def _readable(found: Extraction) -> str:
    relevant = "relevant" if found.relevant else "not relevant"
    lines = [found.title or found.url, f"{found.url} | {found.published_at or 'no date'} | {found.language}"]
    lines.append(f"{relevant} ({found.relevance:.2f}), kind: {found.kind}")
    if found.refused:
        lines.append(f"refused: {found.refused}")
    lines.append(f"main event: {_event(found.main_event)}" if found.main_event else "main event: none")
    lines += [f"event: {_event(event)}" for event in found.events]
    rows: list[tuple[object, ...]] = []
    seen = set()
    for m in found.mentions:
        if (m.kind, m.name, m.role) not in seen:
            seen.add((m.kind, m.name, m.role))
            rows.append((m.kind, m.role, m.name, f"{m.start}-{m.end}", m.rule, f"{m.score:.2f}", m.quote))
    lines += ["", as_table(("kind", "role", "name", "where", "rule", "score", "quote"), rows), ""]
    return "\n".join(lines)


def _event(event: Event) -> str:
    who = ", ".join(f"{o['name']} ({o['role']})" for o in event.organizations)
    parts = [event.type, f"{event.date or 'no date'} ({event.date_precision}, {event.date_basis})", event.place, who]
    parts += [", ".join(event.people)]
    return " | ".join(part for part in parts if part) + f'\n    "{event.quote}"'
