"""Discovers pages by full-text queries to GDELT's DOC 2.0 API, which knows the last three months of the world's news.

The API gives at most 250 articles a call and asks for five seconds between calls; a span of time
that has more is halved.
"""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scrapers.books import read_stamp, stamp
from scrapers.frontier import Item
from scrapers.outcome import UnfetchableError
from scrapers.sources import Source
from scrapers.spiders.base import SourceSpider

MAX_RECORDS = 250
_REACH = timedelta(days=88)
_FIRST_SPAN = timedelta(days=1)
_SHORTEST_SPAN = timedelta(minutes=15)
_FORMAT = "%Y%m%d%H%M%S"


class GdeltSpider(SourceSpider):
    """`url` of a source is the API's address with the `query` parameter; the rest is added here."""

    name = "gdelt"
    kind = "gdelt"

    async def discover(self, source: Source) -> None:
        """Read what GDELT saw since the last time, the oldest first, so that a stop loses nothing."""
        listings, now = self.run.frontier.listings, self.run.clock()
        start = max(self._start(source, now), now - _REACH)
        spans = [(start, now)]
        while spans and not self.run.stopping:
            begin, end = spans.pop()
            items = await self._ask(source, begin, end)
            if len(items) >= MAX_RECORDS and end - begin > _SHORTEST_SPAN:
                middle = begin + (end - begin) / 2
                spans += [(middle, end), (begin, middle)]
                continue
            self.keep_items(source, source.url, source.url, items)
            listings.set_cursor(source.id, source.url, stamp(end))

    def _start(self, source: Source, now: datetime) -> datetime:
        if cursor := self.run.frontier.listings.cursor(source.url):
            return read_stamp(cursor)
        if self.run.since:
            return datetime.combine(self.run.since, datetime.min.time(), UTC)
        return now - _FIRST_SPAN

    async def _ask(self, source: Source, begin: datetime, end: datetime) -> list[Item]:
        url = _query(source.url, begin, end)
        response = await self.get(url)
        try:
            return parse_articles(response.body)
        except ValueError as error:
            said = response.body[:80].decode("utf-8", "replace")
            raise UnfetchableError(url, f"no article list: {' '.join(said.split())!r}") from error


def parse_articles(body: bytes) -> list[Item]:
    """The articles of an answer. Raises ValueError for anything else, such as the API's complaints in plain text."""
    if not body.strip():
        return []
    answer = json.loads(body, strict=False)  # titles come with raw control characters
    articles = answer.get("articles", []) if isinstance(answer, dict) else None
    if not isinstance(articles, list):
        raise ValueError("no articles")
    return [_item(article) for article in articles if isinstance(article, dict) and article.get("url")]


def _item(article: dict[str, str]) -> Item:
    seen = str(article.get("seendate", ""))
    try:
        published = datetime.strptime(seen, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        published = None
    return Item(str(article["url"]), str(article.get("title", "")), seen, published)


def _query(url: str, begin: datetime, end: datetime) -> str:
    parts = urlsplit(url)
    parameters = dict(parse_qsl(parts.query)) | {
        "mode": "artlist",
        "format": "json",
        "sort": "datedesc",
        "maxrecords": str(MAX_RECORDS),
        "startdatetime": begin.strftime(_FORMAT),
        "enddatetime": end.strftime(_FORMAT),
    }
    return urlunsplit(parts._replace(query=urlencode(parameters)))
