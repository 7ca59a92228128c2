"""The events of an incident: which of its articles' events belong to it, and the dated steps they make."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from incidents.link.claims import Claim, behind, choose, named_in, says
from incidents.link.corpus import Article, Row
from incidents.link.features import STEPS
from incidents.link.keys import period, resolve
from incidents.link.keys import subjects as subjects_of
from incidents.link.names import same_person
from incidents.link.organizations import Directory

COMMON_YEAR = 0.25
CLOSE = timedelta(days=31)
PRECISION = {"day": 3, "month": 2, "year": 1}
FALLBACK = 10  # places lower among the claims on a date, whatever its precision
BASIS = {"stated": 1, "relative": 1}
LEGAL_STATUS = {
    "lawsuit_filed": "lawsuit_filed",
    "charges_dropped": "charges_dropped",
    "settlement": "settled",
    "regulatory_fine": "fined",
    "regulatory_finding": "found_unlawful",
    "investigation_opened": "pending",
    "appeal": "pending",
    "ban": "in_force",
    "moratorium": "in_force",
    "restriction": "in_force",
    "authorising_law": "in_force",
}
CASES = ("affected", "plaintiff_other")  # roles of people about whom a case at law is
# Roles in which a body makes a step one of the same case; one vendor has many cases at a time.
SHARED_ROLES = ("regulator", "court", "legislature", "police_agency", "deployer")

Told = tuple[Article, Row]


@dataclass(frozen=True)
class Step:
    """One dated step with the events that tell it. `written` is the date as the articles write it: yyyy, yyyy-mm or
    yyyy-mm-dd.
    """

    event_type: str
    written: str | None
    precision: str
    basis: str
    organization_id: str | None
    told: tuple[Told, ...]
    actors: tuple[Claim, ...]

    @property
    def first_day(self) -> date | None:
        days = period(self.written)
        return days[0] if days else None


def subjects(articles: Sequence[Article]) -> list[str]:
    """The names of the people at the centre of the main events."""
    return sorted(
        {name for article in articles if article.main_event for name in subjects_of(article, article.main_event)}
    )


def own_events(articles: Sequence[Article], directory: Directory) -> list[Told]:
    """The main events, the other events about the same people, and later steps that name nobody: by the same bodies, or
    in an article that tells of nobody else.

    Another victim's arrest told as background is not among them.
    """
    people = subjects(articles)
    bodies = {
        identifier
        for article in articles
        if article.main_event
        for identifier in organization_ids(article.main_event, SHARED_ROLES, directory)
    }
    found = []
    for article in articles:
        is_about_others = any(not _names(event, people) for event in article.events if event["people"])
        for event in article.events:
            if event["is_main"] or _names(event, people):
                found.append((article, event))
            elif event["type"] in STEPS and not event["people"] and not tells_of_another(article, event, people):
                acting = organization_ids(event, SHARED_ROLES, directory)
                if bodies & set(acting) or (people and not acting and not is_about_others):
                    found.append((article, event))
    return found


def is_plain(article: Article, event: Row) -> bool:
    """Whether a sentence, or the title, plainly says that the event happened."""
    return says(article, behind(article, event, "type"), "event_type", event["type"])


def tells_of_another(article: Article, span: Row, people: Sequence[str]) -> bool:
    """Whether a span's sentence names somebody else's case: "sued over the arrest of ..."."""
    cases = (
        m for m in article.mentions if m["kind"] == "person" and m["role"] in CASES and m["quote"] == span["quote"]
    )
    return any(not any(same_person(m["name"], known) for known in people) for m in cases)


def _names(event: Row, people: Sequence[str]) -> bool:
    """Whether an event names one of some people."""
    return any(same_person(name, known) for name in event["people"] for known in people)


def organization_ids(event: Row, roles: Iterable[str], directory: Directory) -> list[str]:
    """The ids of the event's organizations in some roles."""
    return [resolve(entry, directory) for entry in event["organizations"] if entry["role"] in roles]


def steps(
    events: Sequence[Told], directory: Directory, official: frozenset[str], first_reported: date | None
) -> list[Step]:
    """The steps of an incident. What happened is one step, however its dates conflict; a lawsuit, ruling or the like is
    one for each time, where dates up to CLOSE days apart are one time."""
    by_type: dict[str, list[Told]] = defaultdict(list)
    for article, event in events:
        if event["type"] != "other":
            by_type[event["type"]].append((article, event))
    found = []
    for event_type, told in sorted(by_type.items()):
        for group in _times(told) if event_type in STEPS else [told]:
            found.append(_step(group, directory, official, first_reported))
    return found


def without_other_names(found: Sequence[Step], chosen_type: str) -> list[Step]:
    """The steps without those that only give what happened another name: no later step, and not on another date."""
    happened = next((step.first_day for step in found if step.event_type == chosen_type), None)
    if chosen_type in STEPS:
        return list(found)
    return [
        step
        for step in found
        if step.event_type == chosen_type
        or step.event_type in STEPS
        or (step.first_day and happened and abs(step.first_day - happened) > CLOSE)
    ]


def _times(told: Sequence[Told]) -> list[list[Told]]:
    """The tellings of one type of step by the time they mean; undated ones go with the time most often told."""
    dated = [(days, item) for item in told if (days := period(item[1]["date"]))]
    dated.sort(key=lambda entry: (entry[0][1] - entry[0][0], entry[0][0], entry[1][0].arrival))
    groups: list[tuple[date, date, list[Told]]] = []
    for (first, last), item in dated:  # the most precise first, so that a bare year joins the day that it holds
        near = [g for g in groups if first - CLOSE <= g[1] and g[0] <= last + CLOSE]
        if near:
            near[0][2].append(item)
        else:
            groups.append((first, last, [item]))
    times = [items for _, _, items in sorted(groups, key=lambda g: g[:2])] or [[]]
    max(times, key=len).extend(item for item in told if period(item[1]["date"]) is None)
    return times


def _step(told: Sequence[Told], directory: Directory, official: frozenset[str], first_reported: date | None) -> Step:
    day = choose(date_claims(told, first_reported), official)
    best = max(
        (event for _, event in told if event["date"] == day),
        key=lambda event: (event["score"], event["date_basis"], event["date_precision"]),
        default=told[0][1],
    )
    actors = tuple(claim for article, event in told for claim in _actor(article, event, directory))
    return Step(
        told[0][1]["type"],
        day,
        best["date_precision"] if day else "unknown",
        best["date_basis"] if day else "none",
        choose(actors, official),
        tuple(told),
        actors,
    )


def _actor(article: Article, event: Row, directory: Directory) -> list[Claim]:
    """The body that did it: of those in the event, the first in the role that acts first in an event of its type."""
    by_role = {entry["role"]: entry for entry in reversed(event["organizations"])}
    entry = next((by_role[role] for role in directory.acting(event["type"]) if role in by_role), None)
    if entry is None:
        return []
    span = named_in(article, event, "", entry["name"], entry["role"])
    if span is None:
        return []
    return [Claim("organization_id", resolve(entry, directory), article, span)]


def date_claims(told: Sequence[Told], first_reported: date | None, field: str = "event_on") -> list[Claim]:
    """The dates told of one thing as claims: a day before a month before a year, a stated date before a headline's.

    After any of them come a publication date, and a bare year that few name: it often dates something else. A date
    after the first report comes last, since then it had happened.
    """
    dated = [(article, event) for article, event in told if period(event["date"])]
    counts = Counter(event["date"] for _, event in dated)
    claims, people = [], subjects([article for article, _ in told])
    for article, event in dated:
        rank = 2 * PRECISION.get(event["date_precision"], 0) + BASIS.get(event["date_basis"], 0)
        is_rare_year = len(event["date"]) == 4 and counts[event["date"]] < COMMON_YEAR * len(dated)
        if event["date_basis"] == "publication" or is_rare_year:
            rank -= FALLBACK
        first, _ = period(event["date"]) or (None, None)
        if first and first_reported and first > first_reported and event["type"] not in STEPS:
            rank -= 2 * FALLBACK
        span = behind(article, event, "date")
        if not tells_of_another(article, span, people):
            claims.append(Claim(field, event["date"], article, span, rank))
    return claims


def legal_status(found: Sequence[Step]) -> Step | None:
    """The last step, by date, that is a legal one."""
    legal = [step for step in found if step.event_type in LEGAL_STATUS]
    return max(legal, key=lambda step: (step.written or "", step.event_type), default=None)
