"""The names of data/reference found in an article, by spelling alone: what they mean there is decided by others."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from incidents.reference import Agency, Organization, Reference, Vendor

_COMMON_NOUNS = {"police", "department", "office", "service", "force", "constabulary", "council", "committee", "court"}
_EVERYDAY = {"consumer_app", "camera", "platform", "other"}  # kinds of products that do other things as well


@dataclass(frozen=True)
class Entry:
    """A name and what it may stand for. `name` is what a mention is called: a firm's former name stays itself."""

    kind: str  # vendor, product, agency or organization
    name: str
    id: str
    needs_cue: bool = False
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


def _spellings(reference: Reference) -> Iterator[tuple[str, Entry]]:
    for vendor in reference.vendors:
        entry = Entry("vendor", vendor.name, vendor.id, vendor.needs_cue, item=vendor)
        for spelling in (vendor.name, *vendor.aliases):
            yield spelling, entry
        for former in vendor.former_names:
            yield former, Entry("vendor", former, vendor.id, vendor.needs_cue, item=vendor)
        for product in vendor.products:
            needs_cue = product.needs_cue or product.kind in _EVERYDAY
            entry = Entry("product", product.name, product.id, needs_cue, item=vendor)
            for spelling in (product.name, *product.aliases):
                yield spelling, entry
                if spelling.startswith(f"{vendor.name} "):
                    yield spelling.replace(f"{vendor.name} ", f"{vendor.name}'s ", 1), entry
    for agency in reference.agencies:
        if agency.country == "US" and agency.place and not agency.acronym and not agency.aliases:
            continue
        yield from _with_acronym("agency", agency)
    for organization in reference.organizations:
        yield from _with_acronym("organization", organization)


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
    return text[0].isupper() and all(
        mine[0].isupper() or not known[0].isupper() or mine in _COMMON_NOUNS for mine, known in words
    )
