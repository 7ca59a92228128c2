"""Answers become lines of the folder of decisions, and an answer taken back another line."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pyarrow.parquet as pq

from incidents import lock
from incidents.errors import UserError
from incidents.link import corrections, curation, judgements, resolutions, reviews
from incidents.link.curation import Decision
from incidents.publish.names import NameFinder
from incidents.publish.privacy import ALLOWED
from incidents.reviewing.questions import Row

Key: TypeAlias = tuple[str, str]  # file and key of a line

MODELS: dict[str, type[Decision]] = {
    judgements.FILE: judgements.Judgement,
    corrections.FILE: corrections.Correction,
    resolutions.FILE: resolutions.Resolution,
    reviews.FILE: reviews.Review,
}
PATIENCE = 60.0  # seconds to wait for a run that writes


def record(data_dir: Path, lines: Iterable[tuple[str, Row]], who: str, why: str) -> list[Key]:
    """Write lines (file and content) under this person's name, all or none, and return their keys.

    UserError where one is incomplete, names somebody who may not be named, or contradicts what is decided.
    """
    signed = [(file, row | _signature(who, why)) for file, row in lines]
    with lock.writing(curation.folder(data_dir).parent, "incidents review", PATIENCE):
        for file, row in signed:
            _refuse_names(data_dir, row)
            _refuse_unfit(data_dir, file, row)
        for file in sorted({file for file, _ in signed}):
            curation.append(curation.folder(data_dir) / file, [row for name, row in signed if name == file])
    return [(file, curation.key_of(row)) for file, row in signed]


def retract(data_dir: Path, keys: Iterable[Key], who: str, why: str) -> None:
    """Take lines back, each by another line of the same file."""
    with lock.writing(curation.folder(data_dir).parent, "incidents review", PATIENCE):
        for file, key in keys:
            row = {curation.RETRACT: key} | _signature(who, why)
            curation.append(curation.folder(data_dir) / file, [row])


def _signature(who: str, why: str) -> Row:
    return {"who": who, "when": datetime.now(UTC).isoformat(timespec="milliseconds"), "why": why}


def _refuse_unfit(data_dir: Path, file: str, row: Row) -> None:
    """UserError for a line that is incomplete, or that contradicts the lines there are."""
    model = MODELS[file]
    try:
        new = curation.parse(json.dumps(row), model, "this answer", 0)
    except ValueError as error:
        raise UserError(f"this answer cannot be kept: {error}") from error
    known, _ = curation.read(curation.folder(data_dir) / file, model)
    _refuse_contradictions([*known, new])


def _refuse_contradictions(decisions: Sequence[Decision]) -> None:
    latest = [item for item in curation.latest(decisions) if item.answer != "unsure"]
    if isinstance(decisions[-1], judgements.Judgement):
        judgements.refuse_contradictions([item for item in latest if isinstance(item, judgements.Judgement)])
    else:
        curation.refuse_conflicts(latest)


def _refuse_names(data_dir: Path, row: Row) -> None:
    """UserError where a line holds the full name of somebody whose name is withheld: the folder is public."""
    finder = NameFinder(dict.fromkeys(_withheld(data_dir, row.get("row_id")), ""))
    for field, value in row.items():
        if isinstance(value, str) and next(finder.find(value), None):
            raise UserError(f"{field} names a person whose name is withheld; write it without the name")


def _withheld(data_dir: Path, decided: str | None) -> set[str]:
    """The full names that are withheld, and that of the person who is decided on."""
    path = data_dir / "working" / "linked" / "people.parquet"
    if not path.exists():
        return set()
    rows = pq.read_table(path, columns=["person_id", "name", "name_policy"], partitioning=None).to_pylist()
    public = {row["name"] for row in rows if row["name_policy"] in ALLOWED and row["person_id"] != decided}
    return {row["name"] for row in rows if " " in row["name"]} - public
