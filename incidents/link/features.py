"""What two articles, or two stories, agree and differ on: the features of the linear models in linking.yaml."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy import sparse

from incidents.link.columns import Indexes
from incidents.link.corpus import Article
from incidents.link.groups import Pairs
from incidents.link.keys import KINDS, period
from incidents.link.profiles import UNDATED, Numbers, Periods, Profiles, either
from incidents.reference import Reference

Flags = npt.NDArray[np.bool_]

DAYS_A_MONTH = 30.4
MOST_MONTHS = 6.0
BACK_SLACK = 31  # days between the date of an event and the one that a later article gives for it
DATE_SLACK = 3  # days between the dates that two articles give for one thing
CHUNK = 200_000  # pairs compared at a time
RAREST = 256  # a key that one in so many has is as rare as can be
CERTAIN = ("person", "docket")  # keys that mean the same however often they occur
POLICY = "policy_event"
NEWS = frozenset(("incident", POLICY, "deployment", "study"))  # kinds of article that report an event
# A later step in the life of an incident has a date of its own, which says nothing of the incident's date.
STEPS = frozenset(
    ("release", "charges_dropped", "apology", "correction", "lawsuit_filed", "court_ruling", "appeal", "settlement",
     "investigation_opened", "hearing")
)  # fmt: skip
RULINGS = frozenset(("court_ruling", "appeal"))
# What a regulator decides on one user or vendor, and a court then upholds or sets aside.
REVIEWED = frozenset(("regulatory_fine", "regulatory_finding", "regulatory_order", "regulatory_order_reprimand"))
_STATED = ("stated", "relative", "headline")


def dates_of(article: Article) -> set[tuple[str, tuple[date, date]]]:
    """Type and days of the article's main event and of its events with people, as far as the article dates them."""
    return {
        (event["type"], days)
        for event in article.events
        if (event["is_main"] or event["people"])
        and event["date_basis"] in _STATED
        and event["date_precision"] in ("day", "month")
        and (days := period(event["date"]))
    }


def told_of(article: Article) -> set[tuple[str, tuple[date, date] | None]]:
    """Type and days of each event without people, main or not."""
    return {(event["type"], period(event["date"])) for event in article.events if not event["people"]}


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


def features(profiles: Profiles, pairs: Pairs, words: Numbers) -> dict[str, Numbers]:
    """The features of pairs of profiles, each from 0 to 1 (months_apart up to 6), one number a pair.

    same_<kind> is how rare the rarest key is that both have, 1 for people and dockets; other_<kind> is 1 where both
    have keys of the kind and share none. other_step is another type on another date. known_vendor is how common a
    vendor is that both have, vendor_other_type that they tell another thing of one vendor: the news of a week on
    one vendor is alike in words. namesake is 1 where one full name met another department on another date.
    """
    a, b = pairs.T
    first, last = profiles.first_day, profiles.last_day
    months = np.maximum(np.maximum(first[a] - last[b], first[b] - last[a]), 0.0) / DAYS_A_MONTH
    found = {"bias": np.ones(len(a)), "words": words, "months_apart": np.minimum(months, MOST_MONTHS)}
    for kind in KINDS:
        same, other = _overlap(profiles.keys[kind], a, b)
        found[f"same_{kind}"] = (same > 0).astype(float) if kind in CERTAIN else same
        found[f"other_{kind}"] = other
    named, _ = _overlap(either(profiles.keys["person"], profiles.keys["nearby"]), a, b)
    found["same_person"] = (named > 0).astype(float)
    found["other_person"] *= 1.0 - found["same_person"]
    is_step = _only(profiles, STEPS)  # a ruling, a lawsuit, a settlement
    found["other_class"] = _other_class(profiles, is_step, a, b)
    found["same_date"], found["other_date"] = _dates(profiles, a, b)
    shared_vendor = found["same_vendor"] > 0
    found["known_vendor"] = np.where(shared_vendor, 1.0 - found["same_vendor"], 0.0)
    found["vendor_other_type"] = shared_vendor * found["other_type"]
    shares_body = (found["same_authority"] > 0) | (found["same_deployer"] > 0)
    shares_party = (found["same_deployer"] > 0) | ((found["same_authority"] > 0) & shared_vendor)
    reviews = _reviews(profiles, a, b) & shares_party
    found["refers_back"] = np.maximum(_refers_back(profiles, is_step, a, b, shares_body), reviews)
    found["other_step"] = found["other_date"] * found["other_type"]
    found["namesake"] = found["same_person"] * found["other_deployer"] * found["other_date"]
    return found


def scores(profiles: Profiles, pairs: Pairs, words: Numbers, weights: Mapping[str, float]) -> Numbers:
    """The score of each pair: the sum of its features, each times its weight."""
    chunks = [slice(start, start + CHUNK) for start in range(0, len(pairs), CHUNK)]
    found = [weigh(features(profiles, pairs[chunk], words[chunk]), weights) for chunk in chunks]
    return np.round(np.concatenate([*found, np.zeros(0)]), 9)


def parts(profiles: Profiles, pairs: Pairs, words: Numbers, weights: Mapping[str, float]) -> list[dict[str, float]]:
    """What each feature adds to the score of each pair, the most first."""
    found = features(profiles, pairs, words)
    added = {name: np.round(weights[name] * found[name], 3).tolist() for name in weights}
    return [_ordered({name: added[name][n] for name in weights}) for n in range(len(pairs))]


def _ordered(added: Mapping[str, float]) -> dict[str, float]:
    ordered = sorted(added.items(), key=lambda item: (-abs(item[1]), item[0]))
    return {name: value for name, value in ordered if value}


def weigh(found: Mapping[str, Numbers], weights: Mapping[str, float]) -> Numbers:
    """The sum of the features, each times its weight; a feature without a weight adds nothing."""
    total: Numbers = sum((weights[name] * found[name] for name in sorted(weights)), np.zeros(len(found["bias"])))
    return total


def _overlap(keys: sparse.csr_matrix, a: Indexes, b: Indexes) -> tuple[Numbers, Numbers]:
    """The rarity of the rarest key that both have, and whether both have keys and share none."""
    rare = _rarity(keys)
    have = np.diff(keys.indptr) > 0
    same, other = np.zeros(len(a)), np.zeros(len(a))
    both = np.flatnonzero(have[a] & have[b])
    same[both] = rare[a[both]].minimum(rare[b[both]]).max(axis=1).toarray().ravel()
    other[both] = same[both] == 0
    return same, other


def _rarity(keys: sparse.csr_matrix) -> sparse.csr_matrix:
    """The keys, each by how rare it is: from 1 for one that few have to near 0 for one that all have.

    Its share counts by powers of two, so that the news of a day does not change the score of older pairs.
    """
    size = max(keys.shape[0], 1)
    counts = np.bincount(keys.indices, minlength=keys.shape[1])
    share = 2.0 ** np.floor(np.log2(size / np.maximum(counts, 1)))
    rarity = np.minimum(1.0, np.log1p(share) / np.log1p(min(size, RAREST)))
    return sparse.csr_matrix((rarity[keys.indices], keys.indices, keys.indptr), shape=keys.shape)


def _only(profiles: Profiles, types: Collection[str]) -> Flags:
    """Where only events of some types are told as the main event."""
    is_one = np.array([name in types for name in profiles.types], np.float64)
    told = profiles.keys["type"]
    count = np.diff(told.indptr)
    result: Flags = (count > 0) & (told @ is_one == count)
    return result


def _other_class(profiles: Profiles, is_step: Flags, a: Indexes, b: Indexes) -> Numbers:
    """1 where two have different record classes. A later step has none of its own: a lawsuit over an incident is
    often told as policy."""
    classes = np.where(is_step, -1, profiles.classes)
    differ: Flags = (classes[a] >= 0) & (classes[b] >= 0) & (classes[a] != classes[b])
    return differ.astype(np.float64)


def _reviews(profiles: Profiles, a: Indexes, b: Indexes) -> Flags:
    """Where one of two tells rulings only, and the other rulings too or, told before, what a regulator decided.

    A ruling that tells itself which decision it is on says more than this (_tells).
    """
    rules, decides = (_only(profiles, kinds) for kinds in (RULINGS, REVIEWED))
    told = np.array([name in REVIEWED for name in profiles.types], bool)[profiles.told.types]
    is_open = rules.copy()
    is_open[np.repeat(np.arange(len(profiles)), np.diff(profiles.told.offsets))[told]] = False
    earlier = profiles.last_day[a] < profiles.first_day[b]
    result: Flags = np.where(earlier, decides[a] & is_open[b], decides[b] & is_open[a]) | (rules[a] & rules[b])
    return result


def _refers_back(profiles: Profiles, is_step: Flags, a: Indexes, b: Indexes, shares_body: Flags) -> Numbers:
    """1 where one of two policy events is a later step only (a ruling, an appeal) and also tells the other's kind
    of event, of the same authority or deployer."""
    is_policy = np.array([*(name == POLICY for name in profiles.class_names), False])[profiles.classes]
    asked = np.flatnonzero((is_step[a] != is_step[b]) & is_policy[a] & is_policy[b] & shares_body)
    later, earlier = (np.where(is_step[a[asked]], *order) for order in ((a[asked], b[asked]), (b[asked], a[asked])))
    result = np.zeros(len(a))
    result[asked] = [_tells(profiles, one, other) for one, other in zip(later.tolist(), earlier.tolist(), strict=True)]
    return result


def _tells(profiles: Profiles, later: int, earlier: int) -> bool:
    """Whether one tells the other's kind of event, and, where both date it, at about the same time."""
    types = profiles.keys["type"]
    told_types = set(types.indices[types.indptr[earlier] : types.indptr[earlier + 1]].tolist())
    for event_type, first, last in _events(profiles.told, later):
        if event_type in told_types:
            known = [(x, y) for kind, x, y in _events(profiles.dates, earlier) if kind == event_type]
            if first == UNDATED or not known or any(max(first - y, x - last) <= BACK_SLACK for x, y in known):
                return True
    return False


def _events(periods: Periods, row: int) -> Iterator[tuple[int, int, int]]:
    span = slice(periods.offsets[row], periods.offsets[row + 1])
    return zip(*(column[span].tolist() for column in (periods.types, periods.first, periods.last)), strict=True)


def _dates(profiles: Profiles, a: Indexes, b: Indexes) -> tuple[Numbers, Numbers]:
    """Whether two date the same kind of thing alike, and whether they date it otherwise."""
    dates = profiles.dates
    counts = np.diff(dates.offsets)
    # each date of one beside each date of the other
    sizes = counts[a] * counts[b]
    pair = np.repeat(np.arange(len(a)), sizes)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    x = dates.offsets[a[pair]] + within // np.maximum(counts[b[pair]], 1)
    y = dates.offsets[b[pair]] + within % np.maximum(counts[b[pair]], 1)
    is_step = np.array([name in STEPS for name in profiles.types], bool)
    in_common = (dates.types[x] == dates.types[y]) | ~(is_step[dates.types[x]] | is_step[dates.types[y]])
    close = np.maximum(dates.first[x] - dates.last[y], dates.first[y] - dates.last[x]) <= DATE_SLACK
    compared, alike = np.zeros(len(a), bool), np.zeros(len(a), bool)
    compared[pair[in_common]] = True
    alike[pair[in_common & close]] = True
    return alike.astype(np.float64), (compared & ~alike).astype(np.float64)
