"""What articles, or stories, are about and when they were told, as columns: the rows that are compared by features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import sparse

from incidents.link.columns import Indexes, Lists
from incidents.link.keys import KINDS

Numbers = npt.NDArray[np.float64]

SHARE = 0.3  # of a story's articles
UNDATED = np.iinfo(np.int64).min
_BY_ALL = ("person", "nearby")


@dataclass(frozen=True)
class Periods:
    """For each row a list of events: their types by number, first and last days since 1970 (UNDATED for no date)."""

    offsets: Indexes
    types: Indexes
    first: Indexes
    last: Indexes

    @classmethod
    def of(cls, column: pa.ChunkedArray, types: Mapping[str, int]) -> "Periods":
        """From a column of prepare.SCHEMA."""
        lists = Lists.of(column)
        kind, first, last = lists.values.flatten()
        days = [day.cast(pa.int32()).cast(pa.int64()).fill_null(UNDATED).to_numpy() for day in (first, last)]
        return cls(lists.offsets, np.array([types[name] for name in kind.to_pylist()], np.int64), *days)

    def merged(self, group: Indexes, size: int) -> "Periods":
        """The events of the rows of each group 0..size-1, each once."""
        owners = group[np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))]
        rows = np.unique(np.column_stack([owners, self.types, self.first, self.last]), axis=0).reshape(-1, 4)
        offsets = np.searchsorted(rows[:, 0], np.arange(size + 1))
        return Periods(offsets, rows[:, 1], rows[:, 2], rows[:, 3])


@dataclass(frozen=True)
class Profiles:
    """One row for each article or story. `classes` are numbers in the order of the codes, -1 for none; `keys` holds for
    each kind a matrix of rows by keys; `types` are the names of the event types by number, which `keys["type"]`,
    `dates` (of main events and of people) and `told` (of every event without people) have in common.
    """

    first_day: Numbers
    last_day: Numbers
    classes: Indexes
    class_names: Sequence[str]
    keys: Mapping[str, sparse.csr_matrix]
    types: Sequence[str]
    dates: Periods
    told: Periods

    def __len__(self) -> int:
        return len(self.first_day)

    def merged(self, group: Indexes, size: int) -> "Profiles":
        """The profiles of groups from those of their rows; `group` is the number of each row's group.

        A key counts when SHARE of the rows that have keys of its kind have it; a person, who may be an earlier victim
        told as background by one article, when SHARE of all rows do. Of several classes the commonest counts.
        """
        first, last = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(first, group, self.first_day)
        np.maximum.at(last, group, self.last_day)
        votes = np.zeros((size, len(self.class_names) + 1), np.int64)
        np.add.at(votes, (group, self.classes), 1)  # -1 is the last column
        known = votes[:, :-1]
        classes = np.where(known.any(axis=1), known.argmax(axis=1), -1) if known.size else np.full(size, -1)
        belongs = sparse.csr_matrix((np.ones(len(group)), (group, np.arange(len(group)))), shape=(size, len(group)))
        keys = {kind: _shared(belongs, self.keys[kind], kind in _BY_ALL) for kind in KINDS}
        dates, told = self.dates.merged(group, size), self.told.merged(group, size)
        return Profiles(first, last, classes, self.class_names, keys, self.types, dates, told)


def _shared(belongs: sparse.csr_matrix, keys: sparse.csr_matrix, by_all: bool) -> sparse.csr_matrix:
    """The keys that enough rows of each group have: of all its rows, or of those that have any."""
    counts = sparse.csr_matrix(belongs @ keys)
    having = np.ones(keys.shape[0]) if by_all else np.asarray(np.diff(keys.indptr) > 0, np.float64)
    asked = belongs @ having
    kept = counts.data >= SHARE * np.repeat(asked, np.diff(counts.indptr))
    counts.data = kept.astype(np.float64)
    counts.eliminate_zeros()
    counts.sort_indices()
    return counts


def either(a: sparse.csr_matrix, b: sparse.csr_matrix) -> sparse.csr_matrix:
    """The keys of two kinds that are numbered alike."""
    found = sparse.csr_matrix(a + b)
    found.data[:] = 1.0
    return found
