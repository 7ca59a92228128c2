"""Parquet files written whole or not at all."""

import logging
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from incidents.errors import UserError
from incidents.files import replacing

log = logging.getLogger(__name__)


def write_table(path: Path, table: pa.Table, metadata: dict[str, str] | None = None) -> None:
    """Write `table` to `path` in one step; `metadata` is added to the schema's own."""
    merged = {**(table.schema.metadata or {}), **{k.encode(): v.encode() for k, v in (metadata or {}).items()}}
    with replacing(path) as sink:
        pq.write_table(
            table.replace_schema_metadata(merged or None),
            sink,
            compression="zstd",
            write_page_index=True,
            write_page_checksum=True,
        )
    log.info("%s: %d rows", path, table.num_rows)


def read_table(path: Path, **options: Any) -> pa.Table:
    """A file that `write_table` wrote. A damaged one is put aside, so that the next run makes it again: UserError."""
    try:
        return pq.read_table(path, partitioning=None, page_checksum_verification=True, **options)
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno:  # the disk's, not the file's
            raise
        aside = path.replace(path.with_name(f"{path.name}.damaged"))
        raise UserError(
            f"{path}: damaged ({str(error).splitlines()[0]}); it is {aside.name} now, run again to make a new one"
        ) from error


def read_metadata(path: Path) -> dict[str, str]:
    """The metadata that `write_table` added, or nothing where the file is missing or damaged."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return {}
    return {k.decode(): v.decode() for k, v in metadata.items()}
