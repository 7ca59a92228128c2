"""Police agencies by pattern: "Woodbridge Police Department", "Detroit police", "police in Miami", "police de Nice".

Short forms are resolved with the places of the article, in `agency_names`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from incidents.extract.organizations.agency_names import AgencyIndex, fold, is_sheriff, police_of
from incidents.extract.patterns import one_of
from incidents.extract.places.geography import Place
from incidents.extract.places.placing import Located, located
from incidents.extract.spans import sentence_at, text_of

_WORD = r"(?:(?:St|Ste|Ft|Mt|U\.S|N\.Y|D\.C)\.|[A-ZÀ-Þ][\w'À-ÿ-]*)"
_SHERIFF = r"[Ss]heriff'?s'? (?:[Oo]ffice|[Dd]epartment|[Dd]ept\.?)"
_FULL = re.compile(
    rf"\b(?P<place>{_WORD}(?:(?: |-)(?:of |de |la |the |and |upon )?{_WORD}){{0,3}})"
    r"(?:,? \(?[A-Z][a-z]+\.?\)?)?"  # the state, as in "Washington County (Oregon) Sheriff's Office"
    r"(?:'s)? (?P<type>"
    + one_of(
        r"(?:(?:[Mm]etropolitan|[Mm]etro|[Tt]ownship|[Tt]own|[Cc]ity|[Bb]orough|[Rr]egional|[Tt]ransit) )?"
        r"[Pp]olice (?:[Dd]epartment|[Dd]ept\.?|[Ss]ervice|[Bb]ureau|[Ff]orce)(?!s)",
        r"Police\b(?! [A-Z])", r"PD\b", _SHERIFF, "Constabulary", "State Police", "State Patrol", "Highway Patrol",
        "Department of Public Safety", "Department of Corrections", r"[Dd]istrict [Aa]ttorney's [Oo]ffice",
        r"[Cc]ounty [Pp]rosecutor's [Oo]ffice",
    )
    + ")"
)  # fmt: skip
_OFFICERS = one_of(
    r"police\b", r"cops\b", r"detectives?\b", r"officers\b", r"law enforcement\b", r"policing\b",
    "sheriff's (?:office|department|deputies)",
)  # fmt: skip
_AFTER_PLACE = re.compile(rf"(?:'s)? (?:city |local |metropolitan )?{_OFFICERS}")
_IN_PLACES = re.compile(
    r"\b"
    + one_of(
        r"[Pp]olice(?: departments?| forces?| officers?| officials?| agencies)?", r"[Aa]gencies", r"[Cc]ops",
        r"[Oo]fficers",
        r"[Ll]aw[ -]enforcement(?: agencies| officials?)?", r"[Dd]etectives",
    )
    + r" (?:in|from|of) (?:(?:major |big |several )?(?:places|cities)(?:,? (?:like|such as|including))? )?"
    r"(?:the )?(?:cities of |city of )?$"
    r"|\b[Pp]olic(?:[ií]a|e)(?: local| municipale?)? (?:de |en |à |d')(?:la ciudad de |la ville de )?$"
)  # fmt: skip
_ANAPHOR = re.compile(
    r"\b(?:[Tt]he|[Tt]heir|[Ii]ts) (?:city's |local |city )?"
    r"(?P<span>police department|sheriff's (?:office|department))\b"
    r"|\b(?:and|or) (?:the )?(?P<shared>Sheriff's (?:Office|Department)|Police Department)\b"
)
_ROMANCE_NAME = r"[A-ZÀ-Þ][\wÀ-ÿ-]+(?: [A-ZÀ-Þ][\wÀ-ÿ-]+){0,2}"
_ROMANCE = re.compile(
    r"\b"
    + one_of(
        r"(?:Polic[ií]a|Gendarmer[ií]a|Carabineros|Fiscal[ií]a)"
        r"(?: (?:Nacional|Federal|Municipal|Local|Metropolitana|Militar|Civil|Foral))?"
        rf"(?: de (?:la )?(?:Ciudad de )?{_ROMANCE_NAME})?",
        r"(?:[Pp]olice|[Gg]endarmerie) (?:nationale|municipale|judiciaire|aux frontières)"
        rf"(?: (?:de |d'){_ROMANCE_NAME})?",
        rf"[Pp]réfecture de police(?: de {_ROMANCE_NAME})?",
    )
)
_NOT_NAMES = {
    "The", "A", "An", "In", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "On",
    "And", "But", "When", "After", "As", "If", "Local", "State", "City", "County", "Federal",
    "Former", "While", "Because", "That", "This", "Many", "Some", "Several", "Black", "White", "Chinese", "Russian",
    "Chief",
    "Other", "U.S", "US", "Military", "Secret", "British", "French", "Indian", "American", "Transit", "Both",
    "Since", "For",
    "National", "Deputy", "With", "At", "Campus", "Then", "No", "Police", "Metropolitan", "Like", "Last", "Our",
    "Their",
}  # fmt: skip
_OPENING = 1_000  # characters in which a local story says where it plays


@dataclass(frozen=True)
class AgencyFound:
    """text[start:end] means this agency."""

    start: int
    end: int
    name: str
    id: str | None
    rule: str
    score: float
    place: Place | None = None


def find_agencies(doc: Doc, index: AgencyIndex) -> list[AgencyFound]:
    """The agencies that patterns find, in order. What the gazetteer finds by name comes on top of these."""
    found = [*_full_names(doc, index), *_short_forms(doc, index)]
    if doc.lang_ in ("es", "fr"):
        found += _romance(doc, index)
    found += _anaphors(doc, found, index)
    return sorted(found, key=lambda item: (item.start, -item.end))


def _full_names(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """ "Woodbridge Police Department", "Washington County (Oregon) Sheriff's Office", "Detroit PD"."""
    places = {item.start: item for item in located(doc)}
    for match in _FULL.finditer(text_of(doc)):
        start = _name_start(match)
        if start is None:
            continue
        spot = places.get(start)
        name, identifier = _canonical(match, start, spot, index)
        if name:
            yield AgencyFound(start, match.end(), name, identifier, "agency.name", 0.95, spot.place if spot else None)


def _name_start(match: re.Match[str]) -> int | None:
    """Where the name proper starts: past "When", "The", "Former"; None where nothing is left."""
    for word in re.finditer(r"[^ ]+", match["place"]):
        if word.group().rstrip(".,") not in _NOT_NAMES:
            return match.start("place") + word.start()
    return None


def _canonical(
    match: re.Match[str], start: int, spot: Located | None, index: AgencyIndex
) -> tuple[str | None, str | None]:
    """The name as the article gives it, in capitals; that of the reference data where only its spelling differs."""
    place = match["place"][start - match.start("place") :].removesuffix("'s")
    kind = match["type"]
    name = f"{place} {_titled(kind)}"
    known = index.named(name, spot.place.region if spot else None)
    if known:
        return (known.name if fold(known.name) == fold(name) and kind != "PD" else name), known.id
    if kind == "Police" or kind.lower() == "police force":
        return police_of(spot.place, index) if spot and spot.place.precision == "city" else (None, None)
    nearest = index.police_of(spot.place) if spot else None
    return name, nearest.id if nearest and is_sheriff(nearest.name) == is_sheriff(kind) else None


def _titled(kind: str) -> str:
    kind = re.sub(r"\b(?:PD|[Pp]olice [Dd]ept\.?)$", "Police Department", kind)
    kind = re.sub(r"\b[Dd]ept\.?$", "Department", kind)
    return " ".join(word if word == "of" else word[:1].upper() + word[1:] for word in kind.split())


def _short_forms(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """ "Detroit police", "Chicago's police", "police in Miami and New York"."""
    text = text_of(doc)
    listed, previous_end = False, 0
    for spot in located(doc):
        joined = re.fullmatch(r"(?:,? (?:and|or|y|et) |, )", text[previous_end : spot.start])
        listed = bool(_IN_PLACES.search(text[max(0, spot.start - 90) : spot.start]) or (listed and joined))
        previous_end = spot.end
        if spot.place.precision not in ("city", "county"):
            continue
        after = _AFTER_PLACE.match(text, spot.end)
        if after and not re.match(r" [A-Z]", text[after.end() : after.end() + 2]):
            name, identifier = police_of(spot.place, index)
            yield AgencyFound(spot.start, after.end(), name, identifier, "agency.city_police", 0.9, spot.place)
        elif listed:
            name, identifier = police_of(spot.place, index)
            yield AgencyFound(spot.start, spot.end, name, identifier, "agency.police_in", 0.8, spot.place)


def _romance(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """ "Policía Nacional", "Fiscalía de X", "police municipale de X"; one word alone names no agency."""
    for match in _ROMANCE.finditer(text_of(doc)):
        name = match.group()
        if " " in name:
            known = index.named(name, None)
            canonical = known.name if known else name[0].upper() + name[1:]
            yield AgencyFound(*match.span(), canonical, known.id if known else None, "agency.romance", 0.85)


def _anaphors(doc: Doc, found: list[AgencyFound], index: AgencyIndex) -> Iterator[AgencyFound]:
    """Agencies named by half: "the police department", "San Francisco's mayor and the Sheriff's Department"."""
    for match in _ANAPHOR.finditer(text_of(doc)):
        group = match.lastgroup or "span"
        (start, end), words = match.span(group), match[group]
        agency = (
            _sharing_place(doc, start, words, index)
            if group == "shared"
            else _named_before(doc, start, words, found, index)
        )
        if agency and not any(item.start <= start < item.end for item in found):
            name, identifier, rule, place = agency
            yield AgencyFound(start, end, name, identifier, rule, 0.7, place)


_Half = tuple[str, str | None, str, Place | None] | None


def _sharing_place(doc: Doc, start: int, words: str, index: AgencyIndex) -> _Half:
    """The agency of the place named last before it in the sentence."""
    first, _ = sentence_at(doc, start)
    places = [item.place for item in located(doc) if first <= item.start < start]
    if not places:
        return None
    name = f"{places[-1].name} {words}"
    known = index.named(name, places[-1].region)
    return name, known.id if known else None, "agency.shared", places[-1]


def _named_before(doc: Doc, start: int, words: str, found: list[AgencyFound], index: AgencyIndex) -> _Half:
    """The agency of that kind named last, else the police of the only city that the article names near its start."""
    earlier = [item for item in found if item.end <= start and is_sheriff(item.name) == is_sheriff(words)]
    if earlier:
        nearest = max(earlier, key=lambda item: item.start)
        return nearest.name, nearest.id, "agency.anaphor", nearest.place
    cities = {item.place for item in located(doc) if item.place.precision == "city" and item.start < _OPENING}
    if is_sheriff(words) or len(cities) != 1:
        return None
    home = cities.pop()
    return *police_of(home, index), "agency.home", home
