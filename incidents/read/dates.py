"""When an article was published, as far as a page or a row says it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)/(\d{1,2}|[A-Za-z]{3,9})/(\d{1,2})(?=/|$)")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_ISO_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ]\s?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """A date as it was given: `on` the local date, `at` the time in UTC where time and zone are given."""

    on: date
    precision: str  # day, month or year
    at: datetime | None = None
    zone_is_local: bool = False  # the offset is a place's own, not plain UTC

    def stated(self) -> str:
        """As precisely as it is known: yyyy, yyyy-mm, yyyy-mm-dd, or the time in UTC."""
        if self.at:
            return self.at.isoformat()
        return self.on.isoformat()[: {"year": 4, "month": 7}.get(self.precision, 10)]


def parse(text: str) -> Moment | None:
    """A year, a month, a day or a time in ISO 8601, RFC 2822 or near it; None where the text says no date."""
    text = text.strip()
    if match := _ISO_TIME.match(text):
        return _from_time(match)
    if match := _DAY.match(text):
        return _of(int(match[1]), int(match[2]), int(match[3]), "day")
    if match := _MONTH.fullmatch(text):
        return _of(int(match[1]), int(match[2]), 1, "month")
    if match := _YEAR.fullmatch(text):
        return _of(int(match[1]), 1, 1, "year")
    return _from_mail_date(text)


def refined(moment: Moment | None, address: str) -> Moment | None:
    """A mere year or month, or nothing, made the day that stands in the article's address, where that agrees."""
    found = _IN_ADDRESS.search(address)
    if not found or (moment and moment.precision == "day"):
        return moment
    year, month, day = found.groups()
    number = int(month) if month.isdigit() else _MONTHS.get(month[:3].lower(), 0)
    seen = _of(int(year), number, int(day), "day")
    agrees = moment is None or (seen and seen.stated().startswith(moment.stated()))
    return seen if seen and agrees else moment


def _from_time(match: re.Match[str]) -> Moment | None:
    year, month, day, hour, minute, second = (int(group or 0) for group in match.groups()[:6])
    offset = (match[7] or "").upper()
    try:
        local = datetime(year, month, day, hour % 24, minute, min(second, 59))  # noqa: DTZ001 the zone follows
        if not offset:
            return Moment(local.date(), "day")
        zone = "+00:00" if offset in ("Z", "UTC", "GMT") else offset
        at = datetime.fromisoformat(f"{local.isoformat()}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Moment(local.date(), "day", at, zone_is_local=zone.strip("+-0:") != "")


def _from_mail_date(text: str) -> Moment | None:
    try:
        local = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    if local.tzinfo is None:
        return Moment(local.date(), "day")
    return Moment(local.date(), "day", local.astimezone(UTC), zone_is_local=bool(local.utcoffset()))


def _of(year: int, month: int, day: int, precision: str) -> Moment | None:
    try:
        return Moment(date(year, month, day), precision)
    except ValueError:
        return None
