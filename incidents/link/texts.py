"""Of all texts ever fetched, as they were prepared: each once, and the current one of each article."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from incidents.link.columns import Indexes

_FETCHED = ("fetched_at", "archive_file", "archive_offset")
_OUT = [(name, "ascending") for name in ("last_day", "fetched_at", "article_id")]


def unique(fetched: pa.Table) -> pa.Array:
    """The rows of the texts, each as it was first fetched."""
    order = pc.sort_indices(fetched, [(name, "ascending") for name in ("revision_id", *_FETCHED)])
    return order.filter(pa.array(_first_of_each(fetched.column("revision_id"), order)))


def current(fetched: pa.Table, rows: pa.Array) -> pa.Table:
    """Of the texts in these rows the one of each article that was fetched last, in the order in which the articles came
    out."""
    texts = fetched.select(["article_id", "fetched_at", "revision_id", "last_day"]).take(rows)
    keys = [("article_id", "ascending"), ("fetched_at", "descending"), ("revision_id", "descending")]
    order = pc.sort_indices(texts, keys)
    latest = order.filter(pa.array(_first_of_each(texts.column("article_id"), order)))
    return fetched.take(rows.take(latest.take(pc.sort_indices(texts.take(latest), _OUT))))


def in_order(articles: pa.Table) -> pa.Table:
    """Articles in the order in which they came out."""
    return articles.sort_by(_OUT)


def _first_of_each(ids: pa.ChunkedArray, order: pa.Array) -> npt.NDArray[np.bool_]:
    """Which rows, in an order, are the first of their id."""
    numbers: Indexes = ids.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    found = np.ones(len(numbers), bool)
    sorted_numbers = numbers[order.to_numpy()]
    found[1:] = sorted_numbers[1:] != sorted_numbers[:-1]
    return found
