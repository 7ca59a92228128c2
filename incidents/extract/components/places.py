"""Places, each with region, country and coordinates, as `incidents.extract.places` settles them within the article."""

from collections.abc import Iterable
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from incidents.extract.contract import Mention
from incidents.extract.places.placing import Located, located
from incidents.extract.scoring import score_mentions
from incidents.extract.spans import mention

_STATED, _SETTLED = 0.95, 0.8


KINDS = ("place",)


@Language.factory("incidents_places")
class Places:
    """Appends a `place` mention for every place name. `name` is the place's own name, `entity_id` its GeoNames id."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        doc._.mentions.extend(_mention(doc, found) for found in located(doc))
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """Precision, recall and F1 of each kind it finds, for `nlp.evaluate`."""
        return score_mentions(examples, KINDS)


def _mention(doc: Doc, found: Located) -> Mention:
    place = found.place
    return mention(
        doc,
        found.start,
        found.end,
        "place",
        place.name,
        rule="place.stated" if found.stated else "place.settled",
        score=_STATED if found.stated else _SETTLED,
        entity_id=place.id,
        country=place.country,
        region=place.region,
        latitude=place.latitude,
        longitude=place.longitude,
        precision=place.precision,
        geonames_id=place.id.removeprefix("geonames-") if place.id.startswith("geonames-") else None,
    )
