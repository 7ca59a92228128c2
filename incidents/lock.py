"""One writer at a time in a data folder. Readers take no lock: everything they read is replaced whole."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import filelock

from incidents.errors import UserError

WAIT = 12 * 3600.0  # seconds that a run of the service waits for its turn


@contextmanager
def writing(data_dir: Path, what: str, timeout: float = 0) -> Iterator[None]:
    """Hold the folder's lock; in one process it can be taken again. UserError names the holder after `timeout` seconds.

    The operating system frees the lock when the holder dies, however it dies.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    holder = data_dir / ".lock.holder"
    try:
        with _lock(data_dir.resolve()).acquire(timeout=timeout):
            holder.write_text(json.dumps({"pid": os.getpid(), "what": what}))
            yield
    except filelock.Timeout:
        raise UserError(
            f"{data_dir}: in use by {_describe(holder)}; wait for it, or choose another --data-dir"
        ) from None


@cache
def _lock(data_dir: Path) -> filelock.FileLock:
    return filelock.FileLock(data_dir / ".lock", thread_local=False)


def _describe(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text())
    except (OSError, ValueError):
        return "another process"
    return f"{known['what']} (process {known['pid']})"
