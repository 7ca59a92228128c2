"""Discovers pages from feeds: RSS, Atom and JSON Feed."""

import json
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from scrapers.frontier import Item
from scrapers.outcome import UnfetchableError
from scrapers.sources import Source
from scrapers.spiders.base import SourceSpider
from scrapers.xml import HostileXmlError, refuse_entities


class FeedSpider(SourceSpider):
    name = "feed"
    kind = "feed"

    async def discover(self, source: Source) -> None:
        response = await self.listing(source, source.url)
        if response is None:
            return
        try:
            items = parse_feed(response.body)
        except NotAFeedError as error:
            raise UnfetchableError(source.url, str(error)) from error
        self.keep(source, source.url, response, items)


class NotAFeedError(ValueError):
    """The bytes are no feed that can be read."""


def parse_feed(body: bytes) -> list[Item]:
    """The items of a feed in its order; raises NotAFeedError. A damaged XML feed gives the items that can be read."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return list(_json_feed(body))
    try:
        refuse_entities(body)
    except HostileXmlError as error:
        raise NotAFeedError(str(error)) from error
    parsed = feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeedError("not a feed")
    return [item for entry in parsed.entries if (item := _entry(entry))]


def _entry(entry: Any) -> Item | None:
    url = entry.get("feedburner_origlink") or entry.get("link") or ""
    if not url and str(entry.get("id", "")).startswith("http"):
        url = entry["id"]
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    published = datetime.fromtimestamp(timegm(moment), UTC) if moment else None
    date = entry.get("published") or entry.get("updated") or ""
    return Item(url, entry.get("title", ""), date, published) if url else None


def _json_feed(body: bytes) -> Iterator[Item]:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    try:
        entries = json.loads(body)["items"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAFeedError("not a JSON feed") from error
    for entry in entries if isinstance(entries, list) else []:
        url = entry.get("url") or entry.get("id") if isinstance(entry, dict) else None
        if isinstance(url, str):
            date = str(entry.get("date_published") or entry.get("date_modified") or "")
            yield Item(url, str(entry.get("title") or ""), date, _iso(date))


def _iso(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
