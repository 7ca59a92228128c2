"""Candidates for near-duplicates over more articles than one machine holds: bands by an engine, pairs by any SQL.

The kernel and the SQL are those of incidents.link.duplicates, so every engine gives the same pairs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot

from incidents import ranges
from incidents.link import duplicates
from incidents.link.duplicates import BAND_SCHEMA, CANDIDATES, bands, shingles

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BATCH = 2000  # texts


@dataclass(frozen=True)
class Bands:
    """A stage (incidents.engines): a Parquet file with `id` (a number) and `text` to the bands of its texts."""

    made_by: str = f"{duplicates.SHINGLE} {duplicates.BANDS} {duplicates.ROWS}"

    @property
    def schema(self) -> pa.Schema:
        return BAND_SCHEMA

    def __call__(self, file: str) -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(ranges.open_file(file)) as source:
            for batch in source.iter_batches(_BATCH, columns=["id", "text"]):
                yield bands(shingles(batch))


def candidates_on_spark(spark: "SparkSession", folder: Path) -> "DataFrame":
    """`duplicates.candidates` over the results of Bands in `folder`: columns first and second, sorted."""
    spark.read.parquet(*map(str, sorted(folder.glob("*.parquet")))).createOrReplaceTempView("bands")
    return spark.sql(sqlglot.transpile(CANDIDATES, read="duckdb", write="spark")[0])
