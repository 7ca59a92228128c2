"""publish: linked tables -> a release, or nothing where no row changed. docs/release.md describes a release."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from incidents.errors import UserError
from incidents.ids import digest
from incidents.parquet import write_table
from incidents.publish import checks, database, documents, export, privacy, releases
from incidents.publish.changes import changes
from incidents.publish.checks import Failure
from incidents.reference import Reference
from incidents.tables import BY_NAME, SCHEMA_VERSION, TABLES

REGISTRY = "registry.jsonl"
FAILURES = "failed_checks.parquet"


class ReleaseRefusedError(UserError):
    """The contract does not hold; the failing rows are in data/working/failed_checks.parquet."""

    def __init__(self, failures: list[Failure], listed_in: Path) -> None:
        self.failures = failures
        first = failures[0]
        super().__init__(
            f"release refused: {len(failures)} values break the contract, first {first.table}.{first.column} of "
            f"{first.row_id} {first.rule}; all are listed in {listed_in}; the last release stands"
        )


@dataclass(frozen=True)
class About:
    """What a release says of itself, beside its rows."""

    built_at: datetime
    code_commit: str | None
    is_sample: bool
    model: str
    model_version: str
    reader_version: str
    extractor_version: str
    linker_version: str
    quality: dict[str, float]


@dataclass(frozen=True)
class Published:
    """The newest release, and whether this run made it."""

    version: str
    path: Path
    is_new: bool
    row_counts: dict[str, int]
    changed_rows: int


def publish(
    linked: dict[str, pa.Table],
    people: pd.DataFrame,
    registry_lines: Iterable[str],
    reference: Reference,
    about: About,
    data_dir: Path,
) -> Published:
    """Check the tables, build a release beside the others and move it into place.

    The caller holds the data folder's lock. Raises ReleaseRefusedError where the contract does not hold; a crash at any
    moment leaves the last release as it was.
    """
    home = releases.folder(data_dir)
    home.mkdir(parents=True, exist_ok=True)
    for leftover in home.glob(".building-*"):
        shutil.rmtree(leftover)
    releases.announce(data_dir)
    known = releases.releases(data_dir)
    previous = known[-1].path if known else None
    version = releases.next_version(data_dir, about.built_at)

    people = privacy.persons(people, linked)
    tables = _contract_tables(linked, people, reference)
    _refuse_failures(tables, people, data_dir)
    with _building(home) as building:
        for name, rows in tables.items():
            export.write(building, BY_NAME[name], rows, version)
        differences = changes(building / "parquet", previous / "parquet" if previous else None)
        if previous and differences.num_rows == 0:
            counts = {table.name: _rows(previous, table.name) for table in TABLES}
            return Published(previous.name, previous, False, counts, 0)

        tables["changes"] = export.conform(BY_NAME["changes"], differences)
        counts = {name: rows.num_rows for name, rows in sorted(tables.items())} | {"release": 1}
        tables["release"] = _release_row(version, about, counts)
        for name in ("changes", "release"):
            export.write(building, BY_NAME[name], tables[name], version)
        (building / REGISTRY).write_text("".join(f"{line}\n" for line in registry_lines), encoding="utf-8")
        database.build(building / "incidents.duckdb", building / "parquet")
        database.verify(building / "incidents.duckdb", counts)
        documents.write(building, tables, version, about, previous)
        _sync(building)
        building.rename(home / version)
    releases.announce(data_dir)
    return Published(version, home / version, True, counts, differences.num_rows)


@contextmanager
def _building(home: Path) -> Iterator[Path]:
    """A folder to build in, gone afterwards: it was renamed, or it must not fill the disk."""
    path = home / f".building-{os.getpid()}"
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _contract_tables(linked: dict[str, pa.Table], people: pd.DataFrame, reference: Reference) -> dict[str, pa.Table]:
    """Every table but changes and release, in the contract's form and under the name policy."""
    tables = dict(linked) | {"vocabulary": _vocabulary(reference), "crosswalk": _crosswalk(reference)}
    empty = {table.name: table.schema.empty_table() for table in TABLES}
    conformed = {name: export.conform(BY_NAME[name], tables.get(name, rows)) for name, rows in empty.items()}
    del conformed["changes"], conformed["release"]
    return privacy.apply(conformed, people)


def _refuse_failures(tables: dict[str, pa.Table], people: pd.DataFrame, data_dir: Path) -> None:
    complete = {t.name: tables.get(t.name, t.schema.empty_table()) for t in TABLES}
    failures = checks.check(complete) + privacy.leaks(tables, people)
    listed_in = data_dir / "working" / FAILURES
    listed_in.unlink(missing_ok=True)
    if failures:
        write_table(listed_in, pa.Table.from_pylist([asdict(failure) for failure in failures]))
        raise ReleaseRefusedError(failures, listed_in)


def _vocabulary(reference: Reference) -> pa.Table:
    rows = [
        {
            "vocabulary_id": f"{vocabulary}/{code.code}",
            "vocabulary": vocabulary,
            "code": code.code,
            "definition": " ".join(filter(None, (code.definition, code.includes))),
            "example": code.example,
        }
        for vocabulary, codes in sorted(reference.vocabulary.items())
        for code in codes.values()
    ]
    return pa.Table.from_pylist(rows, schema=BY_NAME["vocabulary"].schema)


def _crosswalk(reference: Reference) -> pa.Table:
    rows = [
        {"crosswalk_id": f"xwk-{digest(*row)}", "our_field": row[0], "scheme": row[1], "their_field": row[2]}
        for row in sorted((r.our_field, r.scheme, r.their_field) for r in reference.crosswalk)
    ]
    return pa.Table.from_pylist(rows, schema=BY_NAME["crosswalk"].schema)


def _release_row(version: str, about: About, counts: dict[str, int]) -> pa.Table:
    row = asdict(about) | {
        "release_id": version,
        "schema_version": SCHEMA_VERSION,
        "row_counts": json.dumps(counts, sort_keys=True),
        "quality": json.dumps(about.quality, sort_keys=True),
        "built_at": about.built_at.astimezone(UTC),
    }
    return pa.Table.from_pylist([row], schema=BY_NAME["release"].schema)


def _rows(release: Path, table: str) -> int:
    return int(pq.read_metadata(release / "parquet" / f"{table}.parquet").num_rows)


def _sync(folder: Path) -> None:
    """All files on the disk before the folder gets its name."""
    for path in sorted(folder.rglob("*")):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
