"""Parquet files written whole or not at all."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from incidents.files import replacing


def write_table(path: Path, table: pa.Table, metadata: dict[str, str] | None = None) -> None:
    """Write `table` to `path` in one step; `metadata` is added to the schema's own."""
    merged = {**(table.schema.metadata or {}), **{k.encode(): v.encode() for k, v in (metadata or {}).items()}}
    with replacing(path) as sink:
        pq.write_table(table.replace_schema_metadata(merged or None), sink, compression="zstd", write_page_index=True)


def read_metadata(path: Path) -> dict[str, str]:
    """The metadata that `write_table` added, or nothing where the file is missing or damaged."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return {}
    return {k.decode(): v.decode() for k, v in metadata.items()}
