"""Values that a person corrected (corrections.jsonl), each with the source that proves it.

A line: {"row_id", "field", "value", "source": an address, "quote": its sentence, "who", "when", "why"}. `row_id` is the
key of a published row; for an incident also the id of an article that reports it, for a person's name_policy the
person's. Where the source is one of our articles, `revision_id`, `char_start` and `char_end` say where the sentence
stands. A correction supersedes what the articles claim, which stays in evidence, not selected.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pydantic import Field, field_validator, model_validator

from incidents.errors import Reject
from incidents.extract.contract import QUOTE_LIMIT
from incidents.link.claims import CORRECTION, Claim
from incidents.link.corpus import Corpus, Row
from incidents.link.curation import Decision, latest, refuse_conflicts
from incidents.link.keys import period
from incidents.link.proofs import Known, Place, Proofs
from incidents.link.registry import Registry
from incidents.tables import BY_NAME, EVIDENCED

FILE = "corrections.jsonl"
POLICY = "name_policy"
# What a person may correct: what a sentence can prove, but no label, which would go round the name policy.
CORRECTABLE = {table: frozenset(columns) - {"display_label"} for table, columns in EVIDENCED.items()}
DATES = {"event_on_start": ("event_on_start", "event_on_end"), "event_on": ("event_on",)}
PRECISION = {4: "year", 7: "month", 10: "day"}


class Correction(Decision):
    """The value of one field of one row, with the sentence behind it."""

    row_id: str
    field: str
    value: str
    source: str
    quote: str = Field(max_length=QUOTE_LIMIT)
    revision_id: str | None = None
    char_start: int | None = None
    char_end: int | None = None

    @field_validator("source")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not value.startswith(("https://", "http://", "urn:", "art-")):
            raise ValueError("needs the address of the page that says so")
        return value

    @model_validator(mode="after")
    def _is_correctable(self) -> "Correction":
        known = {POLICY}.union(*CORRECTABLE.values())
        if self.field not in known:
            raise ValueError(f"{self.field} is none of {', '.join(sorted(known))}")
        if self.field in DATES and period(self.value) is None:
            raise ValueError(f"{self.value!r} is no yyyy, yyyy-mm or yyyy-mm-dd")
        return self

    @property
    def subject(self) -> tuple[str, ...]:
        return self.row_id, self.field

    @property
    def answer(self) -> str:
        return self.value

    @property
    def place_in_text(self) -> Place | None:
        """Where the sentence stands in a text of ours, if the line says so."""
        if self.revision_id is None or self.char_start is None or self.char_end is None:
            return None
        return self.revision_id, self.char_start, self.char_end


def in_force(
    found: Iterable[Correction], home: Mapping[str, str], registry: Registry
) -> tuple[list[Correction], list[Reject]]:
    """The corrections that count, on the rows as they are called now, and those on what no longer stands.

    `home` is the incident of each article that reports one. Two people who give one field two values are a
    contradiction: UserError with their lines.
    """
    valid, rejects = [], []
    for item in latest(found):
        row_id = _row_now(item.row_id, home, registry)
        if row_id is None:
            reason = f"{item.row_id} belongs to no incident; the correction is set aside"
            rejects.append(Reject("link", item.file, item.line, reason))
        else:
            valid.append(item.model_copy(update={"row_id": row_id}))
    valid = latest(valid)
    refuse_conflicts(valid)
    return valid, rejects


def _row_now(row_id: str, home: Mapping[str, str], registry: Registry) -> str | None:
    if row_id.startswith("art-"):
        return home.get(row_id)
    return registry.final(row_id) if row_id in registry.founding else row_id


class Corrections:
    """The corrections in force by the rows they are on. Remembers in which incidents they were used."""

    def __init__(
        self, found: Iterable[Correction] = (), known: Known | None = None, proofs: Proofs | None = None
    ) -> None:
        self._by_row: dict[str, list[Correction]] = defaultdict(list)
        for item in found:
            self._by_row[item.row_id].append(item)
        self._known, self._proofs = known or Known({}, {}), proofs or Proofs(Corpus({}, []), ())
        self._used: dict[str, set[str]] = defaultdict(set)
        self._problems: dict[str, str] = {}

    def correct(self, incident: str, table: str, row: Row, claims: Iterable[Claim]) -> list[Claim]:
        """The claims on a row with those of its corrections first; the row takes the corrected values."""
        on_row = self._by_row.get(next(iter(row.values())), ())
        made: list[Claim] = []
        for item in on_row:
            if item.field in CORRECTABLE.get(table, ()):
                problem = self._known.problem(table, item.field, item.value, row)
                if problem:
                    self.refuse(item, problem)
                    continue
                values = _values(table, item)
                row |= values
                written = item.value if item.field in DATES else str(values[item.field])
                made += [self.claim(incident, item, name, written) for name in DATES.get(item.field, (item.field,))]
        return [*made, *(claim for claim in claims if claim not in made)] if on_row else list(claims)

    def claim(self, incident: str, item: Correction, field: str, value: str) -> Claim:
        """The correction as a claim on a field, with the sentence of its source."""
        self._used[item.key].add(incident)
        article, span = self._proofs.sentence(item.source, item.quote, item.place_in_text, item.moment)
        return Claim(field, value, article, span | {"rule": CORRECTION})

    def take(self, item: Correction) -> None:
        """Note that a correction took effect, in whatever incident."""
        self._used[item.key].update()

    def refuse(self, item: Correction, problem: str) -> None:
        """Set a correction aside, and say why."""
        self._problems[item.key] = f"{problem}; the correction is set aside"

    def policies(self) -> dict[str, Correction]:
        """The name policies that were decided, by person."""
        return {row: item for row, items in self._by_row.items() for item in items if item.field == POLICY}

    def rows(self) -> set[str]:
        """The rows that somebody corrected."""
        return set(self._by_row)

    def used(self) -> dict[str, list[Correction]]:
        """The corrections that took effect, by incident."""
        found: dict[str, list[Correction]] = defaultdict(list)
        for item in self._every():
            for incident in sorted(self._used.get(item.key, ())):
                found[incident].append(item)
        return found

    def unused(self) -> list[Reject]:
        """The corrections that found no row, or hold no value that it can have."""
        reason = "no row {0.row_id} with a field {0.field}; the correction is set aside"
        return sorted(
            Reject("link", item.file, item.line, self._problems.get(item.key, reason.format(item)))
            for item in self._every()
            if item.key not in self._used
        )

    def sources(self) -> dict[str, list[Row]]:
        """The rows, by table, that stand for sources which are no article of ours."""
        return {table: [rows[key] for key in sorted(rows)] for table, rows in self._proofs.rows.items()}

    def _every(self) -> list[Correction]:
        return [item for items in self._by_row.values() for item in items]


def _values(table: str, item: Correction) -> Row:
    """The columns that a correction sets: a date with its end, precision and basis."""
    days = period(item.value)
    if item.field in DATES and days:
        dates = dict(zip(DATES[item.field], days, strict=False))
        return dates | {"date_precision": PRECISION[len(item.value)], "date_basis": "stated"}
    types = {"integer": int, "number": float}
    return {item.field: types.get(BY_NAME[table].column(item.field).type, str)(item.value)}
