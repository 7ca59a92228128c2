"""Better weights for stories, from news labelled with its events: `python -m incidents.link.training LABELS DATA_DIR`.

LABELS is JSON Lines with url and event_id, DATA_DIR a data folder in which these articles were read and extracted. From
events of several articles alone it learns to join too much: single stories of the same weeks belong there too, each as
an event of its own. One weight at a time is moved, and kept where the B-cubed F1 (Bagga and Baldwin 1998) over random
halves of one half of the events grows. What that gains is told on the other half, which took no part.
"""

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import yaml

from incidents.link import corpus, lexicon, settings, stories, units
from incidents.link.columns import Lists
from incidents.link.corpus import Article
from incidents.link.features import features, weigh
from incidents.link.groups import Pairs
from incidents.link.organizations import Directory
from incidents.link.prepare import prepare
from incidents.link.profiles import Numbers
from incidents.link.settings import StorySettings
from incidents.link.words import vectors
from incidents.reference import Reference

STEPS = (0.0, 0.5, 0.8, 1.25, 2.0)
HALVES = 8
LEAST_GAIN = 0.0005
CUTS = ("threshold", "doubt")


@dataclass(frozen=True)
class Problem:
    """Some labelled units: the events of the articles of each, and the features of each pair."""

    events: list[list[str]]
    pairs: Pairs
    features: Mapping[str, Numbers]


def problem(articles: Sequence[Article], event_of: Mapping[str, str], reference: Reference) -> Problem:
    """The problem of the articles that are labelled; `event_of` is keyed on article ids."""
    labelled = sorted((a for a in articles if a.article_id in event_of), key=lambda article: article.arrival)
    ready = prepare(labelled, Directory(reference), reference)
    found, _ = units.of_current(ready, corpus.of(labelled), units.COMPARED.empty_table())
    place = {article.article_id: number for number, article in enumerate(labelled)}
    originals = ready.take(pa.array([place[unit.original] for unit in found], pa.int64()))
    profiles = lexicon.profiles(originals)
    words = vectors(Lists.of(originals.column("words")), Lists.of(originals.column("counts")).values.to_numpy())
    pairs, likeness = stories.similarities(words, profiles, settings.load().stories)
    events = [[event_of[article] for article in unit.articles] for unit in found]
    return Problem(events, pairs, features(profiles, pairs, likeness))


def score(tried: Problem, story: StorySettings) -> float:
    """The B-cubed F1 of the stories that the weights, the threshold and the doubt make."""
    values = weigh(tried.features, {"words": 1.0} | story.weights)
    grouped = stories.group(len(tried.events), tried.pairs, values, story)
    return b_cubed([[event for unit in group for event in tried.events[unit]] for group in grouped])


def b_cubed(groups: Sequence[Sequence[str]]) -> float:
    """B-cubed F1, averaged over articles; each group lists the true events of its articles."""
    sizes = Counter(event for group in groups for event in group)
    precision, recall = 0.0, 0.0
    for group in groups:
        for event, count in Counter(group).items():
            precision += count * count / len(group)
            recall += count * count / sizes[event]
    total = sum(sizes.values())
    p, r = precision / total, recall / total
    return 2 * p * r / (p + r)


def search(problems: Sequence[Problem], story: StorySettings) -> tuple[StorySettings, float]:
    """Settings with weights and CUTS moved one at a time while the average score over the problems grows, and that."""

    def average(tried: StorySettings) -> float:
        return sum(score(item, tried) for item in problems) / len(problems)

    best, improved = average(story), True
    while improved:
        improved = False
        for name in [*sorted(story.weights), *CUTS]:
            for step in STEPS:
                tried = moved(story, name, step)
                value = average(tried) if tried.threshold > 0 else 0.0
                if value > best + LEAST_GAIN:
                    story, best, improved = tried, value, True
    return story, best


def moved(story: StorySettings, name: str, step: float) -> StorySettings:
    """The settings with one weight, or one of CUTS, multiplied."""
    if name in CUTS:
        return story.model_copy(update={name: round(getattr(story, name) * step, 4)})
    return story.model_copy(update={"weights": story.weights | {name: round(story.weights[name] * step, 4)}})


def split(event_of: Mapping[str, str], seed: int) -> tuple[dict[str, str], dict[str, str]]:
    """The labels of a random half of the events, and of the others."""
    articles: dict[str, list[str]] = defaultdict(list)
    for article, event in sorted(event_of.items()):
        articles[event].append(article)
    events = sorted(articles)
    chosen = set(random.Random(seed).sample(events, len(events) // 2))  # noqa: S311 a draw, no secret
    halves: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for event in events:
        halves[event not in chosen].update(dict.fromkeys(articles[event], event))
    return halves


def main(labels: Path, data_dir: Path) -> None:
    """Prints the weights found, and the score before and after on events that took no part in the search."""
    from incidents import reference, stages

    known = reference.load()
    articles = list(corpus.build(**stages.load_working(data_dir)).articles.values())
    event_of_url = {row["url"]: row["event_id"] for row in map(json.loads, labels.read_text("utf-8").splitlines())}
    event_of = {a.article_id: event_of_url[a.row["url"]] for a in articles if a.row["url"] in event_of_url}
    train, test = split(event_of, 1)
    problems = [problem(articles, split(train, seed)[0], known) for seed in range(2, 2 + HALVES)]
    old = settings.load().stories
    new, value = search([problem(articles, train, known), *problems], old)
    print(yaml.safe_dump(new.model_dump(include={*CUTS, "weights"}), sort_keys=False))
    held_out = problem(articles, test, known)
    before, after = score(held_out, old), score(held_out, new)
    print(f"# B-cubed F1: {value:.3f} where searched; on the other events {before:.3f} before, {after:.3f} after")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
