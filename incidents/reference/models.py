"""The form of every entry of data/reference, so that a slip is caught when the file is read."""

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator


def _split(value: Any) -> Any:
    """A CSV cell of names separated by | as a tuple."""
    return value.split("|") if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Names = tuple[Text, ...]
CellNames = Annotated[Names, BeforeValidator(_split)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Wikidata = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]*$")]
Ori = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[A-Z0-9]{5,7}$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*$"
SourceGroup = Literal[
    "national_news", "local_news", "technology_press", "civil_liberties", "regulators", "police_and_courts",
    "law_and_research", "searches", "archives",
]  # fmt: skip
INBOX = "inbox"  # the group, and the source, of a user's own files
GROUPS: tuple[str, ...] = (*get_args(SourceGroup), INBOX)


def _id(prefix: str) -> Any:
    return Annotated[str, StringConstraints(pattern=f"^{prefix}-{SLUG}")]


class Entry(BaseModel):
    """An entry of a reference file: it cannot change, and a field we do not know is a slip of the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _everyday_needs_a_cue(entry: Any) -> Any:
    if entry.everyday and not entry.needs_cue:
        raise ValueError("everyday is for a name that needs a cue; write needs_cue: true, or leave everyday out")
    return entry


class Product(Entry):
    """A face recognition product.

    `needs_cue`: the name alone does not show that it is meant; `everyday`: as for a vendor. Without a `source` it rests
    on its vendor's.
    """

    id: _id("product")  # type: ignore[valid-type]
    name: Text
    aliases: Names = ()
    kind: Text
    needs_cue: bool = False
    everyday: bool = False
    source: Text | None = None

    _check = model_validator(mode="after")(_everyday_needs_a_cue)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is found, the canonical one first."""
        return (self.name, *self.aliases)


class System(Product):
    """A system with a name of its own that no vendor sells under it; `owner_id` is the agency or body that runs it."""

    owner_id: Text | None = None


class Vendor(Entry):
    """A maker or seller of face recognition.

    With `needs_cue` a mention counts only beside words on face recognition. A company that is `everyday` is in the news
    for everything: only a sentence's grammar ties it to face recognition. `verified` says that `source` was read
    and shows the vendor making or selling face recognition.
    """

    id: _id("vendor")  # type: ignore[valid-type]
    name: Text
    aliases: Names = ()
    former_names: Names = ()
    country: Country | None = None
    wikidata_qid: Wikidata | None = None
    kind: Literal["vendor"] = "vendor"
    needs_cue: bool = False
    everyday: bool = False
    products: tuple[Product, ...] = ()
    parent_id: Text | None = None
    source: Text
    verified: bool

    _check = model_validator(mode="after")(_everyday_needs_a_cue)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is found, the canonical one first."""
        return (self.name, *self.aliases, *self.former_names)


class Agency(Entry):
    """A police, border, intelligence or prosecuting agency."""

    id: _id("agency")  # type: ignore[valid-type]
    name: Text
    acronym: Text | None = None
    aliases: CellNames = ()
    kind: Text
    country: Country
    region: Text | None = None
    place: Text | None = None
    ori_code: Ori | None = None
    wikidata_qid: Wikidata | None = None
    source: Text

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is found, the canonical one first."""
        return (self.name, *self.aliases) if self.acronym is None else (self.name, self.acronym, *self.aliases)


class Organization(Entry):
    """Another body: a deployer, an authority, an advocacy or research body."""

    id: _id("org")  # type: ignore[valid-type]
    name: Text
    acronym: Text | None = None
    aliases: Names = ()
    kind: Text
    country: Country | None = None
    region: Text | None = None
    needs_cue: bool = False
    wikidata_qid: Wikidata | None = None
    source: Text

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is found, the canonical one first."""
        return (self.name, *self.aliases) if self.acronym is None else (self.name, self.acronym, *self.aliases)


class Code(Entry):
    """A code of a vocabulary. `record_class`, `phrase` and `acted_by` are for event types only: the class of an
    incident of that type unless the article says otherwise, how a title says it, and in which roles a body did it."""

    code: Text
    definition: Text
    includes: Text
    example: Text
    record_class: Text | None = None
    phrase: Text | None = None
    acted_by: tuple[Text, ...] = ()


class Group(Entry):
    """A group of people affected, with the words for it by language."""

    id: Annotated[str, StringConstraints(pattern=f"^group-{SLUG}")]
    label: Text
    dimension: Literal[
        "race_ethnicity", "gender", "age", "religion", "nationality", "occupation", "role", "disability", "sexuality"
    ]
    forms: dict[Language, Names] = Field(min_length=1)


class Source(Entry):
    """Where news is collected. Addresses are seen, never guessed; `verified` once a run has read it.

    From `budget` on the fields tell the crawler how: requests a day, seconds between two, and for some kinds more
    (docs/collecting.md).
    """

    id: Annotated[str, StringConstraints(pattern=f"^{SLUG}")]
    kind: Literal["feed", "sitemap", "listing", "gdelt", "ccnews", "wayback"]
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]
    publisher: Text
    country: Country
    language: Language
    licence: Text
    terms: Text
    why: Text
    seen_in: Text
    expected_min_per_week: Annotated[int, Field(ge=0)]
    expected_max_per_week: Annotated[int, Field(ge=1)]
    enabled: bool = True
    group: SourceGroup
    verified: bool = False
    budget: Annotated[int, Field(ge=1)] | None = None
    delay: Annotated[float, Field(gt=0)] | None = None
    links: Text | None = None
    next: Text | None = None
    pages: Annotated[int, Field(ge=1)] = 1
    match: Names = ()

    @model_validator(mode="after")
    def _check(self) -> "Source":
        if self.expected_min_per_week > self.expected_max_per_week:
            raise ValueError("expected_min_per_week is above expected_max_per_week; swap them")
        if (self.kind == "listing") != (self.links is not None):
            raise ValueError("`links`, the CSS selector of links to articles, is for a listing and a listing needs it")
        return self


class Measurement(Entry):
    """A figure measured on labelled news: a share or a score from 0 to 1, `low` to `high` its 95% interval."""

    figure: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    value: Annotated[float, Field(ge=0, le=1)]
    low: Annotated[float, Field(ge=0, le=1)] | None = None
    high: Annotated[float, Field(ge=0, le=1)] | None = None
    measured_on: date
    basis: Text

    @model_validator(mode="after")
    def _check(self) -> "Measurement":
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends; give low and high, or neither")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError("the value is outside low to high; mend one of the three")
        return self


class CrosswalkRow(Entry):
    """Our field beside the field of another scheme."""

    our_field: Text
    scheme: Text
    their_field: Text


class ExternalFact(Entry):
    """The key facts by which an incident of ours is known to be one held elsewhere. No names of private people."""

    id: Annotated[str, StringConstraints(pattern=r"^known-[0-9]+$")]
    event_type: Text
    date: Day | None = None
    date_precision: Text
    country: Country
    place: Text | None = None
    organization_ids: CellNames = ()
    vendor_ids: CellNames = ()
    aiid_ids: CellNames = ()
    aiaaic_ids: CellNames = ()
    source: Text
