"""How far a stage is, in one line on the terminal; silent where there is none."""

import os
import sys
import time
from typing import TextIO

_kept: list[TextIO] = []


def keep_terminal() -> None:
    """Remember the terminal: Dagster leads the output of its steps elsewhere."""
    if sys.stderr.isatty() and not _kept:
        _kept.append(os.fdopen(os.dup(sys.stderr.fileno()), "w"))


def stream() -> TextIO | None:
    """Where progress is shown: the terminal, if there is one."""
    if _kept:
        return _kept[0]
    return sys.stderr if sys.stderr.isatty() else None


def terminal(stage: str, done: int, total: int) -> None:
    """Show the progress of a stage at most four times a second, and its end."""
    shown = stream()
    if shown is None or total == 0:
        return
    now = time.monotonic()
    if done < total and now - _last.get(stage, 0.0) < 0.25:
        return
    _last[stage] = now
    end = "\n" if done == total else ""
    print(f"\r{stage}: {done} of {total}{' ' * 10}", end=end, file=shown, flush=True)


_last: dict[str, float] = {}
