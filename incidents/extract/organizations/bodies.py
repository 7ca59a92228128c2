"""Authorities, deployers, vendors and products by pattern, where the reference data does not list them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from incidents.extract.patterns import one_of
from incidents.extract.spans import text_of

_WORD = r"(?:(?:St|Ste|Ft|Mt|U\.S)\.|[A-ZÀ-Þ][\w'À-ÿ-]*)"
_NAME = rf"{_WORD}(?: (?:of |de |the |and |& )?{_WORD}){{0,3}}"
_AUTHORITIES = re.compile(
    r"\b(?P<name>"
    + one_of(
        f"{_NAME} "
        + one_of(
            "City Council", "County Council", "Board of Supervisors", "County Commission", "City Commission",
            "Board of Police Commissioners", "(?:State )?Legislature", "General Assembly", "State Senate",
            "(?:Supreme|Superior|District|Circuit|High) Court", "Court of Appeals?", "Privacy Commissioner",
            "Information Commissioner", "Data Protection Authority", "[Aa]ttorney [Gg]eneral's [Oo]ffice",
            "County [Pp]rosecutor",
        ),
        rf"(?:U\.?S\.? )?(?:House|Senate) (?:{_WORD} (?:and )?){{1,4}}(?:Subc|C)ommittee"
        rf"(?: on {_WORD}(?:,? (?:and )?{_WORD}){{0,4}})?",
        rf"City of {_WORD}(?: {_WORD})?",
        rf"(?:U\.?S\.? )?District Court for the {_NAME}",
        "(?:Tribunal|Juzgado|Audiencia|Cour|Conseil|Ayuntamiento) "
        + one_of("Supremo", "Superior", "Nacional", "Constitucional", "d'État", "d'appel", f"de {_WORD}"),
    )
    + ")"
)  # fmt: skip
_DEPLOYERS = re.compile(
    rf"\b(?P<name>{_NAME} (?:(?P<airport>International Airport|Airport)|"
    r"(?P<school>(?:Independent |Unified |City |Central )?School District|Public Schools|City Schools|High School)|"
    r"(?P<transit>Metro|Transit Authority|Railway|Transport Authority)|(?P<venue>Stadium|Arena|Casino)))\b"
)
_RESEARCH = re.compile(
    rf"\b(?P<name>University of {_WORD}(?:(?: |, | at ){_WORD})?|"
    rf"(?:{_WORD} ){{1,3}}(?:University|Institute of Technology))\b"
)
_FACE = r"(?:facial|face)[ -](?:recognition|identification|surveillance|scanning|matching|detection|analysis)"
_SELLER = (
    "(?:technology |software |tech |search |AI |security )?"
    + one_of(
        "company", "startup", "start-up", "firm", "vendor", "maker", "provider", "giant", "developer", "supplier",
        "specialist", "business", "manufacturer",
    )
    + "s?"
)  # fmt: skip
_MAKER = rf"{_WORD}(?: {_WORD}){{0,2}}"
_VENDORS = (
    re.compile(rf"{_FACE} {_SELLER},? (?:(?:like|such as|called|named|including) )?(?P<name>{_MAKER})"),
    re.compile(
        rf"\b(?P<name>{_MAKER}),? (?:which is |is |was )?(?:a|an|the|one of the) "
        rf"(?:[\w-]+[ ,]+){{0,4}}{_FACE} {_SELLER}\b"
    ),
    re.compile(
        rf"{_FACE} (?:[\w-]+ ){{0,3}}(?:made|developed|built|sold|supplied|provided|created|designed) by (?:the )?"
        rf"(?:[a-z-]+ )?(?:[A-Z][a-z]+-based )?(?:(?:company|firm|startup|vendor) )?(?P<name>{_MAKER})"
    ),
)
_CALLED = r"s?,? (?:which is |that is |is )?(?:called|named|known as|dubbed|branded)"
_PRODUCTS = re.compile(
    rf"(?:{_FACE} (?:[\w-]+ )?(?:system|application|program|product|service|platform|engine|algorithm)|"
    rf"\b(?:software|tool|app|feature)){_CALLED} \"?(?P<name>{_MAKER})"
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


@dataclass(frozen=True)
class BodyFound:
    """text[start:end] names a body that the reference data may not know. `kind` is a mention kind."""

    start: int
    end: int
    kind: str
    name: str
    rule: str
    organization_kind: str | None = None


def find_bodies(doc: Doc) -> Iterator[BodyFound]:
    """Authorities, deployers and research bodies by the form of their names."""
    for match in _AUTHORITIES.finditer(text_of(doc)):
        yield _body(match, "authority", "body.authority", None)
    for match in _DEPLOYERS.finditer(text_of(doc)):
        kind = next(name for name in ("airport", "school", "transit", "venue") if match[name])
        yield _body(match, "deployer", "body.deployer", kind)
    for match in _RESEARCH.finditer(text_of(doc)):
        yield _body(match, "advocacy", "body.research", "research")


def find_unlisted_vendors(doc: Doc) -> Iterator[BodyFound]:
    """ "The face recognition company X", "X, a face recognition start-up", "face recognition software made by X"."""
    for pattern in _VENDORS:
        for match in pattern.finditer(text_of(doc)):
            yield from _maker(match, "vendor", "vendor.described")


def find_unlisted_products(doc: Doc) -> Iterator[BodyFound]:
    """ "A facial recognition tool called X", and systems named for what they do ("Traveler Verification Service")."""
    for match in _PRODUCTS.finditer(text_of(doc)):
        yield from _maker(match, "product", "product.described")
    for match in _SYSTEMS.finditer(text_of(doc)):
        if not _GENERIC.fullmatch(match["name"]):
            yield BodyFound(*match.span("name"), "product", match["name"], "product.system")


def _body(match: re.Match[str], kind: str, rule: str, organization_kind: str | None) -> BodyFound:
    start, end = match.span("name")
    name = match["name"]
    bare = re.sub(r"^(?:The|In|On|At|And|But|When|After|For|From|A|An|As|By|Last|While|With|Share on) ", "", name)
    return BodyFound(start + len(name) - len(bare), end, kind, bare, rule, organization_kind)


def _maker(match: re.Match[str], kind: str, rule: str) -> Iterator[BodyFound]:
    name = match["name"].removesuffix("'s").rstrip(".,'")
    words = name.split()
    if words and not any(word in _NOT_VENDORS for word in words) and len(name) > 2:
        yield BodyFound(match.start("name"), match.start("name") + len(name), kind, name, rule)
