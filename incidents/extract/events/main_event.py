"""Which of the events that an article speaks of it is about, if any."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from incidents.extract.events.find import Finding
from incidents.extract.events.reading import TITLE
from incidents.extract.events.rules import Rules


@dataclass(frozen=True)
class Candidate:
    """An entry of the event rules with its findings, the best first, and what they are worth together."""

    event: str
    score: float
    findings: tuple[Finding, ...]

    @property
    def in_title(self) -> bool:
        """Whether the title speaks of it."""
        return any(finding.passage.index == TITLE for finding in self.findings)

    @property
    def is_news(self) -> bool:
        """Whether a sentence says that it has just happened."""
        return any(finding.age > 1 for finding in self.findings)

    @property
    def evidence(self) -> tuple[Finding, ...]:
        """The findings in the text, the best first."""
        return tuple(finding for finding in self.findings if finding.passage.index != TITLE)


def candidates(findings: Iterable[Finding], rules: Rules, column: bool = False) -> list[Candidate]:
    """The events found, the best first; each further sentence of an event adds less, and a column's title little."""
    title = rules.weights["place_title_commentary"] / rules.weights["place_title"] if column else 1.0
    by_event: dict[str, dict[int, Finding]] = {}
    for finding in findings:
        if finding.passage.index == TITLE:
            finding = replace(finding, score=finding.score * title)
        best = by_event.setdefault(finding.event, {})
        known = best.get(finding.passage.index)
        if known is None or finding.score > known.score:
            best[finding.passage.index] = finding
    found = [_candidate(event, list(best.values()), rules.weights["second"]) for event, best in by_event.items()]
    return sorted(found, key=lambda c: (-c.score, c.event))


def _candidate(event: str, findings: list[Finding], share: float) -> Candidate:
    ordered = sorted(findings, key=lambda f: (-f.score, f.start))
    score = sum(finding.score * share**rank for rank, finding in enumerate(ordered))
    return Candidate(event, score, tuple(ordered))
