"""Names -> organizations; articles -> stories -> incidents; stable ids; what people decided.

`link` is a pure function of the working rows, the registry and the decisions. pandas, scikit-learn and DuckDB are
imported on first use.
"""

from typing import Any

from incidents.link.judgements import Judgement
from incidents.link.registry import Registry

LINKER_VERSION = "0.5.0"

__all__ = ["LINKER_VERSION", "Judgement", "Linked", "Registry", "link"]


def __getattr__(name: str) -> Any:
    if name in ("Linked", "link"):
        from incidents.link import linking

        return getattr(linking, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
