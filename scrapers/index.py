"""The index of an archive: which page lies where, as a Parquet file; pages found by it, and the archive checked.

WARC files never change once they are closed, so only files that the index does not know are read.
"""

import logging
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from scrapers.archive import Member, members, payload_digest
from scrapers.urls import BadUrlError, fetch_key

NAME = "index.parquet"  # in the archive's folder
FILES = "*/*/*.warc.gz"  # source, day, file
log = logging.getLogger(__name__)
SCHEMA = pa.schema(
    [
        pa.field("url", pa.string(), nullable=False),  # after redirects
        pa.field("canonical", pa.string(), nullable=False),  # the same without tracking parameters
        pa.field("fetched_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("status", pa.int64(), nullable=False),
        pa.field("digest", pa.string(), nullable=False),  # of the body
        pa.field("file", pa.string(), nullable=False),  # relative to the archive
        pa.field("offset", pa.int64(), nullable=False),  # of the response's gzip member, bytes
    ]
)

_ORDER = ("url", "fetched_at", "file", "offset")


@dataclass(frozen=True)
class Entry:
    """A row of the index."""

    url: str
    canonical: str
    fetched_at: datetime
    status: int
    digest: str
    file: str
    offset: int


@dataclass(frozen=True)
class Problem:
    """A record that is not as it was written."""

    file: str
    offset: int
    reason: str


def update(archive: Path) -> int:
    """Bring the index up to date with the closed files of the archive; returns how many pages it has."""
    files = {path.relative_to(archive).as_posix(): path for path in archive.glob(FILES)}
    known = _known(archive)
    kept = known.filter(pc.is_in(known["file"], value_set=pa.array(sorted(files), pa.string())))
    new = sorted(files.keys() - set(kept["file"].unique().to_pylist()))
    fresh = pa.Table.from_pylist([asdict(entry) for name in new for entry in _entries(files[name], name)], SCHEMA)
    table = pa.concat_tables([kept, fresh]).sort_by([(name, "ascending") for name in _ORDER])
    archive.mkdir(parents=True, exist_ok=True)
    temporary = archive / f".{NAME}.{os.getpid()}.tmp"
    pq.write_table(table, temporary, compression="zstd")
    os.replace(temporary, archive / NAME)
    return int(table.num_rows)


def entries(archive: Path) -> list[Entry]:
    """The rows of the index; none if there is no index yet."""
    return [Entry(**row) for row in _read(archive).to_pylist()]


def find(archive: Path, url: str) -> list[Entry]:
    """The pages that were fetched at an address, the latest first. Bring the index up to date before."""
    wanted = (pc.field("url") == url) | (pc.field("canonical") == _canonical(url))
    found = [Entry(**row) for row in _read(archive, wanted).to_pylist()]
    return sorted(found, key=lambda entry: entry.fetched_at, reverse=True)


def body(archive: Path, entry: Entry) -> bytes:
    """The page as it was. Raises FileNotFoundError when its file is gone."""
    record = next(members(archive / entry.file, entry.offset))
    return record.block.partition(b"\r\n\r\n")[2]


def verify(archive: Path) -> Iterator[Problem]:
    """Read every closed file again and name each record whose digest or length is wrong, or that cannot be read."""
    for path in sorted(archive.glob(FILES)):
        name, end = path.relative_to(archive).as_posix(), 0
        try:
            for member in members(path):
                end = member.end
                if reason := _problem(member):
                    yield Problem(name, member.offset, reason)
        except (zlib.error, KeyError, ValueError) as error:
            yield Problem(name, end, f"unreadable: {error}")
            continue
        if end != path.stat().st_size:
            yield Problem(name, end, "cut off")


def _known(archive: Path) -> pa.Table:
    """The rows of the index; none where it is damaged, since the archive has them all."""
    try:
        return _read(archive)
    except (OSError, pa.ArrowException) as error:
        log.warning("%s: damaged (%s), made again", archive / NAME, error)
        return SCHEMA.empty_table()


def _read(archive: Path, wanted: pc.Expression | None = None) -> pa.Table:
    path = archive / NAME
    return pq.read_table(path, schema=SCHEMA, filters=wanted) if path.exists() else SCHEMA.empty_table()


def _problem(member: Member) -> str:
    headers, block = member.headers, member.block
    if len(block) != int(headers["content-length"]):
        return "shorter than it says"
    if headers.get("warc-block-digest", payload_digest(block)) != payload_digest(block):
        return "block digest differs"
    content = block.partition(b"\r\n\r\n")[2] if headers["warc-type"] == "response" else block
    if "warc-payload-digest" in headers and headers["warc-payload-digest"] != payload_digest(content):
        return "payload digest differs"
    return ""


def _entries(path: Path, name: str) -> Iterator[Entry]:
    """The pages of a file, up to the first record that cannot be read: `verify` names that one."""
    with suppress(zlib.error, KeyError, ValueError):
        for member in members(path):
            if member.headers["warc-type"] == "response":
                yield _entry(member, name)


def _entry(member: Member, name: str) -> Entry:
    url, head = member.headers["warc-target-uri"].strip("<>"), member.block.partition(b"\r\n\r\n")
    at = datetime.fromisoformat(member.headers["warc-date"])
    digest = member.headers.get("warc-payload-digest") or payload_digest(head[2])
    return Entry(url, _canonical(url), at, int(head[0].split(b" ", 2)[1]), digest, name, member.offset)


def _canonical(url: str) -> str:
    try:
        return fetch_key(url)
    except BadUrlError:
        return url
