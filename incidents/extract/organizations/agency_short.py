"""Police agencies by short forms, resolved with the article's places: "Detroit police", "the police department"."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.organizations.agencies import AgencyFound
from incidents.extract.organizations.agency_names import AgencyIndex, is_sheriff, police_of, sheriff_of
from incidents.extract.patterns import one_of
from incidents.extract.places.geography import Place
from incidents.extract.places.placing import Located, located
from incidents.extract.spans import sentence_at, text_of

_DEPUTIES = (
    r"(?:[Ss]heriff's (?:deput(?:y|ies)|detectives?|investigators?|officers?|officials?)|deput(?:y|ies)\b|"
    r"sheriff\b(?!'s))"
)
_OFFICERS = one_of(
    r"police\b", r"cops\b", r"detectives?\b", r"officers\b", r"law enforcement\b", r"policing\b",
    "sheriff's (?:office|department)", _DEPUTIES,
)  # fmt: skip
_AFTER_PLACE = re.compile(rf"(?:'s)? (?:city |local |metropolitan )?(?P<who>{_OFFICERS})")
_COUNTY = re.compile(
    r"\b(?P<place>(?:(?:St\.|[A-Z][\w'-]+) ){1,3}(?:County|Parish))(?:'s)? "
    rf"(?P<who>{_DEPUTIES}|police\b|detectives?\b|officers\b)(?! department)"
)
_IN_PLACES = re.compile(
    r"\b"
    + one_of(
        r"[Pp]olice(?: departments?| forces?| officers?| officials?| agencies)?", r"[Aa]gencies", r"[Cc]ops",
        r"[Oo]fficers",
        r"[Ll]aw[ -]enforcement(?: agencies| officials?)?", r"[Dd]etectives", r"[Dd]eputies",
    )
    + r" (?:in|from|of) (?:(?:major |big |several )?(?:places|cities)(?:,? (?:like|such as|including))? )?"
    r"(?:the )?(?:cities of |city of )?$"
    r"|\b[Pp]olic(?:[ií]a|e)(?: local| municipale?)? (?:de |en |à |d')(?:la ciudad de |la ville de )?$"
)  # fmt: skip
_ANAPHOR = re.compile(
    r"\b(?:[Tt]he|[Tt]heir|[Ii]ts) (?:city's |local |city )?"
    r"(?P<span>police department|sheriff's (?:office|department))\b"
    r"|\b(?P<citys>(?:[Tt]he city|[Tt]hat city|[Tt]he town)'s (?:own )?(?:police(?: force| officers)?|cops)|"
    r"(?<=to )its police)\b(?! department)"
    r"|\b(?:and|or) (?:the )?(?P<shared>Sheriff's (?:Office|Department)|Police Department)\b"
)
_LINK = re.compile(r",? (?:and|or|y|et) |, ")
_OPENING = 1_000  # characters in which a local story says where it plays


def find_short_forms(doc: Doc, index: AgencyIndex) -> Iterator[AgencyFound]:
    """ "Detroit police", "Chicago's police", "police in Miami and New York"; deputies of a county in any state."""
    text = text_of(doc)
    row: list[Located] = []  # places joined by commas and "and", the last read at its end
    in_row_of_police = False
    for spot in located(doc):
        link = _LINK.fullmatch(text, row[-1].end, spot.start) if row else None
        row = [*row, spot] if link else [spot]
        led = _IN_PLACES.search(text, max(0, spot.start - 90), spot.start)
        in_row_of_police = bool(led) or (in_row_of_police and link is not None)
        if spot.place.precision not in ("city", "county"):
            continue
        after = _AFTER_PLACE.match(text, spot.end)
        if after and not re.match(r" [A-Z]", text[after.end() : after.end() + 2]):
            yield _found(spot, after.end(), after["who"], "agency.city_police", 0.9, index)
            if link and link.group().strip() != ",":  # "Minneapolis and Saint Paul police"
                others = [other for other in row[:-1] if other.place.precision == spot.place.precision]
                yield from (_found(o, o.end, after["who"], "agency.police_of_both", 0.8, index) for o in others)
        elif in_row_of_police:
            yield _found(spot, spot.end, "police", "agency.police_in", 0.8, index)
    settled = {spot.start for spot in located(doc)}
    for match in _COUNTY.finditer(text):
        if match.start() not in settled:
            yield _of_unsettled_county(match, index)


def _found(spot: Located, end: int, who: str, rule: str, score: float, index: AgencyIndex) -> AgencyFound:
    """The sheriff's office for deputies of a county, else the police of the place."""
    of_sheriff = spot.place.precision == "county" and re.search("heriff|deput", who)
    name, identifier = (sheriff_of if of_sheriff else police_of)(spot.place, index)
    return AgencyFound(spot.start, end, name, identifier, rule, score, spot.place)


def _of_unsettled_county(match: re.Match[str], index: AgencyIndex) -> AgencyFound:
    """An agency of a county whose state the article does not say: with an id only where one state has such a one."""
    form = "{} Police Department" if match["who"] == "police" else "{} Sheriff's Office"
    name = form.format(match["place"])
    known = index.named(name, None)
    return AgencyFound(*match.span(), name, known.id if known else None, "agency.county", 0.8)


def find_anaphors(doc: Doc, found: list[AgencyFound], index: AgencyIndex) -> Iterator[AgencyFound]:
    """Agencies named by half: "the police department", "San Francisco's mayor and the Sheriff's Department"."""
    for match in _ANAPHOR.finditer(text_of(doc)):
        group = match.lastgroup or "span"
        (start, end), words = match.span(group), match[group]
        if group == "span":
            agency = _named_before(doc, start, words, found, index)
        else:
            agency = _sharing_place(doc, start, words, index) if group == "shared" else _citys(doc, start, index)
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


def _citys(doc: Doc, start: int, index: AgencyIndex) -> _Half:
    """The police of the city named last, in the sentence or the one before."""
    first, _ = sentence_at(doc, max(0, sentence_at(doc, start)[0] - 1))
    cities = [item.place for item in located(doc) if first <= item.start < start and item.place.precision == "city"]
    return (*police_of(cities[-1], index), "agency.citys", cities[-1]) if cities else None


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
