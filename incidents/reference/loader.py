"""All of data/reference in one object, checked file by file and across files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from incidents import settings
from incidents.errors import UserError
from incidents.ids import digest
from incidents.installed import bundled
from incidents.reference.files import FIRST_CSV_ROW, read_csv, read_yaml, require_known, require_unique, validate
from incidents.reference.models import (
    Agency,
    Code,
    CrosswalkRow,
    ExternalFact,
    Group,
    Measurement,
    Organization,
    Source,
    System,
    Text,
    Vendor,
)

T = TypeVar("T")
Vocabulary = dict[str, dict[str, Code]]

DEFAULT_FOLDER = bundled("reference")
_VENDORS = TypeAdapter(tuple[Vendor, ...])
_SYSTEMS = TypeAdapter(tuple[System, ...])
_AGENCIES = TypeAdapter(tuple[Agency, ...])
_ORGANIZATIONS = TypeAdapter(tuple[Organization, ...])
_CODES = TypeAdapter(tuple[Code, ...])
_GATE_TERMS = TypeAdapter(dict[str, dict[Text, Text]])
_GROUPS = TypeAdapter(tuple[Group, ...])
_SOURCES = TypeAdapter(tuple[Source, ...])
_CROSSWALK = TypeAdapter(tuple[CrosswalkRow, ...])
_EXTERNAL = TypeAdapter(tuple[ExternalFact, ...])
_MEASUREMENTS = TypeAdapter(tuple[Measurement, ...])


@dataclass(frozen=True)
class Reference:
    """What we know beforehand: names, codes and where to look.

    `digest` changes with any of the files.
    """

    vendors: tuple[Vendor, ...] = ()
    systems: tuple[System, ...] = ()
    agencies: tuple[Agency, ...] = ()
    organizations: tuple[Organization, ...] = ()
    vocabulary: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)
    gate_terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    sources: tuple[Source, ...] = ()
    crosswalk: tuple[CrosswalkRow, ...] = ()
    external: tuple[ExternalFact, ...] = ()
    quality: tuple[Measurement, ...] = ()
    digest: str = ""


def reference_folder() -> Path:
    """The user's own folder, else the one that comes with the code."""
    return settings.reference() or DEFAULT_FOLDER


def load(folder: Path | None = None) -> Reference:
    """All reference data of a folder, read once in a process. Raises UserError that names file, entry and mend."""
    return _load(folder or reference_folder())


@cache
def _load(folder: Path) -> Reference:
    vendors, systems = load_vendors(folder)
    reference = Reference(
        vendors=vendors,
        systems=systems,
        agencies=load_agencies(folder),
        organizations=load_organizations(folder),
        vocabulary=load_vocabulary(folder),
        gate_terms=load_gate_terms(folder),
        groups=load_groups(folder),
        sources=load_sources(folder),
        crosswalk=_rows(folder / "crosswalk.csv", _CROSSWALK),
        external=_rows(folder / "external.csv", _EXTERNAL),
        quality=load_quality(folder),
        digest=_digest(folder),
    )
    _check_codes(folder, reference)
    _check_ids(folder, reference)
    return reference


def load_vendors(folder: Path) -> tuple[tuple[Vendor, ...], tuple[System, ...]]:
    """vendors.yaml: the vendors, and the systems that no vendor sells."""
    path = folder / "vendors.yaml"
    content = _mapping(path, "vendors", "systems")
    vendors = validate(path, _VENDORS, content["vendors"])
    systems = validate(path, _SYSTEMS, content["systems"])
    products = [product.id for vendor in vendors for product in vendor.products]
    require_unique(path, "id", [v.id for v in vendors])
    require_unique(path, "product id", products + [system.id for system in systems])
    require_unique(path, "name or alias", [name.casefold() for v in vendors for name in v.names])
    return vendors, systems


def load_agencies(folder: Path) -> tuple[Agency, ...]:
    """agencies.csv."""
    path = folder / "agencies.csv"
    agencies = _rows(path, _AGENCIES)
    require_unique(path, "id", [a.id for a in agencies])
    return agencies


def load_organizations(folder: Path) -> tuple[Organization, ...]:
    """organizations.yaml."""
    path = folder / "organizations.yaml"
    organizations = _entries(path, "organizations", _ORGANIZATIONS)
    require_unique(path, "id", [o.id for o in organizations])
    return organizations


def load_vocabulary(folder: Path) -> Vocabulary:
    """vocabulary.yaml, by vocabulary and code."""
    path = folder / "vocabulary.yaml"
    vocabulary = {str(name): _codes(path, str(name), codes) for name, codes in _mapping(path).items()}
    for code in vocabulary.get("event_type", {}).values():
        if code.record_class is None or code.phrase is None:
            raise UserError(f"{path}, event_type, {code.code}: record_class or phrase is missing; add both")
        for role in code.acted_by:
            require_known(path, code.code, "acted_by", role, vocabulary.get("organization_role", {}), path.name)
        require_known(path, code.code, "record_class", code.record_class, vocabulary.get("record_class", {}), path.name)
    return vocabulary


def _codes(path: Path, name: str, codes: Any) -> dict[str, Code]:
    if not isinstance(codes, dict) or not all(isinstance(code, dict) for code in codes.values()):
        raise UserError(f"{path}, {name}: each code needs definition, includes and example; add them under it")
    checked = validate(path, _CODES, [{"code": str(code)} | fields for code, fields in codes.items()])
    return {code.code: code for code in checked}


def load_gate_terms(folder: Path) -> dict[str, tuple[str, ...]]:
    """gate_terms.yaml: the terms by language (`any` for names in every language).

    A term is text, matched whatever the case, where a space stands for any blank or hyphen; \\b marks a word's edge.
    """
    path = folder / "gate_terms.yaml"
    languages = validate(path, _GATE_TERMS, _mapping(path))
    return {language: tuple(terms) for language, terms in languages.items()}


def load_groups(folder: Path) -> tuple[Group, ...]:
    """groups.yaml."""
    path = folder / "groups.yaml"
    groups = _entries(path, "groups", _GROUPS)
    require_unique(path, "id", [g.id for g in groups])
    return groups


def load_sources(folder: Path) -> tuple[Source, ...]:
    """sources.yaml."""
    path = folder / "sources.yaml"
    sources = _entries(path, "sources", _SOURCES)
    require_unique(path, "id", [s.id for s in sources])
    require_unique(path, "url", [s.url for s in sources])
    return sources


def load_quality(folder: Path) -> tuple[Measurement, ...]:
    """quality.yaml; empty where a folder of one's own has none."""
    path = folder / "quality.yaml"
    measurements = _entries(path, "measurements", _MEASUREMENTS) if path.exists() else ()
    require_unique(path, "figure", [m.figure for m in measurements])
    return measurements


def _mapping(path: Path, *keys: str) -> dict[str, Any]:
    content = read_yaml(path)
    if not isinstance(content, dict) or any(key not in content for key in keys):
        names = " and ".join(keys) or "its names"
        raise UserError(f"{path}: the top of the file must hold {names}, each followed by a colon; add what is missing")
    return content


def _entries(path: Path, key: str, adapter: TypeAdapter[T]) -> T:
    return validate(path, adapter, _mapping(path, key)[key])


def _rows(path: Path, adapter: TypeAdapter[T]) -> T:
    return validate(path, adapter, read_csv(path), FIRST_CSV_ROW)


def _digest(folder: Path) -> str:
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".csv"))
    return digest(*(part for path in files for part in (path.name, path.read_text(encoding="utf-8"))))


def _check_codes(folder: Path, reference: Reference) -> None:
    """Every code used in one file stands in vocabulary.yaml."""
    products = [product for vendor in reference.vendors for product in vendor.products]
    uses: list[tuple[str, Sequence[Any], str, str]] = [
        ("agencies.csv", reference.agencies, "kind", "organization_kind"),
        ("organizations.yaml", reference.organizations, "kind", "organization_kind"),
        ("vendors.yaml", products, "kind", "product_kind"),
        ("vendors.yaml", reference.systems, "kind", "product_kind"),
        ("external.csv", reference.external, "event_type", "event_type"),
        ("external.csv", reference.external, "date_precision", "date_precision"),
    ]
    for file, entries, field_, vocabulary in uses:
        known = reference.vocabulary.get(vocabulary, {})
        for entry in entries:
            require_known(
                folder / file, entry.id, field_, getattr(entry, field_), known, f"{vocabulary} of vocabulary.yaml"
            )


def _check_ids(folder: Path, reference: Reference) -> None:
    """An id that one entry names is the id of another."""
    vendors = {vendor.id for vendor in reference.vendors}
    known = vendors | {agency.id for agency in reference.agencies} | {body.id for body in reference.organizations}
    for vendor in reference.vendors:
        if vendor.parent_id:
            require_known(folder / "vendors.yaml", vendor.id, "parent_id", vendor.parent_id, vendors, "vendors.yaml")
    for system in reference.systems:
        if system.owner_id:
            require_known(folder / "vendors.yaml", system.id, "owner_id", system.owner_id, known, "any file")
    for fact in reference.external:
        for id_ in (*fact.vendor_ids, *fact.organization_ids):
            require_known(folder / "external.csv", fact.id, "organization", id_, known, "any file")
