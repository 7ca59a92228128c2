"""The dated steps of an incident's life, its tags and its proceedings as published rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from incidents.ids import digest
from incidents.link import life
from incidents.link.claims import Claim, behind, choose, plainest, says
from incidents.link.corpus import Row
from incidents.link.incident import Context, Incident
from incidents.tables import UNSAID

TAGS = ("harm_type", "failure_mode")


def describe_steps(incident: Incident, found: Sequence[life.Step], first_reported: date | None) -> None:
    for step in found:
        codes: Row = next((e["codes"] for _, e in step.told if e["codes"].get("amount") is not None), {})
        key = digest(incident.incident_id, step.event_type, step.written, step.organization_id)
        row = {
            "incident_event_id": f"step-{key}",
            "incident_id": incident.incident_id,
            "event_type": step.event_type,
            "event_on": step.first_day,
            "date_precision": step.precision,
            "date_basis": step.basis,
            "organization_id": step.organization_id,
            "amount": float(codes["amount"]) if codes else None,
            "currency": codes.get("currency"),
            "amount_kind": codes.get("amount_kind"),
        }
        claims = plainest([*_step_claims(step, first_reported)], step.event_type, step.event_type)
        incident.add("incident_events", row, claims)


def _step_claims(step: life.Step, first_reported: date | None) -> Iterator[Claim]:
    for article, event in step.told:
        yield Claim("event_type", event["type"], article, behind(article, event, "type"))
        if event["codes"].get("amount") is not None:
            yield Claim("amount", str(float(event["codes"]["amount"])), article, behind(article, event, "amount"))
    yield from life.date_claims(step.told, first_reported)
    yield from step.actors


def describe_tags(incident: Incident, events: Sequence[life.Told], context: Context) -> None:
    known = context.reference.vocabulary
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for article, event in events:
        for name in TAGS:
            stated = event["codes"].get(name) or []
            for code in [stated] if isinstance(stated, str) else stated:
                if code not in UNSAID and code in known.get(name, {code: None}):
                    span = behind(article, event, f"{name}:{code}", "type")
                    if says(article, span, name, code):
                        found[name, code].append(Claim("code", code, article, span))
    for (name, code), claims in sorted(found.items()):
        row = {
            "incident_tag_id": f"tag-{digest(incident.incident_id, name, code)}",
            "incident_id": incident.incident_id,
            "vocabulary": name,
            "code": code,
        }
        incident.add("incident_tags", row, claims)


def describe_proceedings(
    incident: Incident, events: Sequence[life.Told], found: Sequence[life.Step], context: Context
) -> None:
    """A case for each docket or court that the incident's events name."""
    cases: dict[tuple[str | None, str | None], list[Claim]] = defaultdict(list)
    for article, event in events:
        codes = event["codes"]
        court, docket = codes.get("court"), codes.get("docket")
        if court or docket:
            stated = [Claim("court", court, article, event)] if court else []
            stated += [Claim("docket", docket, article, behind(article, event, "docket"))] if docket else []
            cases[None if docket else court, docket] += stated
    last = life.legal_status(found)
    for (_, docket), claims in sorted(cases.items(), key=str):
        court = choose([c for c in claims if c.field == "court"], context.official)
        row = {
            "proceeding_id": f"case-{digest(incident.incident_id, court, docket)}",
            "incident_id": incident.incident_id,
            "court": court,
            "docket": docket,
            "parties": None,
            "status": life.LEGAL_STATUS[last.event_type] if last else None,
        }
        incident.add("proceedings", row, claims)
