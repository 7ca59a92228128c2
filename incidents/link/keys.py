"""The keys on which articles and stories are compared: who and what an article is about, by role.

A key comes from the main event, from the headline, or from the passage that opens the topic. An earlier victim told as
background, a minister who comments further down or a vendor named in passing is no key. A person of the opening only is
`nearby`: reason to join a story about that person, none to keep apart from another.
"""

import re
from collections import Counter
from datetime import date
from typing import NamedTuple, TypeAlias

from incidents.link.corpus import Article, Row
from incidents.link.organizations import KIND_OF_MENTION, KIND_OF_ROLE, Directory

Period: TypeAlias = tuple[date, date]  # first and last day

KINDS = ("person", "nearby", "deployer", "vendor", "authority", "city", "region", "docket", "type")
PERSON = "person"
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
SAME_NEWS = {"deployment_planned": "deployment_started"}  # on one day some say that it begins, some that it will
CITY = ("exact", "city", "county")
OPENING = 300  # characters from the start of the topic in which a name counts as what the article is about
OFTEN = 3  # a name that stands so often in the text counts wherever it stands
_MIN_SURFACE = 5
_WORD = re.compile(r"\w+")


class Key(NamedTuple):
    """What a name stands for. A person who is not `certain` counts if another article has one of that name at the
    centre of an event."""

    kind: str
    name: str
    certain: bool = True


def key_of(mention: Row, directory: Directory) -> Key | None:
    """The key of a mention, None for one that is no key."""
    kind = mention["kind"]
    if kind in KEY_OF_MENTION:
        known = directory.resolve(mention["name"], mention["entity_id"], KIND_OF_MENTION[kind])
        return Key(KEY_OF_MENTION[kind], known)
    if kind == "place":
        precision = mention["attributes"].get("precision", "city")
        return Key("city" if precision in CITY else "region", plain(mention["name"].split(",")[0]))
    if kind == "docket":
        return Key("docket", mention["name"])
    if kind != PERSON or mention["attributes"].get("described"):
        return None
    if is_subject(mention):
        return Key(PERSON, mention["name"])
    return Key(PERSON, mention["name"], certain=False) if mention["role"] in (None, "other") else None


def surfaces(article: Article, directory: Directory) -> Counter[tuple[str, Key]]:
    """How often the article writes which key in which form, so that headlines of others can be read for them."""
    counts: Counter[tuple[str, Key]] = Counter()
    for mention in article.mentions:
        key = key_of(mention, directory)
        for form in {plain(mention["text"]), plain(mention["name"])} if key else ():
            if len(form) >= _MIN_SURFACE and key:
                counts[form, key] += 1
    return counts


def told(article: Article, directory: Directory) -> set[Key]:
    """The keys of the main event; of an article without one, those whom it calls affected."""
    event = article.main_event
    if event is None:
        return {Key(PERSON, mention["name"]) for mention in article.mentions if is_subject(mention)}
    found = {Key("type", SAME_NEWS.get(event["type"]) or event["type"])}
    found |= {Key(PERSON, name) for name in subjects(article, event)}
    for entry in event["organizations"]:
        if entry["role"] in KIND_OF_EVENT_ROLE:
            found.add(Key(KIND_OF_EVENT_ROLE[entry["role"]], resolve(entry, directory)))
    found |= {key for m in article.mentions if _is_place_of(m, event) and (key := key_of(m, directory))}
    return found | ({Key("docket", str(event["codes"]["docket"]))} if event["codes"].get("docket") else set())


def _is_place_of(mention: Row, event: Row) -> bool:
    if mention["kind"] != "place" or not (event["place_id"] or event["place"]):
        return False
    return bool(mention["entity_id"] == event["place_id"] if event["place_id"] else mention["name"] == event["place"])


def named(article: Article, start: int, directory: Directory) -> Counter[Key]:
    """How often each key is named; one in the passage that opens the topic, from `start` on, counts as OFTEN."""
    counts: Counter[Key] = Counter()
    for mention in article.mentions:
        key = key_of(mention, directory)
        if key:
            counts[key] += OFTEN if start <= mention["start"] < start + OPENING else 1
    return counts


def subjects(article: Article, event: Row) -> list[str]:
    """The people of the event who are its subjects: not lawyers, officials or reporters."""
    known = {mention["name"] for mention in article.mentions if is_subject(mention)}
    return [name for name in event["people"] if name in known]


def resolve(entry: Row, directory: Directory) -> str:
    """The id of an organization of an event."""
    return directory.resolve(entry["name"], entry.get("entity_id"), KIND_OF_ROLE.get(entry["role"], "other"))


def period(text: str | None) -> Period | None:
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


def is_subject(mention: Row) -> bool:
    """Whether a mention names somebody at the centre of events."""
    return mention["kind"] == PERSON and mention["role"] in PERSON_ROLES and not mention["attributes"].get("described")


def plain(text: str) -> str:
    """A form as it is compared: words in small letters, without a genitive."""
    return " ".join(_WORD.findall(text.casefold().replace("’", "'").replace("'s", "")))
