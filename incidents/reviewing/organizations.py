"""Names that the reference data does not know: which organization is meant?"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial

from incidents import reference
from incidents.link.organizations import Directory, fold, unresolved
from incidents.link.resolutions import FILE, NEW, NONE
from incidents.reviewing.questions import Ask, Choice, Pending, Question, Row, Sentence, Side
from incidents.reviewing.store import Store

MOST = 100
SUGGESTED = 4
NAMED = """
SELECT m.* FROM working_mentions m JOIN working_assessments s USING (revision_id)
WHERE s.relevant AND m.kind IN ('vendor', 'police_agency', 'deployer', 'authority', 'advocacy')
"""
ID = Ask("organization", "id of the organization")


def open_names(store: Store, limit: int = MOST) -> list[Row]:
    """The unresolved names of relevant articles that nobody resolved, the most frequent first, with sentences."""
    resolved = {item.candidate_id for item in store.decisions().resolutions if item.article is None}
    found = unresolved(store.rows(NAMED), Directory(reference.load()))
    return [row for row in found if row["organization_id"] not in resolved][:limit]


def pending(store: Store, who: str) -> Iterator[Pending]:
    """The open names as questions."""
    names = open_names(store)
    alike = _Alike()
    for row in names:
        yield Pending(row["organization_id"], partial(_question, row, alike))


def _question(row: Row, alike: "_Alike") -> Question:
    name = row["name"]
    known = [
        Choice(str(n), f"{title} ({key})", ((FILE, {"name": name, "organization": key}),))
        for n, (key, title) in enumerate(alike.like(name), 1)
    ]
    kept = {"candidate": row["organization_id"]}  # what is no organization may be a person, whose name is not kept
    told = tuple(Sentence(key, quote) for key, quote in zip(row["article_ids"], row["quotes"], strict=True))
    spelled = ", ".join(row["spellings"])
    return Question(
        row["organization_id"],
        "organization",
        f"Which organization is “{name}”?",
        f"As {row['kind'].replace('_', ' ')}, in {row['articles']} relevant article(s); the reference data has none",
        (Side(name, f"written {spelled}; {row['organization_id']}", told),),
        (
            *known,
            Choice("m", "another one, by its id", ((FILE, {"name": name}),), (ID,)),
            Choice("n", "an organization of its own", ((FILE, {"name": name, "organization": NEW}),)),
            Choice("x", "no organization", ((FILE, kept | {"organization": NONE}),)),
        ),
    )


class _Alike:
    """Finds known names that share rare words, for a person to choose from: alike is not the same."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._holders: dict[str, list[str]] = defaultdict(list)
        for key, entry in Directory(reference.load()).known.items():
            self._names[key] = entry.name
            for word in sorted({word for name in entry.names for word in fold(name).split()}):
                self._holders[word].append(key)

    def like(self, name: str) -> list[tuple[str, str]]:
        """Ids and names of the organizations most like a name, the best first."""
        scores: Counter[str] = Counter()
        for word in set(fold(name).split()):
            for key in self._holders.get(word, ()):
                scores[key] += 1 / len(self._holders[word])  # type: ignore[assignment]
        best = sorted(scores, key=lambda key: (-scores[key], len(self._names[key]), key))[:SUGGESTED]
        return [(key, self._names[key]) for key in best]
