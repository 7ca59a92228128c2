"""The working rows as linking sees them: one current text per article, with its mentions and events.

An article may have been fetched more than once. Its current text is the one fetched last; values and keys come from
that one, so a correction replaces the error.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from incidents.link.organizations import KIND_OF_MENTION, candidate_id
from incidents.read.dates import Moment, refined

Row = dict[str, Any]
NEARLY_RELEVANT = 0.2
ROUND_UP = 5  # people told of in one column
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
        """A column that names many people who are affected, or at least neither speak nor hold an office in it, or that
        tells of no event and names many bodies."""
        people = {m["name"] for m in self.mentions if m["kind"] == "person" and m["role"] in ("affected", "other")}
        bodies = {m["name"] for m in self.mentions if m["kind"] in KIND_OF_MENTION} if not self.events else ()
        return self.kind == "commentary" and max(len(people), len(bodies)) >= ROUND_UP

    @property
    def kind(self) -> str:
        return str(self.assessment["kind"])

    @property
    def main_event(self) -> Row | None:
        return next((event for event in self.events if event["is_main"]), None)

    @property
    def arrival(self) -> tuple[float, datetime, str]:
        """The order in which articles came out; never a tie."""
        return self.last_day, self.row["fetched_at"], self.article_id

    @property
    def fetched(self) -> tuple[datetime, str]:
        """The order in which the texts of one article were fetched: the last one counts."""
        return self.row["fetched_at"], str(self.row["revision_id"])


@dataclass(frozen=True)
class Corpus:
    """All articles in the order of their ids, and every text ever fetched. What lies on disk is read when it is asked
    for (incidents.link.store).
    """

    articles: Mapping[str, Article]
    revisions: Sequence[Row]

    def fetch(self, article_ids: Collection[str]) -> None:
        """Have the rows of some articles at hand, since they will be loaded, not all at a time."""

    def load(self, article_ids: Iterable[str]) -> None:
        """Have some articles ready, since they will be asked for one by one."""

    def naming(self, organizations: Collection[str]) -> dict[str, Article]:
        """The articles that name one of these unknown organizations (incidents.link.organizations.candidate_id)."""
        return {key: a for key, a in self.articles.items() if not organizations_of(a).isdisjoint(organizations)}

    def rewritten(self, changed: Mapping[str, Article]) -> "Corpus":
        """The same with some of the articles in another form."""
        return replace(self, articles={**self.articles, **changed})

    def forget(self) -> None:
        """Nothing that was loaded is needed any more."""

    def bodies(self, article_ids: Iterable[str]) -> dict[str, Row]:
        """Title and text of some articles."""
        return {article: self.articles[article].row for article in article_ids}

    def texts(self, revision_ids: Collection[str]) -> dict[str, Row]:
        """Some of the texts, by id."""
        return {row["revision_id"]: row for row in self.revisions if row["revision_id"] in revision_ids}


def organizations_of(article: Article) -> set[str]:
    """The ids that the organizations named in an article have if they are unknown."""
    return {candidate_id(mention["name"]) for mention in article.mentions if mention["kind"] in KIND_OF_MENTION}


def build(articles: pa.Table, assessments: pa.Table, mentions: pa.Table, events: pa.Table) -> Corpus:
    """The corpus from working rows (incidents.working). The order of the rows does not matter."""
    return of(revisions(articles, assessments, mentions, events))


def of(texts: Sequence[Article]) -> Corpus:
    """The corpus of some texts."""
    found = {text.article_id: text for text in sorted(texts, key=lambda text: text.fetched)}
    return Corpus(dict(sorted(found.items())), sorted((text.row for text in texts), key=lambda row: row["revision_id"]))


def revisions(articles: pa.Table, assessments: pa.Table, mentions: pa.Table, events: pa.Table) -> list[Article]:
    """Every text that was assessed with what was found in it, in the order in which they were fetched."""
    assessed = {row["revision_id"]: row for row in assessments.to_pylist()}
    mentions_of = _by_revision(mentions, "mention_id", ("attributes",))
    events_of = _by_revision(events, "event_id", ("organizations", "codes"))
    found: dict[str, Article] = {}
    for row in sorted(articles.to_pylist(), key=lambda row: (row["fetched_at"], row["article_id"])):
        key = row["revision_id"]
        if key in assessed and key not in found:
            days = published_between(row)
            found[key] = Article(row, assessed[key], *days, mentions_of.get(key, []), events_of.get(key, []))
    return list(found.values())


def published_between(row: Row) -> tuple[float, float]:
    """First and last moment of publication in days since 1970: a moment, a day, a month, a year, or anything till
    fetching.

    Where only a month, a year or nothing is stated, a day in the address counts if it agrees.
    """
    if row["published_at"] is not None and row["published_precision"] == "day":
        moment = _days(row["published_at"])
        return moment, moment
    stated = Moment(row["published_on"], row["published_precision"]) if row["published_on"] else None
    known = refined(stated, str(row["canonical_url"]))
    if known is None:
        return _days(EARLIEST), _days(row["fetched_at"])
    length = {"day": 1, "month": 31, "year": 366}.get(known.precision, 1)
    return _days(known.on), _days(known.on + timedelta(days=length)) - 1e-5


def _days(moment: date | datetime) -> float:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment.timestamp() / 86400


def _by_revision(table: pa.Table, key: str, parsed: tuple[str, ...]) -> dict[str, list[Row]]:
    """Rows of each revision in the order of the text, JSON columns read."""
    found: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        found.setdefault(row["revision_id"], []).append(row | {name: json.loads(row[name]) for name in parsed})
    for rows in found.values():
        rows.sort(key=lambda row: (row["start"], row["end"], row[key]))
    return found
