"""Names -> organizations: ids of the reference data where a name is known, candidates with an id of their own where
not.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from incidents.ids import digest
from incidents.reference import Agency, Organization, Reference, Vendor

Entry: TypeAlias = Vendor | Agency | Organization
Row: TypeAlias = dict[str, Any]

KIND_OF_MENTION = {
    "vendor": "vendor",
    "police_agency": "police",
    "deployer": "other",
    "authority": "government",
    "advocacy": "advocacy",
}
KIND_OF_ROLE = {
    "vendor": "vendor",
    "algorithm_vendor": "vendor",
    "police_agency": "police",
    "regulator": "regulator",
    "court": "court",
    "legislature": "legislature",
    "advocacy": "advocacy",
}
_OWNER = re.compile(r"^\w+['’]s\s+")
_TAIL = re.compile(r"['’]s$")
_ENDINGS = re.compile(r"\b(the|inc|corp|corporation|ltd|llc|plc|co|gmbh)\b\.?")


def fold(name: str) -> str:
    """A name as it is compared: lower case, no accents, no punctuation, no legal form."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    plain = _ENDINGS.sub(" ", plain.replace("&", " and ").replace("'s", "s").replace("’s", "s"))
    return " ".join(re.findall(r"\w+", plain))


@lru_cache(maxsize=100_000)
def candidate_id(name: str) -> str:
    """The id of an organization that only its name tells apart."""
    return f"org-{digest(fold(_TAIL.sub('', name)))}"


@dataclass
class Candidate:
    """An organization that the reference data does not know, with the spellings and kinds under which it was met."""

    id: str
    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        return _commonest(self.names)

    @property
    def kind(self) -> str:
        return _commonest(self.kinds)


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda value: (-counts[value], value))


def unresolved(mentions: Iterable[Row], directory: "Directory", most: int = 3) -> list[Row]:
    """Names of organizations that the reference data does not know, the most frequent first.

    Each with its spellings, its kind, the number of articles that name it and up to `most` of their sentences.
    """
    ids: dict[tuple[str, str | None, str], str] = {}
    found: dict[str, list[Row]] = {}
    for mention in mentions:
        named = mention["name"], mention["entity_id"], mention["kind"]
        if mention["kind"] in KIND_OF_MENTION:
            if named not in ids:
                ids[named] = directory.resolve(named[0], named[1], KIND_OF_MENTION[named[2]])
            if ids[named] not in directory.known:
                found.setdefault(ids[named], []).append(mention)
    rows = [_unresolved_row(identifier, held, most) for identifier, held in found.items()]
    return sorted(rows, key=lambda row: (-row["articles"], row["name"], row["organization_id"]))


def _unresolved_row(identifier: str, mentions: list[Row], most: int) -> Row:
    quotes = {m["article_id"]: m["quote"] for m in sorted(mentions, key=lambda m: str(m["mention_id"]), reverse=True)}
    spellings = Counter(_TAIL.sub("", mention["name"]) for mention in mentions)
    chosen = sorted(quotes)[:most]
    return {
        "organization_id": identifier,
        "name": _commonest(spellings),
        "spellings": sorted(spellings),
        "kind": _commonest(Counter(mention["kind"] for mention in mentions)),
        "articles": len(quotes),
        "article_ids": chosen,
        "quotes": [quotes[article] for article in chosen],
    }


class Directory:
    """Finds the organization of a name, and collects the candidates met on the way."""

    def __init__(self, reference: Reference) -> None:
        entries: tuple[Entry, ...] = (*reference.vendors, *reference.agencies, *reference.organizations)
        self.known: dict[str, Entry] = {entry.id: entry for entry in entries}
        self.vendor_of_product = {p.id: vendor.id for vendor in reference.vendors for p in vendor.products}
        self.products = {p.id: p for vendor in reference.vendors for p in vendor.products}
        self.candidates: dict[str, Candidate] = {}
        self._acting = {name: code.acted_by for name, code in reference.vocabulary.get("event_type", {}).items()}
        self._by_name = _unambiguous(entries)

    def resolve(self, name: str, entity_id: str | None, kind: str) -> str:
        """The id for a name: the one extraction gave, the only reference entry of that name, or a candidate's.

        `kind` is a code of organization_kind, for a candidate.
        """
        if entity_id in self.known:
            return str(entity_id)
        plain = _TAIL.sub("", name)
        for form in (plain, _OWNER.sub("", plain)):  # London's Metropolitan Police Service
            if fold(form) in self._by_name:
                return self._by_name[fold(form)]
        identifier = candidate_id(plain)
        candidate = self.candidates.setdefault(identifier, Candidate(identifier))
        candidate.names[plain] += 1
        candidate.kinds[kind] += 1
        return identifier

    def name(self, identifier: str) -> str:
        return self.known[identifier].name if identifier in self.known else self.candidates[identifier].name

    def acting(self, event_type: str) -> tuple[str, ...]:
        """The roles in which a body may have done what an event of a type tells, the likeliest first."""
        return self._acting.get(event_type, ())

    def country(self, identifier: str) -> str | None:
        """The country of a known organization."""
        return getattr(self.known.get(identifier), "country", None)

    def kind(self, identifier: str) -> str | None:
        """The kind of a known organization, a code of organization_kind."""
        return getattr(self.known.get(identifier), "kind", None)

    def rows(self, used: Iterable[str]) -> tuple[list[Row], list[Row], list[Row]]:
        """Published rows of the organizations used: organizations, their other names, the products of vendors used."""
        identifiers = sorted(set(used))
        organizations = [self._organization(i) for i in identifiers]
        aliases = [row for i in identifiers if i in self.known for row in _aliases(self.known[i])]
        products = [
            {"product_id": p.id, "name": p.name, "vendor_id": self.vendor_of_product[p.id], "kind": p.kind}
            for _, p in sorted(self.products.items())
            if self.vendor_of_product[p.id] in set(identifiers)
        ]
        return organizations, aliases, products

    def _organization(self, identifier: str) -> Row:
        entry = self.known.get(identifier) or self.candidates[identifier]
        fields = ("kind", "country", "region", "wikidata_qid", "ori_code")
        row = {name: getattr(entry, name, None) for name in fields}
        return {"organization_id": identifier, "name": entry.name, "parent_id": None} | row


def _unambiguous(entries: Iterable[Entry]) -> dict[str, str]:
    """Folded names that belong to one entry only. Acronyms and short names count nowhere: they need their document."""
    owners: dict[str, set[str]] = {}
    for entry in entries:
        for name in entry.names:
            if len(fold(name)) > 5 and name != getattr(entry, "acronym", None):
                owners.setdefault(fold(name), set()).add(entry.id)
    return {name: next(iter(ids)) for name, ids in owners.items() if len(ids) == 1}


def _aliases(entry: Entry) -> list[Row]:
    kinds = dict.fromkeys(entry.aliases, "alias")
    kinds |= dict.fromkeys(getattr(entry, "former_names", ()), "former_name")
    acronym = getattr(entry, "acronym", None)
    kinds |= {acronym: "acronym"} if acronym else {}
    return [
        {
            "organization_alias_id": f"alias-{digest(entry.id, name)}",
            "organization_id": entry.id,
            "alias": name,
            "alias_kind": kind,
        }
        for name, kind in sorted(kinds.items())
    ]
