"""What people said of names that the reference data does not know (organizations.jsonl).

A line: {"name": as written, "organization": an id, "new" or "not_an_organization", "who", "when", "why"}.
`candidate`, the id made from a name, stands in place of `name` where the name is none to be kept: what looks like an
organization may be a person. With "article" a line counts in that article only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import model_validator

from incidents.errors import Reject
from incidents.link.corpus import Article, Corpus, Row
from incidents.link.curation import Decision, latest, refuse_conflicts
from incidents.link.organizations import KIND_OF_MENTION, Directory, candidate_id

FILE = "organizations.jsonl"
NEW = "new"
NONE = "not_an_organization"
EVERYWHERE = "everywhere"


class Resolution(Decision):
    """What one name stands for, everywhere or in one article."""

    organization: str
    name: str | None = None
    candidate: str | None = None
    article: str | None = None

    @model_validator(mode="after")
    def _names_one(self) -> "Resolution":
        if (self.name is None) == (self.candidate is None):
            raise ValueError("either name or candidate says which name is meant")
        if self.organization == self.candidate_id:
            raise ValueError(f"{self.organization} stands for itself")
        return self

    @property
    def candidate_id(self) -> str:
        """The id that the name has as an unknown organization."""
        return candidate_id(self.name) if self.name is not None else str(self.candidate)

    @property
    def subject(self) -> tuple[str, ...]:
        return self.candidate_id, self.article or EVERYWHERE

    @property
    def answer(self) -> str:
        return self.organization


def in_force(
    resolutions: Iterable[Resolution], directory: Directory, news: Corpus
) -> tuple[list[Resolution], list[Reject]]:
    """The resolutions that count, and those set aside: of unknown articles or organizations, or leading in a circle.

    Two people who resolve one name differently are a contradiction: UserError with their lines.
    """
    found = latest(resolutions)
    refuse_conflicts(found)
    met = {candidate_id(mention["name"]) for mention in _mentions(news.naming({item.organization for item in found}))}
    target = {item.candidate_id: item.organization for item in found if item.article is None}
    valid, rejects = [], []
    for item in found:
        problem = _problem(item, directory, news, met, target)
        if problem:
            rejects.append(Reject("link", item.file, item.line, f"{problem}; the decision is set aside"))
        else:
            valid.append(item)
    return valid, sorted(rejects)


def _problem(
    item: Resolution, directory: Directory, news: Corpus, met: set[str], target: Mapping[str, str]
) -> str | None:
    if item.article is not None and item.article not in news.articles:
        return f"no article {item.article}"
    if item.organization not in (NEW, NONE, *directory.known) and item.organization not in met:
        return f"no organization {item.organization}"
    seen = [item.candidate_id]
    while item.article is None and seen[-1] in target:
        seen.append(target[seen[-1]])
        if seen[-1] in seen[:-1]:
            return f"a circle: {' -> '.join(seen)}"
    return None


def apply(news: Corpus, resolutions: Sequence[Resolution]) -> tuple[Corpus, dict[str, list[Resolution]]]:
    """The articles with their names resolved as people said, and what was decided in each of those that changed."""
    if not resolutions:
        return news, {}
    naming = news.naming({key for item in resolutions for key in (item.candidate_id, item.organization)})
    names = {candidate_id(mention["name"]): mention["name"] for mention in _mentions(naming)}
    decided = {item.subject: item for item in resolutions}
    changed, touched = {}, {}
    for key, article in naming.items():
        named = [mention["name"] for mention in article.mentions if mention["kind"] in KIND_OF_MENTION]
        found = {name: item for name in named if (item := _decided(name, key, decided))}
        if found:
            target = {name: _target(item, decided) for name, item in found.items()}
            changed[key] = _rewritten(article, target, names)
            touched[key] = sorted(set(found.values()), key=lambda item: item.place)
    return news.rewritten(changed), touched


def _decided(name: str, article: str, decided: Mapping[tuple[str, ...], Resolution]) -> Resolution | None:
    candidate = candidate_id(name)
    return decided.get((candidate, article)) or decided.get((candidate, EVERYWHERE))


def _target(item: Resolution, decided: Mapping[tuple[str, ...], Resolution]) -> str:
    """Where a chain of names ends: Dune PD is Dune Police, which is the police of Dune County."""
    following = decided.get((item.organization, EVERYWHERE))
    return _target(following, decided) if following and following.organization != NEW else item.organization


def _rewritten(article: Article, target: Mapping[str, str], names: Mapping[str, str]) -> Article:
    mentions = [_resolved(m, target, names) if m["kind"] in KIND_OF_MENTION else m for m in article.mentions]
    events = [
        event | {"organizations": [row for e in event["organizations"] if (row := _resolved(e, target, names))]}
        for event in article.events
    ]
    return replace(article, mentions=[m for m in mentions if m], events=events)


def _resolved(row: Row, target: Mapping[str, str], names: Mapping[str, str]) -> Row | None:
    """The row under the id decided, under the name of another candidate, or None where it is no organization."""
    organization = target.get(row["name"], NEW)
    if organization == NONE:
        return None
    if organization == NEW:
        return row
    if organization in names:
        return row | {"name": names[organization], "entity_id": None}
    return row | {"entity_id": organization}


def _mentions(articles: Mapping[str, Article]) -> Iterator[Row]:
    return (m for article in articles.values() for m in article.mentions if m["kind"] in KIND_OF_MENTION)
