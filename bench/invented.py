"""A year of invented news for simulations: incidents that begin, are followed up, and are told by several papers.

All towns, people, shops and sentences are invented. The same seed gives the same news.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import yaml

from incidents.sample import SAMPLE, load_publishers

TOWNS = [
    f"{first}{second}"
    for first in ("Marrow", "Alder", "Quill", "Tansy", "Copper", "Cobble", "Lower", "Fallow", "Hollow", "Timber")
    for second in (" Creek", " Falls", " Ridge")
]
STATES = ("Ohio", "Oregon", "Georgia", "Indiana", "Maine", "Nevada", "Kansas", "Vermont")
FIRST = ("Adair", "Bettina", "Corwin", "Delphine", "Emeric", "Fenella", "Gideon", "Hester", "Ignatius", "Jorunn",
         "Kester", "Lavinia", "Merrick", "Nerissa", "Osgood", "Petra")  # fmt: skip
LAST = ("Ashgrove", "Brindlewood", "Carrowmore", "Dovecote", "Elderfield", "Fenwright", "Gorsehill", "Hollowell",
        "Inglestone", "Kettlewick", "Larkspurr", "Mossgate", "Netherby", "Oxenham", "Pellwood", "Quarrie",
        "Rushbrook", "Saltmarsh", "Thornbury", "Underhay")  # fmt: skip
SHOPS = ("Halden Foods", "Brightaisle", "Corner & Crane", "Pellerin Stores")
RATE = 0.55  # incidents that begin on a day
NOON = time(12, tzinfo=UTC)

# Of each kind of article: its headlines, and how it begins. What follows is drawn from DETAILS.
KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "arrest": (
        ("{town} police arrested the wrong person after a face match", "Wrong face, {nights} nights in jail"),
        (
            "{name}, {age}, was arrested on {day} after facial recognition software matched {name}'s face to footage "
            "of a theft, court papers show. Officers of the {town} Police Department made the arrest at a bus stop. "
            "{name} was held in the county jail for {nights} nights.",
            "Police in {town}, {state}, relied on a false facial recognition match when they arrested {name} on {day}, "
            "a complaint says. {name}, {age}, was at work forty miles away. The {town} Police Department let {name} go "
            "after {nights} nights.",
        ),
    ),
    "dropped": (
        ("Charges dropped in {town} face recognition case",),
        (
            "Prosecutors in {town}, {state}, dropped the charges against {name} on {event}. {name}, {age}, had been "
            "arrested by the {town} Police Department on {day} after facial recognition software picked the wrong "
            "face.",
        ),
    ),
    "sued": (
        ("{name} sues {town} police over face recognition arrest",),
        (
            "{name} sued the {town} Police Department in federal court on {event} over a false facial recognition "
            "match that led to an arrest on {day} in {town}, {state}. The lawsuit asks for damages.",
        ),
    ),
    "settled": (
        ("{town} settles face recognition case for ${amount},000",),
        (
            "The town of {town}, {state}, will pay ${amount},000 to {name}, who was arrested by the {town} Police "
            "Department on {day} after a mistaken facial recognition match. The council approved it on {event}.",
        ),
    ),
    "refused": (
        ("{shop} in {town} sent a customer away over a face match",),
        (
            "A branch of {shop} in {town}, {state}, asked {name} to leave on {day} because its facial recognition "
            "system had taken {name}, {age}, for a shoplifter. {name} has complained to the state's attorney general.",
        ),
    ),
    "banned": (
        ("{town} bans face recognition by its police",),
        (
            "The council of {town}, {state}, voted on {day} to ban the use of facial recognition by its police. The "
            "{town} Police Department had tried a system without telling the council.",
        ),
    ),
    "elsewhere": (
        ("Harbour fair opens in {town}",),
        ("The harbour fair of {town} opens on {day}, with a parade of boats and a contest for the longest scarf.",),
    ),
}
DETAILS = (
    "A lawyer who has followed such cases for {nights} years called the matter a lesson in haste.",
    "Copies of the file were handed to this newspaper by somebody who asked not to be named.",
    "No rule in {state} says who may search a face, or how long a picture may be kept.",
    "At the last budget meeting {amount} thousand dollars had been set aside for new cameras.",
    "Neighbours on the hill above the railway remember an evening with many blue lights.",
    "The mayor's office answered with two lines and a telephone number that nobody picks up.",
    "Of {age} requests for records that were made since spring, four have been answered.",
    "A student group has counted cameras along the main street and found {nights} within a hundred paces.",
    "It rained when the council met, and the public benches were full an hour before the start.",
    "The company that sells the program wrote that a picture alone must never decide.",
    "An older report of the county's auditor had warned of poor pictures and hurried clerks.",
    "Two of the people who could explain the decision have since taken other jobs.",
    "Whoever wants to speak at the hearing in {town} has to sign a list by Friday noon.",
    "The library shows the documents on its ground floor, beside the maps of the old harbour.",
    "Experts at a nearby college tested similar software with {amount} portraits and were not impressed.",
    "A retired clerk of {town} keeps a folder of clippings on all of this in her kitchen.",
)
DRAWN = 5  # details in an article


@dataclass(frozen=True)
class Item:
    """An article: what it tells, the day it appeared and the day on which it is collected."""

    publisher: str
    path: str
    kind: str
    published: date
    collected: date
    variant: int = 0
    details: tuple[str, ...] = ()
    facts: dict[str, object] = field(default_factory=dict)


def news(first: date, days: int, seed: int) -> list[Item]:
    """All articles that are collected in these days, by day of collection."""
    chosen = random.Random(seed)  # noqa: S311 nothing secret
    papers = sorted(key for key, paper in load_publishers().items() if paper.language == "en")
    found = [
        item
        for number in range(days)
        for item in _begun(first + timedelta(days=number), number, papers, chosen)
        if item.collected < first + timedelta(days=days)
    ]
    return sorted(found, key=lambda item: (item.collected, item.publisher, item.path))


def write(items: list[Item], folder: Path) -> None:
    """A folder as data/sample, with these articles in the place of its own."""
    (folder / "articles").mkdir(parents=True)
    for name in ("templates", "publishers.yaml", "labels.yaml"):
        (folder / name).symlink_to(SAMPLE / name)
    for number, item in enumerate(items):
        facts = {key: f"{value:%B} {value.day}, {value.year}" if isinstance(value, date) else value
                 for key, value in item.facts.items()}  # fmt: skip
        headlines, openings = KINDS[item.kind]
        head = {
            "publisher": item.publisher,
            "path": item.path,
            "headline": headlines[item.variant % len(headlines)].format(**facts),
            "authors": [],
            "published": datetime.combine(item.published, NOON),
            "language": "en",
        }
        body = "\n\n".join((openings[item.variant % len(openings)], *item.details)).format(**facts)
        (folder / "articles" / f"{number:05}.md").write_text(f"---\n{yaml.safe_dump(head)}---\n\n{body}\n")


def _begun(day: date, number: int, papers: list[str], chosen: random.Random) -> Iterator[Item]:
    """What begins on a day, with all that is written of it later; and always something else."""
    fair = {"town": chosen.choice(TOWNS), "day": day}
    yield Item(chosen.choice(papers), f"/{day:%Y/%m/%d}/fair", "elsewhere", day, day, facts=fair)
    if chosen.random() >= RATE:
        return
    kind = chosen.choices(("arrest", "refused", "banned"), (6, 2, 2))[0]
    facts: dict[str, object] = {
        "name": f"{chosen.choice(FIRST)} {chosen.choice(LAST)}",
        "age": chosen.randint(19, 70),
        "town": chosen.choice(TOWNS),
        "state": chosen.choice(STATES),
        "shop": chosen.choice(SHOPS),
        "nights": chosen.randint(2, 9),
        "amount": chosen.randint(20, 300),
        "day": day - timedelta(days=chosen.randint(3, 40)),
    }
    told = [(kind, 0), *((kind, chosen.randint(0, 2)) for _ in range(chosen.randint(0, 2)))]
    if kind == "arrest":
        told += [(step, chosen.randint(*span)) for step, chance, span in
                 (("dropped", 0.5, (5, 40)), ("sued", 0.4, (30, 150)), ("settled", 0.2, (120, 300)))
                 if chosen.random() < chance]  # fmt: skip
    for turn, (what, later) in enumerate(told):
        published = day + timedelta(days=later)
        late = chosen.randint(10, 60) if chosen.random() < 0.1 else 0  # found only in a backfill
        yield Item(
            chosen.choice(papers),
            f"/{published:%Y/%m/%d}/{what}-{number}-{turn}",
            what,
            published,
            published + timedelta(days=late),
            turn,
            tuple(chosen.sample(DETAILS, DRAWN)),
            facts | {"event": published - timedelta(days=1)},
        )
