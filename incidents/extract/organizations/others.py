"""Deployers, authorities, advocacy and research bodies of an article."""

from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.contract import Mention
from incidents.extract.face import FaceContext
from incidents.extract.organizations.bodies import BodyFound, find_bodies
from incidents.extract.organizations.gazetteer import Hit
from incidents.extract.organizations.police import is_police
from incidents.extract.spans import mention
from incidents.reference import Agency, Organization

_KINDS = {
    "regulator": "authority", "court": "authority", "legislature": "authority", "prosecutor": "authority",
    "advocacy": "advocacy", "research": "advocacy",
}  # fmt: skip
_ROLES = {"regulator": "regulator", "court": "court", "legislature": "legislature", "advocacy": "advocacy"}
_NO_PART = {"media", "vendor"}
_DEPLOYER_REACH = 0  # a shop or school must stand in the sentence that speaks of face recognition
_BODY_REACH = 2


def find_others(doc: Doc, face: FaceContext, hits: list[Hit]) -> Iterator[Mention]:
    """Listed and unlisted bodies near words on face recognition; deployers in the same sentence."""
    yield from _listed(doc, face, hits)
    for body in find_bodies(doc):
        if not _cuts(hits, body) and _is_near(face, body.start, body.kind):
            role = "deployer" if body.kind == "deployer" else None
            kind = body.organization_kind
            yield mention(
                doc, body.start, body.end, body.kind, body.name, body.rule, 0.7, role, organization_kind=kind
            )  # fmt: skip


def _listed(doc: Doc, face: FaceContext, hits: list[Hit]) -> Iterator[Mention]:
    for hit in hits:
        entry = hit.entries[0]
        item = entry.item
        if not isinstance(item, Organization | Agency) or item.kind in _NO_PART:
            continue
        if isinstance(item, Agency) and is_police(item):
            continue
        kind = _KINDS.get(item.kind, "deployer")
        if _is_near(face, hit.start, kind, entry.needs_cue):
            role = "deployer" if kind == "deployer" else _ROLES.get(item.kind)
            rule = f"{kind}.listed"
            yield mention(
                doc, hit.start, hit.end, kind, entry.name, rule, 0.9, role, entry.id, organization_kind=item.kind
            )  # fmt: skip


def _cuts(hits: list[Hit], body: BodyFound) -> bool:
    """Whether a listed name is the body's, holds it or crosses it; one within a longer body's name does not count."""
    crossing = [hit for hit in hits if hit.start < body.end and body.start < hit.end]
    return any(hit.start < body.start or hit.end > body.end or hit.text == body.name for hit in crossing)


def _is_near(face: FaceContext, start: int, kind: str, needs_cue: bool = False) -> bool:
    return face.near(start, _DEPLOYER_REACH if kind == "deployer" or needs_cue else _BODY_REACH)
