"""The organizations of an incident in their roles, and whose product it was."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from incidents.ids import digest
from incidents.link import life
from incidents.link.claims import Claim, choose, named_in, says
from incidents.link.corpus import Row
from incidents.link.incident import Context, Incident
from incidents.link.keys import KEY_OF_MENTION, OFTEN, Key, key_of, named, resolve
from incidents.link.words import topic_start

Bodies = dict[str, list[Claim]]
Parts = dict[tuple[str, str], list[Claim]]  # by organization and role

VENDOR_ROLES = ("vendor", "algorithm_vendor")
DEPLOYER_ROLES = ("deployer", "police_agency", "search_operator")
OF_USE = ("procurement", "deployment_planned", "deployment_started")  # tell whose system it was
ONLY_NAMED = 0.5  # how sure a body's part is that no event tells, as a share of how sure its name is


def describe_bodies(
    incident: Incident, events: Sequence[life.Told], chosen_type: str, chosen_class: str, context: Context
) -> Bodies:
    """The bodies of the incident's own events in their roles, and those that its articles are about where no event
    tells who used the system, or whose it was; confidence is the surest of their claims.

    What a sentence on another event says of a body does not count. Returns the claims on the organizations by role.
    """
    found: Parts = defaultdict(list)
    people = life.subjects(incident.originals)
    own = {(article.article_id, event["quote"]) for article, event in events}
    for article, event in events:
        beside = {
            other["quote"]
            for other in article.events
            if (article.article_id, other["quote"]) not in own and other["type"] not in OF_USE
        }
        for entry in event["organizations"]:
            span = named_in(article, event, "", entry["name"], entry["role"])
            if span and span["quote"] not in beside and not life.tells_of_another(article, span, people):
                identifier = resolve(entry, context.directory)
                found[identifier, entry["role"]].append(Claim("organization_id", identifier, article, span))
    products = _products(incident, context)
    if is_of_one_use(chosen_type, chosen_class, context):
        told = {role for _, role in found}
        for kind, asked in (("deployer", DEPLOYER_ROLES), ("vendor", VENDOR_ROLES)):
            if told.isdisjoint(asked):
                found.update(_only_named(incident, kind, products, chosen_class, context))
    for (identifier, role), claims in sorted(found.items()):
        models = products.get(identifier, []) if role in VENDOR_ROLES else []
        product = choose(models, context.official)
        row = {
            "incident_organization_id": f"part-{digest(incident.incident_id, identifier, role, product)}",
            "incident_id": incident.incident_id,
            "organization_id": identifier,
            "role": role,
            "product_id": product,
            "confidence": max(claim.span["score"] for claim in claims),
        }
        roles = [Claim("role", role, claim.article, claim.span) for claim in claims]
        incident.add("incident_organizations", row, [*claims, *roles, *models])
    by_role: Bodies = defaultdict(list)
    for (_, role), claims in sorted(found.items()):
        by_role[role] += claims
    return by_role


def is_of_one_use(chosen_type: str, chosen_class: str, context: Context) -> bool:
    """Whether it is about what one user did with one system: no law, study, product or step of a vendor's."""
    if chosen_class == "policy_event" and chosen_type != "other":
        return context.directory.acting(chosen_type)[:1] not in (("legislature",), ("vendor",))
    return chosen_class == "incident"


def _only_named(
    incident: Incident, kind: str, products: Mapping[str, Sequence[Claim]], chosen_class: str, context: Context
) -> Parts:
    """The bodies of one kind of key that the articles are about: one claim for each article that names them."""
    meant = _central(incident, kind, products, chosen_class, context)
    found: Parts = defaultdict(list)
    for article in incident.originals:
        unseen = set(meant)
        for mention in article.mentions:
            key = _stands_for(mention, context)
            role = "vendor" if mention["kind"] == "product" else mention["kind"]
            if key and key in unseen and says(article, mention, "organization_role", role):
                unseen.discard(key)
                span: Row = mention | {"score": ONLY_NAMED * mention["score"]}
                found[key.name, role].append(Claim("organization_id", key.name, article, span))
    return found


def _central(
    incident: Incident, kind: str, products: Mapping[str, Sequence[Claim]], chosen_class: str, context: Context
) -> set[Key]:
    """The keys of one kind with which half of the articles open, or that they name as often; of an incident also the
    only one. A product counts for its vendor.
    """
    counts: Counter[Key] = Counter()
    for article in incident.originals:
        starts = (0, topic_start(article.row["text"]))
        beginning, topic = (named(article, start, context.directory) for start in starts)
        counts += beginning | topic
    counts += Counter({Key("vendor", vendor): len(claims) for vendor, claims in products.items()})
    of_kind = {key: count for key, count in counts.items() if key.kind == kind}
    if chosen_class == "incident" and len(of_kind) == 1:
        return set(of_kind)
    often = max(OFTEN * len(incident.originals) / 2, max(of_kind.values(), default=0) / 2, OFTEN)
    return {key for key, count in of_kind.items() if count >= often}


def _stands_for(mention: Row, context: Context) -> Key | None:
    """The body that a mention names, if by its product."""
    if mention["kind"] == "product":
        vendor = context.directory.vendor_of_product.get(mention["entity_id"] or "")
        return Key("vendor", vendor) if vendor else None
    return key_of(mention, context.directory) if mention["kind"] in KEY_OF_MENTION else None


def _products(incident: Incident, context: Context) -> dict[str, list[Claim]]:
    """By vendor, what the articles call the product."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for article in incident.originals:
        for mention in (m for m in article.mentions if m["kind"] == "product"):
            vendor = _stands_for(mention, context)
            if vendor:
                span = named_in(article, article.main_event or mention, "product", mention["name"]) or mention
                found[vendor.name].append(Claim("product_id", mention["entity_id"], article, span))
    return found
