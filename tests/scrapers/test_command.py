"""The command line: one line and exit code 2 for what only its user can mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scrapers.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = "{id: ledger, kind: feed, url: 'http://ledger.example/feed'}"
LISTING = "{id: ledger, kind: listing, url: 'http://ledger.example/'}"


@pytest.mark.parametrize(
    ("sources", "options", "said"),
    [
        (f"sources: [{LEDGER}]", [], "--contact"),
        (None, [], "there is no such file"),
        ("a: [", [], "not readable as YAML"),
        ("{}", [], "must hold one key, `sources`"),
        (f"[{LEDGER}]", [], "put the line `sources:` first"),
        (f"sources: [{LEDGER}]\nmore: []", [], "must hold one key, `sources`"),
        ("sources: [{id: ledger, kind: feed}]", [], "source 1 (ledger): `url` is missing"),
        ("sources: [{id: ../x, kind: feed, url: 'http://x.example/'}]", [], "`id` may only hold"),
        ("sources: [{id: x, kind: telex, url: 'http://x.example/'}]", [], "`kind` is 'telex'"),
        ("sources: [{id: x, kind: feed, url: 'file:///etc/passwd'}]", [], "`url` is not an http"),
        (f"sources: [{LEDGER}, {LEDGER}]", [], "the same id stands twice: ledger"),
        (f"sources: [{LISTING}]", [], "a listing needs `links`"),
        (f"sources: [{LEDGER}]", ["--source", "herald"], "no source has the id herald"),
        (f"sources: [{LEDGER}]", ["--connect-to", "8000"], "is not HOST_SUFFIX=IP:PORT"),
        (f"sources: [{LEDGER}]", ["--since", "yesterday"], "--since"),
    ],
)
def test_wrong_use_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sources: str | None, options: list[str], said: str
) -> None:
    file = tmp_path / "sources.yaml"
    if sources is not None:
        file.write_text(sources)
    places: list[Any] = ["--archive", tmp_path, "--frontier", tmp_path / "f", "--sources", file]
    try:
        code = main([*map(str, places), *options])
    except SystemExit as exit_:
        code = exit_.code
    message = capsys.readouterr().err
    assert code == 2
    assert said in message
    assert message.count("\n") == 1
