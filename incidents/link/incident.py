"""An incident while it is described: its articles and people, the rows made so far and the evidence behind them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incidents.link.claims import Claim, evidence, rule
from incidents.link.corpus import Article, Row
from incidents.link.keys import period
from incidents.link.organizations import Directory
from incidents.link.oversight import Oversight
from incidents.link.people import Person
from incidents.reference import Reference
from incidents.tables import UNSAID

Rows = dict[str, list[Row]]


DATES = frozenset({"event_on", "event_on_start", "event_on_end"})


@dataclass(frozen=True)
class Context:
    """What describing an incident needs beside its articles."""

    directory: Directory
    reference: Reference
    places: Mapping[str, Row]
    official: frozenset[str]


@dataclass
class Incident:
    """One incident: its id, its units' originals and all its articles (founding first), and the people in them."""

    incident_id: str
    originals: Sequence[Article]
    articles: Sequence[Article]
    people: Sequence[Person]
    official: frozenset[str] = frozenset()
    oversight: Oversight = field(default_factory=Oversight)
    rows: Rows = field(default_factory=lambda: defaultdict(list))

    def corrected(self, table: str, row: Row, claims: Iterable[Claim]) -> list[Claim]:
        """The claims on a row with those of people, whose values the row takes."""
        return self.oversight.corrections.correct(self.incident_id, table, row, claims)

    def add(self, table: str, row: Row, claims: Iterable[Claim] = ()) -> None:
        """Take a row, a claim's evidence for each of its values, and the rule by which each was chosen."""
        by_field: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.corrected(table, row, claims):
            by_field[claim.field].append(claim)
        self.rows[table].append(row)
        key = next(iter(row.values()))
        for name, found in by_field.items():
            selected = written(row.get(name), found)
            self.rows["evidence"] += evidence(table, key, [claim for claim in found if states(claim)], selected)
            if selected is not None:
                choice = {"table_name": table, "row_id": key, "field": name, "value": selected}
                self.rows["choices"].append(choice | {"rule": rule(found, selected, self.official)})


def states(claim: Claim) -> bool:
    """Whether a sentence can say it: none says that nothing is known, or fits, nor that it was that day's news."""
    is_day_of_publication = claim.field in DATES and claim.span.get("date_basis") == "publication"
    return claim.value not in UNSAID and not is_day_of_publication


def written(value: Any, claims: Sequence[Claim]) -> str | None:
    """The published value as its claims write it: a day stands for the month or year that was stated."""
    if isinstance(value, date):
        return next((claim.value for claim in claims if (period(claim.value) or (None,))[0] == value), None)
    return None if value is None else str(value)
