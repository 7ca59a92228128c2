"""The user's own files into the archive, so that they come in by the one door."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from incidents.errors import Reject
from incidents.read import given
from incidents.read.records import compress
from incidents.read.warc import Page
from scrapers.archive import WarcWriter

SOURCE = "inbox"


def archive_inputs(paths: Iterable[Path], archive: Path, fetched_at: datetime) -> tuple[list[Path], list[Reject]]:
    """Put the user's files into `archive`/inbox/<day>/ and return the WARC files and what was left out.

    A file is named after its content, so the same input twice is one file, also on another day. Raises UserError for a
    missing path.
    """
    kept: list[Path] = []
    rejects: list[Reject] = []
    for item in given.files(paths):
        if isinstance(item, Reject):
            rejects.append(item)
            continue
        archived, left_out = _archived(item, archive, fetched_at.astimezone(UTC))
        kept.extend(archived)
        rejects.extend(left_out)
    return sorted(set(kept)), rejects


def _archived(path: Path, archive: Path, fetched_at: datetime) -> tuple[list[Path], list[Reject]]:
    key = _content_key(path)
    existing = sorted((archive / SOURCE).glob(f"*/{key}-*.warc.gz"))
    folder = archive / SOURCE / f"{fetched_at:%Y-%m-%d}"
    if given.kind(path) == "warc":
        return existing or [_copied(path, folder / f"{key}-0.warc.gz")], []
    pages: list[Page] = []
    rejects: list[Reject] = []
    for item in given.pages(path, fetched_at):
        if isinstance(item, Reject):
            rejects.append(item)
        else:
            pages.append(item)
    if existing or not pages:
        return existing, rejects
    return _written(pages, folder, key, fetched_at), rejects


def _content_key(path: Path) -> str:
    """Of the kind and the content: a text file and a CSV file with the same bytes are different inputs."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{given.kind(path)}-{content[:24]}"


def _copied(path: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.tmp")
    if path.name.lower().endswith(".gz"):
        shutil.copyfile(path, temporary)
    else:
        compress(path, temporary)
    temporary.replace(target)
    return target


def _written(pages: list[Page], folder: Path, key: str, fetched_at: datetime) -> list[Path]:
    """Written beside the archive first and moved when whole, the first file last: it says that all are there."""
    temporary = folder.parent.parent / f".new-{key}"
    shutil.rmtree(temporary, ignore_errors=True)
    writer = WarcWriter(temporary, key, lambda: fetched_at)
    for page in pages:
        if page.is_text:
            writer.write_resource(page.url, page.content_type, page.body, fetched_at, page.fields)
        else:
            headers = sorted(page.headers.items())
            writer.write_page(page.url, page.status, [], headers, page.body, fetched_at, page.fields)
    writer.close()
    folder.mkdir(parents=True, exist_ok=True)
    moved = []
    for file in reversed(writer.files):
        os.replace(file, folder / file.name)
        moved.append(folder / file.name)
    shutil.rmtree(temporary)
    return sorted(moved)
