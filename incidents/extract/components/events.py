"""Component: what happened. The main event, if the article has one, and the other dated events it tells."""

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.events.find import findings_of
from incidents.extract.events.make import main_event, other_events
from incidents.extract.events.reading import reading_of
from incidents.extract.events.subject import subject_of


@Language.factory("incidents_events")
class Events:
    """Sets `doc._.main_event` and appends to `doc._.events` (the main one included), from cues of event_cues.yaml."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        reading = reading_of(doc)
        subject = subject_of(reading)
        findings = findings_of(reading)
        main = main_event(reading, subject.main, findings) if subject.main else None
        doc._.main_event = main
        is_told = (doc._.kind != "not_fr" or doc._.relevant) and not subject.is_digest
        others = other_events(reading, findings, main) if is_told else []
        doc._.events.extend([main, *others] if main else others)
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """The share of labelled main events whose type and date were found, and of others where one was made up."""
        pairs = [(example.predicted._.main_event, example.reference._.main_event) for example in examples]
        labelled = [(found, label) for found, label in pairs if label is not None]
        quiet = [found for found, label in pairs if label is None]
        types = sum(found is not None and found.type == label.type for found, label in labelled)
        dates = sum(found is not None and found.date == label.date for found, label in labelled)
        return {
            "main_event_type_accuracy": types / max(1, len(labelled)),
            "main_event_date_accuracy": dates / max(1, len(labelled)),
            "false_main_events": sum(found is not None for found in quiet) / max(1, len(quiet)),
        }
