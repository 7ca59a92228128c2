"""Discovers pages from listing pages (press rooms, news overviews), by the CSS selectors of their source."""

from cssselect import SelectorSyntaxError
from scrapy.http import Response, TextResponse

from scrapers.frontier import Item
from scrapers.outcome import UnfetchableError
from scrapers.sources import Source
from scrapers.spiders.base import SourceSpider
from scrapers.urls import BadUrlError, absolute


class ListingSpider(SourceSpider):
    name = "listing"
    kind = "listing"

    async def discover(self, source: Source) -> None:
        """Read the listing, and turn its pages as long as they name something new."""
        url: str | None = source.url
        for _ in range(source.pages):
            response = await self.listing(source, url) if url else None
            if url is None or response is None:
                return
            items = parse_listing(url, response, source.links)
            if not items:
                raise UnfetchableError(url, f"nothing matches {source.links!r}")
            if not self.keep(source, url, response, items):
                return
            url = _next_page(response, source.next) if source.next else None


def parse_listing(url: str, response: Response, selector: str) -> list[Item]:
    """The links that `selector` chooses, or the first link in what it chooses, with their text as title."""
    if not isinstance(response, TextResponse):
        raise UnfetchableError(url, "not a page")
    try:
        chosen = response.css(selector)
    except (SelectorSyntaxError, ValueError) as error:
        raise UnfetchableError(url, f"bad selector {selector!r}") from error
    items = []
    for element in chosen:
        link = element.xpath("descendant-or-self::a[@href][1]")
        if href := link.attrib.get("href"):
            title = " ".join(link.xpath("string()").get(default="").split()) or link.attrib.get("title", "")
            items.append(Item(href, title))
    return items


def _next_page(response: Response, selector: str) -> str | None:
    href = response.css(selector).xpath("descendant-or-self::a[@href][1]").attrib.get("href")
    try:
        return absolute(response.url, href) if href else None
    except BadUrlError:
        return None
