"""Vendors and products by what the text says they are, where the reference data does not list them."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.organizations.bodies import BodyFound, Passages, matches
from incidents.extract.patterns import one_of
from incidents.extract.spans import text_of

_WORD = r"(?:(?:St|Ste|Ft|Mt|U\.S)\.|[A-ZÀ-Þ][\w'À-ÿ-]*)"
_FACE = r"[Ff](?:acial|ace)[ -](?:recognition|identification|surveillance|scanning|matching|detection|analysis|search)"
_FIRM = one_of(
    "company", "startup", "start-up", "firm", "vendor", "maker", "provider", "giant", "developer", "supplier",
    "specialist", "business", "manufacturer",
)  # fmt: skip
_SELLER = f"(?:technology |software |tech |search |AI |security )?{_FIRM}s?"
_TOOL = (
    r"(?:system|software|tool|app|application|product|platform|engine|program|programme|technology|algorithm|service)"
)
_MAKER = rf"{_WORD}(?: {_WORD}){{0,2}}"
_BY_ITS_NAME = (  # "ST Technologies' facial recognition platform": its name says that it makes something
    rf"(?P<name>(?:{_WORD} ){{1,2}}(?:Technolog(?:y|ies)|Tech|AI|Labs?|Systems|Software|Biometrics|Vision|Solutions))"
)
_MADE = r"(?:made|developed|built|sold|supplied|provided|created|designed) by"
_VENDORS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FACE} {_SELLER},? (?:(?:like|such as|called|named|including) )?(?P<name>{_MAKER})",
        rf"\b(?P<name>{_MAKER}),? (?:which is |is |was )?(?:a|an|the|one of the) "
        rf"(?:[\w-]+[ ,]+){{0,4}}{_FACE} {_SELLER}\b",
        rf"{_FACE} (?:[\w-]+,? ){{0,3}}{_MADE} (?:the )?"
        rf"(?:[a-z-]+ )?(?:[A-Z][a-z]+-based )?(?:(?:company|firm|startup|vendor) )?(?P<name>{_MAKER})",
        rf"(?:[A-Z][a-z]+|\b[a-z]+) by (?:the )?(?:[\w-]+ ){{0,2}}(?:{_FIRM} )?(?P<name>{_MAKER}), (?:the|this|a) "
        rf"(?:[\w-]+ ){{0,3}}{_FACE}",
        rf"\b(?P<name>{_MAKER}),? (?:which )?(?:sells|makes|develops|manufactures|markets) (?:[\w-]+ ){{0,4}}{_FACE}",
        rf"{_FACE} (?:[\w-]+ ){{0,4}}from (?:an?|the) (?:[\w-]+ ){{0,3}}{_FIRM},? (?:called |named )?"
        rf"(?P<name>{_MAKER})",
        rf"\b(?:contract|deal|agreement) with (?P<name>{_MAKER}) (?:for|to \w+) (?:[\w-]+ ){{0,3}}{_FACE}",
        rf"\b{_BY_ITS_NAME}'s? (?:[\w-]+ ){{0,2}}{_FACE}",
        rf"{_FACE} (?:[\w-]+ ){{0,2}}{_TOOL}s? (?:from|by) {_BY_ITS_NAME}",
    )
)
_CALLED = r"s?,? (?:which is |that is |is )?(?:called|named|known as|dubbed|branded)"
_PRODUCTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_FACE} (?:[\w-]+ )?{_TOOL}|\b(?:software|tool|app|feature)){_CALLED} \"?(?P<name>{_MAKER})",
        rf"{_FACE} (?:[\w-]+ )?{_TOOL}, (?P<name>{_MAKER}),(?! (?:an?|the|who)\b)",
        rf"(?<!by )(?<!company )(?<!firm )(?<!startup )\b(?P<name>{_MAKER})(?:, (?:an?|its|which is an?)| is an?) "
        rf"(?:[\w-]+ ){{0,3}}{_FACE} (?:[a-z]+ )?{_TOOL}\b",
        rf"{_FACE} (?:site|website|engine|app|tool) (?P<name>{_MAKER})",
    )
)
_SYSTEMS = re.compile(  # a government's own system, by the words in its name
    r"\b(?P<name>(?:(?!The\b|Fingerprint|Vehicle|Voter|Plate)[A-Z][\w-]+ ){0,3}"
    r"(?:Biometric|Identification|Verification|Identity|Image Repository)"
    r"(?: (?:[A-Z][\w-]+|and|of)){0,4} (?:System|Services?|Program|Programme|Database))\b"
)
_GENERIC = re.compile(r"(?:(?:Facial|Face|Biometric|Recognition|Identification|Verification|Technology|Live) ?)+\w+")
_NOT_VENDORS = {
    "The", "A", "An", "In", "It", "This", "That", "He", "She", "They", "And", "But", "AI", "CEO", "Inc", "US", "U.S.",
    "China", "Chinese", "American", "We", "I", "Facial", "Face", "Police", "Our", "Its", "There", "What", "Here", "One",
    "Now", "As", "NIST", "FBI", "Congress", "Biometric", "Photo", "Image", "However", "While", "Today", "Technology",
    "Last", "Black",
}  # fmt: skip


def find_unlisted_vendors(doc: Doc, passages: Passages) -> Iterator[BodyFound]:
    """ "The face recognition company X", "X, a face recognition start-up", "face recognition software made by X"."""
    for pattern in _VENDORS:
        for match in matches(text_of(doc), pattern, passages):
            yield from _maker(match, "vendor", "vendor.described")


def find_unlisted_products(doc: Doc, passages: Passages) -> Iterator[BodyFound]:
    """ "A facial recognition tool called X", and systems named for what they do ("Traveler Verification Service")."""
    for pattern in _PRODUCTS:
        for match in matches(text_of(doc), pattern, passages):
            yield from _maker(match, "product", "product.described")
    for match in matches(text_of(doc), _SYSTEMS, passages):
        if not _GENERIC.fullmatch(match["name"]):
            yield BodyFound(*match.span("name"), "product", match["name"], "product.system")


def _maker(match: re.Match[str], kind: str, rule: str) -> Iterator[BodyFound]:
    name = match["name"].removesuffix("'s").rstrip(".,'")
    *first, last = name.split() or [""]
    common = any(word in _NOT_VENDORS for word in first) or (last in _NOT_VENDORS and (last != "AI" or not first))
    if not common and len(name) > 2:
        yield BodyFound(match.start("name"), match.start("name") + len(name), kind, name, rule)
