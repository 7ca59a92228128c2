"""Whether a source delivers what it should: a verdict on each delivery as it comes, and on the source as it stands.

A delivery is what one run brought from one source. What is wrong with it is judged by itself and by the source's own
earlier deliveries; whether a source brings too little or too much is judged over a week, by what sources.yaml expects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from incidents.reference import Source

WEEK = timedelta(days=7)
MIN_PAGES = 5  # fewer say nothing about a source
FEW = 0.2  # of the pages with text, or of a listing's usual length
MIN_LENGTH = 10  # of the listings that a short one is measured by
COMPARED = 10  # good deliveries, the last ones
FLOOD = 3  # times the most that is expected
_WINDOWS = {"feed", "sitemap", "listing"}  # kinds whose listings show the newest items, always about as many


class Problem(StrEnum):
    """What is wrong with a delivery."""

    UNREADABLE = "unreadable"  # no listing could be read
    UNFETCHABLE = "unfetchable"  # no page could be fetched
    EMPTY = "empty"  # the listing names nothing, for the first time
    SHORT = "short"  # the listing names far less than always
    NO_TEXT = "no text"  # pages without an article's text
    FLOOD = "flood"  # far more than is expected


# A delivery with one of these is set aside. With the others nothing was delivered that could be.
ASIDE = frozenset({Problem.EMPTY, Problem.SHORT, Problem.NO_TEXT, Problem.FLOOD})
# Set aside for these, a delivery is let in by itself once the source delivers well again: its pages were good.
PASSING = frozenset({Problem.EMPTY, Problem.SHORT})


class Decision(StrEnum):
    """What became of a delivery that was set aside."""

    LET_IN = "let in"  # by a person: it was good after all
    KEPT_OUT = "kept out"  # by a person
    PASSED = "passed"  # let in by itself, as a good delivery came after it


class State(StrEnum):
    """How a source stands."""

    OK = "ok"
    QUIET = "quiet"  # nothing new in a week, as is expected of it now and then
    NEVER_RUN = "never run"
    TOO_LITTLE = "too little"
    TOO_MUCH = "too much"
    FAILING = "failing"
    SET_ASIDE = "set aside"


PASSES = frozenset({State.OK, State.QUIET, State.NEVER_RUN})


@dataclass(frozen=True)
class Delivery:
    """What one run brought from one source.

    `items` are those that the source had not named before, `failed` pages that could not be fetched, `reason` the
    commonest reason. Of `sampled` pages `texts` had an article's text of their own. `problem` and `why` are what
    `judge` said; `decision` what became of it since.
    """

    source: str
    at: datetime
    listings_read: int = 0
    listings_unchanged: int = 0
    listings_failed: int = 0
    discovered: int = 0
    items: int = 0
    fetched: int = 0
    not_modified: int = 0
    failed: int = 0
    robots_denied: int = 0
    reason: str = ""
    last_success: datetime | None = None
    files: tuple[str, ...] = ()
    sampled: int = 0
    texts: int = 0
    problem: Problem | None = None
    why: str = ""
    decision: Decision | None = None
    decided_at: datetime | None = None

    @property
    def is_good(self) -> bool:
        """Whether later deliveries are measured by it."""
        return self.problem is None or self.decision == Decision.LET_IN

    @property
    def is_aside(self) -> bool:
        """Whether its pages are not read."""
        return self.problem in ASIDE and self.decision not in (Decision.LET_IN, Decision.PASSED)


@dataclass(frozen=True)
class Verdict:
    """How a source stands, and why; `week` are the items of the last seven days that it was asked in."""

    source: Source
    state: State
    why: str
    week: int = 0
    last_success: datetime | None = None

    @property
    def passes(self) -> bool:
        return self.state in PASSES

    @property
    def told(self) -> dict[str, object]:
        """What stands beside the source's numbers of a run."""
        return {"state": self.state.value, "passes": self.passes, "why": self.why, "week": self.week}


def judge(delivery: Delivery, earlier: Sequence[Delivery], source: Source) -> tuple[Problem, str] | None:
    """What is wrong with a delivery, in a word and in a sentence; `earlier` are the source's others, oldest first."""
    good = [each for each in earlier if each.is_good]
    return (
        _nothing_came(delivery)
        or _no_text(delivery)
        or (_shrunken(delivery, good) if source.kind in _WINDOWS else None)
        or (_flood(delivery, good, source) if good else None)
    )


def verdict(source: Source, history: Sequence[Delivery]) -> Verdict:
    """How a source stands after its deliveries, oldest first; a week is counted only where it was asked that long."""
    if not history:
        return Verdict(source, State.NEVER_RUN, "no run has asked it")
    last, first = history[-1], history[0]
    successes = [each.last_success for each in history if each.last_success]
    week = _items(history, last.at)
    state, why = State.OK, f"{week} items in the week to {last.at:%Y-%m-%d}"
    if not last.is_good:
        state, why = State.SET_ASIDE if last.problem in ASIDE else State.FAILING, last.why
    elif last.at - first.at < WEEK:
        why = f"asked since {first.at:%Y-%m-%d}: too short to count a week"
    elif week < source.expected_min_per_week:
        state, why = State.TOO_LITTLE, f"{why}, expected at least {source.expected_min_per_week}"
    elif week > source.expected_max_per_week:
        state, why = State.TOO_MUCH, f"{why}, expected at most {source.expected_max_per_week}"
    elif week == 0:
        state = State.QUIET
    return Verdict(source, state, why, week, max(successes, default=None))


def _nothing_came(delivery: Delivery) -> tuple[Problem, str] | None:
    if delivery.listings_failed and not delivery.listings_read + delivery.listings_unchanged:
        return Problem.UNREADABLE, f"its listing could not be read: {delivery.reason}"
    missed = delivery.failed + delivery.robots_denied
    if missed >= MIN_PAGES and not delivery.fetched + delivery.not_modified:
        return Problem.UNFETCHABLE, f"none of {missed} pages could be fetched: {delivery.reason}"
    return None


def _no_text(delivery: Delivery) -> tuple[Problem, str] | None:
    if delivery.sampled < MIN_PAGES or delivery.texts >= FEW * delivery.sampled:
        return None
    return (
        Problem.NO_TEXT,
        f"{delivery.texts} of {delivery.sampled} pages looked at have a text of their own",
    )


def _shrunken(delivery: Delivery, good: Sequence[Delivery]) -> tuple[Problem, str] | None:
    """A listing that is empty for the first time, or far shorter than always; indexes of sitemaps have no length."""
    lengths = [each.discovered for each in good if each.listings_read == 1][-COMPARED:]
    if delivery.listings_read != 1 or len(lengths) < 3:
        return None
    usual = median(lengths)
    if delivery.discovered >= min(lengths):
        return None
    if delivery.discovered == 0:
        return Problem.EMPTY, f"its listing is empty; it named {usual:g} items before"
    if usual >= MIN_LENGTH and delivery.discovered < FEW * usual:
        return Problem.SHORT, f"its listing names {delivery.discovered} items; it named {usual:g} before"
    return None


def _flood(delivery: Delivery, good: Sequence[Delivery], source: Source) -> tuple[Problem, str] | None:
    """Far more than is expected, also of the time since the last delivery. The first one is a listing's backlog."""
    weeks = max(1.0, (delivery.at - good[-1].at) / WEEK)
    week = _items([*good[1:], delivery], delivery.at)
    if week <= FLOOD * weeks * source.expected_max_per_week:
        return None
    return Problem.FLOOD, f"{week} new items, expected at most {source.expected_max_per_week} a week"


def _items(deliveries: Sequence[Delivery], until: datetime) -> int:
    return sum(each.items for each in deliveries if each.at > until - WEEK)
