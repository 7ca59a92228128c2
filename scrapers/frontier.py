"""The frontier: what was discovered and what became of it, in one SQLite file that survives a kill at any moment.

Every method is one transaction. Times are UTC text, `2026-05-04T12:00:00Z`, so that they sort as they pass.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from scrapers.books import Listings, SiteBook, read_stamp, stamp
from scrapers.urls import fetch_key, site

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    key TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    state TEXT NOT NULL,           -- waiting, fetched, denied (by robots.txt) or failed (for good)
    next_at TEXT,                  -- not to be fetched before; empty: not to be fetched again
    discovered_at TEXT NOT NULL,
    reason TEXT,                   -- why it could not be fetched the last time
    attempts INTEGER NOT NULL DEFAULT 0,
    fetched_at TEXT, final_url TEXT, digest TEXT, etag TEXT, last_modified TEXT,
    refetches INTEGER              -- of a watched page: how often it was looked at again
);
CREATE INDEX IF NOT EXISTS pages_next ON pages (next_at);
CREATE INDEX IF NOT EXISTS pages_final ON pages (final_url);
CREATE TABLE IF NOT EXISTS sightings (
    key TEXT NOT NULL, url TEXT NOT NULL, source TEXT NOT NULL, listing TEXT NOT NULL,
    title TEXT, date TEXT,         -- as the source gives them
    published TEXT,                -- the same date in UTC, where it can be read
    own INTEGER NOT NULL,          -- whether the source is of the page's own site
    archived INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (key, url, source)
);
CREATE INDEX IF NOT EXISTS sightings_late ON sightings (key) WHERE NOT archived;
"""
_RETRY_AFTER = [timedelta(0), timedelta(hours=1), timedelta(hours=4), timedelta(hours=16), timedelta(days=3)]
_ROBOTS_DENIAL = timedelta(days=7)
_LAST_DAY = date.max.isoformat()
_REFETCH_DAYS = (1, 3, 7, 30, 90)
_NEXT_LOOK = " ".join(f"WHEN {looks} THEN '+{days} days'" for looks, days in enumerate(_REFETCH_DAYS))
_FETCHED = f"""
UPDATE pages SET state = 'fetched', reason = NULL, fetched_at = :now, final_url = :final_url,
    digest = CASE :digest WHEN '' THEN digest ELSE :digest END, etag = :etag, last_modified = :last_modified,
    refetches = refetches + 1,
    next_at = strftime('%Y-%m-%dT%H:%M:%SZ', :now, CASE refetches + 1 {_NEXT_LOOK} END)
WHERE key = :key
"""


@dataclass(frozen=True)
class Item:
    """A page that a listing names, with what the listing says of it. `published` is the date read, `date` as given."""

    url: str
    title: str = ""
    date: str = ""
    published: datetime | None = None


class Discovered(NamedTuple):
    """How many pages a listing named that no source had named before, and that its own source had not."""

    new: int
    items: int


@dataclass(frozen=True)
class Page:
    """A page to fetch and where it was discovered. `urls` are all its addresses seen, tracking parameters included."""

    key: str
    site: str
    source: str
    listing: str
    title: str
    date: str
    urls: tuple[str, ...]
    published: str = ""  # the date read, UTC
    digest: str = ""
    etag: str = ""
    last_modified: str = ""
    final_url: str = ""


@dataclass(frozen=True)
class Fetched:
    """What a fetch gave. `keys` are all addresses that led here, redirects included."""

    keys: tuple[str, ...]
    final_url: str
    digest: str
    etag: str = ""
    last_modified: str = ""


class Frontier:
    """The frontier in the file `path`, made if it is not there; `listings` and `sites` are further tables of it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_SCHEMA)
        self.listings = Listings(self._db)
        self.sites = SiteBook(self._db)

    def close(self) -> None:
        self._db.close()

    # Discovering

    def discovered(
        self, source: str, source_url: str, listing: str, items: Iterable[Item], now: datetime
    ) -> Discovered:
        """Keep what a listing names."""
        home, new, unseen, seen_at = site(source_url), 0, 0, stamp(now)
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            for item in items:
                key = fetch_key(item.url)
                page_site = site(key)
                new += self._db.execute(
                    "INSERT OR IGNORE INTO pages (key, site, state, next_at, discovered_at) VALUES (?, ?, ?, ?, ?)",
                    (key, page_site, "waiting", seen_at, seen_at),
                ).rowcount
                unseen += not self._db.execute(
                    "SELECT 1 FROM sightings WHERE key = ? AND source = ? LIMIT 1", (key, source)
                ).fetchone()
                published = stamp(item.published) if item.published else None
                row = (key, item.url, source, listing, item.title, item.date, published, page_site == home)
                self._db.execute(
                    "INSERT OR IGNORE INTO sightings (key, url, source, listing, title, date, published, own)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                )
        return Discovered(new, unseen)

    # Fetching

    def due(self, sources: Sequence[str], since: date | None, until: date | None, now: datetime) -> list[Page]:
        """The pages of these sources to fetch now, new ones first, the newest of them first.

        Pages that their sources date before `since` stay for another time; with `until` also later ones and those
        without a date. Of several sightings the one by the page's own site counts, then one with a title.
        """
        rows = self._db.execute(
            """
            SELECT p.*, s.source, s.listing, s.title, s.date, s.published,
                   (SELECT json_group_array(DISTINCT url) FROM sightings WHERE key = p.key) AS urls
            FROM pages p JOIN (
                SELECT *, row_number() OVER (
                    PARTITION BY key ORDER BY own DESC, title = '', source, listing, url
                ) AS best
                FROM sightings WHERE key IN (SELECT key FROM pages WHERE next_at <= ?)
                AND source IN (SELECT value FROM json_each(?))
                AND coalesce(published, ?) BETWEEN ? AND ?
            ) s ON s.key = p.key AND s.best = 1
            ORDER BY p.state = 'fetched', s.published IS NULL, s.published DESC, p.rowid
            """,
            (
                *(stamp(now), json.dumps(sources), "" if until else _LAST_DAY),
                *(since.isoformat() if since else "0", f"{until.isoformat() if until else _LAST_DAY}T24"),
            ),
        )
        return [_page(row) for row in rows]

    def state(self, key: str) -> str:
        """waiting, fetched, denied, failed, or empty for a page never seen."""
        row = self._db.execute("SELECT state FROM pages WHERE key = ?", (key,)).fetchone()
        return str(row["state"]) if row else ""

    def fetched(self, fetched: Fetched, now: datetime) -> None:
        """Note that a page is in the archive, or was looked at again and is the same."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            values = vars(fetched) | {"keys": None, "now": stamp(now)}
            for key in fetched.keys:
                if not self._db.execute(_FETCHED, values | {"key": key}).rowcount:  # a redirect led here first
                    self._db.execute(
                        "INSERT INTO pages (key, site, state, discovered_at) VALUES (?, ?, 'waiting', ?)",
                        (key, site(key), values["now"]),
                    )
                    self._db.execute(_FETCHED, values | {"key": key})
                self._db.execute("UPDATE sightings SET archived = 1 WHERE key = ? AND NOT archived", (key,))

    def alias(self, key: str, final_url: str, now: datetime) -> None:
        """Note that a page turned out to be another one, and that the archive has its addresses."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(
                "UPDATE pages SET state = 'fetched', next_at = NULL, fetched_at = ?, final_url = ?"
                " WHERE key = ? AND state <> 'fetched'",
                (stamp(now), final_url, key),
            )
            self._db.execute("UPDATE sightings SET archived = 1 WHERE key = ?", (key,))

    def failed(self, key: str, reason: str, for_good: bool, now: datetime) -> None:
        """Note why a page could not be fetched; unless `for_good`, later runs try it again, ever more seldom."""
        row = self._db.execute("SELECT attempts FROM pages WHERE key = ?", (key,)).fetchone()
        attempts = row["attempts"] + 1
        over = for_good or attempts > len(_RETRY_AFTER)
        next_at = None if over else stamp(now + _RETRY_AFTER[attempts - 1])
        self._db.execute(
            "UPDATE pages SET state = CASE state WHEN 'fetched' THEN state ELSE ? END, reason = ?, attempts = ?,"
            " next_at = ? WHERE key = ?",
            ("failed" if over else "waiting", reason, attempts, next_at, key),
        )

    def denied(self, key: str, now: datetime) -> None:
        """Note that robots.txt forbids a page; it is asked again after a week."""
        self._db.execute(
            "UPDATE pages SET state = 'denied', reason = 'robots.txt', next_at = ? WHERE key = ?",
            (stamp(now + _ROBOTS_DENIAL), key),
        )

    def addresses(self, keys: Iterable[str]) -> list[str]:
        """Every address under which the pages of these keys were seen, sorted."""
        rows = self._db.execute(
            "SELECT DISTINCT url FROM sightings WHERE key IN (SELECT value FROM json_each(?)) ORDER BY url",
            (json.dumps(list(keys)),),
        )
        return [row["url"] for row in rows]

    def watch(self, urls: Iterable[str]) -> int:
        """Have fetched pages looked at again after 1, 3, 7, 30 and 90 days; returns how many are newly watched."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            return sum(self._watch(fetch_key(url)) for url in urls)

    def _watch(self, key: str) -> int:
        """Watch the discovered page that has this key, or was redirected to it, unless it is watched."""
        row = self._db.execute(
            "SELECT key, fetched_at, refetches FROM pages WHERE state = 'fetched' AND (key = ? OR final_url = ?)"
            " AND key IN (SELECT key FROM sightings) ORDER BY refetches IS NULL, key <> ?, key",
            (key, key, key),
        ).fetchone()
        if row is None or row["refetches"] is not None:
            return 0
        next_at = stamp(read_stamp(row["fetched_at"]) + timedelta(days=_REFETCH_DAYS[0]))
        self._db.execute("UPDATE pages SET refetches = 0, next_at = ? WHERE key = ?", (next_at, row["key"]))
        return 1

    def useless(self, urls: Iterable[str], reason: str, now: datetime) -> None:
        """Note that what was fetched at these addresses is of no use: later runs try them again, as if they had failed.

        Redirects belong to the addresses of a page.
        """
        for key in map(fetch_key, urls):
            forgotten = self._db.execute(
                "UPDATE pages SET state = 'waiting', digest = NULL, etag = NULL, last_modified = NULL"
                " WHERE key = ? AND state = 'fetched'",
                (key,),
            )
            if forgotten.rowcount:
                self.failed(key, reason, False, now)

    def late_sightings(self, sources: Sequence[str]) -> list[Page]:
        """Archived pages that were since seen under a further address, one entry for each."""
        self._db.execute(
            "UPDATE sightings SET archived = 1 WHERE NOT archived AND EXISTS"
            " (SELECT 1 FROM sightings a WHERE a.key = sightings.key AND a.url = sightings.url AND a.archived)"
        )
        rows = self._db.execute(
            "SELECT p.*, s.source, s.listing, s.title, s.date, s.published, json_array(s.url) AS urls FROM sightings s"
            " JOIN pages p USING (key) WHERE NOT s.archived AND p.state = 'fetched'"
            " AND s.source IN (SELECT value FROM json_each(?)) ORDER BY s.key, s.url, s.source",
            (json.dumps(sources),),
        )
        return [_page(row) for row in rows]

    def gone(self, limit: int) -> list[Page]:
        """Pages that their sites no longer have, the newest first."""
        rows = self._db.execute(
            "SELECT p.*, s.source, s.listing, s.title, s.date, s.published, json_array(s.url) AS urls FROM pages p"
            " JOIN sightings s USING (key) WHERE p.state = 'failed' AND p.reason IN ('http 404', 'http 410', 'dns')"
            " GROUP BY p.key ORDER BY p.discovered_at DESC, p.key LIMIT ?",
            (limit,),
        )
        return [_page(row) for row in rows]


def _page(row: sqlite3.Row) -> Page:
    trusting = not (row["refetches"] or 0) % 2  # every other look at a watched page is unconditional
    return Page(
        key=row["key"],
        site=row["site"],
        source=row["source"],
        listing=row["listing"],
        title=row["title"] or "",
        date=row["date"] or "",
        urls=tuple(sorted(json.loads(row["urls"]))),
        published=row["published"] or "",
        digest=row["digest"] or "",
        etag=(trusting and row["etag"]) or "",
        last_modified=(trusting and row["last_modified"]) or "",
        final_url=row["final_url"] or "",
    )
