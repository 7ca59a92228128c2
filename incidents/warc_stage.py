"""The stage of a scan: a WARC file through gate, reader and extraction, to the rows of all tables in one.

Workers import this and nothing else of a scan, so that they start soon.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from incidents import ranges, working
from incidents.extract.rows import extract_articles, last_of_each
from incidents.read.prefilter import FastGate
from incidents.read.reader import Row, read_parts

PLACE = ("fetched_at", "archive_file", "archive_offset")  # of the article, on every row
_CHUNK = 64  # articles extracted at a time

# One schema for the rows of all tables: `table` says whose a row is; rows of `pages` count what
# was looked at and name the extractor.
FOUND = pa.unify_schemas(
    [
        pa.schema([pa.field(field.name, field.type) for field in schema])
        for schema in (
            pa.schema([("table", pa.string()), ("pages", pa.int64()), ("extractor", pa.string())]),
            *working.SCHEMAS.values(),
            working.REJECTS,
        )
    ]
)


@dataclass(frozen=True)
class Scan:
    """The stage: a WARC file to the articles that pass the gate, what was extracted from them, and what was left out.

    Its results stand as long as gate and reader do: what a newer extractor finds, it finds in the articles kept.
    """

    made_by: str  # Makers.reader
    extractor: str  # Makers.extractor

    @property
    def schema(self) -> pa.Schema:
        return FOUND

    def __call__(self, file: str) -> Iterator[pa.RecordBatch]:
        name = file if ranges.is_remote(file) else Path(file).name
        rows: list[Row] = []
        for part in read_parts(ranges.open_file(file), name, _gate()):
            rows += part.rows
            yield from _wide("rejects", pa.Table.from_pylist([asdict(each) for each in part.rejects], working.REJECTS))
            yield from _wide("pages", pa.table({"pages": [part.pages], "extractor": [self.extractor]}))
            while len(rows) >= _CHUNK:
                yield from _extracted(rows[:_CHUNK])
                rows = rows[_CHUNK:]
        if rows:
            yield from _extracted(rows)


@cache
def _gate() -> FastGate:
    """Compiled once in a process."""
    return FastGate.from_reference()


def _extracted(rows: list[Row]) -> Iterator[pa.RecordBatch]:
    """Articles and what is found in them; every row carries the place of its article."""
    articles = ordered(pa.Table.from_pylist(rows, working.ARTICLES), "revision_id", *PLACE)
    yield from _wide("articles", articles)
    places = last_of_each(articles.select(["revision_id", *PLACE]), "revision_id")
    for name, table in extract_articles(articles).items():
        place = places.take(pc.index_in(table["revision_id"], places["revision_id"].combine_chunks()))
        for column in PLACE:
            table = table.append_column(column, place[column])
        yield from _wide(name, table)


def _wide(name: str, table: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows of a table with the columns of all."""
    columns = {field.name: pa.nulls(table.num_rows, field.type) for field in FOUND}
    columns |= {"table": pa.array([name] * table.num_rows, pa.string())}
    columns |= {column: table[column] for column in table.column_names}
    yield from pa.table(columns, FOUND).combine_chunks().to_batches()


def ordered(table: pa.Table, *columns: str) -> pa.Table:
    """The rows sorted by these columns."""
    return table.sort_by([(column, "ascending") for column in columns])
