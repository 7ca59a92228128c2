"""The crawler's command line, meant to run as a child process: `python -m scrapers --help`."""

import argparse
import logging
import os
import sqlite3
import ssl
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import certifi
from filelock import FileLock, Timeout

from scrapers import sources
from scrapers.frontier import Frontier
from scrapers.parent import GRACE, end_with_parent
from scrapers.politeness import Limits, Sites
from scrapers.report import LogToReport, Report
from scrapers.settings import parse_connect_to, user_agent
from scrapers.store import Store
from scrapers.urls import site

LIVE_DELAY = 1.0  # seconds between two requests to a site at least
KIND_LIMITS = {
    "gdelt": Limits(delay=5.5),  # GDELT asks for five seconds
    "ccnews": Limits(delay=1.0, bytes=50 * 1024**3),
    "wayback": Limits(delay=1.0),
}
INTERRUPTED, WRONG_USE = 1, 2
PATIENCE = 2 * GRACE  # seconds in which a crawl whose parent died has stopped


def main(arguments: Sequence[str] | None = None) -> int:
    """Crawl; returns 0, 1 when the crawl was interrupted, or 2 with one line on stderr when it could not begin."""
    options = _parser().parse_args(arguments)
    if options.end_with_parent:
        end_with_parent()
    try:
        chosen = sources.load(options.sources, options.source)
        _check_contact(options)
        lock = FileLock(f"{options.frontier}.lock")
        options.frontier.parent.mkdir(parents=True, exist_ok=True)
        with lock.acquire(timeout=PATIENCE):
            return _crawl(options, chosen)
    except sources.SourcesError as error:
        return _refuse(str(error))
    except sqlite3.DatabaseError as error:
        return _refuse(f"{options.frontier}: not usable as a frontier ({error}); move the file away and crawl again")
    except Timeout:
        return _refuse(f"{options.frontier}: another crawl is using it; wait until it is over")


def _crawl(options: argparse.Namespace, chosen: list[sources.Source]) -> int:
    from scrapers.crawl import crawl  # Scrapy is slow to import: errors come first
    from scrapers.spiders.base import Run

    _trust_bundled_certificates()
    frontier = Frontier(options.frontier)
    store = Store(options.archive, _now)
    store.reconcile(frontier)
    report = Report(options.report, (source.id for source in chosen))
    logging.getLogger().addHandler(LogToReport(report))
    run = Run(
        sources=chosen,
        frontier=frontier,
        store=store,
        sites=_sites(options, chosen, frontier),
        report=report,
        clock=_now,
        since=options.since,
        until=options.until,
        due_only=options.due,
    )
    complete = False
    try:
        complete = crawl(
            run,
            {
                "USER_AGENT": user_agent(options.contact or "local run"),
                "LIVE": bool(options.contact),
                "CONNECT_TO": options.connect_to,
                "DOWNLOAD_TIMEOUT": options.timeout,
            },
        )
    finally:
        store.close()
        frontier.sites.save()
        report.finished(complete and not run.trouble, frontier.listings.last_success, store.files())
        frontier.close()
    if run.trouble:
        print(f"scrapers: {run.trouble}", file=sys.stderr)
    return 0 if complete else INTERRUPTED


def _sites(options: argparse.Namespace, chosen: list[sources.Source], frontier: Frontier) -> Sites:
    delay = options.delay if options.delay is not None else 0.0 if options.connect_to else LIVE_DELAY
    common = Limits(delay)
    special: dict[str, Limits] = {}
    for source in chosen:
        name, own = site(source.url), KIND_LIMITS.get(source.kind, common)
        pause = max(delay, own.delay if source.delay is None else source.delay)
        limits = Limits(pause, source.budget or own.requests, own.bytes)
        special[name] = limits.strictest(special[name]) if name in special else limits
    return Sites(frontier.sites, _now, common, special)


def _trust_bundled_certificates() -> None:
    """Where the system has no certificates of authorities, as in small containers, use those of certifi."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile is None and paths.capath is None:
        os.environ.setdefault("SSL_CERT_FILE", certifi.where())


def _check_contact(options: argparse.Namespace) -> None:
    if not options.contact and not options.connect_to:
        raise sources.SourcesError(
            "a live crawl needs an address that sites can write to: pass --contact you@example.org"
            " or set INCIDENTS_CONTACT"
        )


def _refuse(message: str) -> int:
    print(f"scrapers: {message}", file=sys.stderr)
    return WRONG_USE


def _now() -> datetime:
    return datetime.now(UTC)


def _connect_to(value: str) -> str:
    try:
        parse_connect_to(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return value


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> "None":  # type: ignore[override]
        self.exit(_refuse(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="scrapers", description="Crawl news sources into web archives.")
    add = parser.add_argument
    add("--archive", type=Path, required=True, metavar="DIR", help="where the WARC files go")
    add("--frontier", type=Path, required=True, metavar="FILE", help="what was discovered and fetched (SQLite)")
    add("--sources", type=Path, required=True, metavar="FILE", help="the YAML list of sources")
    add("--source", action="append", default=[], metavar="ID", help="only this one; may be given again")
    add("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="leave pages dated earlier for another time")
    add("--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="leave pages dated later, or not at all, too")
    add(
        "--contact",
        default=os.environ.get("INCIDENTS_CONTACT", ""),
        metavar="ADDRESS",
        help="an address that sites can write to; needed to crawl the web",
    )
    add("--connect-to", type=_connect_to, metavar="SUFFIX=IP:PORT", help="connect hosts with this suffix there")
    add("--report", type=Path, metavar="FILE", help="what happened, as JSON lines")
    add("--delay", type=float, metavar="SECONDS", help="least pause between two requests to a site (default 1)")
    add("--timeout", type=float, default=30, metavar="SECONDS", help="most time for a whole answer (default 30)")
    add("--due", action="store_true", help="only listings whose time for a poll has come")
    add("--end-with-parent", action="store_true", help="stop when standard input ends")
    return parser


if __name__ == "__main__":
    sys.exit(main())
