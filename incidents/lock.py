"""One writer and one crawl at a time in a data folder. Readers take no lock: everything they read is replaced whole."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import filelock

from incidents.errors import UserError
from incidents.files import write_text

WAIT = 12 * 3600.0  # seconds that a run of the service waits for its turn


@contextmanager
def writing(data_dir: Path, what: str, timeout: float = 0) -> Iterator[None]:
    """Hold the folder's lock; in one process it can be taken again. UserError names the holder after `timeout` seconds.

    The operating system frees the lock when the holder dies, however it dies.
    """
    with _holding(data_dir, ".lock", what, timeout):
        yield


@contextmanager
def crawling(data_dir: Path, what: str, timeout: float = 0) -> Iterator[None]:
    """Be the folder's one crawl, which others may write beside. Who needs both locks takes this one first."""
    with _holding(data_dir, ".crawl.lock", what, timeout):
        yield


@contextmanager
def _holding(data_dir: Path, name: str, what: str, timeout: float) -> Iterator[None]:
    data_dir.mkdir(parents=True, exist_ok=True)
    holder = data_dir / f"{name}.holder"
    try:
        with _lock(data_dir.resolve() / name).acquire(timeout=timeout):
            write_text(holder, json.dumps({"pid": os.getpid(), "what": what}))
            yield
    except filelock.Timeout:
        raise UserError(
            f"{data_dir}: in use by {_describe(holder)}; wait for it, or choose another --data-dir"
        ) from None


def holder(data_dir: Path) -> str | None:
    """Who writes or crawls in the folder now; None for nobody. Who died holds nothing: the system frees the lock."""
    for name in (".lock", ".crawl.lock"):
        if (data_dir / name).exists():
            try:
                with _lock(data_dir.resolve() / name).acquire(timeout=0):
                    continue
            except filelock.Timeout:
                return _describe(data_dir / f"{name}.holder")
    return None


@cache
def _lock(path: Path) -> filelock.FileLock:
    return filelock.FileLock(path, thread_local=False)


def _describe(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text())
    except (OSError, ValueError):
        return "another process"
    return f"{known['what']} (process {known['pid']})"
