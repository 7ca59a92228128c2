"""Articles -> incidents: units, stories and incidents one after the other, and what joined each article to its own."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from incidents.ids import digest
from incidents.link import judgements, matching, settings, stories
from incidents.link.corpus import Article, Corpus
from incidents.link.duplicates import Unit
from incidents.link.features import NEWS, merged, parts, profile
from incidents.link.groups import Pair
from incidents.link.judgements import Judgement
from incidents.link.keys import Lexicon
from incidents.link.opening import openings
from incidents.link.organizations import Directory
from incidents.reference import Reference

BORDERLINE = 2.0  # two incidents whose stories score so little below the threshold are worth a person's look


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


class _Grouping:
    """The units of considered articles, grouped into stories and those into incidents, by index."""

    def __init__(self, originals: Sequence[Article], directory: Directory, reference: Reference) -> None:
        self.settings = settings.load()
        self.originals = originals
        lexicon = Lexicon(originals, directory)
        opened = openings(originals)
        self.profiles = [
            profile(article, opening, lexicon, directory, reference)
            for article, opening in zip(originals, opened, strict=True)
        ]
        self.likeness = stories.similarities(originals, opened, self.settings.stories)
        self.weighed = stories.weighed(self.likeness, self.profiles, self.settings.stories)
        self.stories = stories.group(len(originals), self.weighed, self.settings.stories)
        self.story_profiles = [merged([self.profiles[i] for i in story]) for story in self.stories]
        self.words = stories.between(self.stories, self.likeness)
        self.scores = matching.scored(self.story_profiles, self.words, self.settings.incidents)
        self.incidents = matching.group(len(self.stories), self.scores, self.settings.incidents)

    def reports(self, incident: Iterable[int]) -> bool:
        """Whether a relevant article of the group reports an event. A column or a product review makes no incident."""
        articles = (self.originals[i] for story in incident for i in self.stories[story])
        return any(article.relevant and article.kind in NEWS for article in articles)

    def founder(self, story: int) -> str:
        return self.originals[self.stories[story][0]].article_id


def build(
    news: Corpus, units: Sequence[Unit], decisions: Sequence[Judgement], directory: Directory, reference: Reference
) -> Clusters:
    """The incidents that the articles tell of. Decisions change the groups concerned and no others."""
    chosen = [unit for unit in units if any(news.articles[a].considered for a in unit.articles)]
    grouping = _Grouping([_voice(unit, news) for unit in chosen], directory, reference)
    kept = [incident for incident in grouping.incidents if grouping.reports(incident)]
    groups = [[a for s in incident for i in grouping.stories[s] for a in chosen[i].articles] for incident in kept]
    decided = judgements.apply(groups, decisions, _by_article(grouping), [unit.articles for unit in chosen])
    links = _links(grouping, chosen, kept)
    judged = {article for d in decisions if d.verdict == "same" for article in (d.a, d.b)}
    voices = zip(chosen, grouping.originals, strict=True)
    original_of = {article: voice.article_id for unit, voice in voices for article in unit.articles}
    incidents = [_cluster(group, news, links, judged, original_of) for group in decided]
    story_of = {
        article: f"story-{digest(grouping.founder(number))}"
        for number, story in enumerate(grouping.stories)
        for i in story
        for article in chosen[i].articles
    }
    return Clusters(incidents, story_of, _near(grouping, kept))


def _voice(unit: Unit, news: Corpus) -> Article:
    """The article that stands for its copies: the first one in which an event was found, else the first considered."""
    articles = [news.articles[article] for article in unit.articles]
    considered = next(article for article in articles if article.considered)
    return next((article for article in articles if article.relevant and article.main_event), considered)


def _by_article(grouping: _Grouping) -> dict[tuple[str, str], float]:
    """The likeness of pairs of articles by their ids in order."""
    names = [article.article_id for article in grouping.originals]
    return {(min(names[a], names[b]), max(names[a], names[b])): value for (a, b), value in grouping.weighed.items()}


def _cluster(
    group: Sequence[str],
    news: Corpus,
    links: Mapping[str, Link],
    judged: set[str],
    original_of: Mapping[str, str],
) -> Cluster:
    ordered = sorted(group, key=lambda article: news.articles[article].arrival)
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


def _links(grouping: _Grouping, units: Sequence[Unit], incidents: Iterable[Sequence[int]]) -> dict[str, Link]:
    """What holds each article: a copy its original, an article its story, a story's first article another story."""
    within: dict[int, Pair] = {}
    across: dict[int, Pair] = {}
    for incident in incidents:
        for story in incident:
            first, *others = grouping.stories[story]
            within |= {unit: _best(unit, grouping.stories[story], grouping.weighed) for unit in others}
            if len(incident) > 1:
                across[first] = _best(story, incident, grouping.scores)
    unit_parts = parts(
        grouping.profiles,
        {pair: grouping.likeness.get(pair, 0.0) for pair in within.values()},
        {"words": 1.0} | grouping.settings.stories.weights,
    )
    story_parts = _story_parts(grouping, across.values())
    found: dict[str, Link] = {}
    for unit, pair in within.items():
        score = _story_score(grouping, grouping.weighed.get(pair, 0.0))
        other = _other(grouping.originals, unit, pair)
        found[grouping.originals[unit].article_id] = Link("story", score, other, unit_parts[pair])
    story_of = {story[0]: number for number, story in enumerate(grouping.stories)}
    for unit, pair in across.items():
        other = grouping.founder(pair[0] if pair[1] == story_of[unit] else pair[1])
        score = _sure(grouping.scores.get(pair, 0.0))
        found[grouping.originals[unit].article_id] = Link("keys", score, other, story_parts[pair])
    for copies, voice in zip(units, grouping.originals, strict=True):
        silent = [article for article in copies.articles if article != voice.article_id]
        found |= {article: Link("story", 1.0, voice.article_id) for article in silent}
    return found


def _best(one: int, group: Iterable[int], scores: Mapping[Pair, float]) -> Pair:
    """The pair of one member with another of its group that scores most."""
    pairs = [(min(one, other), max(one, other)) for other in group if other != one]
    return min(pairs, key=lambda pair: (-scores.get(pair, -math.inf), pair))


def _other(originals: Sequence[Article], unit: int, pair: Pair) -> str:
    return originals[pair[0] if pair[1] == unit else pair[1]].article_id


def _story_parts(grouping: _Grouping, pairs: Iterable[Pair]) -> dict[Pair, dict[str, float]]:
    words = {pair: grouping.words.get(pair, 0.0) for pair in pairs}
    return parts(grouping.story_profiles, words, grouping.settings.incidents.weights)


def _near(grouping: _Grouping, incidents: Sequence[Sequence[int]]) -> list[Near]:
    home = {story: number for number, incident in enumerate(incidents) for story in incident}
    least = grouping.settings.incidents.threshold - BORDERLINE
    pairs = [
        (a, b)
        for (a, b), score in grouping.scores.items()
        if a in home and b in home and home[a] != home[b] and score >= least
    ]
    pairs.sort(key=lambda pair: (-grouping.scores[pair], pair))
    explained = _story_parts(grouping, pairs)
    return [Near(grouping.founder(a), grouping.founder(b), grouping.scores[a, b], explained[a, b]) for a, b in pairs]


def _story_score(grouping: _Grouping, score: float) -> float:
    threshold = grouping.settings.stories.threshold
    return _sure((score - threshold) / threshold)


def _sure(score: float) -> float:
    """A score as a share: one half at the threshold."""
    return round(1 / (1 + math.exp(-max(-20.0, min(20.0, score)))), 3)
