"""Names and rows taken back: out of the next release by a suppression, out of earlier ones by redacting them."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from incidents import publish as publishing
from incidents.errors import UserError
from incidents.publish import About, export, privacy, releases, suppressions, tombstones
from incidents.publish.releases import Release
from incidents.publish.suppressions import Suppression
from incidents.tables import BY_NAME, TABLES


def suppress(
    data_dir: Path, curation: Path, row_id: str, name: str, who: str, why: str, people: pd.DataFrame, now: datetime
) -> Suppression:
    """Note the wish in suppressions.jsonl, never the name itself; the next release follows it.

    `row_id` is a person, an affected party or an incident of the latest release; or `name` is what must not be
    published, whoever bears it.
    """
    names = [name] if name else _names(data_dir, row_id, people)
    key = suppressions.key_or_new(data_dir)
    hashes = sorted({suppressions.keyed_hash(form, key) for form in names if len(form.split()) > 1})
    item = Suppression(row_id, tuple(hashes), suppressions.key_id(key), who, now.isoformat(), why)
    suppressions.append(curation / "suppressions.jsonl", item)
    return item


def _names(data_dir: Path, row_id: str, people: pd.DataFrame) -> list[str]:
    """Every full form of the name of the person behind a row; none for an incident, or for somebody unnamed."""
    release = releases.latest(data_dir)
    parties = _table(release, "affected_parties").to_pylist()
    person = next((row["person_id"] for row in parties if row["affected_party_id"] == row_id), row_id)
    for known, name, forms in zip(people["person_id"], people["name"], people["forms"], strict=True):
        if known == person:
            return sorted({name, *forms})
    known_rows = {row["affected_party_id"] for row in parties}
    known_rows |= set(_table(release, "incidents").column("incident_id").to_pylist())
    if row_id not in known_rows:
        raise UserError(
            f"{row_id}: neither a person, nor an affected party or incident of release {release.version}; "
            'list them with: incidents sql "FROM affected_parties"'
        )
    return []


def withdraw(
    data_dir: Path, version: str, why: str, people: pd.DataFrame, suppressed: Sequence[Suppression], now: datetime
) -> list[str]:
    """Replace a release and all before it by redacted ones, where they hold what today's policy withholds.

    The caller holds the data folder's lock. Returns the versions that were replaced; releases.json says when and why.
    """
    last = releases.find(data_dir, version)
    known = releases.releases(data_dir)
    wanted = [release for release in known if releases.order(release.version) <= releases.order(last.version)]
    redacted = {"at": now.isoformat(), "why": why}
    replaced = [release.version for release in wanted if _redact(data_dir, release, redacted, people, suppressed)]
    releases.announce(data_dir)
    return replaced


def _redact(
    data_dir: Path,
    release: Release,
    redacted: dict[str, str],
    people: pd.DataFrame,
    suppressed: Sequence[Suppression],
) -> bool:
    before = {table.name: _table(release, table.name) for table in TABLES}
    changes, about = before.pop("changes"), before.pop("release")
    persons = publishing.persons_of(people, before, suppressed, data_dir)
    withdrawn_in = {item.row_id: release.version for item in suppressed}
    after = tombstones.leave(privacy.apply(before, persons), persons, suppressed, withdrawn_in)
    after["changes"] = privacy.withhold(changes, persons)
    if after["changes"].equals(changes) and all(after[name].equals(rows) for name, rows in before.items()):
        return False
    after["release"] = about
    known = {other.version: other for other in releases.releases(data_dir)}
    with publishing.building(releases.folder(data_dir)) as building:
        for name, rows in after.items():
            export.write(building, BY_NAME[name], export.conform(BY_NAME[name], rows), release.version)
        (building / publishing.REGISTRY).write_bytes((release.path / publishing.REGISTRY).read_bytes())
        previous = known.get(release.manifest["previous"])
        publishing.finish(building, after, release.version, _about(about), previous, redacted)
        releases.replace(data_dir, release.version, building)
    return True


def _table(release: Release, name: str) -> pa.Table:
    """A table of an earlier release in today's columns."""
    path = release.path / "parquet" / f"{name}.parquet"
    schema = BY_NAME[name].schema
    rows = pq.read_table(path, partitioning=None) if path.exists() else schema.empty_table()
    for field in schema:
        if field.name not in rows.column_names:
            rows = rows.append_column(field.name, pa.nulls(rows.num_rows, field.type))
    return export.conform(BY_NAME[name], rows)


def _about(release: pa.Table) -> About:
    [row] = release.to_pylist()
    wanted = {field.name: row[field.name] for field in fields(About)}
    return About(**wanted | {"quality": json.loads(row["quality"])})
