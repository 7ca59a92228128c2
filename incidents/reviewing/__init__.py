"""People decide: a queue of questions that the pipeline cannot answer alone, asked in the terminal or on a local page.

Answers are lines in the folder of decisions (incidents.link.curation) and count from the next run on. docs/reviewing.md
describes both.
"""

from collections.abc import Collection
from pathlib import Path


def review(data_dir: Path, kinds: Collection[str] | None, who: str | None, port: int | None) -> None:
    """Ask in the terminal, or on a page served at `port` of this machine (0 for any free one)."""
    from incidents.reviewing.questions import KINDS
    from incidents.reviewing.reviewer import reviewer
    from incidents.reviewing.session import Session

    session = Session(data_dir, reviewer(who), kinds or KINDS)
    if port is None:
        from rich.console import Console

        from incidents.reviewing import terminal

        terminal.review(session, Console(), terminal.keyboard())
    else:
        from incidents.reviewing.web import serve

        serve(session, port)
