"""Articles and incidents that touch another incident: earlier cases told as background, round-ups, causes, shared
people.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from incidents.ids import digest
from incidents.link.corpus import Row
from incidents.link.names import full_name_keys, same_person

LISTS = 3  # an article that tells of this many incidents, none as its own, is a round-up
POLICY = "policy_event"


def mentions(
    tells_of: Iterable[tuple[str, Sequence[str]]], home: Mapping[str, str], people_of: Mapping[str, Iterable[str]]
) -> dict[str, list[str]]:
    """The other incidents that each article tells of, found by the people affected in them.

    `tells_of` gives the full names in an article, `home` is the incident of an article that has one, `people_of` the
    full names of those affected in an incident.
    """
    holders: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for incident, names in sorted(people_of.items()):
        for name in names:
            for key in full_name_keys(name):
                holders[key].append((name, incident))
    met: dict[str, set[str]] = {}
    found = {}
    for article, names in tells_of:
        for name in names:
            if name not in met:
                near = (entry for key in full_name_keys(name) for entry in holders.get(key, ()))
                met[name] = {incident for known, incident in near if same_person(name, known)}
        others = {incident for name in names for incident in met[name]} - {home.get(article)}
        if others:
            found[article] = sorted(others)
    return found


def article_rows(told: Mapping[str, Sequence[str]], home: Mapping[str, str], classes: Mapping[str, str]) -> list[Row]:
    """incident_articles rows for the incidents an article mentions, or lists where it is a round-up."""
    rows = []
    for article, incidents in sorted(told.items()):
        own = home.get(article)
        is_list = len(incidents) >= LISTS and (own is None or classes[own] == "aggregate_report")
        rows += [article_row(i, article, "lists" if is_list else "mentions", "background", 0.5) for i in incidents]
    return rows


def article_row(incident: str, article: str, relation: str, method: str, score: float) -> Row:
    return {
        "incident_article_id": f"about-{digest(incident, article)}",
        "incident_id": incident,
        "article_id": article,
        "relation": relation,
        "method": method,
        "score": round(score, 3),
    }


def incident_links(
    told: Mapping[str, Sequence[str]],
    home: Mapping[str, str],
    classes: Mapping[str, str],
    split_from: Mapping[str, str | None],
    people_of: Mapping[str, Sequence[str]],
) -> list[Row]:
    """Links between live incidents: lists (an aggregate to its cases), caused_by (a policy event to the case that its
    articles tell of), same_parties (by person id, the smaller incident id first), split_from."""
    links = set()
    for article, incidents in told.items():
        own = home.get(article)
        for other in incidents:
            if own and classes[own] == "aggregate_report":
                links.add((own, other, "lists"))
            elif own and classes[own] == POLICY and classes[other] == "incident":
                links.add((own, other, "caused_by"))
    holders: dict[str, list[str]] = defaultdict(list)
    for incident, people in sorted(people_of.items()):
        for person in sorted(set(people)):
            holders[person].append(incident)
    for incidents in holders.values():
        links |= {(incidents[0], other, "same_parties") for other in incidents[1:]}
    links |= {(new, old, "split_from") for new, old in split_from.items() if old and old != new}
    return [
        {"incident_link_id": f"link-{digest(*link)}", "from_id": link[0], "to_id": link[1], "link_type": link[2]}
        for link in sorted(links)
    ]
