"""The sources to crawl, read from a YAML file (data/reference/sources.yaml)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from scrapers.urls import BadUrlError, absolute

KINDS = ("feed", "sitemap", "gdelt", "listing", "ccnews", "wayback")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class SourcesError(Exception):
    """The sources file or the choice of sources is wrong: one line that says what, where, and the mend."""


@dataclass(frozen=True)
class Source:
    """One place that names pages. The fields from `links` on only matter to the kinds named beside them."""

    id: str
    kind: str
    url: str
    publisher: str = ""
    language: str = ""
    enabled: bool = True
    budget: int | None = None  # requests a day to its site, where the default is too much
    delay: float | None = None  # least seconds between two requests to its site
    links: str = ""  # listing: CSS selector of the links to articles
    next: str = ""  # listing: CSS selector of the link to the next page
    pages: int = 1  # listing: how many pages to turn
    match: tuple[str, ...] = field(default=())  # ccnews: keep a page that holds one of these; empty keeps all


def load(path: Path, chosen: Sequence[str] = ()) -> list[Source]:
    """The chosen sources, or all enabled ones, sorted by id. Raises SourcesError."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourcesError(f"{path}: there is no such file; name the list of sources with --sources") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: not readable as YAML: {' '.join(str(error).split())}") from None
    entries = content.get("sources") if isinstance(content, dict) else None
    if not isinstance(entries, list) or set(content) != {"sources"}:
        raise SourcesError(
            f"{path}: must hold one key, `sources`, with a list below it;"
            " put the line `sources:` first and indent each `- id:` by two spaces"
        )
    sources = [_source(path, number, entry) for number, entry in enumerate(entries, 1)]
    by_id = {source.id: source for source in sources}
    if len(by_id) < len(sources):
        ids = [source.id for source in sources]
        doubled = sorted({source_id for source_id in ids if ids.count(source_id) > 1})
        raise SourcesError(f"{path}: the same id stands twice: {', '.join(doubled)}")
    if unknown := sorted(set(chosen) - by_id.keys()):
        raise SourcesError(f"{path}: no source has the id {', '.join(unknown)}; `id:` lines of the file name them")
    wanted = set(chosen) or {source.id for source in sources if source.enabled}
    return [by_id[source_id] for source_id in sorted(wanted)]


def _source(path: Path, number: int, entry: Any) -> Source:
    where = f"{path}: source {number}"
    if not isinstance(entry, dict):
        raise SourcesError(f"{where}: must have id, kind and url")
    where += f" ({entry.get('id')})" if entry.get("id") else ""
    values = {name: entry[name] for name in (f.name for f in fields(Source)) if entry.get(name) is not None}
    for name in ("id", "kind", "url"):
        if not isinstance(values.get(name), str):
            raise SourcesError(f"{where}: `{name}` is missing or no text")
    if not _ID.fullmatch(values["id"]):
        raise SourcesError(f"{where}: `id` may only hold a-z, 0-9 and single hyphens between them")
    if values["kind"] not in KINDS:
        raise SourcesError(f"{where}: `kind` is {values['kind']!r}; it must be one of {', '.join(KINDS)}")
    if values["kind"] == "listing" and not values.get("links"):
        raise SourcesError(f"{where}: a listing needs `links`, the CSS selector of its links to articles")
    try:
        values["url"] = absolute(values["url"], values["url"])
    except BadUrlError as error:
        raise SourcesError(f"{where}: `url` is {error}") from None
    values["match"] = tuple(values.get("match", ()))
    return Source(**values)
