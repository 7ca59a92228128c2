"""The line on the terminal."""

import io

import pytest

from scrapers import report
from scrapers.report import Report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "PROGRESS_SECONDS", 0.0)
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        shown = Report(None, ["ledger"], stream)
        shown.fetched("ledger", "ledger.example", 100)
        shown.failure("ledger", "http://ledger.example/gone", "http 404")
        shown.finished(True, lambda source: None)
    assert terminal.getvalue().splitlines()[-1].startswith("crawl: 1 sites, 1 pages, ")
    assert terminal.getvalue().splitlines()[-1].endswith(" pages/s, 1 not fetched")
    assert pipe.getvalue() == ""
