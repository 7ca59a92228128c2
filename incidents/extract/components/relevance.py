"""Component: whether an article is relevant to face recognition, how surely, and of which kind it is."""

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.events.reading import reading_of
from incidents.extract.events.subject import subject_of


@Language.factory("incidents_relevance", default_config={"threshold": 0.5})
class Relevance:
    """Sets `doc._.relevance`, `doc._.relevant` (at least `threshold`) and `doc._.kind`.

    The model is a sum of weighed cues through the logistic function; cues and weights stand in event_cues.yaml.
    """

    def __init__(self, nlp: Language, name: str, threshold: float) -> None:
        self.name = name
        self._threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        subject = subject_of(reading_of(doc))
        doc._.relevance = subject.relevance
        doc._.relevant = subject.relevance >= self._threshold
        doc._.kind = subject.kind
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """The share of articles whose relevance and whose kind are as labelled, for `nlp.evaluate`."""
        pairs = [(example.predicted._, example.reference._) for example in examples]
        count = max(1, len(pairs))
        return {
            "relevant_accuracy": sum(found.relevant == label.relevant for found, label in pairs) / count,
            "kind_accuracy": sum(found.kind == label.kind for found, label in pairs) / count,
        }
