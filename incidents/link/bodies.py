"""The organizations of an incident in their roles, and whose product it was."""

from collections import defaultdict
from collections.abc import Sequence

from incidents.ids import digest
from incidents.link import life
from incidents.link.claims import Claim, choose, named_in
from incidents.link.incident import Context, Incident
from incidents.link.keys import resolve

Bodies = dict[str, list[Claim]]

VENDOR_ROLES = ("vendor", "algorithm_vendor")


def describe_bodies(incident: Incident, events: Sequence[life.Told], context: Context) -> Bodies:
    """The bodies of the incident's own events in their roles; confidence is the surest of their claims.

    Returns the claims on the organizations by role.
    """
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for article, event in events:
        for entry in event["organizations"]:
            identifier = resolve(entry, context.directory)
            span = named_in(article, event, "", entry["name"])
            found[identifier, entry["role"]].append(Claim("organization_id", identifier, article, span))
    products = _products(events, context)
    for (identifier, role), claims in sorted(found.items()):
        named = products.get(identifier, []) if role in VENDOR_ROLES else []
        product = choose(named, context.official)
        row = {
            "incident_organization_id": f"part-{digest(incident.incident_id, identifier, role, product)}",
            "incident_id": incident.incident_id,
            "organization_id": identifier,
            "role": role,
            "product_id": product,
            "confidence": max(claim.span["score"] for claim in claims),
        }
        roles = [Claim("role", role, claim.article, claim.span) for claim in claims]
        incident.add("incident_organizations", row, [*claims, *roles, *named])
    by_role: Bodies = defaultdict(list)
    for (_, role), claims in sorted(found.items()):
        by_role[role] += claims
    return by_role


def _products(events: Sequence[life.Told], context: Context) -> dict[str, list[Claim]]:
    """By vendor, what the articles call the product."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for article, event in events:
        products = {m["entity_id"]: m["name"] for m in article.mentions if m["kind"] == "product"}
        for product, name in sorted(products.items(), key=str):
            vendor = context.directory.vendor_of_product.get(product or "")
            if vendor:
                span = named_in(article, event, "product", name)
                found[vendor].append(Claim("product_id", product, article, span))
    return found
