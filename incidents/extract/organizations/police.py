"""Police agencies of an article: names of the reference data, patterns and acronyms, tied to face recognition."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc

from incidents.extract.contract import Mention
from incidents.extract.face import FaceContext
from incidents.extract.organizations.agencies import AgencyFound, find_full_names, find_ministries
from incidents.extract.organizations.agency_names import AgencyIndex, everyday, fold
from incidents.extract.organizations.agency_romance import find_romance_names
from incidents.extract.organizations.agency_short import find_anaphors, find_short_forms
from incidents.extract.organizations.gazetteer import Entry, Hit
from incidents.extract.places.placing import located
from incidents.extract.spans import mention, text_of
from incidents.reference import Agency

_POLICE_KINDS = {"police", "border_agency", "intelligence_agency"}
_POLICE_MINISTRIES = re.compile(r"Homeland Security|Justice|Interior|Home Affairs|Public Security")
_PROSECUTES = re.compile(r"Attorney's Office|Prosecutor|Fiscal[ií]a")
_INTRODUCED = re.compile(r"^ ?\((?:the |known as |or )?\"?(?P<acronym>[A-Z][A-Za-z.&]{1,7})\"?\)")


def find_police(doc: Doc, face: FaceContext, hits: list[Hit], index: AgencyIndex, reach: int) -> Iterator[Mention]:
    """Mentions of the agencies of which one mention at least stands within `reach` sentences of face recognition.

    A sentence that says "the technology" after one on face recognition counts as one.
    """
    named = [*find_full_names(doc, index), *find_ministries(doc, index), *find_short_forms(doc, index)]
    if doc.lang_ in ("es", "fr"):
        named += find_romance_names(doc, index)
    named += find_anaphors(doc, named, index)
    found = _longest([*_listed(doc, hits), *named])
    found += list(_acronyms(doc, found))
    groups: dict[str, list[AgencyFound]] = defaultdict(list)
    for agency in found:
        groups[agency.id or agency.name].append(agency)
    for group in groups.values():
        if any(face.near(agency.start, reach) or face.refers_to_it(agency.start) for agency in group):
            yield from (_mention(doc, agency, _group_name(group)) for agency in group)


def is_police(agency: Agency) -> bool:
    """Police, border and intelligence services, and the ministries over them."""
    return agency.kind in _POLICE_KINDS or (
        agency.kind == "government" and bool(_POLICE_MINISTRIES.search(agency.name))
    )


def _group_name(group: list[AgencyFound]) -> str:
    """One name for the agency: as its full names give it, else as its first short form was resolved."""
    full = [agency.name for agency in group if agency.rule in ("agency.name", "agency.listed")]
    return full[0] if full else group[0].name


def _mention(doc: Doc, agency: AgencyFound, name: str) -> Mention:
    region = agency.place.region if agency.place else None
    kind = "authority" if _PROSECUTES.search(name) else "police_agency"
    return mention(
        doc,
        agency.start,
        agency.end,
        kind,
        name,
        agency.rule,
        agency.score,
        "police_agency" if kind == "police_agency" else None,
        agency.id,
        place_id=agency.place.id if agency.place else None,
        region=region,
        country=agency.place.country if agency.place else None,
    )


def _listed(doc: Doc, hits: list[Hit]) -> Iterator[AgencyFound]:
    """Names of the reference data.

    A nickname ("the Met") or an acronym of two or three letters of a local agency counts only where its place is named.
    """
    text = text_of(doc)
    regions = {(item.place.country, item.place.region) for item in located(doc)}
    cities = {item.place.name for item in located(doc)}
    for hit in hits:
        entries = [e for e in hit.entries if isinstance(e.item, Agency) and is_police(e.item)]
        entry = _settled(entries, regions)
        if entry is None:
            continue
        agency = entry.item
        local = isinstance(agency, Agency) and agency.place is not None
        nickname = hit.text.lower().startswith("the ")
        doubtful = nickname or (entry.acronym and len(hit.text) <= 3)
        if doubtful and local and isinstance(agency, Agency) and agency.place not in cities:
            continue
        if nickname and re.match(r" [A-Z]", text[hit.end : hit.end + 2]):
            continue  # the Met Office
        short = everyday(entry.name)
        name = short if local and fold(short) == fold(hit.text) else entry.name
        yield AgencyFound(hit.start, hit.end, name, entry.id, "agency.listed", 0.95)


def _settled(entries: list[Entry], regions: set[tuple[str | None, str | None]]) -> Entry | None:
    """The only agency of a name, or the one whose country and region the article names."""
    if len(entries) < 2:
        return entries[0] if entries else None
    here = [e for e in entries if isinstance(e.item, Agency) and (e.item.country, e.item.region) in regions]
    if len(here) == 1:
        return here[0]
    countries = {country for country, _ in regions}
    near = [e for e in entries if isinstance(e.item, Agency) and e.item.country in countries]
    return near[0] if len(near) == 1 else None


def _acronyms(doc: Doc, found: list[AgencyFound]) -> Iterator[AgencyFound]:
    """Acronyms of agencies that the article names in full, in brackets after the name or by its initials."""
    text = text_of(doc)
    introduced: dict[str, AgencyFound] = {}
    for agency in found:
        match = _INTRODUCED.match(text[agency.end : agency.end + 24])
        if match and len(match["acronym"]) > 1:
            introduced.setdefault(match["acronym"], agency)
    for agency in found:
        introduced.setdefault(_initials(agency.name), agency)
    taken = {agency.start for agency in found}
    for match in re.finditer(r"\b[A-Z][A-Za-z.&]{1,7}\b", text):
        if match.group() in introduced and match.start() not in taken:
            yield replace(
                introduced[match.group()], start=match.start(), end=match.end(), rule="agency.acronym", score=0.9
            )


def _initials(name: str) -> str:
    """ "AFP" of Australian Federal Police; of a shorter name the name itself, for two letters mean too many things."""
    letters = "".join(word[0] for word in re.findall(r"\b[A-Z][\w']*", name))
    return letters if len(letters) > 2 else name


def _longest(found: list[AgencyFound]) -> list[AgencyFound]:
    """Of overlapping finds the one that starts first, then the longest, then the best."""
    kept: list[AgencyFound] = []
    for agency in sorted(found, key=lambda a: (a.start, -a.end, -a.score)):
        if not kept or agency.start >= kept[-1].end:
            kept.append(agency)
    return kept
