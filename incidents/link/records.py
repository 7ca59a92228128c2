"""One incident's published rows, with a claim behind every value."""

from collections.abc import Sequence

from incidents.link import life, titles
from incidents.link.article_rows import publisher
from incidents.link.bodies import DEPLOYER_ROLES, VENDOR_ROLES, Bodies, describe_bodies
from incidents.link.claims import CORRECTION, Claim, behind, choose, lead, named_in, plainest, saying
from incidents.link.corpus import Article, Row
from incidents.link.features import NEWS, STEPS, record_class
from incidents.link.history import describe_proceedings, describe_steps, describe_tags
from incidents.link.incident import Context, Incident, Rows, written
from incidents.link.keys import period
from incidents.link.parties import describe_parties
from incidents.link.people import AFFECTED
from incidents.link.places import country_place

AUTHORITY_ROLES = ("regulator", "court", "legislature")
ACTING = (*AUTHORITY_ROLES, *DEPLOYER_ROLES, *VENDOR_ROLES)
OF_THE_STATE = frozenset(
    ("police", "border_agency", "intelligence_agency", "military", "government", "regulator", "court", "legislature")
)
PLACE_RANK = {"exact": 3, "city": 2, "county": 2, "region": 1, "country": 0}
CODED = ("technology_task", "frt_involvement", "deployment_context", "allegation_status")
REQUIRED_CODES = ("frt_involvement", "allegation_status")
VOTED = frozenset(("incident_type", "event_on_start", "place_id"))


def describe(incident: Incident, context: Context) -> Rows:
    """The rows of an incident in incidents, incident_organizations, affected_parties, incident_events, incident_tags,
    proceedings, and the evidence of all of them."""
    events = life.own_events(incident.originals, context.directory)
    first_reported = _reported(incident)["first_reported_on"]
    types = _type_claims(incident, events)
    chosen_type = choose(types, context.official) or "other"
    plain = [told for told in events if told[1]["type"] == chosen_type or life.is_plain(*told)]
    found = life.steps(plain, context.directory, context.official, first_reported)
    classes = _class_claims(incident, events, chosen_type, context)
    chosen_class = choose(classes, context.official) or "incident"
    bodies = describe_bodies(incident, events, chosen_type, chosen_class, context)
    describe_steps(incident, life.without_other_names(found, chosen_type), first_reported)
    describe_parties(incident, events, chosen_type, chosen_class, context)
    describe_tags(incident, events, context)
    describe_proceedings(incident, events, found, context)
    row: Row = {"incident_id": incident.incident_id, "record_class": chosen_class, "incident_type": chosen_type}
    claims = [*plainest(classes, chosen_class, chosen_type), *plainest(types, chosen_type, chosen_type)]
    _incident(incident, row, claims, events, found, bodies, context)
    return incident.rows


def _incident(
    incident: Incident,
    row: Row,
    claims: list[Claim],
    events: Sequence[life.Told],
    found: Sequence[life.Step],
    bodies: Bodies,
    context: Context,
) -> None:
    """The incident's own row, which has its class and type so far, with the claims on them."""
    chosen_type = row["incident_type"]
    row |= _dates(incident, events, chosen_type, claims, context)
    row |= _reported(incident)
    row |= _place(events, bodies, chosen_type, claims, context)
    for name in CODED:
        stated = [
            Claim(name, str(code), a, behind(a, e, f"{name}:{code}", "type"))
            for a, e in events
            if (code := e["codes"].get(name))
        ]
        stated = saying(stated, name)
        claims += stated
        row[name] = choose(stated, context.official) or ("unknown" if name in REQUIRED_CODES else None)
    last = life.legal_status(found)
    told = [
        Claim("legal_status", life.LEGAL_STATUS[event["type"]], article, behind(article, event, "type"))
        for article, event in (last.told if last else ())
    ]
    told = saying(told, "legal_status")
    claims += told
    row["legal_status"] = choose(told, context.official)
    row |= _affected(incident, events, claims)
    row |= {
        "article_count": len(incident.articles),
        "publisher_count": _publishers(incident),
    }
    claims = incident.corrected("incidents", row, claims)
    row["review_level"] = incident.oversight.level(incident.incident_id, row)
    row["title"] = _title(incident, row, context)
    row["confidence"] = confidence(incident, row, claims, context)
    incident.add("incidents", row, claims)


def _class_claims(incident: Incident, events: Sequence[life.Told], chosen_type: str, context: Context) -> list[Claim]:
    """What the events of the type chosen make it, whichever event an article leads with; without any what the articles
    are."""
    code = context.reference.vocabulary.get("event_type", {}).get(chosen_type)
    claims = [
        Claim("record_class", stated, article, behind(article, event, "type"))
        for article, event in events
        if event["type"] == chosen_type
        and (stated := event["codes"].get("record_class") or (code.record_class if code else None))
    ]
    kinds = ((article, record_class(article, context.reference)) for article in incident.originals)
    return claims or [Claim("record_class", kind, article, lead(article)) for article, kind in kinds if kind]


def _type_claims(incident: Incident, events: Sequence[life.Told]) -> list[Claim]:
    """What happened comes before what came of it, and anything before `other`."""
    claims = [
        Claim("incident_type", event["type"], article, behind(article, event, "type"), _type_rank(article, event))
        for article, event in events
        if event["is_main"] or event["people"]
    ]
    return claims or [Claim("incident_type", "other", a, lead(a)) for a in incident.originals if a.kind in NEWS]


def _type_rank(article: Article, event: Row) -> int:
    """What an article leads with, then a ruling it leads with or what it tells beside, then any other later step; of
    each first what a sentence says plainly."""
    if event["type"] == "other":
        rank = 0
    elif event["type"] in STEPS:
        rank = 2 if event["is_main"] and event["type"] == "court_ruling" else 1
    else:
        rank = 3 if event["is_main"] else 2
    return 2 * rank + life.is_plain(article, event)


def _dates(
    incident: Incident, events: Sequence[life.Told], chosen_type: str, claims: list[Claim], context: Context
) -> Row:
    """The date of what happened; without one, the day of the first report, which then is the basis."""
    same = [(a, e) for a, e in events if e["type"] == chosen_type and period(e["date"])]
    first_reported = _reported(incident)["first_reported_on"]
    dated = life.date_claims(same, first_reported, "event_on_start")
    value = choose(dated, context.official)
    days = period(value)
    if days is None:
        known = first_reported is not None
        return {
            "event_on_start": first_reported,
            "event_on_end": first_reported,
            "date_precision": "approx" if known else "unknown",
            "date_basis": "publication" if known else "none",
        }
    claims += dated
    claims += [Claim("event_on_end", c.value, c.article, c.span, c.specific) for c in dated]
    best = max((e for _, e in same if e["date"] == value), key=lambda e: (e["score"], e["date_basis"]))
    return {
        "event_on_start": days[0],
        "event_on_end": days[1],
        "date_precision": best["date_precision"],
        "date_basis": best["date_basis"],
    }


def _reported(incident: Incident) -> Row:
    days = sorted(a.row["published_on"] for a in incident.articles if a.row["published_on"])
    exact = sorted(a.row["published_on"] for a in incident.articles if a.row["published_precision"] == "day")
    known = exact or days
    return {"first_reported_on": known[0] if known else None, "last_reported_on": known[-1] if known else None}


def _place(events: Sequence[life.Told], bodies: Bodies, chosen_type: str, claims: list[Claim], context: Context) -> Row:
    """Where what happened did; else where a step took place; else the country of who acted."""
    found = [(a, e, context.places.get(e["place_id"] or "") or context.places.get(e["place"] or "")) for a, e in events]
    for is_step in (False, True):
        stated = [
            Claim("place_id", p["place_id"], a, span, PLACE_RANK.get(p["precision"], 0))
            for a, e, p in found
            if p and (e["type"] in STEPS) == is_step and (span := named_in(a, e, "place", p["name"]))
        ]
        if stated:
            break
    else:
        by_vendor = chosen_type.startswith("vendor_")
        stated = _countries(bodies, VENDOR_ROLES if by_vendor else (*AUTHORITY_ROLES, *DEPLOYER_ROLES), context)
    claims += stated
    return {"place_id": choose(stated, context.official)}


def _countries(bodies: Bodies, roles: Sequence[str], context: Context) -> list[Claim]:
    """The country of the first role that has bodies of a known country. A body of the state stands for its own; that of
    a company counts where a sentence names both, a vendor's for its own steps only, and that of a company with users
    everywhere says nothing."""
    for role in roles:
        found = [
            Claim("place_id", place["place_id"], claim.article, span)
            for claim in bodies.get(role, [])
            if role in VENDOR_ROLES or context.directory.kind(claim.value) != "company"
            if (place := country_place(context.directory.country(claim.value)))
            if (span := _beside(place, claim, context.directory.kind(claim.value) in OF_THE_STATE))
        ]
        if found:
            return found
    return []


def _beside(country: Row, claim: Claim, is_of_the_state: bool) -> Row | None:
    """The mention of a body's country in a sentence that names the body, or that of a body of the state itself."""
    mentions = claim.article.mentions
    own = {m["quote"] for m in mentions if m["name"] == claim.span["name"]}
    beside = (m for m in mentions if m["kind"] == "place" and m["name"] == country["name"] and m["quote"] in own)
    return next(beside, claim.span if is_of_the_state else None)


def _affected(incident: Incident, events: Sequence[life.Told], claims: list[Claim]) -> Row:
    """Fewest and most people affected, as stated; else the people named."""
    row: Row = {}
    for name, pick in (("affected_min", min), ("affected_max", max)):
        stated = [
            Claim(name, str(e["codes"][name]), a, behind(a, e, "affected"))
            for a, e in events
            if e["codes"].get(name) is not None
        ]
        row[name] = pick(int(claim.value) for claim in stated) if stated else None
        claims += stated
    named = _named_parties(incident)
    if row["affected_min"] is None and row["affected_max"] is None and named:
        for name in row:
            row[name] = len(named)
            claims += [Claim(name, str(len(named)), article, mention) for article, mention in named]
    return row


def _named_parties(incident: Incident) -> list[life.Told]:
    """One mention of each person who is an affected party."""
    parties = {party["person_id"] for party in incident.rows["affected_parties"]}
    own = {article.article_id for article in incident.originals}
    mentions = (
        [(a, m) for a, m in person.mentions if a.article_id in own and m["role"] == AFFECTED]
        for person in incident.people
        if person.person_id in parties
    )
    return [found[0] for found in mentions if found]


def _publishers(incident: Incident) -> int:
    """Independent publishers: those of the units' originals, so a wire story in many papers counts once."""
    return len({publisher(article.row).casefold() for article in incident.originals})


def confidence(incident: Incident, row: Row, claims: Sequence[Claim], context: Context) -> float:
    """How sure an incident is, from 0 to 1.

    Half comes from independent publishers (1 - .5^n), a third from agreement (the share of claims on type, date and
    place that say what is published; what a person corrected counts as agreed), the rest from an official page among
    the articles.
    """
    support = 1 - 0.5 ** int(row["publisher_count"])
    corrected = {c.field for c in claims if c.span["rule"] == CORRECTION} & VOTED
    votes = [c for c in claims if c.field in VOTED]
    agreeing = sum(c.field in corrected or c.value == written(row[c.field], [c]) for c in votes)
    agreement = agreeing / len(votes) if votes else 0.0
    is_official = any(article.article_id in context.official for article in incident.articles)
    return round(0.5 * support + 0.35 * agreement + 0.15 * is_official, 3)


def _title(incident: Incident, row: Row, context: Context) -> str:
    code = context.reference.vocabulary.get("event_type", {}).get(row["incident_type"])
    phrase = code.phrase if code and code.phrase else str(row["incident_type"]).replace("_", " ").capitalize()
    place = context.places.get(row["place_id"] or "", {}).get("name")
    day = row["event_on_start"]
    return titles.title(phrase, _title_bodies(incident, row, context), place, day, row["date_precision"])


def _title_bodies(incident: Incident, row: Row, context: Context) -> list[str]:
    """The names of who acted, then of whose system it was: of a company's own step the company first."""
    order: tuple[str, ...] = (*DEPLOYER_ROLES, *VENDOR_ROLES, *AUTHORITY_ROLES)
    if row["record_class"] == "policy_event":
        order = ACTING
    if row["incident_type"].startswith("vendor_"):
        order = VENDOR_ROLES
    parts = sorted(
        (order.index(body["role"]), -body["confidence"], context.directory.name(body["organization_id"]))
        for body in incident.rows["incident_organizations"]
        if body["role"] in order
    )
    return list(dict.fromkeys(name for _, _, name in parts))
