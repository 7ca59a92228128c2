"""Columns of lists as flat arrays, and names as numbers: what linking counts with instead of a Python object a row."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Indexes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Lists:
    """A list for each row, in one flat array: that of row i is values[offsets[i]:offsets[i + 1]]."""

    offsets: Indexes
    values: Any  # a numpy array or a pyarrow Array, a StructArray included

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array) -> "Lists":
        """From an Arrow column of lists; None is an empty list."""
        chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        sizes = [chunk.value_lengths().fill_null(0).to_numpy(zero_copy_only=False) for chunk in chunks]
        offsets = np.concatenate([[0], np.cumsum(np.concatenate([np.zeros(0), *sizes]))]).astype(np.int64)
        parts = [chunk.flatten() for chunk in chunks]
        values = pa.concat_arrays(parts) if parts else pa.nulls(0, column.type.value_type)
        return cls(offsets, values)

    @property
    def sizes(self) -> Indexes:
        return np.diff(self.offsets)

    @property
    def owners(self) -> Indexes:
        """The row of each value."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.sizes)

    def positions(self, rows: Indexes) -> tuple[Indexes, Indexes]:
        """The offsets of the lists of some rows, and where their values stand."""
        sizes = self.sizes[rows]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
        return offsets, np.repeat(self.offsets[:-1][rows], sizes) + within

    def take(self, rows: Indexes) -> "Lists":
        """The lists of some rows, in that order."""
        offsets, places = self.positions(rows)
        taken = self.values.take(pa.array(places)) if isinstance(self.values, pa.Array) else self.values[places]
        return Lists(offsets, taken)


def numbered(names: pa.Array | pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], list[str]]:
    """A number for each name, and the name of each number."""
    chunks = names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names
    encoded = chunks.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def hashed(names: Iterable[str]) -> npt.NDArray[np.uint64]:
    """64 bits for each name, the same everywhere."""
    found = [int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little") for name in names]
    return np.array(found, np.uint64)


def isin(column: pa.ChunkedArray, wanted: pa.ChunkedArray | Collection[str]) -> pa.ChunkedArray:
    """Which values of a column are among some others."""
    values = wanted if isinstance(wanted, pa.ChunkedArray) else pa.array(list(wanted), column.type)
    return pc.is_in(column, value_set=values)


def lists_by(table: pa.Table, key: str, column: str) -> dict[str, list[str]]:
    """A column of lists by the values of another column."""
    lists = Lists.of(table.column(column))
    values, bounds = lists.values.to_pylist(), lists.offsets.tolist()
    spans = zip(table.column(key).to_pylist(), bounds, bounds[1:], strict=False)
    return {name: values[start:end] for name, start, end in spans}
