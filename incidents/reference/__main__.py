"""`python -m incidents.reference`: check data/reference and print what it holds and how much of it is verified."""

import sys
from collections.abc import Sequence
from typing import Any

from incidents.errors import UserError
from incidents.reference.loader import Reference, load, reference_folder


def summary(reference: Reference) -> list[tuple[str, int, str]]:
    """File, number of entries, and shares in words, one row for each file."""
    vendors = reference.vendors
    products = sum(len(vendor.products) for vendor in vendors) + len(reference.systems)
    verified = f"{_share(vendors, 'verified')} verified as makers of face recognition, {_known(vendors)}"
    codes = sum(len(codes) for codes in reference.vocabulary.values())
    terms = sum(len(terms) for terms in reference.gate_terms.values())
    forms = sum(len(forms) for group in reference.groups for forms in group.forms.values())
    read = f"{_countries(reference.sources)}, {_share(reference.sources, 'verified')} read by a run"
    return [
        ("vendors.yaml", len(vendors), f"{products} products and systems; {verified}"),
        ("agencies.csv", len(reference.agencies), f"{_countries(reference.agencies)}, {_known(reference.agencies)}"),
        ("organizations.yaml", len(reference.organizations), _known(reference.organizations)),
        ("vocabulary.yaml", codes, f"in {len(reference.vocabulary)} vocabularies"),
        ("gate_terms.yaml", terms, f"in {len(reference.gate_terms) - ('any' in reference.gate_terms)} languages"),
        ("groups.yaml", len(reference.groups), f"{forms} surface forms"),
        (
            "sources.yaml",
            len(reference.sources),
            read,
        ),
        ("crosswalk.csv", len(reference.crosswalk), f"{len({row.scheme for row in reference.crosswalk})} schemes"),
        ("external.csv", len(reference.external), "incidents held elsewhere"),
    ]


def _countries(entries: Sequence[Any]) -> str:
    return f"{len({entry.country for entry in entries})} countries"


def _known(entries: Sequence[Any]) -> str:
    return f"{_share(entries, 'source')} with source, {_share(entries, 'wikidata_qid')} with Wikidata id"


def _share(entries: Sequence[Any], field: str) -> str:
    return f"{sum(bool(getattr(entry, field)) for entry in entries) / max(1, len(entries)):.1%}"


def main() -> int:
    try:
        rows = summary(load())
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{reference_folder()}: valid")
    for name, entries, words in rows:
        print(f"{name:20}{entries:7,}  {words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
