"""Near-duplicates over more articles than one machine holds: bands by an engine, pairs by any SQL, edges by Spark.

The kernel and the SQL are those of incidents.link.duplicates, so every engine gives the same edges.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot

from incidents import ranges
from incidents.link import duplicates
from incidents.link.duplicates import BAND_SCHEMA, CANDIDATES, bands, shingles, verified

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BATCH = 2000  # texts
_BOTH = """
    select pairs.first, pairs.second, one.shingles as a, other.shingles as b
    from pairs join shingled as one on one.id = pairs.first join shingled as other on other.id = pairs.second
"""


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


def edges_on_spark(spark: "SparkSession", files: Sequence[str], folder: Path) -> "DataFrame":
    """The candidates that reach the cut: columns first, second and jaccard, sorted. `folder` holds the files' Bands."""
    texts = spark.read.parquet(*files).select("id", "text")
    texts.mapInArrow(_shingled, "id bigint, shingles array<bigint>").createOrReplaceTempView("shingled")
    candidates_on_spark(spark, folder).createOrReplaceTempView("pairs")
    edges = spark.sql(_BOTH).mapInArrow(_verified, "first bigint, second bigint, jaccard double")
    return edges.orderBy("first", "second")


def _shingled(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        found = shingles(batch)
        yield pa.record_batch([found["id"], _as(pa.int64(), found["shingles"])], names=["id", "shingles"])


def _verified(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        hashes = [_as(pa.uint64(), batch[name]) for name in ("a", "b")]
        yield verified(pa.record_batch([batch["first"], batch["second"], *hashes], names=["first", "second", "a", "b"]))


def _as(values: pa.DataType, lists: pa.ListArray) -> pa.ListArray:
    """The same bits of hashes: Spark has no unsigned numbers."""
    return pa.ListArray.from_arrays(lists.offsets, lists.values.view(values))
