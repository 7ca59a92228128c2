"""Fetches the Internet Archive's copy of pages that are gone from their own site."""

import json
import re
from urllib.parse import urlencode

from scrapers.frontier import Fetched, Page
from scrapers.outcome import UnfetchableError
from scrapers.sources import Source
from scrapers.spiders.base import SourceSpider, header_pairs, page_fields

MAX_LOOKUPS = 100  # a run
_SNAPSHOT = re.compile(r"^(https?://[^/]+/web/\d+)(?:[a-z]{2}_)?/")


class WaybackSpider(SourceSpider):
    """`url` of a source is the address of the availability API."""

    name = "wayback"
    kind = "wayback"

    async def discover(self, source: Source) -> None:
        for page in self.run.frontier.gone(MAX_LOOKUPS):
            if self.run.stopping:
                return
            try:
                await self._rescue(source, page)
            except UnfetchableError as error:
                self.run.report.failure(source.id, error.url, error.reason)
                if error.site_over:
                    return

    async def _rescue(self, source: Source, page: Page) -> None:
        """Archive the copy nearest to the page's date under the copy's own address, or note that there is none."""
        run = self.run
        query = urlencode({"url": page.key, "timestamp": page.published[:10].replace("-", "")})
        asked = f"{source.url}?{query}"
        try:
            snapshot = parse_snapshot((await self.get(asked)).body)
        except ValueError as error:
            raise UnfetchableError(asked, "no availability answer") from error
        run.frontier.listings.read(source.id, source.url, "", "", 0, run.clock())
        if snapshot is None:
            run.frontier.failed(page.key, "no archived copy", True, run.clock())
            return
        response, now = await self.get(snapshot), run.clock()
        place = run.store.writer(source.id).write_page(
            response.url,
            response.status,
            header_pairs(response.request.headers) if response.request else [],
            header_pairs(response.headers),
            response.body,
            now,
            page_fields(page, run.frontier.addresses([page.key]), []) | {"archived-copy-of": page.key},
        )
        run.frontier.fetched(Fetched((page.key,), response.url, place.digest), now)
        run.report.fetched(source.id, page.site, response.url, len(response.body))


def parse_snapshot(body: bytes) -> str | None:
    """The address of the nearest copy, as it was recorded (`id_`: without the archive's own frame); None without one.

    Raises ValueError for what is no answer of the availability API, such as a page that says that it is busy.
    """
    answer = json.loads(body)
    snapshots = answer.get("archived_snapshots") if isinstance(answer, dict) else None
    if not isinstance(snapshots, dict):
        raise ValueError("no snapshots")
    closest = snapshots.get("closest") or {}
    available, url = closest.get("available") and str(closest.get("status", "200")) == "200", closest.get("url", "")
    return _SNAPSHOT.sub(r"\1id_/", url) if available and _SNAPSHOT.match(url) else None
