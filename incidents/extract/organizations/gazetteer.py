"""The names of data/reference found in an article, by spelling alone: what they mean there is decided by others."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from incidents.extract.places.geography import Place, gazetteer
from incidents.extract.places.placing import located
from incidents.extract.spans import text_of
from incidents.reference import Agency, Organization, Reference, Vendor

_COMMON_NOUNS = {  # newspapers write them small within a name: "Kent police", "Australian federal police"
    "agency", "army", "authority", "board", "border", "bureau", "city", "commission", "commissioner", "commissioner's",
    "committee", "constabulary", "council", "court", "data", "department", "federal", "force", "government", "guard",
    "information", "military", "ministry", "national", "office", "parliament", "patrol", "police", "prosecutor",
    "protection", "service", "state",
}  # fmt: skip
_DOES_MORE = {"consumer_app", "camera", "platform", "other"}  # kinds of products that do other things as well
_COMMON_STARTS = {
    "Biometrics", "Border", "Central", "Civil", "Court", "Data", "Department", "Federal", "High", "Home", "House",
    "Immigration", "Information", "Metropolitan", "Military", "Ministry", "National", "Parliament", "Police", "Senate",
    "State", "Supreme",
}  # fmt: skip
_LAST_WORDS = re.compile(r"\b(?P<both>(?:[A-Z][a-z]+ )?(?P<last>[A-Z][a-z]{3,}))(?:'s)? $")
_AUTHORITY = " data protection authority"  # "Italian data protection authority" is called other things too
_WATCHDOGS = (
    " data protection agency", " data protection regulator", " data protection watchdog", " data watchdog",
    " privacy regulator", " privacy watchdog", " privacy authority",
)  # fmt: skip
_DATASET = "dataset"  # pictures to train or test with: nobody deploys them


@dataclass(frozen=True)
class Entry:
    """A name and what it may stand for. `name` is what a mention is called: a firm's former name stays itself."""

    kind: str  # vendor, product, agency or organization
    name: str
    id: str
    needs_cue: bool = False
    everyday: bool = False  # in the news for everything
    does_more: bool = False  # a product that does other things as well
    acronym: bool = False
    item: Vendor | Agency | Organization | None = field(default=None, compare=False)  # of a product: its vendor


@dataclass(frozen=True)
class Hit:
    """text[start:end] spells the name of these entries: one, or several that share it."""

    start: int
    end: int
    text: str
    entries: tuple[Entry, ...]


class Gazetteer:
    """Finds every name of the reference data but those that patterns find better (local US police)."""

    def __init__(self, nlp: Language, reference: Reference) -> None:
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        for spelling, entry in _spellings(reference):
            if entry not in self._entries[spelling]:
                self._entries[spelling].append(entry)
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        by_lower: dict[str, list[str]] = defaultdict(list)
        for spelling in self._entries:
            by_lower[spelling.lower()].append(spelling)
        self._by_lower = dict(by_lower)
        self._matcher.add("names", [nlp.make_doc(spelling) for spelling in self._entries])

    def find(self, doc: Doc) -> list[Hit]:
        """The names in the text, in order, the longest of overlapping ones."""
        hits: list[Hit] = []
        spans = sorted(self._matcher(doc, as_spans=True), key=lambda s: (s.start, -s.end))
        for span in spans:
            entries = self._entries_of(span.text)
            if entries and (not hits or span.start_char >= hits[-1].end):
                hits.append(Hit(span.start_char, span.end_char, span.text, entries))
        return hits

    def _entries_of(self, text: str) -> tuple[Entry, ...]:
        found: dict[Entry, None] = {}
        for spelling in self._by_lower.get(text.lower(), ()):
            if _same_case(text, spelling):
                found |= dict.fromkeys(self._entries[spelling])
        return tuple(found)


def without_namesakes(doc: Doc, hits: list[Hit]) -> list[Hit]:
    """The hits less the bodies excluded by the place before the name: "Kenya's Ministry of Justice", "Ohio Senate"."""
    text = text_of(doc)
    places = {spot.end: spot.place for spot in located(doc)}
    kept = []
    for hit in hits:
        owner = places.get(hit.start - (3 if text.startswith("'s ", hit.start - 3) else 1)) or _state_before(text, hit)
        entries = tuple(entry for entry in hit.entries if not (owner and _is_elsewhere(hit, entry, owner)))
        if entries:
            kept.append(replace(hit, entries=entries))
    return kept


def _state_before(text: str, hit: Hit) -> Place | None:
    """The US state right before a name, also where the model takes both for one name."""
    before = _LAST_WORDS.search(text, max(0, hit.start - 20), hit.start)
    return (gazetteer().state(before["both"]) or gazetteer().state(before["last"])) if before else None


def _is_elsewhere(hit: Hit, entry: Entry, owner: Place) -> bool:
    """Whether a name of common words means the body of that name in another place than its owner's."""
    item = entry.item
    if (
        owner.country is None
        or not isinstance(item, Agency | Organization)
        or hit.text.split()[0] not in _COMMON_STARTS
    ):
        return False
    if isinstance(item, Agency) and item.place and owner.precision == "city":
        return owner.name != item.place
    of_region = owner.precision == "region" and item.kind == "legislature" and item.region is None
    return owner.country != item.country or of_region


def _spellings(reference: Reference) -> Iterator[tuple[str, Entry]]:
    for vendor in reference.vendors:
        entry = Entry("vendor", vendor.name, vendor.id, vendor.needs_cue, vendor.everyday, item=vendor)
        for spelling in (vendor.name, *vendor.aliases):
            yield spelling, entry
        for former in vendor.former_names:
            yield former, replace(entry, name=former)
        for product in vendor.products:
            if product.kind == _DATASET:
                continue
            does_more = product.kind in _DOES_MORE and not product.needs_cue
            entry = Entry(
                "product", product.name, product.id, product.needs_cue, product.everyday, does_more, item=vendor
            )
            for spelling in (product.name, *product.aliases):
                yield spelling, entry
                if spelling.startswith(f"{vendor.name} "):
                    yield spelling.replace(f"{vendor.name} ", f"{vendor.name}'s ", 1), entry
    for system in reference.systems:
        if system.kind != _DATASET:
            for spelling in system.names:
                yield spelling, Entry("product", system.name, system.id, system.needs_cue)
    for agency in reference.agencies:
        if agency.country == "US" and agency.place and not agency.acronym and not agency.aliases:
            continue
        yield from _with_acronym("agency", agency)
    for organization in reference.organizations:
        for spelling, entry in _with_acronym("organization", organization):
            yield spelling, entry
            if organization.kind == "regulator" and spelling.lower().endswith(_AUTHORITY):
                nation = spelling[: -len(_AUTHORITY)]
                yield from ((f"{nation}{word}", entry) for word in _WATCHDOGS)


def _with_acronym(kind: str, item: Agency | Organization) -> Iterator[tuple[str, Entry]]:
    needs_cue = isinstance(item, Organization) and item.needs_cue
    for spelling in (item.name, *item.aliases):
        short = spelling.isupper() and len(spelling) <= 6 and " " not in spelling
        yield spelling, Entry(kind, item.name, item.id, needs_cue, acronym=short, item=item)
    if item.acronym:
        yield item.acronym, Entry(kind, item.name, item.id, needs_cue, acronym=True, item=item)


def _same_case(text: str, spelling: str) -> bool:
    """Words keep the capitals they have in the name, but for "Kent police"; AnyVision may be Anyvision or ANYVISION."""
    if text == spelling or (text.isupper() and len(spelling) > 5):
        return True
    if " " not in spelling and "-" not in spelling:
        coined = any(c.isupper() for c in spelling[1:] + text[1:])
        return coined and not spelling.isupper() and len(spelling) > 5 and text[0].isupper() == spelling[0].isupper()
    words = zip(text.split(), spelling.split(), strict=False)
    return text[0].isupper() >= spelling[0].isupper() and all(
        mine[0].isupper() or not known[0].isupper() or mine in _COMMON_NOUNS for mine, known in words
    )
