"""What a police agency is called: by the reference data, by name or place, else by its country's usual form."""

import re
from collections import defaultdict
from collections.abc import Iterable

from incidents.extract.places.geography import Place
from incidents.reference import Agency

_USUAL = {"US": "{} Police Department", "CA": "{} Police Service"}  # elsewhere "{} Police"
_ADDED = re.compile(r" (?:City|Township|Borough|Town|Municipal|Village)(?= Police)")
_OWN_GROUNDS = (
    "campus", "school", "university", "college", "airport", "transit", "housing", "park", "rail", "hospital", "traffic",
)  # fmt: skip


class AgencyIndex:
    """Agencies of the reference data by name and by place."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_name: dict[str, list[Agency]] = defaultdict(list)
        self._by_place: dict[tuple[str, str | None], list[Agency]] = defaultdict(list)
        for agency in agencies:
            for name in agency.names:
                self._by_name[fold(name)].append(agency)
            if agency.place:
                self._by_place[_place_key(agency.place), agency.region].append(agency)

    def named(self, name: str, region: str | None) -> Agency | None:
        """The agency of this name; where several share it, the one of this region, and none without a region."""
        found = self._by_name.get(fold(name), [])
        inside = [agency for agency in found if agency.region == region]
        if inside and len({agency.name for agency in inside}) == 1:
            return inside[0]
        return found[0] if len(found) == 1 and None in (region, found[0].region) else None

    def police_of(self, place: Place, sheriff: bool = False) -> Agency | None:
        """The police of a city or county, or with `sheriff` the sheriff; the sheriff of a county without a police."""
        names = (place.name, place.name.removesuffix(" City"))
        found = [agency for name in names for agency in self._at(name, place.region)]
        if place.region and not found:
            found = [agency for name in names for agency in self._at(name, None)]
        here = [agency for agency in found if agency.country == place.country and agency.kind == "police"]
        wanted = ["sheriff"] if sheriff else ["police", "sheriff"][: 2 if place.precision == "county" else 1]
        for word in wanted:
            general = [agency for agency in here if _is_general(agency.name.lower(), word)]
            if general:
                return min(general, key=lambda agency: (len(agency.name), agency.id))
        return None

    def _at(self, place: str, region: str | None) -> list[Agency]:
        return self._by_place.get((_place_key(place), region), [])


def _place_key(place: str) -> str:
    return re.sub(r"\bst\.? ", "saint ", place.casefold())


def fold(name: str) -> str:
    """A name with its spellings made one: Sheriff's Office and Sheriffs Department, Dept. and PD, St. and Saint."""
    name = name.casefold().replace("'", "").replace(".", "").removeprefix("the ")
    name = re.sub(r"\bsaint\b", "st", re.sub(r"\b(?:office|dept)\b", "department", name))
    return re.sub(r"\bpd$", "police department", name)


def everyday(name: str) -> str:
    """A registered name as it is used: without City, Township and the like before Police."""
    return _ADDED.sub("", name)


def police_of(place: Place, index: AgencyIndex) -> tuple[str, str | None]:
    """The name and id of the police of a city or county; the country's usual form where unlisted."""
    if place.precision == "county" and not index.police_of(place):
        return sheriff_of(place, index)
    name = "New York" if place.name == "New York City" else place.name
    return _named_as_usual(index.police_of(place), _USUAL.get(place.country or "", "{} Police").format(name))


def sheriff_of(place: Place, index: AgencyIndex) -> tuple[str, str | None]:
    """The name and id of the sheriff of a county."""
    return _named_as_usual(index.police_of(place, sheriff=True), f"{place.name} Sheriff's Office")


def _named_as_usual(agency: Agency | None, usual: str) -> tuple[str, str | None]:
    if agency is None:
        return usual, None
    return (usual if everyday(agency.name) == usual else agency.name), agency.id


def is_sheriff(name: str) -> bool:
    return "sheriff" in name.lower()


def _is_general(name: str, wanted: str) -> bool:
    return wanted in name and not any(ground in name for ground in _OWN_GROUNDS)
