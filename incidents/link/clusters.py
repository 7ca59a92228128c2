"""Articles -> incidents: units, stories and incidents one after the other, and what joined each article to its own."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from scipy import sparse

from incidents.ids import digest
from incidents.link import judgements, lexicon, matching, prepare, settings, stories
from incidents.link.columns import Indexes, Lists
from incidents.link.features import parts
from incidents.link.groups import Pairs, nearest
from incidents.link.judgements import Judgement
from incidents.link.profiles import Numbers, Profiles
from incidents.link.units import Unit
from incidents.link.words import vectors

BORDERLINE = 2.0  # two incidents whose stories score so little below the threshold are worth a person's look
MOST_NEAR = 10_000  # such pairs are shown at most
# The columns by which articles are grouped.
_ASKED = [*prepare.NAMES.names, "headline", "words", "counts", "first_day", "last_day", "record_class"]


@dataclass(frozen=True)
class Link:
    """How an article came to its incident: `other` is the article it is most like there, `parts` what that rests on."""

    method: str
    score: float
    other: str | None = None
    parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Cluster:
    """The articles of one incident, the founding one first; the originals among them; how each came to it."""

    articles: list[str]
    originals: list[str]
    links: dict[str, Link]


@dataclass(frozen=True)
class Near:
    """Two articles of different incidents that might be one: for review."""

    a: str
    b: str
    score: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Clusters:
    """The incidents, the story id of each article that is in one, and the pairs worth a look, the nearest first."""

    incidents: list[Cluster]
    story_of: dict[str, str]
    near: list[Near]


@dataclass(frozen=True)
class _Level:
    """Rows (units, or stories) with the scores of some of their pairs, and the groups that these make."""

    profiles: Profiles
    pairs: Pairs
    words: Numbers
    scores: Numbers
    groups: list[list[int]]
    weights: Mapping[str, float]

    @property
    def group_of(self) -> Indexes:
        """The number of each row's group."""
        found = np.zeros(len(self.profiles), np.int64)
        for number, group in enumerate(self.groups):
            found[group] = number
        return found

    def nearest(self) -> Indexes:
        """For each row the place of its best pair within its group; -1 where none is listed."""
        group_of = self.group_of
        places = np.flatnonzero(group_of[self.pairs[:, 0]] == group_of[self.pairs[:, 1]])
        found = nearest(len(self.profiles), self.pairs[places].T, self.scores[places])
        return np.where(found >= 0, places[found], -1) if len(places) else found

    def explained(self, places: Indexes) -> list[dict[str, float]]:
        """What each feature adds to the scores of the pairs at these places."""
        return parts(self.profiles, self.pairs[places], self.words[places], self.weights)


class _Grouping:
    """The units of considered articles, each by the article that speaks for it, grouped into stories and incidents."""

    def __init__(self, voices: pa.Table) -> None:
        self.settings = settings.load()
        told = lexicon.profiles(voices)
        own = self.settings.stories
        pairs, likeness = stories.similarities(_vectors(voices), told, own)
        del voices  # room for the pairs
        scores = stories.weighed(told, pairs, likeness, own)
        groups = stories.group(len(told), pairs, scores, own)
        self.units = _Level(told, pairs, likeness, scores, groups, {"words": 1.0} | own.weights)
        sizes = np.array([len(group) for group in groups], np.int64)
        merged = told.merged(self.units.group_of, len(groups))
        between = stories.between(self.units.group_of, sizes, pairs, likeness)
        pairs, likeness = matching.candidates(merged, between, self.settings.incidents)
        scores = matching.scored(merged, pairs, likeness, self.settings.incidents)
        groups = matching.group(len(groups), pairs, scores, self.settings.incidents)
        self.stories = _Level(merged, pairs, likeness, scores, groups, self.settings.incidents.weights)


def build(articles: pa.Table, units: Sequence[Unit], decisions: Sequence[Judgement]) -> Clusters:
    """The incidents that articles tell of. Decisions change the groups concerned and no others.

    `articles` are rows of prepare.SCHEMA, one an article, in the order of publication; `units` are all of theirs.
    """
    ids = articles.column("article_id").to_pylist()
    place = {article: number for number, article in enumerate(ids)}
    considered, speaks, reports = (articles.column(n).to_pylist() for n in ("considered", "speaks", "reports"))
    chosen = [unit for unit in units if any(considered[place[a]] for a in unit.articles)]
    voices = [_voice([place[a] for a in unit.articles], considered, speaks) for unit in chosen]
    grouping = _Grouping(articles.select(_ASKED).take(pa.array(voices, pa.int64())))
    stories_of_units = grouping.units.groups
    kept = [
        incident
        for incident in grouping.stories.groups
        if any(reports[voices[unit]] for story in incident for unit in stories_of_units[story])
    ]
    groups = [[a for story in i for unit in stories_of_units[story] for a in chosen[unit].articles] for i in kept]
    names = [ids[voice] for voice in voices]
    likeness = _likeness(grouping, names, chosen, decisions)
    decided = judgements.apply(groups, decisions, likeness, [unit.articles for unit in chosen])
    links = _links(grouping, names, chosen, kept)
    judged = {article for d in decisions if d.verdict == "same" for article in (d.a, d.b)}
    original_of = {article: name for unit, name in zip(chosen, names, strict=True) for article in unit.articles}
    incidents = [_cluster(group, place, links, judged, original_of) for group in decided]
    story_of: dict[str, str] = {}
    for story in stories_of_units:
        key = f"story-{digest(names[story[0]])}"
        story_of |= {article: key for unit in story for article in chosen[unit].articles}
    return Clusters(incidents, story_of, _near(grouping, names, kept))


def _vectors(voices: pa.Table) -> sparse.csr_matrix:
    return vectors(Lists.of(voices.column("words")), Lists.of(voices.column("counts")).values.to_numpy())


def _voice(copies: Sequence[int], considered: Sequence[bool], speaks: Sequence[bool]) -> int:
    """The article that stands for its copies: the first one in which an event was found, else the first considered."""
    return next((n for n in copies if speaks[n]), next(n for n in copies if considered[n]))


def _likeness(
    grouping: _Grouping, names: Sequence[str], units: Sequence[Unit], decisions: Sequence[Judgement]
) -> dict[tuple[str, str], float]:
    """The likeness of pairs of articles, by their ids in order, in the incidents that decisions touch."""
    named = {article for decision in decisions for article in (decision.a, decision.b)}
    level = grouping.units
    incident_of = grouping.stories.group_of[level.group_of] if len(names) else level.group_of
    touched = {incident_of[n] for n, unit in enumerate(units) if named & {unit.original, *unit.kinds}}
    is_touched = np.isin(incident_of, sorted(touched))
    rows = np.flatnonzero(is_touched[level.pairs[:, 0]] & is_touched[level.pairs[:, 1]])
    pairs = ((names[a], names[b]) for a, b in level.pairs[rows].tolist())
    return {(min(pair), max(pair)): value for pair, value in zip(pairs, level.scores[rows].tolist(), strict=True)}


def _cluster(
    group: Sequence[str],
    place: Mapping[str, int],
    links: Mapping[str, Link],
    judged: set[str],
    original_of: Mapping[str, str],
) -> Cluster:
    ordered = sorted(group, key=place.__getitem__)
    members = set(group)
    found = {}
    for article in ordered:
        link = links.get(article)
        if article == ordered[0]:
            found[article] = Link("founding", 1.0)
        elif article in judged or link is None or link.other not in members:
            found[article] = Link("judgement", 1.0)
        else:
            found[article] = link
    originals = [a for a in ordered if original_of.get(a, a) == a or original_of[a] not in members]
    return Cluster(ordered, originals, found)


def _links(
    grouping: _Grouping, names: Sequence[str], units: Sequence[Unit], incidents: Iterable[Sequence[int]]
) -> dict[str, Link]:
    """What holds each article: a copy its original, an article its story, a story's first article another story."""
    members = grouping.units.groups
    stories_in = [story for incident in incidents for story in incident]
    others = [unit for story in stories_in for unit in members[story][1:]]
    threshold = grouping.settings.stories.threshold
    found = {}
    for unit, other, score, told in _best(grouping.units, others):
        found[names[unit]] = Link("story", _sure((score - threshold) / threshold), names[other], told)
    joined = [story for incident in incidents for story in incident if len(incident) > 1]
    for story, other, score, told in _best(grouping.stories, joined):
        found[names[members[story][0]]] = Link("keys", _sure(score), names[members[other][0]], told)
    for copies, voice in zip(units, names, strict=True):
        found |= {article: Link("story", 1.0, voice) for article in copies.articles if article != voice}
    return found


def _best(level: _Level, rows: Sequence[int]) -> Iterator[tuple[int, int, float, dict[str, float]]]:
    """Each of some rows with the row of its group that it is most like, the score and its parts."""
    nearest = level.nearest()
    known = [row for row in rows if nearest[row] >= 0]
    places = nearest[known]
    ends, scores = level.pairs[places].sum(axis=1), level.scores[places]
    explained = level.explained(places)
    yield from zip(known, (ends - known).tolist(), scores.tolist(), explained, strict=True)


def _near(grouping: _Grouping, names: Sequence[str], incidents: Iterable[Sequence[int]]) -> list[Near]:
    level, members = grouping.stories, grouping.units.groups
    home = np.full(len(members), -1)
    for number, incident in enumerate(incidents):
        home[incident] = number
    a, b = level.pairs.T
    least = grouping.settings.incidents.threshold - BORDERLINE
    places = np.flatnonzero((home[a] >= 0) & (home[b] >= 0) & (home[a] != home[b]) & (level.scores >= least))
    places = places[np.lexsort((b[places], a[places], -level.scores[places]))][:MOST_NEAR]
    founders = [names[story[0]] for story in members]
    found = zip(level.pairs[places].tolist(), level.scores[places].tolist(), level.explained(places), strict=True)
    return [Near(founders[x], founders[y], score, told) for (x, y), score, told in found]


def _sure(score: float) -> float:
    """A score as a share: one half at the threshold."""
    return round(1 / (1 + math.exp(-max(-20.0, min(20.0, score)))), 3)
