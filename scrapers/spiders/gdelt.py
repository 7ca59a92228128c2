"""Discovers pages by full-text queries to GDELT's DOC 2.0 API, which knows the last three months of the world's news.

The API gives at most 250 articles a call and asks for five seconds between calls; a span of time
that has more is halved.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
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
        """Read what GDELT saw since the last time, the oldest first, so that a stop loses nothing.

        With an end to the days that are wanted, those days are read, and the next time is not concerned.
        """
        listings, now = self.run.frontier.listings, self.run.clock()
        cursor = listings.cursor(source.url)
        first, last = self._span(cursor, now)
        spans = [(first, last)] if first < last else []
        while spans and not self.run.stopping:
            begin, end = spans.pop()
            items = await self._ask(source, begin, end)
            if len(items) >= MAX_RECORDS and end - begin > _SHORTEST_SPAN:
                middle = begin + (end - begin) / 2
                spans += [(middle, end), (begin, middle)]
                continue
            self.keep_items(source, source.url, source.url, items)
            listings.set_cursor(source.id, source.url, cursor if self.run.until else stamp(end), now)

    def _span(self, cursor: str, now: datetime) -> tuple[datetime, datetime]:
        since, until, reach = self.run.since, self.run.until, now - _REACH
        if until:
            return max(_midnight(since or until), reach), min(_midnight(until) + timedelta(days=1), now)
        begin = read_stamp(cursor) if cursor else _midnight(since) if since else now - _FIRST_SPAN
        return max(begin, reach), now

    async def _ask(self, source: Source, begin: datetime, end: datetime) -> list[Item]:
        url = _query(source.url, begin, end)
        response = await self.get(url)
        try:
            return parse_articles(response.body)
        except ValueError as error:
            said = response.body[:80].decode("utf-8", "replace")
            raise UnfetchableError(url, f"no article list: {' '.join(said.split())!r}") from error


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


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
