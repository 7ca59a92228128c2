"""Who and where an event is about: the organizations, people and place that its own sentences name."""

import re
from collections.abc import Iterable, Sequence

from incidents.extract.contract import Event, Mention
from incidents.extract.events.find import age_of
from incidents.extract.events.reading import Passage, Reading
from incidents.extract.spans import document_of, sentence_index

_ROLES = {
    "vendor": "vendor",
    "police_agency": "police_agency",
    "deployer": "deployer",
    "authority": "regulator",
    "advocacy": "advocacy",
}
_COURTS = re.compile(r"(?i)\b(?:court|tribunal|judge|juzgado|cour|audiencia|conseil d'état)\b")
_LEGISLATURES = re.compile(
    r"(?i)\b(?:congress|senate|house|parliament|council|assembly|legislature|committee|supervisors|commons|lords|"
    r"congreso|senado|assemblée|sénat|bundestag|knesset)\b"
)
_MINISTRIES = re.compile(r"(?i)^(?:the )?(?:ministry|department of defen[cs]e|ministerio|ministère)\b")
_ABOUT_PEOPLE = ("lawsuit_filed", "settlement", "charges_dropped", "release", "apology", "court_ruling", "arrest")
_ANYWHERE = ("vendor_policy_change", "audit_finding", "data_scraping_training_misuse", "aggregate_report", "other")
_TESTS = ("audit_finding", "aggregate_report")
_FINENESS = ("exact", "city", "county", "region", "country")


def attribute(event: Event, reading: Reading, is_main: bool) -> None:
    """Fill an event's organizations, people and place from its sentences, the main one's also from the first ones."""
    passages = _passages(event, reading, is_main)
    beside = _beside(event, reading) if is_main else []
    experts = _experts(event, passages, beside)
    found = _organizations(passages) or _organizations(beside)
    event.organizations = [entry for entry in found if entry["name"] not in experts]
    event.people = _people(event, passages, reading, is_main) or _people(event, beside, reading, is_main)
    if is_main and _is_harm(event, reading):
        event.organizations += _only_ones(event, reading)
    near = passages[:2] if event.type in _ANYWHERE else passages  # the sentence itself and the title
    place = _place(event, near)
    if place is not None:
        event.place, event.place_id = place


def _passages(event: Event, reading: Reading, is_main: bool) -> list[Passage]:
    if not reading.body:
        return []
    own = reading.body[min(sentence_index(reading.doc, event.start), len(reading.body) - 1)]
    if not is_main:
        return [own]
    weights, document = reading.rules.weights, document_of(reading.doc)
    is_harm = _is_harm(event, reading)  # which is often told later
    lede = [
        p
        for p in reading.body
        if p.start < weights["lede_characters"]
        and p.tie >= weights["tie_neighbour"]
        and (is_harm or age_of(p, document, reading.rules) >= 1)
    ]
    return list({p.index: p for p in (own, reading.title, *lede)}.values())


def _beside(event: Event, reading: Reading) -> list[Passage]:
    """The two sentences before and after the event's own."""
    index = sentence_index(reading.doc, event.start)
    return list(reading.body[max(0, index - 2) : index + 3])


def _organizations(passages: Iterable[Passage]) -> list[dict[str, str | None]]:
    """Each organization once, in the role its kind has."""
    found: dict[tuple[str, str], dict[str, str | None]] = {}
    for item in (item for passage in passages for item in passage.mentions):
        role = _role(item)
        if role:
            found.setdefault((item.name, role), {"name": item.name, "entity_id": item.entity_id, "role": role})
    return list(found.values())


def _only_ones(event: Event, reading: Reading) -> list[dict[str, str | None]]:
    """The one police agency and the one vendor of an article on harm, where its first sentences name none.

    What a sentence on somebody else's case names is not theirs.
    """
    roles = {entry["role"] for entry in event.organizations}
    told = [
        p
        for p in reading.body
        if (p.on_victim or p.tie >= reading.rules.weights["tie_neighbour"])
        and {item.name for item in p.of_kind("person") if _is_named_victim(item)} <= {*event.people}
    ]
    found = []
    for role in {"police_agency", "vendor"} - roles:
        named = [entry for entry in _organizations(told) if entry["role"] == role]
        found += named if len(named) == 1 else []
    return sorted(found, key=lambda entry: str(entry["role"]))


def _experts(event: Event, passages: Sequence[Passage], beside: Sequence[Passage]) -> set[str]:
    """Universities and laboratories: most are where somebody who comments works, but for those of a test's sentence."""
    named = (item for passage in (*passages, *beside) for item in passage.mentions)
    research = {item.name for item in named if item.attributes.get("organization_kind") == "research"}
    tested = {item.name for item in passages[0].mentions} if passages and event.type in _TESTS else set()
    return research - tested


def _is_harm(event: Event, reading: Reading) -> bool:
    rule = reading.rules.events.get(event.type)
    return rule is not None and rule.kind == "incident"


def _role(item: Mention) -> str | None:
    if item.kind == "authority" and _COURTS.search(item.name):
        return "court"
    if item.kind == "authority" and (
        _LEGISLATURES.search(item.name) or item.attributes.get("organization_kind") == "legislature"
    ):
        return "legislature"
    if item.kind == "police_agency" and _MINISTRIES.search(item.name):
        return "deployer"
    return _ROLES.get(item.kind)


def _people(event: Event, passages: Sequence[Passage], reading: Reading, is_main: bool) -> list[str]:
    """Those affected whom the sentences name; for the main event else the one person affected in the article."""
    if event.type not in _ABOUT_PEOPLE and not _is_harm(event, reading):
        return []
    named = [item.name for p in passages for item in p.of_kind("person") if _is_named_victim(item)]
    if not named and is_main:
        everyone = {item.name for p in reading.body for item in p.of_kind("person") if _is_named_victim(item)}
        named = sorted(everyone) if len(everyone) == 1 else []
    return list(dict.fromkeys(named))


def _is_named_victim(item: Mention) -> bool:
    return item.role == "affected" and not item.attributes.get("described")


def _place(event: Event, passages: Sequence[Passage]) -> tuple[str, str | None] | None:
    """The finest place of the first sentence that names one, the nearest first; else where a police agency is."""
    for passage in passages:
        places = passage.of_kind("place")
        if places:
            best = min(places, key=lambda item: (_fineness(item), abs(item.start - event.start)))
            return _full_name(best), best.entity_id
    agencies = [item for p in passages for item in p.of_kind("police_agency") if item.attributes.get("place_id")]
    if agencies:
        first = agencies[0].attributes
        name = ", ".join(str(first[key]) for key in ("region", "country") if first.get(key))
        return name, first["place_id"]
    return None


def _fineness(item: Mention) -> int:
    precision = item.attributes.get("precision")
    return _FINENESS.index(precision) if precision in _FINENESS else len(_FINENESS)


def _full_name(item: Mention) -> str:
    """As in "Detroit, Michigan, US"; a country alone is its name."""
    parts = [item.name, item.attributes.get("region"), item.attributes.get("country")]
    if item.attributes.get("precision") == "country":
        return item.name
    return ", ".join(dict.fromkeys(str(part) for part in parts if part))
