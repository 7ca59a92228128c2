"""What an extractor hands on: mentions, events and an article's assessment. Plain data, no spaCy.

Any component that appends `Mention`s to `doc._.mentions` and `Event`s to `doc._.events` can take part in the pipeline.
The JSON form (`Extraction.as_json`) is public and versioned.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

EXTRACTOR_VERSION = "0.5.0"
FORMAT_VERSION = 1
QUOTE_LIMIT = 300
FAILED = "error: "  # how `refused` begins where a component failed
KINDS = (
    "vendor", "product", "police_agency", "deployer", "authority", "advocacy",
    "person", "group", "place", "date", "amount", "docket",
)  # fmt: skip
PERSON_ROLES = (
    "affected", "suspect_correct", "plaintiff_other", "lawyer", "police_official", "government_official",
    "company_representative", "researcher", "advocate", "journalist", "other",
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """The article as extraction sees it. Offsets count characters of `text`."""

    url: str
    title: str
    text: str
    language: str = "en"
    published_on: date | None = None
    published_precision: str = "unknown"
    authors: tuple[str, ...] = ()
    publisher: str = ""


@dataclass
class Mention:
    """A span of the text that names something: text[start:end] is `text`, always.

    `name` is canonical, `entity_id` an id of the reference data or None, `quote` the sentence around it (at most 300
    characters, a substring of the article), `rule` what found it, `score` from 0 to 1. `attributes` holds what else the
    text says. A person: age, age_band, gender, race_ethnicity with `<name>_quote`, minor, public_figure,
    spoke_publicly, sexual_assault_context, accused. An amount: value, currency, amount_kind. A date: value, precision.
    A place: country, region, latitude, longitude, precision, geonames_id. A group: count; an unnamed person is a group
    with described, count 1 and party_kind person.
    """

    kind: str
    name: str
    text: str
    start: int
    end: int
    quote: str
    rule: str
    score: float
    role: str | None = None
    entity_id: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Event:
    """Something that happened, with the sentence that says so.

    `date` is yyyy, yyyy-mm or yyyy-mm-dd or None. `organizations` are {"name", "entity_id", "role"}, roles from the
    vocabulary organization_role. `codes` may hold technology_task, frt_involvement, failure_mode (list), harm_type
    (list), deployment_context, allegation_status, record_class, amount, currency, amount_kind, court, docket,
    affected_min, affected_max.
    """

    type: str
    quote: str
    start: int
    end: int
    rule: str
    score: float
    date: str | None = None
    date_precision: str = "unknown"
    date_basis: str = "none"
    place: str | None = None
    place_id: str | None = None
    organizations: list[dict[str, Any]] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    codes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Extraction:
    """All that was found in one article."""

    url: str
    title: str
    published_at: str | None
    language: str
    relevant: bool
    relevance: float
    kind: str
    mentions: list[Mention]
    main_event: Event | None
    events: list[Event]
    refused: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The public form, one object per article."""
        return {"format_version": FORMAT_VERSION} | asdict(self)
