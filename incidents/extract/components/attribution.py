"""Component: ties organizations, people and places to the events."""

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.events.attribution import attribute
from incidents.extract.events.reading import reading_of


@Language.factory("incidents_attribution")
class Attribution:
    """Fills `organizations`, `people` and `place` of every event in `doc._.events`."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        if doc._.events:
            reading = reading_of(doc)
            for event in doc._.events:
                attribute(event, reading, event is doc._.main_event)
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of the organizations of main events with their roles, for `nlp.evaluate`."""
        found: set[tuple[int, str, str]] = set()
        wanted: set[tuple[int, str, str]] = set()
        for place, example in enumerate(examples):
            for names, doc in ((found, example.predicted), (wanted, example.reference)):
                main = doc._.main_event
                names |= {(place, item["name"], item["role"]) for item in main.organizations} if main else set()
        right = len(found & wanted)
        precision = right / len(found) if found else float(not wanted)
        recall = right / len(wanted) if wanted else 1.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return {"organization_role_p": precision, "organization_role_r": recall, "organization_role_f": f1}
