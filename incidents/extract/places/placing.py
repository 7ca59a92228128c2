"""Which place an article means by each place name: found by spelling, settled within the article.

A name that is once given with its state ("Portland, Maine") means that until it is given with another. Otherwise states
and countries named in the article weigh more than the number of inhabitants.
"""

import bisect
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from incidents.extract.places.geography import Place, gazetteer
from incidents.extract.spans import text_of
from incidents.reference import load

_LOCATED = "incidents_located"
_WORD = r"[A-ZÀ-Þ][\w'À-ÿ.-]*[\wÀ-ÿ.]|[A-Z]"
_RUN = re.compile(rf"(?:{_WORD})(?: (?:(?:de|del|of|la|las|los|el|du|des|upon|and|am) ){{0,2}}(?:{_WORD}))*")
_LINK_WORDS = {"de", "del", "of", "la", "las", "los", "el", "du", "des", "upon", "and", "am"}
_BESIDE = re.compile(
    r"(?: [Ss]heriff's (?:[Oo]ffice|[Dd]epartment))?(?:, | \(|,? in )([A-ZÀ-Þ][\w.À-ÿ' -]{1,30}?)"
    r"(?=[,.;:)'\n]| [a-z(]| Sheriff| Police|$)"
)
_STATE_AFTER = re.compile(
    r" (?:state|State|lawmaker|legislat|Legislat|Gov\b|governor|Governor|Attorney General|attorney general)"
)
_STATE_BEFORE = re.compile(r"(?:[Ss]tate of|upstate|Upstate) $")
_BODY_AFTER = re.compile(
    r"(?:'s)? (?:[Pp]olice|PD\b|County|[Ss]heriff|City Council|city council|Board of|school|School|airport|Airport|"
    r"International Airport|[Aa]uthorities|[Mm]ayor|residents?\b|man\b|woman\b|resident)"
)
_PREPOSITION = re.compile(
    r"(?:\b(?:[Ii]n|[Ff]rom|[Aa]t|[Nn]ear|[Ee]n|[Aa]|[Dd]e|[Dd]esde|[Dd]el|[Dd]u|à|À|au|aux|[Pp]our)|d') ?$"
)
_STREET_AFTER = re.compile(r" (?:Street|St\b|Avenue|Ave\b|Road|Rd\b|Boulevard|Drive|Lane|Square|Valley|Institute)")
_COUNCIL_OF = re.compile(r"\b(?:Council|City|Board|Department|Police|Borough|County|Legislature|Senate|Parliament) of ")
_AND = re.compile(r" (?:y|e|et|and) ")
_PLACE_LABELS = {"GPE", "LOC", "FAC"}
_NOT_PLACES = {
    "Asia", "Atlantic", "Africa", "America", "Europe", "Pacific", "Central", "Police", "Union", "University", "Bay",
    "Valley",
}  # fmt: skip
_NATION_AFTER = re.compile(r"(?:'s)? (?:Ministry|Minister|Prime Minister|President|Parliament|Interior|Defen[cs]e)\b")
_LARGE_CITY = 100_000
_DOMINANT = 10  # a city this many times as large as its namesakes is meant, unless the article says otherwise
_ABBREVIATIONS = {"US", "UK", "EU", "UAE", "USA", "NYC", "EEUU"}


@dataclass(frozen=True)
class Located:
    """A place name in the text and the place it means. `stated`: the text itself gives the state or country."""

    start: int
    end: int
    place: Place
    stated: bool


@dataclass
class _Name:
    start: int
    end: int
    name: str
    senses: list[Place]
    beside: Place | None


def located(doc: Doc) -> list[Located]:
    """The places named in the article, in the order of the text."""
    found: list[Located] | None = doc.user_data.get(_LOCATED)
    if found is None:
        text, entities = text_of(doc), _Entities(doc)
        names: list[_Name] = []
        for name in _names(doc):
            beside_one = bool(names) and _AND.fullmatch(text, names[-1].end, name.start) is not None
            if _is_place(text, name, entities, beside_one):
                names.append(name)
        found = list(_settle(doc, names))
        doc.user_data[_LOCATED] = found
    return found


def _names(doc: Doc) -> Iterator[_Name]:
    """Every known place name within the runs of capitalised words, the longest first."""
    text = text_of(doc)
    for run in _RUN.finditer(text):
        words = [(m.start() + run.start(), m.end() + run.start()) for m in re.finditer(r"[^ ]+", run.group())]
        first = 0
        while first < len(words):
            for last in range(min(len(words), first + 5), first, -1):
                start, end, senses = _senses(text, words[first][0], words[last - 1][1], doc.lang_)
                if senses:
                    yield _Name(start, end, text[start:end], senses, _place_beside(text, end))
                    first = last
                    break
            else:
                first += 1


def _senses(text: str, start: int, end: int, language: str) -> tuple[int, int, list[Place]]:
    """The span without a possessive or a full stop, and the places it may name."""
    name = text[start:end]
    if name in _LINK_WORDS:
        return start, end, []
    for ending in ("", "'s", "'", "."):
        bare = name.removesuffix(ending) if ending else name
        if bare != name or not ending:
            senses = gazetteer().find(bare, language)
            if senses:
                return start, start + len(bare), senses
    return start, end, []


def _place_beside(text: str, end: int) -> Place | None:
    """The state or country that follows a name: "Portland, Maine", "Lima, Ohio", "Washington County (Oregon)"."""
    match = _BESIDE.match(text, end)
    if not match:
        return None
    name = match.group(1).strip()
    for candidate in (name, f"{name}."):
        if state := gazetteer().state(candidate):
            return state
    wide = [place for place in gazetteer().find(name) if place.precision in ("region", "country")]
    return wide[0] if wide else None


class _Entities:
    """What the model found, by position. An article that no model read has none."""

    def __init__(self, doc: Doc) -> None:
        self._found = [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]

    def __bool__(self) -> bool:
        return bool(self._found)

    def at(self, char: int) -> tuple[int, int, str] | None:
        """(start, end, label) of the entity around a character."""
        place = bisect.bisect_right(self._found, (char, math.inf, "")) - 1
        return self._found[place] if place >= 0 and char < self._found[place][1] else None


def _is_place(text: str, name: _Name, entities: _Entities, beside_one: bool) -> bool:
    """Whether the context shows a place: the model, a preposition, a state beside it, or a body named for it.

    `beside_one`: it is joined by "and" to a name that is one, which is enough where no model helps.
    """
    if name.name in _NOT_PLACES or _STREET_AFTER.match(text, name.end):
        return False
    if name.name in _ABBREVIATIONS or name.beside or _BODY_AFTER.match(text, name.end):
        return True
    entity = entities.at(name.start)
    if all(place.precision in ("country", "region") for place in name.senses):
        return entity is None or entity[2] not in ("PERSON", "PER")
    led = _PREPOSITION.search(text, max(0, name.start - 8), name.start)
    if name.name in _bodies() and not led:
        return False  # Delta, Princeton
    if entities and entity:
        whole = text[entity[0] : entity[1]]
        council = entity[2] == "ORG" and _COUNCIL_OF.search(whole) and whole.endswith(f" of {name.name}")
        return bool(council) or (entity[2] in _PLACE_LABELS and _is_whole(whole, name))
    if entities:
        return False
    alone = not re.match(r" [A-ZÀ-Þ]", text[name.end : name.end + 2])
    return bool(led or beside_one) and alone and name.senses[0].population >= _LARGE_CITY


@cache
def _bodies() -> frozenset[str]:
    """Single words that name an organization of the reference data."""
    reference = load()
    names = [*(v.names for v in reference.vendors), *(o.names for o in reference.organizations)]
    return frozenset(name for of_one in names for name in of_one if " " not in name)


def _is_whole(entity: str, name: _Name) -> bool:
    """Whether a name is an entity or its head: not "Valley" in "Silicon Valley", but "Lyon" in "aéroport de Lyon"."""
    entity = re.sub(r"^[Tt]he |'s?$", "", entity)
    rest = entity.removeprefix(name.name)
    if entity.endswith((f" of {name.name}", f" de {name.name}", f"'{name.name}")):
        return True
    known = name.senses[0].population >= _LARGE_CITY or name.senses[0].precision == "county"
    return rest != entity and (not rest or rest[0] in ",-'" or known)


def _settle(doc: Doc, names: list[_Name]) -> Iterator[Located]:
    setting = _setting(names)
    owns = [_stated(name) or _nation(doc, name) for name in names]
    stated = {name.name: own for name, own in reversed([*zip(names, owns, strict=True)]) if own}
    for name, own in zip(names, owns, strict=True):
        if own:
            stated[name.name] = own  # "Portland, Maine, ... Portland, Oregon, ...": from here on the second
        sense = own or _state_or_city(doc, name) or stated.get(name.name) or _likeliest(name, setting)
        if sense is not None:
            yield Located(name.start, name.end, sense, own is not None)


def _stated(name: _Name) -> Place | None:
    """The sense that lies in the state or country beside the name. "Oregon, Washington" are two states, not a town."""
    wider = name.beside
    if wider is None:
        return None
    is_wide = name.senses[0].precision in ("region", "country")
    for place in name.senses:
        if _within(place, wider) and place.id != wider.id and (not is_wide or place.population >= _LARGE_CITY):
            return None if is_wide and place.precision in ("region", "country") else place
    return None


def _nation(doc: Doc, name: _Name) -> Place | None:
    """The country of a name that is a state's too, where the words after it are of a nation: Georgia's ministry."""
    nation = next((place for place in name.senses if place.precision == "country"), None)
    is_both = nation is not None and any(place.precision == "region" for place in name.senses)
    return nation if is_both and _NATION_AFTER.match(text_of(doc), name.end) else None


def _within(place: Place, wider: Place) -> bool:
    return place.country == wider.country and (wider.precision == "country" or place.region == wider.region)


@dataclass
class _Setting:
    """Where the article plays: positions of names that leave no doubt, by (country, region), and the countries."""

    regions: dict[tuple[str | None, str | None], list[int]]
    countries: set[str | None]

    def distance(self, place: Place, at: int) -> float:
        """Characters to the nearest mention of the place's region; infinite where there is none."""
        positions = self.regions.get((place.country, place.region), [])
        after = bisect.bisect(positions, at)
        return min((abs(at - p) for p in positions[max(0, after - 1) : after + 1]), default=math.inf)


def _setting(names: list[_Name]) -> _Setting:
    setting = _Setting(defaultdict(list), set())
    for name in names:
        sure = name.beside or _only_sense(name.senses)
        if sure is None:
            continue
        setting.countries.add(sure.country)
        if sure.region and sure.precision != "county":
            setting.regions[sure.country, sure.region].append(name.start)
    return setting


def _only_sense(senses: list[Place]) -> Place | None:
    first, *others = senses
    rival = max((place.population for place in others if place.precision != "county"), default=0)
    return first if first.population > _DOMINANT * rival and first.precision != "county" else None


def _state_or_city(doc: Doc, name: _Name) -> Place | None:
    """New York and Washington are cities unless the words around say state."""
    if name.name not in ("New York", "Washington"):
        return None
    text = text_of(doc)
    state = (
        _STATE_AFTER.match(text, name.end)
        or _STATE_BEFORE.search(text, max(0, name.start - 12), name.start)
        or re.search(r"[A-Z][\w.]+, $", text[max(0, name.start - 20) : name.start])
    )
    wanted = "region" if state else "city"
    return next((place for place in name.senses if place.precision == wanted), None)


def _likeliest(name: _Name, setting: _Setting) -> Place | None:
    """The sense with most inhabitants and most support in the article; of counties only one whose state is named."""

    def weight(place: Place) -> tuple[float, float, str]:
        distance = setting.distance(place, name.start)
        in_region = place.precision not in ("region", "country") and distance < math.inf
        support = 1.2 * in_region + 0.6 * (place.country in setting.countries)
        return math.log10(place.population + 10) + support, -distance, place.id

    best = max(name.senses, key=weight)
    if name.beside and best.precision == "city" and best.population < _LARGE_CITY and not _within(best, name.beside):
        return None  # Williamstown, Massachusetts, which is not in the gazetteer, is none of its namesakes
    if best.precision == "county" and len(name.senses) > 1:
        unnamed = setting.distance(best, name.start) == math.inf
        elsewhere = name.beside is not None and name.beside.precision == "region" and name.beside.region != best.region
        return None if unnamed or elsewhere else best
    return best
