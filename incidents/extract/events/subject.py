"""Whether an article is relevant to face recognition, of which kind it is, and which event it is about."""

import math
from dataclasses import dataclass, replace

from incidents.extract.events.cues import Sentence, lower
from incidents.extract.events.find import Finding, findings_of
from incidents.extract.events.main_event import Candidate, candidates
from incidents.extract.events.reading import Reading
from incidents.extract.events.rules import STRENGTHS
from incidents.extract.spans import document_of, normalized

_SUBJECT = "incidents_subject"
_DENSE, _MANY_EVENTS, _MANY_PASSING = 20.0, 4, 11.0
_RECKONED = 5
_EVEN = 0.5
_CASE_STEPS = ("lawsuit_filed", "settlement", "charges_dropped", "release", "apology", "arrest")
_RULINGS = ("court_ruling", "appeal")
_USE = ("deployment", "product")
_RIGHT_ARREST = "arrest_with_match"
_ARREST, _STOP = "misidentification_arrest", "misidentification_stop"


@dataclass(frozen=True)
class Subject:
    """What an article is: `relevance` from 0 to 1, its kind, and the event that it is about or None. A digest is about
    nothing but what other articles tell."""

    relevance: float
    kind: str
    main: Candidate | None
    is_digest: bool = False


def subject_of(reading: Reading) -> Subject:
    """The article's subject, made once."""
    subject: Subject | None = reading.doc.user_data.get(_SUBJECT)
    if subject is None:
        subject = reading.doc.user_data[_SUBJECT] = _decide(reading)
    return subject


def _decide(reading: Reading) -> Subject:
    findings = _of_the_wronged(findings_of(reading), reading)
    relevance = _relevance(reading, findings)
    if _is_digest(reading):
        return Subject(relevance, "commentary", None, is_digest=True)
    found = _harm_before_use(candidates(findings, reading.rules), reading)
    kind = _kind(reading, findings, found[0] if found else None, relevance)
    if kind == "commentary":
        column = _is_column(reading)
        found = [event for event in candidates(findings, reading.rules, column=True) if event.is_news or column]
    return Subject(relevance, kind, _main(reading, found, kind))


def _of_the_wronged(findings: list[Finding], reading: Reading) -> list[Finding]:
    """The findings, where an arrest that a match led to is a wrong one, as the article tells of somebody harmed."""
    if not (reading.on_victim and any(f.event == _ARREST for f in findings)):
        return findings
    return [replace(f, event=_ARREST) if f.event == _RIGHT_ARREST else f for f in findings]


def _harm_before_use(found: list[Candidate], reading: Reading) -> list[Candidate]:
    """The events; harm first where the article says beside it only that the technology is used."""
    if not found or reading.rules.kind_of(found[0].event) not in _USE:
        return found
    share = reading.rules.weights["harm_beside_use" if reading.on_victim else "harm_like_use"]
    least = found[0].score * share
    harm = next((c for c in found if reading.rules.kind_of(c.event) == "incident" and c.score >= least), None)
    return [harm, *(c for c in found if c is not harm)] if harm else found


def _relevance(reading: Reading, findings: list[Finding]) -> float:
    if reading.face_count == 0 and not reading.in_title and not reading.on_victim:
        return 0.0
    weights = reading.rules.weights
    events = _concrete_events(reading, findings)
    total = weights["relevance_base"] + weights["relevance_title"] * reading.title.tie * reading.in_title
    total += weights["relevance_lede"] * reading.in_lede
    total += weights["relevance_victim"] * reading.on_victim
    total += weights["relevance_density"] * min(reading.density, _DENSE)
    total += weights["relevance_event"] * min(len(events), _MANY_EVENTS) or weights["relevance_no_event"]
    total += weights["relevance_passing_title"] * _title_points(reading, "passing")
    total += weights["relevance_passing_text"] * min(100 * _passing(reading), _MANY_PASSING)
    return 1 / (1 + math.exp(-total))


def _concrete_events(reading: Reading, findings: list[Finding]) -> set[str]:
    """The events that sentences on face recognition clearly speak of: no launches, calls or mere use."""
    rules = reading.rules
    return {
        finding.event
        for finding in findings
        if finding.passage.tie == 1
        and finding.strength == STRENGTHS["strong"]
        and not rules.events[finding.event].vague
        and rules.kind_of(finding.event) != "product"
    }


def _kind(reading: Reading, findings: list[Finding], best: Candidate | None, relevance: float) -> str:
    weights = reading.rules.weights
    about = reading.in_title or reading.in_lede or reading.on_victim
    if not about and reading.density < weights["not_fr_density"]:
        return "not_fr"
    if _is_column(reading):
        return "commentary"
    if _title_points(reading, "product") >= STRENGTHS["strong"]:
        return "product"
    if relevance < weights["relevance_least_kind"]:
        return "not_fr"
    news = best.score if best and reading.rules.kind_of(best.event) != "product" else 0.0
    if _commentary_points(reading) - weights["commentary_news"] * news >= weights["commentary_least"]:
        return "commentary"
    if best is None:
        return "deployment" if relevance >= _EVEN else "not_fr"
    return "incident" if _is_case_of_harm(reading, findings, best) else reading.rules.kind_of(best.event)


def _is_case_of_harm(reading: Reading, findings: list[Finding], best: Candidate) -> bool:
    """Whether the main event is a step in the case of somebody harmed; a ruling may be on a policy, or on an arrest."""
    type_ = reading.rules.type_of(best.event)
    told = {f.event for f in findings if f.strength == STRENGTHS["strong"] and f.passage.tie == 1}
    if type_ in _RULINGS:
        return reading.on_victim and _ARREST in {f.event for f in findings}
    return type_ in _CASE_STEPS and (reading.on_victim or bool(told & {_ARREST, _STOP}))


def _is_digest(reading: Reading) -> bool:
    """Whether the title or the first sentences say that it lists the stories of a day or a week."""
    title, lede = (reading.rules.subject[("digest", place)] for place in ("title", "lede"))
    first = [p for p in reading.body if p.start < reading.rules.weights["lede_characters"]]
    return bool(title.matches(reading.title.words)) or any(lede.matches(passage.words) for passage in first)


def _is_column(reading: Reading) -> bool:
    """Whether the title, with what stands behind it, says that it is a column or a newsletter, or names its author."""
    document = document_of(reading.doc)
    title = lower(normalized(document.title))
    author = title.rpartition("|")[2].strip()
    by_author = "|" in title and author in {lower(normalized(name)) for name in document.authors}
    return by_author or bool(reading.rules.subject[("column", "title")].matches(Sentence.of(title)))


def _commentary_points(reading: Reading) -> float:
    """How much of a column, feature or interview the article has."""
    weights = reading.rules.weights
    lede = reading.rules.subject[("commentary", "lede")]
    first = [p for p in reading.body if p.start < weights["lede_characters"]]
    in_lede = sum(match.weight for passage in first for match in lede.matches(passage.words))
    return (
        _title_points(reading, "commentary")
        + weights["commentary_lede"] * min(in_lede, 4)
        + weights["commentary_text"] * _share(reading, sum(_cued(reading, "commentary")))
    )


def _title_points(reading: Reading, what: str) -> int:
    cues = reading.rules.subject[(what, "title")]
    return max((match.weight for match in cues.matches(reading.title.words)), default=0)


def _cued(reading: Reading, what: str) -> list[bool]:
    """Whether each sentence holds a cue."""
    cues = reading.rules.subject[(what, "text")]
    return [bool(cues.matches(p.words)) for p in reading.body]


def _share(reading: Reading, count: int) -> float:
    """The share that so many sentences are; a few more are reckoned, as two sentences of a teaser tell little."""
    return count / (len(reading.body) + _RECKONED)


def _passing(reading: Reading) -> float:
    """The share of sentences on other things, less those on faces alone."""
    passing = _cued(reading, "passing")
    on_faces = sum(p.tie == 1 and not other for p, other in zip(reading.body, passing, strict=True))
    return _share(reading, max(0, sum(passing) - on_faces))


def _main(reading: Reading, found: list[Candidate], kind: str) -> Candidate | None:
    if not found or kind == "not_fr":
        return None
    least = reading.rules.weights["main_least_commentary" if kind == "commentary" else "main_least"]
    return found[0] if found[0].score >= least else None
