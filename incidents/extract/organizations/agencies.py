"""Police agencies by the form of their full names: "Woodbridge Police Department", "Jefferson Parish Sheriff's Office".

Short forms are in `agency_short`, Spanish and French names in `agency_romance`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from incidents.extract.organizations.agency_names import AgencyIndex, fold, is_sheriff, police_of
from incidents.extract.patterns import one_of
from incidents.extract.places.geography import Place, gazetteer
from incidents.extract.places.placing import Located, located
from incidents.extract.spans import text_of

_WORD = r"(?:(?:St|Ste|Ft|Mt|U\.S|N\.Y|D\.C)\.|[A-ZÀ-Þ][\w'À-ÿ-]*)"
_SHERIFF = r"[Ss]heriff'?s'? (?:[Oo]ffice|[Dd]epartment|[Dd]ept\.?)"
_RANK = one_of(
    "Chief", "Commissioner", "Superintendent", "Commander", "Capt", "Lt", "Lieutenant", "Sgt", "Sergeant", "Det",
    "Inspector", "Officer", "Constable", "Deputy", "Assistant", "Sheriff",
)  # fmt: skip
_NO_NAME_AFTER = rf"\b(?! (?!{_RANK})[A-Z])"  # "Detroit Police Chief", but not "Boston Police Camp"
_FULL = re.compile(
    rf"\b(?P<place>{_WORD}(?:(?: |-)(?:of |de |la |the |and |upon )?{_WORD}){{0,3}})"
    r"(?:,? \(?[A-Z][a-z]+\.?\)?)?"  # the state, as in "Washington County (Oregon) Sheriff's Office"
    r"(?:'s)? (?P<type>"
    + one_of(
        r"(?:(?:[Mm]etropolitan|[Mm]etro|[Tt]ownship|[Tt]own|[Cc]ity|[Bb]orough|[Rr]egional|[Tt]ransit) )?"
        r"[Pp]olice (?:[Dd]epartment|[Dd]ept\.?|[Ss]ervice|[Bb]ureau|[Ff]orce|Agency|Authority|Commissionerate)(?!s)",
        r"(?:Division|Bureau|Department) of Police", "(?:Public Security|Investigation) Bureau",
        "Bureau of Investigation", "Department of Law Enforcement",
        r"(?:State|state) [Pp]olice\b", r"(?:Provincial|Regional|Transit|Campus|Capitol|Airport|School) [Pp]olice\b",
        rf"Police{_NO_NAME_AFTER}", r"PD\b", _SHERIFF, rf"Sheriff(?= {_WORD})",
        "Constabulary", "State Patrol", "Highway Patrol", "Marshal's Office",
        "Department of Public Safety", "Department of Corrections", r"[Dd]istrict [Aa]ttorney's [Oo]ffice",
        r"[Cc]ounty [Pp]rosecutor's [Oo]ffice",
    )
    + ")"
)  # fmt: skip
_OF_PLACE = re.compile(
    rf"\b(?:Military|Civil|Federal|National|Judicial|Municipal) Police of (?:the )?(?:State of )?{_WORD}"
    rf"(?: (?:de |do |da |del )?{_WORD}){{0,2}}|\bPublic Security Bureau of {_WORD}"
)
_MINISTRY = re.compile(
    r"\b(?:Ministry of (?:the )?(?:Interior|Internal Affairs|Home Affairs|Public Security)|"
    r"(?:Interior|Home) Ministry)\b"
    r"(?: of (?P<of>[A-Z][a-z]+))?"
)
# Bodies that have a police of their own: "the Maryland Transit Administration Police".
_HAS_POLICE = re.compile(
    r"\b(?:Administration|Authority|University|College|Airport|Port|Railroad|Railway|Rail|Transit|District|Parks?|"
    r"Schools?|Housing|Hospital|Tribal|Nation|Capitol)$"
)
_COUNTY = re.compile(r"\b(?:County|Parish)$")
_NOT_NAMES = {
    "The", "A", "An", "In", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "On",
    "And", "But", "When", "After", "As", "If", "Local", "State", "City", "County", "Federal",
    "Former", "While", "Because", "That", "This", "Many", "Some", "Several", "Black", "White", "Chinese", "Russian",
    "Chief",
    "Other", "U.S", "US", "Military", "Secret", "British", "French", "Indian", "American", "Transit", "Both",
    "Since", "For",
    "National", "Deputy", "With", "At", "Campus", "Then", "No", "Police", "Metropolitan", "Like", "Last", "Our",
    "Their", "Regional", "Provincial", "School", "From", "By", "Most", "Any", "Why", "How", "Every",
}  # fmt: skip


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


def find_full_names(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """ "Woodbridge Police Department", "Washington County (Oregon) Sheriff's Office", "Civil Police of Bahia"."""
    places = {item.start: item for item in located(doc)}
    for match in _FULL.finditer(text_of(doc)):
        start = _name_start(match, places, index)
        if start is None:
            continue
        spot = places.get(start)
        name, identifier = _canonical(match, start, spot, index)
        if name:
            yield AgencyFound(start, match.end(), name, identifier, "agency.name", 0.95, spot.place if spot else None)
    for match in _OF_PLACE.finditer(text_of(doc)):
        known = index.named(match.group(), None)
        yield AgencyFound(*match.span(), match.group(), known.id if known else None, "agency.name", 0.95)


def find_ministries(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """Ministries over the police, called after the country before or after them: "Ukraine's Interior Ministry"."""
    owners = {item.end: item.place for item in located(doc)}
    for match in _MINISTRY.finditer(text_of(doc)):
        owner = owners.get(match.start() - (3 if match.string.startswith("'s ", match.start() - 3) else 1))
        country = gazetteer().country(owner.country) if owner and owner.country and not match["of"] else None
        name = f"{match.group()} of {country.name}" if country else match.group()
        known = index.named(name, None)
        yield AgencyFound(*match.span(), name, known.id if known else None, "agency.ministry", 0.9, owner)


def _name_start(match: re.Match[str], places: dict[int, Located], index: AgencyIndex) -> int | None:
    """Where the name proper starts: past "When", "The", "the FBI and", "Kenya's"; None where nothing is left."""
    place, first = match["place"], match.start("place")
    if " and " in place and not index.named(f"{place} {match['type']}", None):
        first += place.rindex(" and ") + len(" and ")
    for word in re.finditer(r"[^ ]+", match.string[first : match.end("place")]):
        start = first + word.start()
        owner = places.get(start)
        is_owner = owner and match.string.startswith("'s ", owner.end) and owner.end + 3 < match.start("type")
        if not is_owner and word.group().rstrip(".,") not in _NOT_NAMES:
            return start
    return None


def _canonical(
    match: re.Match[str], start: int, spot: Located | None, index: AgencyIndex
) -> tuple[str | None, str | None]:
    """The name as the article gives it, in capitals; that of the reference data where only its spelling differs."""
    place = match.string[start : match.end("place")].removesuffix("'s")
    kind = match["type"]
    region = spot.place.region if spot else None
    if kind == "Sheriff":
        return _sheriff_named(place, region, index)
    name = f"{place} {_titled(kind)}"
    known = index.named(name, region)
    if known:
        return (known.name if fold(known.name) == fold(name) and kind != "PD" else name), known.id
    if kind == "Police" or kind == "police force":
        return _bare_police(place, spot, index)
    if spot and spot.place.precision == "country":
        return None, None  # "Italy's state police" is no name
    nearest = index.police_of(spot.place, sheriff=is_sheriff(kind)) if spot else None
    return name, nearest.id if nearest and is_sheriff(nearest.name) == is_sheriff(kind) else None


def _sheriff_named(place: str, region: str | None, index: AgencyIndex) -> tuple[str | None, str | None]:
    """ "Harris County Sheriff Ed ..." and "Los Angeles Sheriff Alex ..." stand for the office."""
    county = place if _COUNTY.search(place) else f"{place} County"
    known = index.named(f"{county} Sheriff's Office", region)
    if known:
        return known.name, known.id
    return (f"{place} Sheriff's Office", None) if county == place else (None, None)


def _bare_police(place: str, spot: Located | None, index: AgencyIndex) -> tuple[str | None, str | None]:
    """ "Detroit Police", "Telangana Police", "Montgomery County Police", "Maryland Transit Administration Police"."""
    if spot and spot.place.precision in ("city", "county"):
        return police_of(spot.place, index)
    if spot and spot.place.precision == "region" and spot.place.country != "US":
        return f"{spot.place.name} Police", None
    if _COUNTY.search(place):
        known = index.named(f"{place} Police Department", None)
        return f"{place} Police Department", known.id if known else None
    return (f"{place} Police", None) if _HAS_POLICE.search(place) else (None, None)


def _titled(kind: str) -> str:
    kind = re.sub(r"\b(?:PD|[Pp]olice [Dd]ept\.?)$", "Police Department", kind)
    kind = re.sub(r"\b[Dd]ept\.?$", "Department", kind)
    return " ".join(word if word == "of" else word[:1].upper() + word[1:] for word in kind.split())
