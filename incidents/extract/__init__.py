"""Articles to mentions and events: one spaCy pipeline of our own registered components.

`extract` and `load` are imported on first use, because spaCy takes seconds.
"""

from typing import Any

from incidents.extract.contract import Document, Event, Extraction, Mention

__all__ = ["Document", "Event", "Extraction", "Mention", "extract", "load", "model_name_and_version"]


def __getattr__(name: str) -> Any:
    if name in ("extract", "load", "model_name_and_version"):
        from incidents.extract import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
