"""The registry of incident ids (data/registry/incidents.jsonl): append-only, carried from run to run.

Lines: {"op": "mint", "incident_id", "founding_article", "split_from", "release"}, {"op": "members", "incident_id",
"joined", "left", "release"} when articles came to an incident or went from it, {"op": "redirect", "old_id", "new_id",
"reason", "release"} when an id no longer stands. Nothing is ever changed or removed, and no id is used again.
"""

import json
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from incidents.errors import Reject
from incidents.files import write_text

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Redirect:
    """An id that no longer stands. `new_id` is None for one whose articles are all gone."""

    old_id: str
    new_id: str | None
    reason: str
    release: str


@dataclass
class Registry:
    """Every id ever minted, in that order, with its articles now and what became of it."""

    lines: list[str] = field(default_factory=list)
    founding: dict[str, str] = field(default_factory=dict)
    split_from: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    redirects: dict[str, Redirect] = field(default_factory=dict)

    @property
    def live(self) -> list[str]:
        """The ids that stand, oldest first."""
        return [incident for incident in self.founding if incident not in self.redirects]

    def final(self, incident_id: str) -> str | None:
        """The id that stands for this one now, through any chain of redirects."""
        current: str | None = incident_id
        while current in self.redirects:
            current = self.redirects[current].new_id
        return current

    def copy(self) -> "Registry":
        return Registry(
            list(self.lines), dict(self.founding), dict(self.split_from), dict(self.members), dict(self.redirects)
        )

    def save(self, path: Path) -> None:
        """Write the lines in one step."""
        write_text(path, "".join(f"{line}\n" for line in self.lines))

    def _append(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        self._take(entry)
        self.lines.append(line)

    def _take(self, entry: dict[str, Any]) -> None:
        match entry:
            case {"op": "mint", "incident_id": str(incident), "founding_article": str(founder)}:
                if incident in self.founding:
                    raise ValueError(f"{incident} is minted twice")
                self.founding[incident] = founder
                if entry.get("split_from"):
                    self.split_from[incident] = str(entry["split_from"])
            case {"op": "members", "incident_id": str(incident), "joined": [*joined], "left": [*left]}:
                self._require(incident)
                members = {*self.members.get(incident, ()), *map(str, joined)} - set(map(str, left))
                self.members[incident] = sorted(members)
            case {"op": "members", "incident_id": str(incident), "articles": [*articles]}:  # until linker 0.2
                self._require(incident)
                self.members[incident] = sorted(map(str, articles))
            case {"op": "redirect", "old_id": str(old), "new_id": new, "reason": reason, "release": release}:
                self._require(old)
                if new is not None and self.final(str(new)) == old:
                    raise ValueError(f"{old} is redirected in a circle")
                self.redirects[old] = Redirect(old, None if new is None else str(new), str(reason), str(release))
            case _:
                raise ValueError("not an entry of the registry")

    def _require(self, incident: str) -> None:
        if incident not in self.founding:
            raise ValueError(f"{incident} was never minted")
        if incident in self.redirects:
            raise ValueError(f"{incident} no longer stands; it was merged or withdrawn before")


def load(path: Path) -> tuple[Registry, list[Reject]]:
    """The registry of a file, empty where the file is missing, and the lines that cannot be: they are kept and
    ignored.
    """
    registry = Registry()
    rejects = []
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            registry._take(json.loads(line))
        except ValueError as error:
            rejects.append(Reject("link", path.name, number, str(error)))
        registry.lines.append(line)
    return registry, rejects


def mint(founding_article: str, taken: Container[str]) -> str:
    """A new id from the founding article; a counter keeps it from any id that was ever used."""
    counter = 0
    while True:
        seed = int.from_bytes(sha256(f"{founding_article}\x1f{counter}".encode()).digest()[:5])
        code = "".join(CROCKFORD[(seed >> shift) & 31] for shift in range(35, -1, -5))
        if f"FRI-{code}" not in taken:
            return f"FRI-{code}"
        counter += 1


def assign(registry: Registry, clusters: Sequence[Sequence[str]], release: str) -> tuple[Registry, list[str]]:
    """The registry after this run, and the id of each cluster. `clusters` list article ids, the founding one first.

    Each cluster takes the id with which it shares most articles, each id goes to one cluster, and the older wins a
    tie. What is left over is minted; an id left without a cluster is redirected to where most of its articles went.
    """
    updated = registry.copy()
    age = {incident: number for number, incident in enumerate(updated.founding)}
    shared = _overlaps(updated, clusters)
    ids: dict[int, str] = {}
    given: set[str] = set()
    for _, _, _, incident, cluster in sorted(
        (-count, age[incident], clusters[cluster][0], incident, cluster)
        for (incident, cluster), count in shared.items()
    ):
        if incident not in given and cluster not in ids:
            ids[cluster] = incident
            given.add(incident)
    origin = _most({(number, incident): (-count, age[incident]) for (incident, number), count in shared.items()})
    for number in sorted(set(range(len(clusters))) - set(ids), key=lambda number: clusters[number][0]):
        ids[number] = mint(clusters[number][0], updated.founding)
        age[ids[number]] = len(age)
        updated._append(_minted(ids[number], clusters[number][0], origin.get(number), release))
    heir = _most({(old, n): (-count, age[ids[n]], clusters[n][0]) for (old, n), count in shared.items()})
    for incident in [incident for incident in registry.live if incident not in given]:
        updated._append(_redirected(incident, ids[heir[incident]] if incident in heir else None, release))
    for number in sorted(ids, key=lambda number: ids[number]):
        now, before = set(clusters[number]), set(updated.members.get(ids[number], ()))
        if now != before:
            moved = {"joined": sorted(now - before), "left": sorted(before - now)}
            updated._append({"op": "members", "incident_id": ids[number], **moved, "release": release})
    return updated, [ids[number] for number in range(len(clusters))]


def _overlaps(registry: Registry, clusters: Sequence[Sequence[str]]) -> dict[tuple[str, int], int]:
    """(id, cluster) -> articles in common."""
    home = {article: number for number, cluster in enumerate(clusters) for article in cluster}
    counts: Counter[tuple[str, int]] = Counter()
    for incident in registry.live:
        counts.update((incident, home[article]) for article in registry.members.get(incident, ()) if article in home)
    return dict(counts)


def _most(ranks: Mapping[tuple[K, V], tuple[Any, ...]]) -> dict[K, V]:
    """For each first half of a key the second half that ranks first."""
    return {owner: value for (owner, value), _ in sorted(ranks.items(), key=lambda item: item[1], reverse=True)}


def _minted(incident: str, founder: str, split_from: str | None, release: str) -> dict[str, Any]:
    entry = {"op": "mint", "incident_id": incident, "founding_article": founder, "release": release}
    return entry | ({"split_from": split_from} if split_from else {})


def _redirected(incident: str, heir: str | None, release: str) -> dict[str, Any]:
    reason = "withdrawn" if heir is None else "merge"
    return {"op": "redirect", "old_id": incident, "new_id": heir, "reason": reason, "release": release}
