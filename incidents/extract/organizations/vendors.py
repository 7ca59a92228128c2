"""Products and vendors: the names the gazetteer spelt out, kept where the text ties them to face recognition."""

from collections import defaultdict
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.contract import Mention
from incidents.extract.face import FaceContext
from incidents.extract.organizations.bodies import BodyFound
from incidents.extract.organizations.gazetteer import Entry, Hit
from incidents.extract.organizations.makers import find_unlisted_products, find_unlisted_vendors
from incidents.extract.organizations.vendor_ties import ENOUGH, WEAK, Tie, tie
from incidents.extract.places.placing import located
from incidents.extract.spans import mention, sentence_at
from incidents.reference import Vendor

_NEAR = 1  # sentence from words on face recognition
_PEOPLE = {"PERSON", "PER", "NORP"}
_NAMED, _CUED, _DESCRIBED, _UNTIED = 0.95, 0.9, 0.6, 0.5


def find_products(doc: Doc, face: FaceContext, hits: list[Hit]) -> Iterator[Mention]:
    """Products by name; one that is also a word or does other things only where face recognition is spoken of."""
    for hit in hits:
        for entry in hit.entries:
            if entry.kind != "product" or not _is_meant(doc, face, hit, entry):
                continue
            cued = entry.needs_cue or entry.does_more
            rule, score = ("product.cued", _CUED) if cued else ("product.name", _NAMED)
            maker = entry.item.id if entry.item else None
            yield mention(doc, hit.start, hit.end, "product", entry.name, rule, score, None, entry.id, vendor_id=maker)
    yield from _described(doc, hits, find_unlisted_products(doc, face.passages(_NEAR)))


def _is_meant(doc: Doc, face: FaceContext, hit: Hit, entry: Entry) -> bool:
    """Whether a product's name stands for the product, and that for face recognition."""
    if entry.everyday:
        return tie(doc, face, hit.start, hit.end).weight >= ENOUGH
    if entry.does_more:
        return face.speaks_in(hit.start)
    return not entry.needs_cue or face.near(hit.start, _NEAR)


def find_vendors(doc: Doc, face: FaceContext, hits: list[Hit], products: list[Mention]) -> Iterator[Mention]:
    """Vendors with a tie that is ENOUGH, or with a product of theirs in the article.

    Their other mentions follow with a low score, so that the sentence which shows the tie is the evidence.
    """
    groups: dict[tuple[str, str], list[tuple[Hit, Entry, Tie]]] = defaultdict(list)
    named = list(_vendor_hits(hits))
    makers = sorted(hit.start for hit, entry in named if not entry.needs_cue)
    for hit, entry in named:
        groups[entry.id, entry.name].append((hit, entry, _vendor_tie(doc, face, hit, entry, products, makers)))
    sold = {product.attributes.get("vendor_id") for product in products}
    for (vendor_id, name), group in groups.items():
        # Of a company that is not everyday, a sentence on face recognition that names it is tie enough.
        enough = ENOUGH if group[0][1].everyday else WEAK
        if vendor_id not in sold and max(strength.weight for _, _, strength in group) < enough:
            continue
        for hit, _, strength in group:
            tied = strength.weight >= enough
            rule, score = (f"vendor.{strength.rule}", _CUED) if tied else ("vendor.mentioned", _UNTIED)
            yield mention(doc, hit.start, hit.end, "vendor", name, rule, score, "vendor", vendor_id)
    yield from _described(doc, hits, find_unlisted_vendors(doc, face.passages(_NEAR)))


def _vendor_hits(hits: list[Hit]) -> Iterator[tuple[Hit, Entry]]:
    """Vendor names, also where one begins a product's name: "Amazon Rekognition"."""
    for hit in hits:
        for entry in hit.entries:
            if entry.kind == "vendor":
                yield hit, entry
            elif entry.kind == "product" and isinstance(entry.item, Vendor):
                maker = entry.item
                name = next((name for name in maker.names if hit.text.startswith((f"{name} ", f"{name}'s "))), None)
                if name:
                    entry_ = Entry("vendor", maker.name, maker.id, maker.needs_cue, maker.everyday, item=maker)
                    yield Hit(hit.start, hit.start + len(name), name, (entry_,)), entry_


def _vendor_tie(doc: Doc, face: FaceContext, hit: Hit, entry: Entry, products: list[Mention], makers: list[int]) -> Tie:
    if not entry.needs_cue:
        return Tie(1.0, "name")
    first, last = sentence_at(doc, hit.start)
    if any(p.attributes.get("vendor_id") == entry.id and first <= p.start < last for p in products):
        return Tie(1.0, "own_product")
    return tie(doc, face, hit.start, hit.end, makers)


def _described(doc: Doc, hits: list[Hit], bodies: Iterator[BodyFound]) -> Iterator[Mention]:
    """What the text beside words on face recognition describes as a vendor or product, and the reference data lacks."""
    taken = [(hit.start, hit.end) for hit in hits] + [(spot.start, spot.end) for spot in located(doc)]
    taken += [(ent.start_char, ent.end_char) for ent in doc.ents if ent.label_ in _PEOPLE and len(ent) > 1]
    for body in bodies:
        overlaps = any(start < body.end and body.start < end for start, end in taken)
        if not overlaps and not _is_adverb(doc, body.start):
            yield mention(doc, body.start, body.end, body.kind, body.name, body.rule, _DESCRIBED)


def _is_adverb(doc: Doc, start: int) -> bool:
    """Whether a capital only begins the sentence: "Meanwhile, a face search engine ..."."""
    word = doc.char_span(start, start + 1, alignment_mode="expand")
    return word is not None and word[0].pos_ in ("ADV", "ADP", "SCONJ", "VERB", "PRON")
