"""What the crawler tells while it works: a line on the terminal, events in a file."""

import io
import json
import logging
from pathlib import Path

import pytest

from scrapers import report
from scrapers.report import LogToReport, Report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "PROGRESS_SECONDS", 0.0)
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        shown = Report(None, ["ledger"], stream)
        shown.listing("ledger", "http://ledger.example/feed", 2, 2, 2)
        shown.fetched("ledger", "ledger.example", "http://ledger.example/1", 100)
        shown.failure("ledger", "http://ledger.example/gone", "http 404")
        shown.finished(True, lambda source: None, {})
    assert terminal.getvalue().count("\n") == 1
    last = terminal.getvalue().split("\r")[-1].rstrip()
    assert last.startswith("crawl: 1 listings, 1 sites, 1 pages, ")
    assert last.endswith(" pages/s, 1 not fetched")
    assert pipe.getvalue() == ""


def test_every_event_is_a_json_line_with_its_time(tmp_path: Path) -> None:
    told = Report(tmp_path / "report.jsonl", ["ledger"], io.StringIO())
    told.fetched("ledger", "ledger.example", "http://ledger.example/1", 100)
    told.failure("ledger", "http://ledger.example/feed", "timeout", listing=True)
    LogToReport(told).emit(logging.LogRecord("scrapers", logging.ERROR, "x.py", 1, "odd: %s", ("this",), None))
    told.finished(True, lambda source: "2026-05-04T12:00:00Z", {"ledger": ["ledger/2026-05-04/1.warc.gz"]})
    page, failure, log, source, end = map(json.loads, (tmp_path / "report.jsonl").read_text().splitlines())
    assert (page["event"], page["url"], page["bytes"]) == ("page", "http://ledger.example/1", 100)
    assert (failure["reason"], failure["listing"]) == ("timeout", True)
    assert (log["level"], log["message"]) == ("ERROR", "odd: this")
    assert (source["fetched"], source["listings_failed"], source["failed"]) == (1, 1, {"timeout": 1})
    assert (source["last_success"], source["files"]) == ("2026-05-04T12:00:00Z", ["ledger/2026-05-04/1.warc.gz"])
    assert end["complete"]
    assert all("at" in event for event in (page, failure, log, source, end))
