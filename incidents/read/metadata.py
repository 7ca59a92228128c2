"""The choice among the candidates of a page."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from incidents.read import dates
from incidents.read.authors import is_house, names
from incidents.read.blocks import without_invisible
from incidents.read.candidates import Candidate
from incidents.read.dates import Moment
from incidents.read.urls import host

_EARLIEST = date(1990, 1, 1)
_NOT_FREE = {"false", "no", "0"}
_FREE = {"true", "yes", "1"}
_SEPARATOR = re.compile(r"\s*(?:[|·•»ㅣ]|::|--|\s[–—-]\s)")


class Metadata:
    """The candidates of one page and the choice among them; a date after the day after fetching is not believed."""

    def __init__(self, candidates: Iterable[Candidate], fetched_at: datetime) -> None:
        self.candidates = list(dict.fromkeys(candidates))
        self._latest = fetched_at.date() + timedelta(days=1)

    def values(self, field: str, *sources: str) -> list[str]:
        """The values for a field, by source in the order given, or all in the order found."""
        if not sources:
            return [c.value for c in self.candidates if c.field == field]
        return [c.value for source in sources for c in self.candidates if (c.field, c.source) == (field, source)]

    @property
    def title(self) -> str:
        """The headline without the site's name, and without a kicker that only JSON-LD puts before it."""
        given = self.values("title")
        found = self.values("title", "json-ld", "meta", "opengraph", "page", "microdata", "title", "feed")
        titles = [without_site(title, self.publisher, given) for title in found]
        shorter = (
            other for other in titles[1:3] if len(other) > 15 and re.search(rf"\W{re.escape(other)}$", titles[0])
        )
        return without_invisible(next(shorter, titles[0])) if titles else ""

    @property
    def publisher(self) -> str:
        return next(iter(self.values("publisher", "json-ld", "opengraph", "meta")), "")

    @property
    def authors(self) -> list[str]:
        """The people that the first source with any names; the publisher itself only where nobody is named."""
        hosts = [host(url) for url in self.values("canonical")]
        houses = [*self.values("publisher"), *hosts, *(name.removeprefix("www.").split(".")[0] for name in hosts)]
        everybody: list[str] = []
        for source in ("json-ld", "meta", "opengraph", "microdata", "page"):
            found = [name for value in self.values("author", source) for name in names(value)]
            people = [name for name in found if not is_house(name, houses)]
            if people:
                return list(dict.fromkeys(people))
            everybody = everybody or found
        return everybody[:1]

    @property
    def published(self) -> Moment | None:
        return self._moment(
            "published", "json-ld", "opengraph", "meta", "microdata", "page", "url", "title", "htmldate", "feed"
        )

    @property
    def modified(self) -> Moment | None:
        return self._moment("modified", "json-ld", "opengraph", "meta", "microdata")

    @property
    def paywalled(self) -> bool | None:
        """What isAccessibleForFree or the content tier says, if anything."""
        for value in self.values("free"):
            if value in _NOT_FREE | _FREE:
                return value in _NOT_FREE
        tiers = self.values("tier")
        return tiers[0].lower() in ("locked", "metered") if tiers else None

    def _moment(self, field: str, *sources: str) -> Moment | None:
        parsed = [dates.parse(value) for value in self.values(field, *sources)]
        believable = [m for m in parsed if m and _EARLIEST <= m.on <= self._latest]
        if not believable:
            return None
        chosen = believable[0]
        return next((m for m in believable if _says_more(m, chosen)), chosen)


def _says_more(moment: Moment, chosen: Moment) -> bool:
    """The same instant, with the local offset that `chosen` lacks: then the local day is known."""
    return moment.at is not None and moment.at == chosen.at and moment.zone_is_local and not chosen.zone_is_local


def without_site(title: str, publisher: str, others: Iterable[str]) -> str:
    """A title without ` | Site` at its end, where the site's name or a shorter form of the title shows it to be one."""
    for other in sorted(others, key=len):
        rest = title[len(other) :]
        is_suffix = _SEPARATOR.match(rest) or (rest.startswith("-") and len(rest) < len(other))
        if len(other) >= 8 and title.startswith(other) and is_suffix:
            return other
    match = re.match(r"(.{8,}?)\s+(?:[|·•»—–-]|::)\s+([^|]{2,60})$", title)
    if not match or not publisher:
        return title
    tail, name = match[2].strip().casefold(), publisher.casefold()
    return match[1].strip() if tail in name or name in tail else title
