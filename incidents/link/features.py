"""What two articles, or two stories, agree and differ on: the features of the linear models in linking.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from incidents.link.corpus import Article
from incidents.link.groups import Pair
from incidents.link.keys import KINDS, Keys, Lexicon, article_keys, period, shared
from incidents.link.opening import Opening
from incidents.link.organizations import Directory
from incidents.reference import Reference

Numbers = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Dated = frozenset[tuple[str, date, date]]

DAYS_A_MONTH = 30.4
MOST_MONTHS = 6.0
BACK_SLACK = 31  # days between the date of an event and the one that a later article gives for it
DATE_SLACK = 3  # days between the dates that two articles give for one thing
CHUNK = 200_000
CERTAIN = ("person", "docket")  # keys that mean the same however often they occur
NEWS = frozenset(("incident", "policy_event", "deployment", "study"))  # kinds of article that report an event
# A later step in the life of an incident has a date of its own, which says nothing of the incident's date.
STEPS = frozenset(
    ("release", "charges_dropped", "apology", "correction", "lawsuit_filed", "court_ruling", "appeal", "settlement",
     "investigation_opened", "hearing")
)  # fmt: skip
_STATED = ("stated", "relative", "headline")


@dataclass(frozen=True)
class Profile:
    """What an article or a story is about, and when it was told. `dates` are (event type, first day, last day)."""

    first_day: float
    last_day: float
    record_class: str | None
    has_event: bool
    keys: Keys
    dates: Dated
    told: frozenset[tuple[str, tuple[date, date] | None]]  # type and days of each event without people, main or not


def profile(
    article: Article, opening: Opening, lexicon: Lexicon, directory: Directory, reference: Reference
) -> Profile:
    """The profile of one article."""
    return Profile(
        article.first_day,
        article.last_day,
        record_class(article, reference),
        article.main_event is not None,
        article_keys(article, opening, lexicon, directory),
        frozenset(
            (event["type"], *days)
            for event in article.events
            if (event["is_main"] or event["people"])
            and event["date_basis"] in _STATED
            and event["date_precision"] in ("day", "month")
            and (days := period(event["date"]))
        ),
        frozenset((event["type"], period(event["date"])) for event in article.events if not event["people"]),
    )


def merged(profiles: Sequence[Profile]) -> Profile:
    """The profile of a story from those of its articles."""
    classes = [p.record_class for p in profiles if p.record_class]
    return Profile(
        min(p.first_day for p in profiles),
        max(p.last_day for p in profiles),
        min(classes, key=lambda name: (-classes.count(name), name), default=None),
        any(p.has_event for p in profiles),
        shared([p.keys for p in profiles]),
        frozenset(found for p in profiles for found in p.dates),
        frozenset(found for p in profiles for found in p.told),
    )


def record_class(article: Article, reference: Reference) -> str | None:
    """The class of the article's main event: as the text says, else as its type has it, else as the article's kind."""
    event, kind = article.main_event, article.kind if article.kind in NEWS else None
    if event is None:
        return kind
    code = reference.vocabulary.get("event_type", {}).get(event["type"])
    stated: str | None = event["codes"].get("record_class")
    if stated or (code and event["type"] != "other"):
        return stated or (code.record_class if code else None)
    return kind


def features(profiles: Sequence[Profile], a: Indexes, b: Indexes, words: Numbers) -> dict[str, Numbers]:
    """The features of pairs of profiles, each from 0 to 1 (months_apart up to 6), one number a pair.

    same_<kind> is how rare the rarest key is that both have, 1 for people and dockets; other_<kind> is 1 where both
    have keys of the kind and share none. other_step is another type on another date. known_vendor is how common a
    vendor is that both have, vendor_other_type that they tell another thing of one vendor: the news of a week on
    one vendor is alike in words.
    """
    first = np.array([p.first_day for p in profiles])
    last = np.array([p.last_day for p in profiles])
    months = np.maximum(np.maximum(first[a] - last[b], first[b] - last[a]), 0.0) / DAYS_A_MONTH
    found = {"bias": np.ones(len(a)), "words": words, "months_apart": np.minimum(months, MOST_MONTHS)}
    for kind in KINDS:
        same, other = _overlap([p.keys[kind] for p in profiles], a, b)
        found[f"same_{kind}"] = (same > 0).astype(float) if kind in CERTAIN else same
        found[f"other_{kind}"] = other
    named, _ = _overlap([p.keys["person"] | p.keys["nearby"] for p in profiles], a, b)
    found["same_person"] = (named > 0).astype(float)
    found["other_person"] *= 1.0 - found["same_person"]
    found["other_class"] = _other_class(profiles, a, b)
    found["same_date"], found["other_date"] = _dates(profiles, a, b)
    shared_vendor = found["same_vendor"] > 0
    found["known_vendor"] = np.where(shared_vendor, 1.0 - found["same_vendor"], 0.0)
    found["vendor_other_type"] = shared_vendor * found["other_type"]
    found["refers_back"] = _refers_back(profiles, a, b)
    found["other_step"] = found["other_date"] * found["other_type"]
    return found


def scores(words: Mapping[Pair, float], profiles: Sequence[Profile], weights: Mapping[str, float]) -> dict[Pair, float]:
    """The score of each pair: the sum of its features, each times its weight."""
    pairs = list(words)
    a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = features(profiles, a, b, np.array([words[pair] for pair in pairs], dtype=np.float64))
    return dict(zip(pairs, np.round(weigh(found, weights), 9).tolist(), strict=True))


def parts(
    profiles: Sequence[Profile], words: Mapping[Pair, float], weights: Mapping[str, float]
) -> dict[Pair, dict[str, float]]:
    """What each feature adds to the score of each pair, the most first."""
    pairs = list(words)
    a, b = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    found = features(profiles, a, b, np.array([words[pair] for pair in pairs], dtype=np.float64))
    added = {name: np.round(weights[name] * found[name], 3).tolist() for name in weights}
    return {pair: _ordered({name: added[name][n] for name in weights}) for n, pair in enumerate(pairs)}


def _ordered(added: Mapping[str, float]) -> dict[str, float]:
    ordered = sorted(added.items(), key=lambda item: (-abs(item[1]), item[0]))
    return {name: value for name, value in ordered if value}


def weigh(found: Mapping[str, Numbers], weights: Mapping[str, float]) -> Numbers:
    """The sum of the features, each times its weight; a feature without a weight adds nothing."""
    total: Numbers = sum((weights[name] * found[name] for name in sorted(weights)), np.zeros(len(found["bias"])))
    return total


def _overlap(keys: Sequence[frozenset[str]], a: Indexes, b: Indexes) -> tuple[Numbers, Numbers]:
    """The rarity of the rarest key that both have, and whether both have keys and share none."""
    rarity = _rarity(keys)
    have = rarity.getnnz(axis=1) > 0
    same, other = np.zeros(len(a)), np.zeros(len(a))
    both = np.flatnonzero(have[a] & have[b])
    for start in range(0, len(both), CHUNK):
        rows = both[start : start + CHUNK]
        same[rows] = rarity[a[rows]].minimum(rarity[b[rows]]).max(axis=1).toarray().ravel()
    other[both] = same[both] == 0
    return same, other


def _rarity(keys: Sequence[frozenset[str]]) -> Any:
    """A sparse row for each set of keys: 1 for a key that nobody else has, near 0 for one that everybody has."""
    names = {name: number for number, name in enumerate(sorted({key for found in keys for key in found}))}
    rows = np.repeat(np.arange(len(keys)), [len(found) for found in keys])
    columns = np.array([names[key] for found in keys for key in sorted(found)], dtype=np.int64)
    counts = np.bincount(columns, minlength=len(names))
    values = np.log1p(len(keys) / np.maximum(counts, 1)) / np.log1p(len(keys))
    return sparse.csr_matrix((values[columns], (rows, columns)), shape=(len(keys), max(len(names), 1)))


def _other_class(profiles: Sequence[Profile], a: Indexes, b: Indexes) -> Numbers:
    """1 where two have different record classes. A later step has none of its own: a lawsuit over an incident is
    often told as policy."""
    own = [p.record_class if p.record_class and not _is_step(p) else "" for p in profiles]
    classes = np.array(own, dtype=object)
    known = (classes != "")[a] & (classes != "")[b]
    return np.asarray(known & (classes[a] != classes[b]), dtype=np.float64)


def _is_step(profile: Profile) -> bool:
    """Whether only later steps are told as the main event: a ruling, a lawsuit, a settlement."""
    return bool(profile.keys["type"]) and profile.keys["type"] <= STEPS


def _refers_back(profiles: Sequence[Profile], a: Indexes, b: Indexes) -> Numbers:
    """1 where one of two policy events is a later step only (a ruling, an appeal) and also tells the other's kind
    of event, of the same authority or deployer."""
    steps = np.array([_is_step(p) for p in profiles], dtype=bool)
    result = np.zeros(len(a))
    for pair in np.flatnonzero(steps[a] != steps[b]):
        later, earlier = (profiles[n] for n in ((a[pair], b[pair]) if steps[a[pair]] else (b[pair], a[pair])))
        if later.record_class == earlier.record_class == "policy_event" and _tells(later, earlier):
            result[pair] = any(later.keys[kind] & earlier.keys[kind] for kind in ("authority", "deployer"))
    return result


def _tells(later: Profile, earlier: Profile) -> bool:
    """Whether one tells the other's kind of event, and, where both date it, at about the same time."""
    for event_type, days in later.told:
        if event_type in earlier.keys["type"]:
            known = [(first, last) for kind, first, last in earlier.dates if kind == event_type]
            if days is None or not known or any(_apart(days, own) <= BACK_SLACK for own in known):
                return True
    return False


def _apart(a: tuple[date, date], b: tuple[date, date]) -> int:
    """Days between two periods; negative where they overlap."""
    return max((a[0] - b[1]).days, (b[0] - a[1]).days)


def _dates(profiles: Sequence[Profile], a: Indexes, b: Indexes) -> tuple[Numbers, Numbers]:
    same, other = np.zeros(len(a)), np.zeros(len(a))
    dated = np.array([bool(p.dates) for p in profiles], dtype=bool)
    for pair in np.flatnonzero(dated[a] & dated[b]):
        agreement = _agree(profiles[a[pair]].dates, profiles[b[pair]].dates)
        if agreement is not None:
            (same if agreement else other)[pair] = 1.0
    return same, other


def _agree(a: Dated, b: Dated) -> bool | None:
    """Whether two stories date the same kind of thing alike; None where they date nothing in common."""
    close = [
        _apart((x[1], x[2]), (y[1], y[2])) <= DATE_SLACK
        for x, y in product(a, b)
        if x[0] == y[0] or not ({x[0], y[0]} & STEPS)
    ]
    return any(close) if close else None
