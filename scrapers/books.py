"""Two tables of the frontier: how listings are polled, and what each site was asked for and asks for."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_POLL_LEAST, _POLL_MOST = 30 * 60, 24 * 3600  # seconds
_UNCONDITIONAL_EVERY = 8  # some feeds lie with "not modified"
_SAVE_EVERY = 20  # requests
_LISTINGS = """
CREATE TABLE IF NOT EXISTS listings (
    url TEXT PRIMARY KEY, source TEXT NOT NULL,
    etag TEXT, last_modified TEXT, unchanged INTEGER NOT NULL DEFAULT 0,
    checked_at TEXT, next_at TEXT, interval_s INTEGER, last_success TEXT,
    cursor TEXT                    -- how far a source was read that is read in parts
);
"""
_SITES = """
CREATE TABLE IF NOT EXISTS sites (
    site TEXT PRIMARY KEY, hold_until TEXT, day TEXT NOT NULL, requests INTEGER NOT NULL, bytes INTEGER NOT NULL
);
"""


def stamp(moment: datetime) -> str:
    """A moment in UTC to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_stamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


class Listings:
    """Feeds, sitemaps and the like: validators, polling and reading positions."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(_LISTINGS)

    def validators(self, listing: str) -> tuple[str, str]:
        """ETag and Last-Modified to ask a listing with; empty when it is time for an unconditional request."""
        row = self._row(listing)
        if row is None or row["unchanged"] >= _UNCONDITIONAL_EVERY:
            return "", ""
        return row["etag"] or "", row["last_modified"] or ""

    def due(self, listing: str, now: datetime) -> bool:
        """Whether a listing should be polled by now: often when it brings news, seldom when it does not."""
        row = self._row(listing)
        return row is None or not row["next_at"] or row["next_at"] <= stamp(now)

    def read(self, source: str, listing: str, etag: str, last_modified: str, new: int, now: datetime) -> None:
        """Note that a listing was read, after its items were kept; halve or lengthen the time to its next poll."""
        row = self._row(listing)
        interval = _next_interval(row["interval_s"] if row else None, new)
        self._db.execute(
            "INSERT INTO listings (url, source, etag, last_modified, checked_at, last_success, next_at, interval_s)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, unchanged = 0,"
            " last_modified = excluded.last_modified, checked_at = excluded.checked_at, next_at = excluded.next_at,"
            " last_success = excluded.last_success, interval_s = excluded.interval_s",
            (
                *(listing, source, etag, last_modified, stamp(now), stamp(now)),
                *(stamp(now + timedelta(seconds=interval)), interval),
            ),
        )

    def unchanged(self, listing: str, now: datetime) -> None:
        """Note that a listing answered "not modified"."""
        row = self._row(listing)
        interval = _next_interval(row["interval_s"] if row else None, 0)
        self._db.execute(
            "UPDATE listings SET unchanged = unchanged + 1, checked_at = ?, last_success = ?, interval_s = ?,"
            " next_at = ? WHERE url = ?",
            (stamp(now), stamp(now), interval, stamp(now + timedelta(seconds=interval)), listing),
        )

    def read_at(self, listing: str) -> datetime | None:
        """When a listing was last read or found unchanged."""
        row = self._row(listing)
        return read_stamp(row["last_success"]) if row and row["last_success"] else None

    def cursor(self, listing: str) -> str:
        """How far a listing that is read in parts was read; empty at first."""
        row = self._row(listing)
        return (row["cursor"] or "") if row else ""

    def set_cursor(self, source: str, listing: str, cursor: str, now: datetime) -> None:
        """Note that a listing was read up to here."""
        self._db.execute(
            "INSERT INTO listings (url, source, cursor, last_success) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET cursor = excluded.cursor, last_success = excluded.last_success",
            (listing, source, cursor, stamp(now)),
        )

    def last_success(self, source: str) -> str | None:
        """When a listing of the source was last read, or answered that nothing had changed."""
        row = self._db.execute("SELECT max(last_success) AS at FROM listings WHERE source = ?", (source,)).fetchone()
        at: str | None = row["at"]
        return at

    def _row(self, listing: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute("SELECT * FROM listings WHERE url = ?", (listing,)).fetchone()
        return row


@dataclass
class SiteState:
    """A site's patience: asked to wait until, and what was spent on `day`."""

    hold_until: datetime | None = None
    day: str = ""
    requests: int = 0
    bytes: int = 0


class SiteBook:
    """Sites: requests and bytes of the day, and how long to leave them alone. One crawl at a time may use it.

    Counts are written now and then and by `save`, so a kill forgets a few requests.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._states: dict[str, SiteState] = {}
        db.executescript(_SITES)

    def state(self, name: str, today: str) -> SiteState:
        """What is known of a site; requests and bytes are those of `today`."""
        state = self._states.get(name) or self._load(name)
        if state.day != today:
            state.day, state.requests, state.bytes = today, 0, 0
        return state

    def spend(self, name: str, today: str, size: int) -> None:
        """Count one request of `size` bytes against the site's day."""
        state = self.state(name, today)
        state.requests, state.bytes = state.requests + 1, state.bytes + size
        if state.requests % _SAVE_EVERY == 0:
            self._write(name, state)

    def hold(self, name: str, until: datetime, today: str) -> None:
        """Leave a site alone until then, in later runs too."""
        state = self.state(name, today)
        state.hold_until = until
        self._write(name, state)

    def save(self) -> None:
        for name, state in self._states.items():
            self._write(name, state)

    def _load(self, name: str) -> SiteState:
        row = self._db.execute("SELECT * FROM sites WHERE site = ?", (name,)).fetchone()
        state = SiteState()
        if row:
            hold = read_stamp(row["hold_until"]) if row["hold_until"] else None
            state = SiteState(hold, row["day"], row["requests"], row["bytes"])
        self._states[name] = state
        return state

    def _write(self, name: str, state: SiteState) -> None:
        # a stamp has no fractions: a second more, so that the site is never asked too early
        hold = stamp(state.hold_until + timedelta(seconds=1)) if state.hold_until else None
        self._db.execute(
            "INSERT OR REPLACE INTO sites (site, hold_until, day, requests, bytes) VALUES (?, ?, ?, ?, ?)",
            (name, hold, state.day, state.requests, state.bytes),
        )


def _next_interval(interval: int | None, new: int) -> int:
    if interval is None:
        return _POLL_LEAST if new else _POLL_MOST
    return max(_POLL_LEAST, interval // 2) if new else min(_POLL_MOST, interval * 3 // 2)
