"""The keys on which articles and stories are compared: who and what an article is about, by role.

A key comes from the main event, from the headline, or from the passage that opens the topic. An earlier victim told as
background, a minister who comments further down or a vendor named in passing is no key. A person of the opening only is
`nearby`: reason to join a story about that person, none to keep apart from another.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from incidents.link.corpus import Article, Row
from incidents.link.names import block_keys, parts, same_person
from incidents.link.opening import Opening
from incidents.link.organizations import KIND_OF_MENTION, KIND_OF_ROLE, Directory

Keys = dict[str, frozenset[str]]

KINDS = ("person", "nearby", "deployer", "vendor", "authority", "city", "region", "docket", "type")
PERSON_ROLES = ("affected", "suspect_correct", "plaintiff_other")
KIND_OF_EVENT_ROLE = {
    "deployer": "deployer",
    "police_agency": "deployer",
    "search_operator": "deployer",
    "vendor": "vendor",
    "algorithm_vendor": "vendor",
    "regulator": "authority",
    "court": "authority",
    "legislature": "authority",
}
KEY_OF_MENTION = {"police_agency": "deployer", "deployer": "deployer", "vendor": "vendor", "authority": "authority"}
CITY = ("exact", "city", "county")
OPENING = 300  # characters from the start of the topic in which a name counts as what the article is about
OFTEN = 3  # a name that stands so often in the text counts wherever it stands
SHARE = 0.3
_MIN_SURFACE = 5
_WORD = re.compile(r"\w+")


class Lexicon:
    """Names found in any article, so that headlines can be read for them, and one spelling for each person."""

    def __init__(self, articles: Iterable[Article], directory: Directory) -> None:
        self._directory = directory
        found = [mention for article in articles for mention in article.mentions]
        subjects = _spellings(m["name"] for m in found if _is_subject(m))
        others = {m["name"] for m in found if m["kind"] == "person" and m["role"] in (None, "other")}
        self._alike = _known_spellings(others, subjects)
        self._person = self._alike | subjects
        surfaces: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for mention in found:
            typed = self.key(mention)
            for form in {_plain(mention["text"]), _plain(mention["name"])} if typed else ():
                if len(form) >= _MIN_SURFACE:
                    surfaces[form][typed] += 1  # type: ignore[index]
        self._surface = {form: min(keys, key=lambda k: (-keys[k], k)) for form, keys in surfaces.items()}
        self._longest = max((form.count(" ") + 1 for form in self._surface), default=0)

    def key(self, mention: Row) -> tuple[str, str] | None:
        """(kind, key) of a mention, None for one that is no key."""
        kind = mention["kind"]
        if kind in KEY_OF_MENTION:
            known = self._directory.resolve(mention["name"], mention["entity_id"], KIND_OF_MENTION[kind])
            return KEY_OF_MENTION[kind], known
        if kind == "place":
            precision = mention["attributes"].get("precision", "city")
            return ("city" if precision in CITY else "region"), _plain(mention["name"].split(",")[0])
        if kind == "docket":
            return "docket", mention["name"]
        return ("person", self.person(mention["name"])) if self._may_be_subject(mention) else None

    def _may_be_subject(self, mention: Row) -> bool:
        """A subject of an event, or somebody of no other part who is one in another article."""
        if mention["kind"] != "person" or mention["attributes"].get("described"):
            return False
        return _is_subject(mention) or (mention["role"] in (None, "other") and mention["name"] in self._alike)

    def person(self, name: str) -> str:
        """One spelling for a person, whichever is given."""
        return self._person.get(name, name)

    def read(self, headline: str) -> list[tuple[str, str]]:
        """The keys that a headline names; of names that overlap the longest."""
        words = _WORD.findall(_plain(headline))
        found, place = [], 0
        while place < len(words):
            for length in range(min(self._longest, len(words) - place), 0, -1):
                typed = self._surface.get(" ".join(words[place : place + length]))
                if typed:
                    found.append(typed)
                    place += length - 1
                    break
            place += 1
        return found


def article_keys(article: Article, opening: Opening, lexicon: Lexicon, directory: Directory) -> Keys:
    """The keys of one article by kind: the headline's and the main event's, or where there are none the opening's."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind, key in (*lexicon.read(opening.headline), *_told(article, lexicon, directory)):
        found[kind].add(key)
    early = _opening(article, opening.start, lexicon)
    for kind in KINDS:
        if kind != "person":
            found[kind] = found[kind] or early[kind]
    found["nearby"] = early["person"]
    return {kind: frozenset(keys) for kind, keys in found.items()}


def _told(article: Article, lexicon: Lexicon, directory: Directory) -> Iterator[tuple[str, str]]:
    """The keys of the main event; of an article without one, the only person it calls affected."""
    event = article.main_event
    if event is None:
        known = {lexicon.person(mention["name"]) for mention in article.mentions if _is_subject(mention)}
        yield from (("person", name) for name in known if len(known) == 1)
        return
    yield "type", event["type"]
    yield from (("person", lexicon.person(name)) for name in subjects(article, event))
    for entry in event["organizations"]:
        if entry["role"] in KIND_OF_EVENT_ROLE:
            yield KIND_OF_EVENT_ROLE[entry["role"]], resolve(entry, directory)
    yield from (typed for m in article.mentions if _is_place_of(m, event) and (typed := lexicon.key(m)))
    if event["codes"].get("docket"):
        yield "docket", str(event["codes"]["docket"])


def _is_place_of(mention: Row, event: Row) -> bool:
    if mention["kind"] != "place" or not (event["place_id"] or event["place"]):
        return False
    return bool(mention["entity_id"] == event["place_id"] if event["place_id"] else mention["name"] == event["place"])


def _opening(article: Article, start: int, lexicon: Lexicon) -> dict[str, set[str]]:
    """The keys named in the passage that opens the topic, or often."""
    counts: Counter[tuple[str, str]] = Counter()
    for mention in article.mentions:
        typed = lexicon.key(mention)
        if typed:
            counts[typed] += OFTEN if start <= mention["start"] < start + OPENING else 1
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for (kind, key), count in counts.items():
        if count >= OFTEN:
            found[kind].add(key)
    if len(found["person"]) > 1:  # a round-up of cases is about none of them
        found["person"] = set()
    return found


def subjects(article: Article, event: Row) -> list[str]:
    """The people of the event who are its subjects: not lawyers, officials or reporters."""
    known = {mention["name"] for mention in article.mentions if _is_subject(mention)}
    return [name for name in event["people"] if name in known]


def resolve(entry: Row, directory: Directory) -> str:
    """The id of an organization of an event."""
    return directory.resolve(entry["name"], entry.get("entity_id"), KIND_OF_ROLE.get(entry["role"], "other"))


def shared(keys: Sequence[Keys]) -> Keys:
    """The keys of a story from those of its articles.

    A key counts when SHARE of the articles that have keys of its kind name it; a person, who may be an earlier
    victim told as background by one article, when SHARE of all of them do.
    """
    return {
        kind: _shared([found[kind] for found in keys if found[kind] or kind in ("person", "nearby")]) for kind in KINDS
    }


def period(text: str | None) -> tuple[date, date] | None:
    """First and last day of yyyy, yyyy-mm or yyyy-mm-dd; None for no date or one that cannot be."""
    if not text:
        return None
    try:
        year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    after = date(year + (month in (0, 12)), 1 if month in (0, 12) else month + 1, 1)
    return first, date.fromordinal(after.toordinal() - 1)


def _shared(found: Sequence[frozenset[str]]) -> frozenset[str]:
    counts = Counter(key for keys in found for key in keys)
    return frozenset(key for key, count in counts.items() if count >= SHARE * len(found))


def _is_subject(mention: Row) -> bool:
    return (
        mention["kind"] == "person" and mention["role"] in PERSON_ROLES and not mention["attributes"].get("described")
    )


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("’", "'").replace("'s", "")))


def _known_spellings(names: Iterable[str], subjects: Mapping[str, str]) -> dict[str, str]:
    """Of some full names those that are spellings of a subject's name, with that subject."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for subject in sorted(set(subjects.values())):
        for block in block_keys(subject):
            blocks[block].append(subject)
    found = {}
    for name in names:
        near = sorted({other for block in block_keys(name) for other in blocks[block]}) if parts(name)[0] else []
        alike = next((other for other in near if same_person(name, other)), None)
        if alike:
            found[name] = alike
    return found


def _spellings(names: Iterable[str]) -> dict[str, str]:
    """Every full name -> the commonest spelling of it."""
    counts = Counter(name for name in names if parts(name)[0])
    chosen: dict[str, str] = {}
    blocks: dict[str, list[str]] = defaultdict(list)
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        known = sorted({other for block in block_keys(name) for other in blocks[block]})
        chosen[name] = next((other for other in known if same_person(name, other)), name)
        if chosen[name] == name:
            for block in block_keys(name):
                blocks[block].append(name)
    return chosen
