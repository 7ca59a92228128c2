"""What people decided about pairs of articles (judgements.jsonl), and how it changes the groups.

A line: {"a": article id, "b": article id, "verdict": "same" | "different" | "unsure", "who", "when", "why"}. Decisions
speak of articles, never of incidents, because incidents are computed anew at every run.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from pydantic import model_validator

from incidents.errors import Reject, UserError
from incidents.link.curation import Decision, latest, refuse_conflicts
from incidents.link.groups import components

FILE = "judgements.jsonl"
Pair: TypeAlias = tuple[str, str]


class Judgement(Decision):
    """Whether two articles report one incident. `a` is the smaller article id."""

    a: str
    b: str
    verdict: Literal["same", "different", "unsure"]

    @model_validator(mode="before")
    @classmethod
    def _in_order(cls, row: dict[str, object]) -> dict[str, object]:
        if row.get("a") == row.get("b"):
            raise ValueError(f"{row.get('a')} is compared with itself")
        return row | dict(zip("ab", sorted((str(row.get("a", "")), str(row.get("b", "")))), strict=True))

    @property
    def subject(self) -> Pair:
        return self.a, self.b

    @property
    def answer(self) -> str:
        return self.verdict


def in_force(judgements: Iterable[Judgement], known: Iterable[str]) -> tuple[list[Judgement], list[Reject]]:
    """The decisions that count, and those set aside: on articles that do not exist, or that say again what others do.

    Two people who disagree about a pair are a contradiction, as is a chain of `same` between two articles called
    different: both raise UserError with the lines concerned.
    """
    articles = set(known)
    valid, rejects = [], []
    for item in latest(judgements):
        missing = [article for article in item.subject if article not in articles]
        if missing:
            rejects.append(Reject("link", item.file, item.line, f"no article {missing[0]}; the decision is set aside"))
        elif item.verdict != "unsure":
            valid.append(item)
    refuse_contradictions(valid)
    circular = _closing_a_circle(valid)
    rejects += [Reject("link", item.file, item.line, reason) for item, reason in circular]
    needless = {item.key for item, _ in circular}
    return [item for item in valid if item.key not in needless], sorted(rejects)


def refuse_contradictions(judgements: Sequence[Judgement]) -> None:
    """UserError where decisions contradict each other, alone or in a chain; it names their lines."""
    refuse_conflicts(judgements)
    same = [item for item in judgements if item.verdict == "same"]
    for item in judgements:
        chain = _chain(same, item.a, item.b) if item.verdict == "different" else None
        if chain:
            places = ", ".join(step.place for step in sorted(chain, key=lambda step: (step.file, step.line)))
            raise UserError(
                f"decisions contradict each other: {item.place} says {item.a} and {item.b} are different, "
                f"{places} make them the same; retract one of these lines"
            )


def _closing_a_circle(judgements: Sequence[Judgement]) -> list[tuple[Judgement, str]]:
    """The `same` of two articles that older lines on other pairs make the same already."""
    found: list[tuple[Judgement, str]] = []
    kept: list[Judgement] = []
    for item in sorted(judgements, key=lambda item: (item.moment, item.key)):
        if item.verdict == "same":
            chain = _chain(kept, item.a, item.b)
            if chain and len(chain) > 1:
                places = ", ".join(step.place for step in chain)
                found.append((item, f"closes a circle: {places} make these articles the same already"))
            else:
                kept.append(item)
    return found


def _chain(same: Sequence[Judgement], start: str, goal: str) -> list[Judgement] | None:
    """The shortest chain of `same` from one article to another."""
    neighbours: dict[str, list[tuple[str, Judgement]]] = {}
    for item in same:
        neighbours.setdefault(item.a, []).append((item.b, item))
        neighbours.setdefault(item.b, []).append((item.a, item))
    paths: dict[str, list[Judgement]] = {start: []}
    queue = [start]
    for article in queue:
        for other, item in neighbours.get(article, []):
            if other not in paths:
                paths[other] = [*paths[article], item]
                queue.append(other)
    return paths.get(goal)


def apply(
    groups: Sequence[Sequence[str]],
    judgements: Sequence[Judgement],
    likeness: Mapping[Pair, float],
    units: Iterable[Sequence[str]] = (),
) -> list[list[str]]:
    """The groups of articles after the decisions: joined, split, or as they were.

    Only groups that hold a named article can change. An article of no group joins the one it is called the same as.
    Where a group must split, each article goes with the decided article it is most like, and the copies of `units` stay
    together; `likeness` is keyed on pairs of ids in order.
    """
    same = [item for item in judgements if item.verdict == "same"]
    grouped = {article for group in groups for article in group}
    loose = sorted({article for item in same for article in item.subject} - grouped)
    every = [*groups, *([article] for article in loose)]
    group_of = {article: number for number, group in enumerate(every) for article in group}
    apart = [item for item in judgements if item.verdict == "different"]
    copies = [unit for unit in units if len(unit) > 1] if apart else []
    result = []
    for numbers in components(len(every), [(group_of[item.a], group_of[item.b]) for item in same]):
        articles = sorted(article for number in numbers for article in every[number])
        held = set(articles)
        foes = [item for item in apart if item.a in held and item.b in held]
        if foes:
            bound = [item.subject for item in same if item.a in held]
            together = [pair for unit in copies if held >= set(unit) for pair in pairwise(unit)]
            result += _split(articles, [item.subject for item in foes], bound, together, likeness)
        else:
            result.append(articles)
    return [group for group in result if grouped & set(group)]


def _split(
    articles: list[str],
    apart: Sequence[Pair],
    same: Sequence[Pair],
    together: Sequence[Pair],
    likeness: Mapping[Pair, float],
) -> list[list[str]]:
    """The articles in one group for each side of the pairs to keep apart; `together` gives way to these."""
    index = {article: number for number, article in enumerate(articles)}
    for ties in ([*same, *together], same):
        bound = components(len(articles), [(index[a], index[b]) for a, b in ties])
        block_of = {articles[member]: number for number, block in enumerate(bound) for member in block}
        foes = {frozenset((block_of[a], block_of[b])) for a, b in apart}
        if all(len(pair) == 2 for pair in foes):
            break
    seeds = sorted({number for pair in foes for number in pair})
    sides: dict[int, list[int]] = {}
    for seed in seeds:  # sides that nobody keeps apart stay together
        home = next((side for side, blocks in sides.items() if all({seed, b} not in foes for b in blocks)), seed)
        sides.setdefault(home, []).append(seed)
    members = {side: [articles[m] for block in blocks for m in bound[block]] for side, blocks in sides.items()}
    anchors = {side: list(found) for side, found in members.items()}
    for number, block in enumerate(bound):
        if number not in seeds:
            loose = [articles[m] for m in block]
            members[_nearest(loose, anchors, likeness)] += loose
    return [sorted(found) for found in members.values()]


def _nearest(articles: Sequence[str], anchors: Mapping[int, Sequence[str]], likeness: Mapping[Pair, float]) -> int:
    def average(side: int) -> float:
        values = [likeness.get((min(a, b), max(a, b)), 0.0) for a in articles for b in anchors[side]]
        return sum(values) / len(values)

    return max(sorted(anchors), key=average)
