"""The people and groups affected by an incident, with what sources state of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from incidents.ids import digest
from incidents.link import life
from incidents.link.bodies import is_of_one_use
from incidents.link.claims import Claim, choose, quoted, saying, says
from incidents.link.corpus import Article, Row
from incidents.link.corrections import POLICY
from incidents.link.incident import Context, Incident
from incidents.link.names import folded_words
from incidents.link.people import AFFECTED, DEMOGRAPHICS, NAMED, Person

_STUDIED = re.compile(
    r"(?i)\b(?:stud(?:y|ies)|research\w*|audits?|nist|reports? (?:found|show)\w*|estudios?|investigador\w*|études?)\b"
)


def describe_parties(
    incident: Incident, events: Sequence[life.Told], chosen_type: str, chosen_class: str, context: Context
) -> None:
    """The people to whom it happened; groups only where it happened to no single person, else they are background.

    A group is affected where a sentence tells of harm to it. Of an incident, or of what a court or regulator decided
    on one use, what studies say of groups is background; of an incident the sentence that tells what happened is
    enough. Of laws, vendors' steps and deployments all said of groups is background.
    """
    own = {article.article_id for article in incident.originals}
    subjects = {name for article, event in events for name in event["people"]}
    for person in incident.people:
        told = [(a, m) for a, m in person.mentions if a.article_id in own and m["role"] == AFFECTED]
        if told and (person.described or {m["name"] for _, m in told} & subjects):
            _person(incident, person, told)
    of_one_use = is_of_one_use(chosen_type, chosen_class, context)
    if incident.rows["affected_parties"] or not (of_one_use or chosen_class == "study"):
        return
    groups: dict[str, list[Claim]] = defaultdict(list)
    is_harm = chosen_class == "incident"
    spans = [(article.article_id, event["start"], event["end"]) for article, event in events if is_harm]
    for article in incident.originals:
        for m in (mention for mention in article.mentions if mention["kind"] == "group"):
            is_background = of_one_use and _STUDIED.search(m["quote"])
            is_told = m["role"] == AFFECTED or _inside(article, m, spans)
            if is_told and not is_background and says(article, m, "person_role", AFFECTED):
                groups[m["entity_id"] or m["name"]].append(Claim("display_label", m["name"], article, m))
    for key, claims in sorted(groups.items()):
        _group(incident, key, claims)


def _inside(article: Article, mention: Row, spans: Iterable[tuple[str, int, int]]) -> bool:
    return any(article.article_id == a and start <= mention["start"] < end for a, start, end in spans)


def _person(incident: Incident, person: Person, told: Sequence[life.Told]) -> None:
    row: Row = {
        "affected_party_id": f"party-{digest(incident.incident_id, person.person_id)}",
        "incident_id": incident.incident_id,
        "person_id": person.person_id,
        "party_kind": "person",
        "display_label": person.display_label,
        "name_policy": person.name_policy,
        "count": 1,
    }
    named = set(folded_words(person.display_label)) if person.name_policy in NAMED else set()
    called = [(a, m) for a, m in told if not named or named & set(folded_words(m["text"]))]
    labelled = [Claim("display_label", person.display_label, article, mention) for article, mention in called or told]
    claims = saying(labelled, "person_role", AFFECTED) or labelled
    for name in DEMOGRAPHICS:
        stated = [
            Claim(name, m["attributes"][name], a, quoted(a, m["attributes"].get(f"{name}_quote", ""), m))
            for a, m in told
            if m["attributes"].get(name)
        ]
        row[name] = choose(stated, frozenset())
        claims += stated
    if person.decision:
        stated_by = incident.oversight.corrections.claim(
            incident.incident_id, person.decision, POLICY, person.decision.value
        )
        claims.append(stated_by)
    row["demographic_basis"] = "stated_by_source" if any(row[name] for name in DEMOGRAPHICS) else "not_stated"
    incident.add("affected_parties", row, claims)


def _group(incident: Incident, key: str, claims: Sequence[Claim]) -> None:
    counts = Counter(c.span["attributes"].get("count") for c in claims)
    stated = {count: n for count, n in counts.items() if count is not None}
    row = {
        "affected_party_id": f"party-{digest(incident.incident_id, 'group', key)}",
        "incident_id": incident.incident_id,
        "person_id": None,
        "party_kind": "group",
        "display_label": choose(claims, frozenset()),
        "name_policy": "group",
        "count": min(stated, key=lambda count: (-stated[count], count)) if stated else None,
        "age_band": None,
        "gender": None,
        "race_ethnicity": None,
        "demographic_basis": "not_stated",
    }
    incident.add("affected_parties", row, claims)
