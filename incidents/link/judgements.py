"""What people decided about pairs of articles (data/curation/judgements.jsonl), and how it changes the groups.

One JSON object a line: {"a": article id, "b": article id, "verdict": "same" | "different" | "unsure" | "withdrawn",
"who", "when", "why"}. A later line of the same person on the same pair replaces the earlier one, so undoing is another
line, and the files of two people merge as lines of text do. Decisions speak of articles, never of incidents, because
incidents are computed anew at every run.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from incidents.errors import Reject, UserError
from incidents.link.groups import components

VERDICTS = ("same", "different", "unsure", "withdrawn")
_FIELDS = ("a", "b", "verdict", "who", "when", "why")


@dataclass(frozen=True)
class Judgement:
    """One decision. `a` is the smaller article id."""

    a: str
    b: str
    verdict: str
    who: str
    when: str
    why: str
    file: str
    line: int


def read(path: Path) -> tuple[list[Judgement], list[Reject]]:
    """The decisions of a file in its order, and the lines that cannot be read. A missing file holds none."""
    found, rejects = [], []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_parse(line, path.name, number))
            except ValueError as error:
                rejects.append(Reject("link", path.name, number, str(error)))
    return found, rejects


def _parse(line: str, file: str, number: int) -> Judgement:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from error
    if not isinstance(row, dict) or any(not isinstance(row.get(name), str) or not row[name] for name in _FIELDS):
        raise ValueError(f"a decision needs the texts {', '.join(_FIELDS)}")
    if row["verdict"] not in VERDICTS:
        raise ValueError(f"verdict {row['verdict']!r} is none of {', '.join(VERDICTS)}")
    if row["a"] == row["b"]:
        raise ValueError(f"{row['a']} is compared with itself")
    a, b = sorted((row["a"], row["b"]))
    return Judgement(a, b, row["verdict"], row["who"], row["when"], row["why"], file, number)


def in_force(judgements: Iterable[Judgement], known: Iterable[str]) -> tuple[list[Judgement], list[Reject]]:
    """The last decision on each pair, without those on articles that do not exist, which are set aside.

    Two people who disagree about a pair are a contradiction, as is a chain of `same` between two articles called
    different: both raise UserError with the lines concerned.
    """
    articles = set(known)
    latest: dict[tuple[str, str, str], Judgement] = {}
    rejects = []
    for item in judgements:
        missing = [article for article in (item.a, item.b) if article not in articles]
        if missing:
            rejects.append(Reject("link", item.file, item.line, f"no article {missing[0]}; the decision is set aside"))
        else:
            latest[item.a, item.b, item.who] = item
    valid = sorted(
        (item for item in latest.values() if item.verdict in ("same", "different")),
        key=lambda item: (item.a, item.b, item.file, item.line),
    )
    _refuse_contradictions(valid)
    return valid, sorted(rejects)


def _refuse_contradictions(judgements: Sequence[Judgement]) -> None:
    same = [item for item in judgements if item.verdict == "same"]
    for item in judgements:
        chain = _chain(same, item.a, item.b) if item.verdict == "different" else None
        if chain:
            places = ", ".join(f"{step.file}:{step.line}" for step in sorted(chain, key=lambda s: (s.file, s.line)))
            raise UserError(
                f"decisions contradict each other: {item.file}:{item.line} says {item.a} and {item.b} are different, "
                f"{places} make them the same; withdraw one of these lines by adding another"
            )


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
    groups: Sequence[Sequence[str]], judgements: Sequence[Judgement], likeness: Mapping[tuple[str, str], float]
) -> list[list[str]]:
    """The groups of articles after the decisions: joined, split, or as they were.

    Only groups that hold a named article can change. Where a group must split, each article goes with the decided
    article it is most like; `likeness` is keyed on pairs of ids in order.
    """
    group_of = {article: number for number, group in enumerate(groups) for article in group}
    joins = [(group_of[i.a], group_of[i.b]) for i in judgements if i.verdict == "same"]
    result = []
    for numbers in components(len(groups), joins):
        articles = sorted(article for number in numbers for article in groups[number])
        held = set(articles)
        result += _split(articles, [i for i in judgements if i.a in held and i.b in held], likeness)
    return result


def _split(
    articles: list[str], judgements: Sequence[Judgement], likeness: Mapping[tuple[str, str], float]
) -> list[list[str]]:
    """The articles as one group, or as one for each side of the decisions that keep them apart."""
    apart = [item for item in judgements if item.verdict == "different"]
    if not apart:
        return [articles]
    index = {article: number for number, article in enumerate(articles)}
    same = [(index[i.a], index[i.b]) for i in judgements if i.verdict == "same"]
    bound = components(len(articles), same)
    block_of = {member: number for number, block in enumerate(bound) for member in block}
    foes = {frozenset((block_of[index[i.a]], block_of[index[i.b]])) for i in apart}
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


def _nearest(
    articles: Sequence[str], anchors: Mapping[int, Sequence[str]], likeness: Mapping[tuple[str, str], float]
) -> int:
    def average(side: int) -> float:
        values = [likeness.get((min(a, b), max(a, b)), 0.0) for a in articles for b in anchors[side]]
        return sum(values) / len(values)

    return max(sorted(anchors), key=average)
