"""The working rows as linking sees them: one current text per article, with its mentions and events.

An article may have been fetched more than once. Its current text is the one fetched last; values and keys come from
that one, so a correction replaces the error.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

Row = dict[str, Any]
NEARLY_RELEVANT = 0.2
ROUND_UP = 5  # people told of in one column
_ADDRESS_DAY = re.compile(r"/((?:19|20)\d\d)/(\d{1,2}|[A-Za-z]{3,9})/(\d{1,2})(?=/|$)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Article:
    """One article with what extraction found in its current text."""

    row: Row
    assessment: Row
    first_day: float  # days since 1970 (UTC) between which it was published
    last_day: float
    mentions: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)

    @property
    def article_id(self) -> str:
        return str(self.row["article_id"])

    @property
    def relevant(self) -> bool:
        return bool(self.assessment["relevant"])

    @property
    def considered(self) -> bool:
        """Relevant, or nearly so: the latter joins a story that others tell, and makes none by itself.

        A round-up belongs to no story: it lists the incidents of others.
        """
        likely = self.relevant or float(self.assessment["relevance"]) >= NEARLY_RELEVANT
        return likely and not self.is_round_up

    @property
    def is_round_up(self) -> bool:
        """A column that names many people who are affected, or at least neither speak nor hold an office in it."""
        told_of = {m["name"] for m in self.mentions if m["kind"] == "person" and m["role"] in ("affected", "other")}
        return self.kind == "commentary" and len(told_of) >= ROUND_UP

    @property
    def kind(self) -> str:
        return str(self.assessment["kind"])

    @property
    def main_event(self) -> Row | None:
        return next((event for event in self.events if event["is_main"]), None)

    @property
    def arrival(self) -> tuple[float, str, str]:
        """The order in which articles came out; never a tie."""
        return self.last_day, str(self.row["fetched_at"]), self.article_id


@dataclass(frozen=True)
class Corpus:
    """All articles in the order of their ids, and every text ever fetched."""

    articles: dict[str, Article]
    revisions: list[Row]

    def __iter__(self) -> Iterator[Article]:
        return iter(self.articles.values())


def build(articles: pd.DataFrame, assessments: pd.DataFrame, mentions: pd.DataFrame, events: pd.DataFrame) -> Corpus:
    """The corpus from working rows (incidents.working). The order of the rows does not matter."""
    revisions = sorted(_records(articles), key=lambda row: (row["article_id"], row["fetched_at"], row["revision_id"]))
    first_seen = {row["revision_id"]: row for row in reversed(revisions)}
    current = {row["article_id"]: row for row in revisions}
    assessed = {row["revision_id"]: row for row in _records(assessments)}
    mentions_of = _by_revision(mentions, "mention_id", ("attributes",))
    events_of = _by_revision(events, "event_id", ("organizations", "codes"))
    found = {}
    for article_id, row in sorted(current.items()):
        revision = row["revision_id"]
        if revision in assessed:
            found[article_id] = Article(
                row,
                assessed[revision],
                *published_between(row),
                mentions=mentions_of.get(revision, []),
                events=events_of.get(revision, []),
            )
    kept = [row for _, row in sorted(first_seen.items()) if row["article_id"] in found]
    return Corpus(found, kept)


def published_between(row: Row) -> tuple[float, float]:
    """First and last moment of publication in days since 1970: a moment, a day, a month, a year, or anything till
    fetching.

    Where only a month, a year or nothing is stated, a day in the address counts if it agrees.
    """
    if row["published_at"] is not None and row["published_precision"] == "day":
        moment = _days(row["published_at"])
        return moment, moment
    start, precision = row["published_on"], row["published_precision"]
    if precision != "day":
        start, precision = _day_in_address(str(row["canonical_url"]), start, precision)
    if start is None:
        return _days(EARLIEST), _days(row["fetched_at"])
    length = {"day": 1, "month": 31, "year": 366}.get(precision, 1)
    return _days(start), _days(start + timedelta(days=length)) - 1e-5


def _day_in_address(url: str, start: date | None, precision: str) -> tuple[date | None, str]:
    found = _ADDRESS_DAY.search(url)
    if not found:
        return start, precision
    year, month, day = found.groups()
    try:
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
        seen = date(int(year), number, int(day))
    except ValueError:
        return start, precision
    agrees = start is None or (seen.year == start.year and (precision == "year" or seen.month == start.month))
    return (seen, "day") if agrees else (start, precision)


def _days(moment: date | datetime) -> float:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment.timestamp() / 86400


def _records(frame: pd.DataFrame) -> list[Row]:
    """Rows as dicts of plain Python values, None for what is missing."""
    columns = [_plain(frame[name]) for name in frame.columns]
    return [dict(zip(frame.columns, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(column: "pd.Series[Any]") -> Iterable[Any]:
    values = column.astype(object)
    if column.dtype == object and any(hasattr(value, "__len__") and not isinstance(value, str) for value in values):
        return [list(value) if hasattr(value, "__len__") and not isinstance(value, str) else value for value in values]
    return [
        value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
        for value in values.where(values.notna(), None)
    ]


def _by_revision(frame: pd.DataFrame, key: str, parsed: tuple[str, ...]) -> dict[str, list[Row]]:
    """Rows of each revision in the order of the text, JSON columns read."""
    found: dict[str, list[Row]] = {}
    for row in _records(frame):
        found.setdefault(row["revision_id"], []).append(row | {name: json.loads(row[name]) for name in parsed})
    for rows in found.values():
        rows.sort(key=lambda row: (row["start"], row["end"], row[key]))
    return found
