"""How far a stage is, in one line on the terminal; silent where there is none."""

import sys
import time


def terminal(stage: str, done: int, total: int) -> None:
    """Show the progress of a stage at most four times a second, and its end."""
    if not sys.stderr.isatty() or total == 0:
        return
    now = time.monotonic()
    if done < total and now - _last.get(stage, 0.0) < 0.25:
        return
    _last[stage] = now
    end = "\n" if done == total else ""
    print(f"\r{stage}: {done} of {total}{' ' * 10}", end=end, file=sys.stderr, flush=True)


_last: dict[str, float] = {}
