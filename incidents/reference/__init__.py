"""The reference data: vendors, agencies, other bodies, vocabularies, gate terms, groups, sources, crosswalk.

Non-programmers edit the files in data/reference; `load()` checks them. Imports neither spaCy nor pandas.
"""

from incidents.reference.loader import (
    DEFAULT_FOLDER,
    Reference,
    load,
    load_gate_terms,
    load_sources,
    reference_folder,
)
from incidents.reference.models import (
    Agency,
    Code,
    CrosswalkRow,
    ExternalFact,
    Group,
    Measurement,
    Organization,
    Product,
    Source,
    System,
    Vendor,
)

__all__ = [
    "DEFAULT_FOLDER",
    "Agency",
    "Code",
    "CrosswalkRow",
    "ExternalFact",
    "Group",
    "Measurement",
    "Organization",
    "Product",
    "Reference",
    "Source",
    "System",
    "Vendor",
    "load",
    "load_gate_terms",
    "load_sources",
    "reference_folder",
]
