"""publish: linked tables -> a release, or nothing where no row changed. docs/release.md describes a release."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
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
from incidents.publish import (
    against,
    checks,
    coverage,
    database,
    documents,
    export,
    privacy,
    quality,
    quotes,
    releases,
    suppressions,
    tombstones,
)
from incidents.publish.changes import changes
from incidents.publish.checks import Failure
from incidents.publish.coverage import Collected
from incidents.publish.releases import Release
from incidents.publish.suppressions import Suppression
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
    suppressed: Sequence[Suppression] = (),
    collected: Collected | None = None,
) -> Published:
    """Check the tables, build a release beside the others and move it into place.

    `collected` are the sources that the articles came from; None where they are a user's own files.

    The caller holds the data folder's lock. Raises ReleaseRefusedError where the contract does not hold; a crash at any
    moment leaves the last release as it was.
    """
    home = releases.folder(data_dir)
    home.mkdir(parents=True, exist_ok=True)
    for leftover in home.glob(".building-*"):
        shutil.rmtree(leftover)
    releases.announce(data_dir)
    known = releases.releases(data_dir)
    previous = known[-1] if known else None
    version = releases.next_version(data_dir, about.built_at)

    tables = _contract_tables(linked, reference)
    people = persons_of(people, linked, suppressed, data_dir)
    tables = _under_policy(tables, people, suppressed, previous, version)
    collected = collected or Collected()
    tables["quality"] = quality.table(tables, reference.quality, collected.sources)
    silent = [] if about.is_sample else coverage.check(collected)
    _refuse_failures(tables, people, previous, data_dir, silent)
    with building(home) as folder:
        for name, rows in tables.items():
            export.write(folder, BY_NAME[name], rows, version)
        differences = changes(folder / "parquet", previous.path / "parquet" if previous else None)
        if previous and differences.num_rows == 0:
            counts = {table.name: _rows(previous.path, table.name) for table in TABLES}
            return Published(previous.version, previous.path, False, counts, 0)

        differences = privacy.withhold(differences, people)
        tables["changes"] = export.conform(BY_NAME["changes"], differences)
        tables["release"] = _release_row(version, about, tables)
        for name in ("changes", "release"):
            export.write(folder, BY_NAME[name], tables[name], version)
        (folder / REGISTRY).write_text("".join(f"{line}\n" for line in registry_lines), encoding="utf-8")
        finish(folder, tables, version, about, previous)
        folder.rename(home / version)
    releases.announce(data_dir)
    counts = {name: rows.num_rows for name, rows in sorted(tables.items())}
    return Published(version, home / version, True, counts, differences.num_rows)


def finish(
    folder: Path,
    tables: dict[str, pa.Table],
    version: str,
    about: About,
    previous: Release | None,
    redacted: dict[str, str] | None = None,
) -> None:
    """Write all that a release holds beside its Parquet and CSV files, the manifest last, and force it to the disk."""
    database.build(folder / "incidents.duckdb", folder / "parquet")
    database.verify(folder / "incidents.duckdb", {name: rows.num_rows for name, rows in tables.items()})
    documents.write(folder, tables, version, about, previous, redacted)
    _sync(folder)


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """A folder to build in, gone afterwards: it was renamed, or it must not fill the disk."""
    path = home / f".building-{os.getpid()}"
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _contract_tables(linked: dict[str, pa.Table], reference: Reference) -> dict[str, pa.Table]:
    """Every table but changes and release, in the contract's form."""
    tables = dict(linked) | {"vocabulary": _vocabulary(reference), "crosswalk": _crosswalk(reference)}
    empty = {table.name: table.schema.empty_table() for table in TABLES}
    conformed = {name: export.conform(BY_NAME[name], tables.get(name, rows)) for name, rows in empty.items()}
    del conformed["changes"], conformed["release"]
    return conformed


def persons_of(
    people: pd.DataFrame, linked: dict[str, pa.Table], suppressed: Sequence[Suppression], data_dir: Path
) -> pd.DataFrame:
    """The persons of these tables, the suppressed ones marked."""
    persons = privacy.persons(people, linked)
    if not suppressed:
        return persons
    names = suppressions.Names(suppressed, suppressions.key_for(suppressed, data_dir))
    return tombstones.mark(persons, names, linked)


def _under_policy(
    tables: dict[str, pa.Table],
    people: pd.DataFrame,
    suppressed: Sequence[Suppression],
    previous: Release | None,
    version: str,
) -> dict[str, pa.Table]:
    """The tables without the names that the policy withholds, and with a tombstone for what is suppressed."""
    named = privacy.apply(tables, people)
    withdrawn_in = {item.row_id: version for item in suppressed} | _withdrawals(previous)
    left = tombstones.leave(named, people, suppressed, withdrawn_in)
    left["evidence"] = quotes.limit(left["evidence"], left["article_revisions"])
    return {name: export.conform(BY_NAME[name], rows) for name, rows in left.items()}


def _withdrawals(release: Release | None) -> dict[str, str]:
    """The release in which each incident was withdrawn, as the last release tells."""
    if release is None:
        return {}
    rows = pq.read_table(release.path / "parquet" / "id_redirects.parquet").to_pylist()
    return {row["old_id"]: row["release"] for row in rows if row["reason"] == "withdrawn"}


def _refuse_failures(
    tables: dict[str, pa.Table],
    people: pd.DataFrame,
    previous: Release | None,
    data_dir: Path,
    silent: list[Failure],
) -> None:
    complete = {t.name: tables.get(t.name, t.schema.empty_table()) for t in TABLES}
    failures = checks.check(complete) + privacy.leaks(tables, people) + silent
    failures += against.check(complete, previous) if previous else []
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


def _release_row(version: str, about: About, tables: dict[str, pa.Table]) -> pa.Table:
    counts = {name: rows.num_rows for name, rows in sorted(tables.items())} | {"release": 1}
    row = asdict(about) | {
        "release_id": version,
        "schema_version": SCHEMA_VERSION,
        "row_counts": json.dumps(counts, sort_keys=True),
        "quality": json.dumps(about.quality | quality.headline(tables["quality"]), sort_keys=True),
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
