"""Organizations and products: found by name and by pattern, kept where the article ties them to face recognition.

The rules of each kind stand in `incidents.extract.organizations`. A name that the reference data lists carries its id.
"""

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.contract import Mention
from incidents.extract.face import FaceContext, face_context, names_face_recognition
from incidents.extract.organizations.agency_names import AgencyIndex
from incidents.extract.organizations.gazetteer import Gazetteer, without_namesakes
from incidents.extract.organizations.others import find_others
from incidents.extract.organizations.police import find_police
from incidents.extract.organizations.vendors import find_products, find_vendors
from incidents.extract.scoring import score_mentions
from incidents.extract.spans import document_of, sentences
from incidents.reference import load

KINDS = ("vendor", "product", "police_agency", "deployer", "authority", "advocacy")


@Language.factory("incidents_organizations", default_config={"reach": 0, "story_reach": 3, "short_story": 30})
class Organizations:
    """Appends `vendor`, `product`, `police_agency`, `deployer`, `authority` and `advocacy` mentions.

    `reach` is how many sentences an agency may stand from words on face recognition, `story_reach` the same in an
    article that begins with face recognition; one of at most `short_story` sentences is about it throughout.
    An article that has no such words gets no mentions.
    """

    def __init__(self, nlp: Language, name: str, reach: int, story_reach: int, short_story: int) -> None:
        reference = load()
        self.name = name
        self._reach = reach
        self._story_reach = story_reach
        self._short_story = short_story
        self._gazetteer = Gazetteer(nlp, reference)
        self._agencies = AgencyIndex(reference.agencies)

    def __call__(self, doc: Doc) -> Doc:
        face = face_context(doc)
        if not face.spans and not names_face_recognition(document_of(doc).title, doc.lang_):
            return doc
        hits = without_namesakes(doc, self._gazetteer.find(doc))
        products = list(find_products(doc, face, hits))
        face.add_products((item.start, item.end) for item in products if item.rule == "product.name")
        vendors = list(find_vendors(doc, face, hits, products))
        face.add((item.start, item.end) for item in vendors if item.rule == "vendor.name")
        found = [*products, *vendors]
        found += find_police(doc, face, hits, self._agencies, self._reach_in(doc, face))
        found += find_others(doc, face, hits, is_short=len(sentences(doc)) <= self._short_story)
        doc._.mentions.extend(_without_overlaps(found))
        return doc

    def _reach_in(self, doc: Doc, face: FaceContext) -> int:
        """Sentences from words on face recognition within which an agency belongs to the story."""
        length = len(sentences(doc))
        if length <= self._short_story:
            return length
        return self._story_reach if face.is_subject else self._reach

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of each kind it finds, for `nlp.evaluate`."""
        return score_mentions(examples, KINDS)


def _without_overlaps(found: list[Mention]) -> list[Mention]:
    """Drop what lies inside a longer organization's name, but keep the maker inside its product's name."""
    kept: list[Mention] = []
    for item in sorted(found, key=lambda m: (m.start, -m.end, m.kind)):
        inside = [other for other in kept if other.start <= item.start and item.end <= other.end]
        if all(other.kind == "product" and item.kind == "vendor" for other in inside):
            kept.append(item)
    return kept
