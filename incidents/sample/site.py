"""Rendering: article files and templates -> what a web server would answer, address by address."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from incidents.sample.files import (
    SAMPLE,
    Article,
    Publisher,
    Quality,
    load_articles,
    load_publishers,
    load_qualities,
    read_yaml,
)

_HTML = "text/html; charset=utf-8"
_XML = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
_BLOCKS = (
    (re.compile(r"- "), Markup("<ul>{}</ul>")),
    (re.compile(r"\d+\. "), Markup("<ol>{}</ol>")),
)


@dataclass(frozen=True)
class Entry:
    """An item of a feed."""

    url: str
    title: str
    summary: str
    authors: tuple[str, ...]
    published: datetime | None
    modified: datetime | None

    @property
    def guid(self) -> str:
        return hashlib.sha256(self.url.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Resource:
    """What the server answers at one address; `location` makes it a permanent redirect."""

    content_type: str
    body: bytes
    last_modified: datetime | None = None
    location: str | None = None
    status: HTTPStatus = HTTPStatus.OK

    @property
    def etag(self) -> str:
        # Weak, because the same resource is sent plain and gzipped.
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def render(folder: Path = SAMPLE) -> dict[tuple[str, str], Resource]:
    """Every page, feed and robots.txt by (host, path without query). The same files give the same bytes."""
    articles = load_articles(folder)
    design = _Design(folder)
    return {
        (publisher.host, path): resource
        for publisher in load_publishers(folder).values()
        for path, resource in _Site(design, publisher, articles).resources()
    }


def _html_block(block: str) -> Markup:
    """A block of the small Markdown that articles are written in."""
    lines = block.splitlines()
    if block.startswith("## "):
        return Markup("<h2>{}</h2>").format(block[3:])
    for marker, container in _BLOCKS:
        if all(marker.match(line) for line in lines):
            items = Markup("").join(Markup("<li>{}</li>").format(marker.sub("", line, 1)) for line in lines)
            return container.format(items)
    return Markup("<p>{}</p>").format(escape(" ".join(lines)))


class _Design:
    """What all sites share: templates, labels by language and the levels of quality."""

    def __init__(self, folder: Path) -> None:
        self.picture = (folder / "templates" / "lead.svg").read_bytes()
        self.labels = read_yaml(folder / "labels.yaml")
        self.qualities = load_qualities(folder)
        self.templates = Environment(
            loader=FileSystemLoader(folder / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters["rfc822"] = format_datetime


class _Site:
    """One publisher's pages and feeds."""

    def __init__(self, design: _Design, publisher: Publisher, articles: list[Article]) -> None:
        self.design = design
        self.publisher = publisher
        mine = [article for article in articles if article.publisher == publisher.id]
        self.articles = sorted(mine, key=lambda article: (article.published, article.name), reverse=True)

    def resources(self) -> Iterator[tuple[str, Resource]]:
        """Path and answer of everything on the site."""
        newest = max((self._touched(article) for article in self.articles), default=None)
        home = self._fill("home.html", articles=self.articles, labels=self.design.labels[self.publisher.language])
        yield "/", Resource(_HTML, home, newest)
        yield "/robots.txt", Resource("text/plain; charset=utf-8", self._fill("robots.txt"))
        yield "/lead.svg", Resource("image/svg+xml", self.design.picture)
        not_found = self._fill("not_found.html", labels=self.design.labels[self.publisher.language])
        yield "", Resource(_HTML, not_found, status=HTTPStatus.NOT_FOUND)
        yield from self._feeds(newest)
        for article in self.articles:
            yield from self._pages(article)

    def _fill(self, template: str, **values: Any) -> bytes:
        home = self.publisher.address("/")
        return (
            self.design.templates.get_template(template).render(publisher=self.publisher, home=home, **values).encode()
        )

    def _quality(self, article: Article) -> Quality:
        return self.design.qualities[article.quality or self.publisher.quality]

    def _touched(self, article: Article) -> datetime:
        return article.modified or article.published

    def _day(self, when: datetime, language: str) -> str:
        month = self.design.labels[language]["months"][when.month - 1]
        return self.publisher.date_format.format(day=when.day, month=month, year=when.year)

    def _pages(self, article: Article) -> Iterator[tuple[str, Resource]]:
        page = {"page": self._page(article)}
        touched = None if self._quality(article).date_shown == "none" else self._touched(article)
        yield article.path, Resource(_HTML, self._fill(self.publisher.template, **page), touched)
        for twin in article.twins:
            if twin.relation == "amp":
                yield twin.path, Resource(_HTML, self._fill("amp.html", **page), touched)
            elif twin.relation == "redirect":
                target = self.publisher.address(article.path)
                status = HTTPStatus.MOVED_PERMANENTLY
                yield twin.path, Resource(_HTML, f"Moved to {target}\n".encode(), None, target, status)

    def _page(self, article: Article) -> dict[str, Any]:
        """What the templates know of an article."""
        amp = next((twin.path for twin in article.twins if twin.relation == "amp"), None)
        blocks = [_html_block(block) for block in article.blocks]
        return {
            "article": article,
            "publisher": self.publisher,
            "quality": self._quality(article),
            "labels": self.design.labels[article.language],
            "url": self.publisher.address(article.path),
            "home": self.publisher.address("/"),
            "amp_url": self.publisher.address(amp) if amp else None,
            "summary": article.summary,
            "blocks": blocks,
            "body": Markup("\n").join(blocks),
            "published_text": self._day(article.published, article.language),
            "modified_text": self._day(article.modified, article.language) if article.modified else "",
            "related": self._related(article),
            "news_article": self._news_article(article),
            "web_site": {"@type": "WebSite", "name": self.publisher.name, "url": self.publisher.address("/")},
        }

    def _related(self, article: Article) -> list[Article]:
        """The three articles that follow in the site's own order, round to the start."""
        at = self.articles.index(article)
        return (self.articles[at + 1 :] + self.articles[:at])[:3]

    def _news_article(self, article: Article) -> dict[str, Any]:
        """The article as schema.org describes it."""
        address = self.publisher.address
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.headline,
            "mainEntityOfPage": address(article.path),
            "datePublished": article.published.isoformat(),
            "dateModified": self._touched(article).isoformat(),
            "inLanguage": article.language,
            "isAccessibleForFree": not article.paywall,
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "publisher": {"@type": "NewsMediaOrganization", "name": self.publisher.name, "url": address("/")},
            "image": address("/lead.svg"),
        }

    def _entries(self) -> list[Entry]:
        """The items of the feed, newest first: every article, its twins, and links that have died."""
        found = [entry for article in self.articles for entry in self._entries_of(article)]
        dead = [
            Entry(self.publisher.address(link.path), link.title, link.title, (), link.published, None)
            for link in self.publisher.dead_links
        ]
        return found + dead

    def _entries_of(self, article: Article) -> Iterator[Entry]:
        query = f"?{self.publisher.feed.tracking}" if self.publisher.feed.tracking else ""
        own = [article.path + query] if article.listed else []
        undated = self._quality(article).date_shown == "none"
        for path in own + [twin.path for twin in article.twins]:
            yield Entry(
                self.publisher.address(path),
                article.headline,
                article.summary,
                article.authors,
                None if undated else article.published,
                article.modified,
            )

    def _feeds(self, newest: datetime | None) -> Iterator[tuple[str, Resource]]:
        feed, entries = self.publisher.feed, self._entries()
        if feed.kind != "sitemap_index":
            filled = self._fill(f"{feed.kind}.xml", entries=entries, updated=newest)
            yield feed.path, Resource(f"{_XML.get(feed.kind, 'application/xml')}; charset=utf-8", filled, newest)
            return
        years: dict[int, list[Entry]] = {}
        for entry in entries:
            if entry.published:
                years.setdefault(entry.published.year, []).append(entry)
        listed = []
        for year, group in sorted(years.items(), reverse=True):
            path, modified = f"/news-sitemap-{year}.xml", group[0].published
            listed.append((self.publisher.address(path), modified))
            yield path, Resource("application/xml", self._fill("news_sitemap.xml", entries=group), modified)
        yield feed.path, Resource("application/xml", self._fill("sitemap_index.xml", sitemaps=listed), newest)
