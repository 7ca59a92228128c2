"""Products and vendors: the names the gazetteer spelt out, kept where the text ties them to face recognition."""

from collections import defaultdict
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.contract import Mention
from incidents.extract.face import FaceContext
from incidents.extract.organizations.bodies import BodyFound, find_unlisted_products, find_unlisted_vendors
from incidents.extract.organizations.gazetteer import Entry, Hit
from incidents.extract.organizations.vendor_ties import ENOUGH, WEAK, Tie, tie
from incidents.extract.spans import mention, sentence_at
from incidents.reference import Vendor

# Companies in the news for everything: a sentence on face recognition that names them ties them to it only by its
# grammar. Of the other names that need a cue, such a sentence is the cue.
_EVERYDAY = {
    f"vendor-{name}"
    for name in (
        "acer", "alibaba", "amazon", "ant-group", "apple", "asus", "baidu", "cisco", "didi", "facebook", "google",
        "huawei", "ibm", "intel", "kakao", "lemonade", "microsoft", "moviepass", "ping-an", "pwc", "samsung", "sony",
        "tencent", "tiktok",
    )
}  # fmt: skip
_NAMED, _CUED, _DESCRIBED, _UNTIED = 0.95, 0.9, 0.6, 0.5


def find_products(doc: Doc, face: FaceContext, hits: list[Hit]) -> Iterator[Mention]:
    """Products by name; a name that is also a word only in a sentence on face recognition."""
    for hit in hits:
        for entry in hit.entries:
            if entry.kind != "product" or (entry.needs_cue and not face.speaks_in(hit.start)):
                continue
            rule, score = ("product.cued", _CUED) if entry.needs_cue else ("product.name", _NAMED)
            maker = entry.item.id if entry.item else None
            yield mention(doc, hit.start, hit.end, "product", entry.name, rule, score, None, entry.id, vendor_id=maker)
    yield from _described(doc, face, hits, find_unlisted_products(doc))


def find_vendors(doc: Doc, face: FaceContext, hits: list[Hit], products: list[Mention]) -> Iterator[Mention]:
    """Vendors with a tie that is ENOUGH, or with a product of theirs in the article.

    Their other mentions follow with a low score, so that the sentence which shows the tie is the evidence.
    """
    groups: dict[tuple[str, str], list[tuple[Hit, Entry, Tie]]] = defaultdict(list)
    for hit, entry in _vendor_hits(hits):
        groups[entry.id, entry.name].append((hit, entry, _vendor_tie(doc, face, hit, entry, products)))
    sold = {product.attributes.get("vendor_id") for product in products}
    for (vendor_id, name), group in groups.items():
        enough = ENOUGH if vendor_id in _EVERYDAY else WEAK
        if vendor_id not in sold and max(strength.weight for _, _, strength in group) < enough:
            continue
        for hit, _, strength in group:
            tied = strength.weight >= enough
            rule, score = (f"vendor.{strength.rule}", _CUED) if tied else ("vendor.mentioned", _UNTIED)
            yield mention(doc, hit.start, hit.end, "vendor", name, rule, score, "vendor", vendor_id)
    yield from _described(doc, face, hits, find_unlisted_vendors(doc))


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
                    entry_ = Entry("vendor", maker.name, maker.id, maker.needs_cue, item=maker)
                    yield Hit(hit.start, hit.start + len(name), name, (entry_,)), entry_


def _vendor_tie(doc: Doc, face: FaceContext, hit: Hit, entry: Entry, products: list[Mention]) -> Tie:
    if not entry.needs_cue:
        return Tie(1.0, "name")
    first, last = sentence_at(doc, hit.start)
    if any(p.attributes.get("vendor_id") == entry.id and first <= p.start < last for p in products):
        return Tie(1.0, "own_product")
    return tie(doc, face, hit.start, hit.end)


def _described(doc: Doc, face: FaceContext, hits: list[Hit], bodies: Iterator[BodyFound]) -> Iterator[Mention]:
    """What the text beside words on face recognition describes as a vendor or product, and the reference data lacks."""
    for body in bodies:
        listed = any(hit.start < body.end and body.start < hit.end for hit in hits)
        if not listed and face.near(body.start):
            yield mention(doc, body.start, body.end, body.kind, body.name, body.rule, _DESCRIBED)
