"""Authorities, deployers, advocacy and research bodies by the form of their names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from incidents.extract.patterns import one_of
from incidents.extract.places.geography import gazetteer
from incidents.extract.places.placing import Located, located
from incidents.extract.spans import text_of

Passages = Sequence[tuple[int, int]]  # (start, end) in characters of the text that is searched
_WORD = r"(?:(?:St|Ste|Ft|Mt|U\.S)\.|[A-ZÀ-Þ][\w'À-ÿ-]*)"
_NAME = rf"{_WORD}(?: (?:of |de |the |and |& )?{_WORD}){{0,3}}"
_COUNCILS = one_of(
    "City Council", "County Council", "Borough Council", "Town Council", "Board of Supervisors", "County Commission",
    "City Commission", "Board of Police Commissioners", "(?:State )?Legislature", "General Assembly", "State Senate",
)  # fmt: skip
_OF_A_STATE = re.compile(
    r"\b(?P<state>(?:(?:New|North|South|West|Rhode) )?[A-Z][a-z]{3,})(?:'s)? "
    r"(?P<what>(?:State )?(?:Senate|House of Representatives)|[Aa]ttorney [Gg]eneral)\b"
)
_NO_COUNCIL = r"(?!(?:Security|European|Privacy|Advisory|National|State|Student|Research|Works|Press|City|Arts)\b)"
_AUTHORITIES = re.compile(
    r"\b(?P<name>"
    + one_of(
        rf"{_NAME} (?P<council>{_COUNCILS})(?! of )",
        rf"(?P<turned>City Council|Board of Supervisors|Legislature) of (?P<town>{_WORD}(?: {_WORD})?)",
        rf"(?:U\.?S\.? )?District Court for the (?:{_WORD} )?District of {_WORD}(?: {_WORD})?",
        rf"(?:Supreme|High|Constitutional|Federal) Court of (?!Appeal){_WORD}",
        f"{_NAME} "
        + one_of(
            "(?:Supreme|Superior|District|Circuit|High) Court(?! (?:of|for) )",
            "Court of Appeals?", "Privacy Commissioner", "Information Commissioner", "Data Protection Authority",
            "[Aa]ttorney [Gg]eneral's [Oo]ffice", "County [Pp]rosecutors?(?:'s [Oo]ffice)?",
        ),
        rf"{_NO_COUNCIL}{_WORD}(?: (?:and )?{_NO_COUNCIL}{_WORD})? Council(?! (?:on|of|for|[A-Z]))",
        rf"(?:(?:U\.?S\.? )?(?:House|Senate) )?(?!(?:Supervisor|Chair|Member|Sen|Rep)\w*\b)(?:{_WORD} (?:and )?){{1,4}}"
        r"(?:Subc|C)ommittee\b"
        rf"(?: on (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
        rf"{_WORD}(?:,? (?:and )?{_WORD}){{0,4}})?",
        rf"City of {_WORD}(?: {_WORD})?",
        rf"[Aa]ttorney [Gg]eneral of {_WORD}(?: {_WORD})?",
    )
    + r")\b"
)  # fmt: skip
_THE_COUNCIL = re.compile(
    r"\b[Tt]he (?P<council>[Cc]ity (?:[Cc]ouncil|[Cc]ommission)|[Tt]own [Cc]ouncil|[Bb]oard of [Ss]upervisors)\b"
    r"(?! of )"
)
_SOLD_AT = "stores|supermarkets|shops|outlets|pharmacies|branches|hotels|casinos|restaurants"
_DEPLOYERS = re.compile(
    rf"\b(?P<name>(?:(?!The ){_WORD} ){{1,4}}(?:(?P<airport>International Airport|Airport)|"
    r"(?P<school>(?:Independent |Unified |City |Central )?School District|Public Schools|City Schools|High School)|"
    r"(?P<transit>Metro|Transit Authority|Railway|Transport Authority)|"
    r"(?P<venue>Stadium|Arena|Casino|Dome|Coliseum|Amphitheat(?:er|re)|Shopping Cent(?:er|re)|Mall|Racecourse)))"
    r"\b(?! Council)"
    rf"|\b(?P<ministry>Ministry of (?:the )?(?!Interior|Internal|Home|Public Sec){_WORD}(?: and {_WORD}| {_WORD})*"
    r"(?<!'s)|"
    r"Department of (?:Motor Vehicles|Corrections|Licensing))\b"
)
_CHAIN = (
    r"(?:supermarket|grocery|retail|pharmacy|drugstore|department[ -]store|convenience[ -]store|fast[ -]food|casino|"
    r"hotel|cinema|gym|restaurant|hardware|clothing|fashion|electronics)"
)
_DESCRIBED = re.compile(
    rf"\b{_CHAIN} (?:chain|giant|operator|company|group|retailer|store)s? (?P<after>{_WORD}(?: {_WORD}){{0,2}})"
    rf"|\b(?:retailer|airline|landlord)s? (?P<firm>{_WORD}(?: {_WORD}){{0,2}})"
    rf"|\b(?P<before>{_WORD}(?: {_WORD}){{0,2}}), (?:an?|the) (?:[\w-]+ ){{0,3}}(?:{_CHAIN} (?:chain|giant|operator)|"
    r"retailer|airline|landlord)\b"
    rf"|\b(?P<owner>(?!(?:And|But|Both|The|Some|Many|Most|Other|Several|In|At|When|All|As|Its|Their|These|Those|Local|Such|"
    rf"While|Now|U\.S|US|American|British|Chinese|Big|Retail)\b){_WORD}(?: {_WORD}){{0,2}})(?:'s)? (?:{_SOLD_AT})\b"
)
_UNIVERSITY = re.compile(
    rf"\b(?:University of (?:the )?(?P<of>{_WORD}(?: of {_WORD}| {_WORD})?)|"
    rf"(?:{_WORD} ){{1,3}}(?:University|Institute of Technology)(?! of )|"
    rf"(?:{_WORD} ){{1,3}}University of (?:Science|Technology|Arts|Economics)(?: and {_WORD})?|"
    rf"(?:Chinese|American|Open|National|Technical|Free|Catholic) University of {_WORD}(?: {_WORD})?)"
)
_DIRECTIONS = {"Southern", "Northern", "Western", "Eastern", "Central", "New", "St.", "South", "North", "West"}
_CAMPUS = re.compile(rf"(?:, | at |-| )(?P<name>{_WORD}(?: {_WORD})?)")
_PART = rf"(?!The\b){_WORD}"
_FIELD = rf"(?:the )?{_WORD}(?:(?: and| of| &)? {_WORD}){{0,3}}(?<!'s)"
_ADVOCATES = re.compile(
    r"\b(?P<name>"
    + one_of(
        rf"(?:{_PART} (?:for |of )?){{1,4}}"
        r"(?:Alliance|Coalition|Foundation|Civil Liberties Union|Law Cent(?:er|re)|Defense Fund|Rights Watch)",
        rf"(?P<institute>(?:{_PART} (?:of )?){{1,3}}Institute(?: (?:for|of|on) {_FIELD})?)",
        rf"(?P<centre>Cent(?:er|re)|Institute|Project|Council|Society) (?:for|on) {_FIELD}",
    )
    + r")\b"
)
_LEAD_IN = re.compile(
    r"^(?:(?:The|the|In|On|At|And|But|When|After|For|From|A|An|As|By|Last|While|With|If|Our|Their|This|That|Former|"
    r"Members of|Share on) )+"
)


@dataclass(frozen=True)
class BodyFound:
    """text[start:end] names a body that the reference data may not know. `kind` is a mention kind."""

    start: int
    end: int
    kind: str
    name: str
    rule: str
    organization_kind: str | None = None


def find_bodies(doc: Doc, passages: Passages) -> Iterator[BodyFound]:
    """Authorities, advocacy and research bodies by the form of their names."""
    text = text_of(doc)
    places = {item.start: item for item in located(doc)}
    for match in matches(text, _AUTHORITIES, passages):
        first = _place_before(match.start("council"), match.start(), places) if match["council"] else match.start()
        body = _body(text, first, match.end(), "authority", "body.authority", None)
        yield replace(body, name=f"{match['town']} {match['turned']}") if match["turned"] else body
    yield from _councils_of_the_place(text, passages, list(places.values()))
    for match in matches(text, _OF_A_STATE, passages):
        if gazetteer().state(match["state"]):
            name = f"{match['state']} {match['what'].title().replace('Of', 'of')}"
            yield BodyFound(*match.span(), "authority", name, "body.authority")
    for match in matches(text, _UNIVERSITY, passages):
        end = _end_of_university(match) if match["of"] else match.end()
        yield _body(text, match.start(), end, "advocacy", "body.research", "research")
    for match in matches(text, _ADVOCATES, passages):
        kind = "research" if match["institute"] or match["centre"] in ("Center", "Centre", "Institute") else "advocacy"
        yield _body(text, *match.span(), "advocacy", "body.advocacy", kind)


def _councils_of_the_place(text: str, passages: Passages, places: Sequence[Located]) -> Iterator[BodyFound]:
    """ "The city council" of the one city that an article names, in the US."""
    cities = {item.place.id: item.place for item in places if item.place.precision == "city"}
    city = next(iter(cities.values())) if len(cities) == 1 else None
    if city and city.country == "US":
        for match in matches(text, _THE_COUNCIL, passages):
            name = f"{city.name} {match['council'].title().replace(' Of ', ' of ')}"
            yield BodyFound(*match.span("council"), "authority", name, "body.council_of_the_place")


def find_deployers(doc: Doc, passages: Passages) -> Iterator[BodyFound]:
    """ "X Airport", "X School District"; "the supermarket chain X", "X, a casino operator", "X's stores"."""
    text = text_of(doc)
    for match in matches(text, _DEPLOYERS, passages):
        kind = next(name for name in ("airport", "school", "transit", "venue", "ministry") if match[name])
        yield _body(text, *match.span(), "deployer", "body.deployer", "government" if kind == "ministry" else kind)
    for match in matches(text, _DESCRIBED, passages):
        yield _body(text, *match.span(match.lastgroup or 0), "deployer", "deployer.described", None)


def matches(text: str, pattern: re.Pattern[str], passages: Passages) -> Iterator[re.Match[str]]:
    """What matches within the passages."""
    for start, end in passages:
        yield from pattern.finditer(text, start, end)


def _body(text: str, start: int, end: int, kind: str, rule: str, organization_kind: str | None) -> BodyFound:
    """The body named by text[start:end], less the words that only lead in."""
    name = text[start:end].removesuffix("'s")
    bare = _LEAD_IN.sub("", name)
    first = start + len(name) - len(bare)
    return BodyFound(first, first + len(bare), kind, bare, rule, organization_kind)


def _place_before(council: int, start: int, places: dict[int, Located]) -> int:
    """Where the place that a council is named for starts, past headlines and menus that stand before it."""
    return next((at for at in range(start, council) if at in places and council - places[at].end in (1, 3)), start)


def _end_of_university(match: re.Match[str]) -> int:
    """The end of "University of" and its place, with its campus: "University of Maryland, College Park"."""
    text, start = match.string, match.start("of")
    words = match["of"].split()
    for end in (match.end("of"), start + len(words[0])):
        regions = {place.region for place in gazetteer().find(text[start:end]) if place.region}
        if regions:
            return _end_of_campus(text, end, regions)
    return match.end("of") if words[0] in _DIRECTIONS or words[1:2] == ["of"] else start + len(words[0])


def _end_of_campus(text: str, end: int, regions: set[str]) -> int:
    """The end of a place of these regions that follows a university's, else that of the university's."""
    if campus := _CAMPUS.match(text, end):
        for name in (campus["name"], campus["name"].split()[0]):
            if any(place.region in regions for place in gazetteer().find(name)):
                return campus.start("name") + len(name)
    return end
