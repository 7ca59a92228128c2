"""The extraction against a small set of invented texts, data/sample/gold.yaml: does it still find what it found?"""

import json
from collections import Counter
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from incidents.extract.contract import Document, Extraction
from incidents.files import write_text
from incidents.sample.files import SAMPLE, read_yaml

FILE = SAMPLE / "gold.yaml"
ORGANIZATIONS = {"vendor", "police_agency", "deployer", "authority", "advocacy"}
# The least share of each field that must be right: a little less than was reached.
FLOORS = {"relevant": 0.8, "event type": 0.75, "event date": 0.7, "organizations": 0.9, "affected": 0.9}


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid")
    type: str
    date: str | None = None


class Labelled(BaseModel):
    """A text and what must be found in it."""

    model_config = ConfigDict(extra="forbid")
    text: str
    published_on: date
    relevant: bool
    language: str = "en"
    event: _Event | None = None
    organizations: frozenset[str] | None = None
    affected: frozenset[str] | None = None


class Figures(BaseModel):
    """How many values of each field are right, of how many, and those that are not."""

    right: dict[str, int]
    total: dict[str, int]
    misses: list[str]

    def share(self, field: str) -> float:
        return self.right[field] / self.total[field]


def figures(kept: Path, maker: str) -> Figures:
    """The figures of the present extraction. They are kept in a file, and made again when `maker` is another."""
    known = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if known.get("maker") != maker:
        known = {"maker": maker, "figures": score().model_dump()}
        write_text(kept, json.dumps(known, indent=1))
    return Figures.model_validate(known["figures"])


def score(file: Path = FILE) -> Figures:
    """Extract every text and compare what was found with what is labelled."""
    from incidents.extract import extract

    texts = [Labelled.model_validate(row) for row in read_yaml(file)]
    documents = [
        Document(f"urn:gold:{number}", "", text.text, text.language, text.published_on, "day")
        for number, text in enumerate(texts, start=1)
    ]
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    misses: list[str] = []
    for number, (text, found) in enumerate(zip(texts, extract(documents), strict=True), start=1):
        for field, got, wanted in _compared(text, found):
            total[field] += 1
            right[field] += got == wanted
            if got != wanted:
                misses.append(f"text {number}: {field}: {got}, expected {wanted}")
    return Figures(right={field: right[field] for field in total}, total=dict(total), misses=misses)


def _compared(text: Labelled, found: Extraction) -> list[tuple[str, object, object]]:
    """(field, what was found, what is labelled), for each field that is labelled."""
    pairs: list[tuple[str, object, object]] = [("relevant", found.relevant, text.relevant)]
    main = found.main_event
    if text.event:
        pairs.append(("event type", main.type if main else None, text.event.type))
        if text.event.date:
            pairs.append(("event date", main.date if main else None, text.event.date))
    if text.organizations is not None:
        named = {mention.name for mention in found.mentions if mention.kind in ORGANIZATIONS}
        pairs.append(("organizations", sorted(named), sorted(text.organizations)))
    if text.affected is not None:
        people = {m.name for m in found.mentions if m.kind == "person" and m.role == "affected"}
        pairs.append(("affected", sorted(people), sorted(text.affected)))
    return pairs
