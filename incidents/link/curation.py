"""What people decided: the files of data/curation, one JSON object a line, to which lines are only ever added.

Every line says who decided, when and why. A line {"retract": key, "who", "when", "why"} takes another back; the key of
a line is the hash of its content. The order of lines means nothing: of one person's lines on one subject the latest
`when` counts, so the files of two people merge as lines of text do.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from incidents.errors import Reject, UserError
from incidents.files import write_text
from incidents.ids import digest
from incidents.installed import ROOT, in_checkout

FOLDER = "curation"
RETRACT = "retract"
SAMPLE = ".sample"  # marks a folder of invented articles, on which no decision on real ones bears


class Decision(BaseModel):
    """One line. `file`, `line` and `key` say where it stands and what another line calls it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, str_min_length=1)

    who: str
    when: str  # a day or a time, ISO 8601; UTC where no zone is given
    why: str
    file: str = "-"
    line: int = 0
    key: str = "-"

    @field_validator("when")
    @classmethod
    def _is_a_time(cls, value: str) -> str:
        datetime.fromisoformat(value)
        return value

    @property
    def moment(self) -> datetime:
        """When it was decided."""
        found = datetime.fromisoformat(self.when)
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    @property
    def place(self) -> str:
        """File and line, as messages name them."""
        return f"{self.file}:{self.line}" if self.line else self.file

    @property
    def subject(self) -> tuple[str, ...]:
        """What is decided on. A person's later line on the same subject replaces the earlier one."""
        raise NotImplementedError

    @property
    def answer(self) -> str:
        """What was decided, in a few words."""
        raise NotImplementedError


class _Retraction(Decision):
    retract: str


D = TypeVar("D", bound=Decision)


def folder(data_dir: Path) -> Path:
    """Where the decisions on a data folder are: its own, else those that come with the code; the sample has its own."""
    own = data_dir / FOLDER
    return own if own.exists() or (data_dir / SAMPLE).exists() or not in_checkout() else ROOT / "data" / FOLDER


def read(path: Path, model: type[D]) -> tuple[list[D], list[Reject]]:
    """The decisions of a file without those taken back, and the lines that cannot be. A missing file holds none."""
    found: dict[str, D] = {}
    retractions: list[_Retraction] = []
    rejects = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                item = parse(line, model, path.name, number)
            except ValueError as error:
                rejects.append(Reject("link", path.name, number, str(error)))
                continue
            if isinstance(item, _Retraction):
                retractions.append(item)
            else:
                found.setdefault(item.key, item)
    rejects += [
        Reject("link", item.file, item.line, f"no line {item.retract} to retract")
        for item in retractions
        if item.retract not in found
    ]
    gone = {item.retract for item in retractions}
    return [item for key, item in found.items() if key not in gone], sorted(rejects)


def parse(text: str, model: type[D], file: str = "-", line: int = 0) -> D | _Retraction:
    """The decision of one line. ValueError says in one line what is wrong with it."""
    try:
        row: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    try:
        chosen = _Retraction if RETRACT in row else model
        return chosen.model_validate(row | {"file": file, "line": line, "key": key_of(row)})
    except ValidationError as error:
        raise ValueError("; ".join(_told(problem) for problem in error.errors())) from error


def key_of(row: dict[str, Any]) -> str:
    """The key of a line: the hash of its content, whatever the order of its fields and its blanks."""
    return digest(json.dumps(row, ensure_ascii=False, sort_keys=True))


def append(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Add lines to a file in one step. The caller holds the data folder's lock."""
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    ended = known if not known or known.endswith("\n") else f"{known}\n"
    write_text(path, ended + "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows))


def latest(decisions: Iterable[D]) -> list[D]:
    """Of each person's decisions on each subject the latest, in an order that does not depend on the files'."""
    chosen: dict[tuple[str, tuple[str, ...]], list[D]] = {}
    for item in sorted(decisions, key=lambda item: (item.moment, item.key)):
        held = chosen.setdefault((item.who, item.subject), [])
        held[:] = [*(other for other in held if other.moment == item.moment and other.answer != item.answer), item]
    return sorted((item for held in chosen.values() for item in held), key=lambda item: (item.subject, item.place))


def refuse_conflicts(decisions: Iterable[D]) -> None:
    """UserError where two decisions in force answer one subject differently; it names their lines."""
    first: dict[tuple[str, ...], D] = {}
    for item in decisions:
        other = first.setdefault(item.subject, item)
        if other.answer != item.answer:
            raise UserError(
                f"decisions contradict each other: {other.place} ({other.who}) says {other.answer}, "
                f"{item.place} ({item.who}) says {item.answer} of {' '.join(item.subject)}; retract one of these lines"
            )


def _told(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    message = str(problem["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
