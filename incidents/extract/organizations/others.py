"""Deployers, authorities, advocacy and research bodies of an article."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from incidents.extract.contract import Mention
from incidents.extract.face import FaceContext
from incidents.extract.organizations.bodies import BodyFound, find_bodies, find_deployers
from incidents.extract.organizations.body_romance import find_romance_bodies
from incidents.extract.organizations.gazetteer import Hit
from incidents.extract.organizations.police import is_police
from incidents.extract.spans import mention, text_of
from incidents.reference import Agency, Organization

_KINDS = {
    "regulator": "authority", "court": "authority", "legislature": "authority", "prosecutor": "authority",
    "advocacy": "advocacy", "research": "advocacy",
}  # fmt: skip
_ROLES = {"regulator": "regulator", "court": "court", "legislature": "legislature", "advocacy": "advocacy"}
_NO_PART = {"media", "vendor"}
_DEPLOYER_REACH = 0  # a shop or school must stand in the sentence that speaks of face recognition
_SHORT_STORY_REACH = 3  # but not where all of a short story turns on it
_BODY_REACH = 2


def find_others(doc: Doc, face: FaceContext, hits: list[Hit], is_short: bool) -> Iterator[Mention]:
    """Bodies near words on face recognition; deployers in the same sentence, or near in a short story."""
    yield from _listed(doc, face, hits, _SHORT_STORY_REACH if is_short else _DEPLOYER_REACH)
    near = face.passages(_BODY_REACH)
    bodies = [*find_bodies(doc, near), *find_deployers(doc, face.passages(_DEPLOYER_REACH))]
    if doc.lang_ in ("es", "fr"):
        bodies += find_romance_bodies(doc, near)
    for body in bodies:
        if not _cuts(hits, body):
            role = "deployer" if body.kind == "deployer" else _ROLES.get(body.organization_kind or "")
            kind = body.organization_kind
            yield mention(
                doc, body.start, body.end, body.kind, body.name, body.rule, 0.7, role, organization_kind=kind
            )  # fmt: skip


def _listed(doc: Doc, face: FaceContext, hits: list[Hit], deployer_reach: int) -> Iterator[Mention]:
    for hit in hits:
        entry = hit.entries[0]
        item = entry.item
        if not isinstance(item, Organization | Agency) or item.kind in _NO_PART:
            continue
        if isinstance(item, Agency) and is_police(item):
            continue
        kind = _KINDS.get(item.kind, "deployer")
        reach = 0 if entry.needs_cue else deployer_reach if kind == "deployer" else _BODY_REACH
        if face.near(hit.start, reach) and not (entry.needs_cue and _in_a_menu(doc, hit)):
            role = "deployer" if kind == "deployer" else _ROLES.get(item.kind)
            rule = f"{kind}.listed"
            yield mention(
                doc, hit.start, hit.end, kind, entry.name, rule, 0.9, role, entry.id, organization_kind=item.kind
            )  # fmt: skip


def _in_a_menu(doc: Doc, hit: Hit) -> bool:
    """Whether a name of common words stands between other capitals: "Data and Privacy Network Security"."""
    text = text_of(doc)
    before = re.search(r"[A-Z][\w-]* (?:and |& )?$", text[max(0, hit.start - 30) : hit.start])
    return bool(before and re.match(r" [A-Z][a-z]", text[hit.end : hit.end + 3]))


def _cuts(hits: list[Hit], body: BodyFound) -> bool:
    """Whether a listed name is the body's, holds it or crosses it.

    One within a longer body's name does not count, but in that of an advocate or a university, which is only guessed.
    """
    crossing = [hit for hit in hits if hit.start < body.end and body.start < hit.end]
    if crossing and body.kind == "advocacy":
        return True
    return any(hit.start < body.start or hit.end > body.end or hit.text == body.name for hit in crossing)
