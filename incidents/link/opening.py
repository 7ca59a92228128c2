"""How an article opens: its headline and the passage that comes to our topic, without what a site puts on every page.

A text given as text may still hold a site's menu, share buttons and name. A run of words that several different
articles of one site share is furniture; it is blanked, not cut, so that offsets into the text hold. It is looked for
among the articles that came in together: a text given as text comes with others, a page was cleaned when it was read.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from incidents.link.corpus import Article
from incidents.link.words import topic_start

RUN = 4  # words
LEAST_ARTICLES = 3
LEAST_SHARE = 0.1  # of the site's articles
READ = 6000  # characters from the start of a text
_WORD = re.compile(r"\w+")
_SUFFIX = re.compile(r"\s+[|–—-]\s+([^|–—]{2,40})$")


@dataclass(frozen=True)
class Opening:
    """The headline, the start of the text with the site's furniture blanked, and where in it the topic begins."""

    headline: str
    text: str
    start: int

    def passage(self, length: int) -> str:
        """The text from where the topic begins; runs of blanks do not count."""
        return " ".join(self.text[self.start :].split())[:length]


def openings(articles: Sequence[Article], units: Iterable[int]) -> list[Opening]:
    """The opening of each article. Those of one unit are copies and count once, or the copied words look like
    furniture."""
    unit_of, by_site = list(units), defaultdict[str, list[int]](list)
    for number, article in enumerate(articles):
        by_site[urlsplit(str(article.row["canonical_url"])).hostname or ""].append(number)
    found: dict[int, Opening] = {}
    for site, numbers in by_site.items():
        of_site = _of_site([articles[n] for n in numbers], [unit_of[n] for n in numbers], bool(site))
        found |= zip(numbers, of_site, strict=True)
    return [found[number] for number in range(len(articles))]


def _of_site(articles: Sequence[Article], units: Sequence[int], is_site: bool) -> list[Opening]:
    texts = [str(article.row["text"])[:READ] for article in articles]
    titles = [str(article.row["title"] or "") for article in articles]
    if is_site and len(set(units)) >= LEAST_ARTICLES:
        texts, titles = _without_furniture(texts, units), _without_suffix(titles, units)
    return [Opening(title, text, topic_start(text)) for title, text in zip(titles, texts, strict=True)]


def _without_furniture(texts: Sequence[str], units: Sequence[int]) -> list[str]:
    spans = [[(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(text)] for text in texts]
    runs = [[tuple(word for _, _, word in found[i : i + RUN]) for i in range(len(found) - RUN + 1)] for found in spans]
    by_unit: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for unit, found in zip(units, runs, strict=True):
        by_unit[unit].update(found)
    counts = Counter(run for found in by_unit.values() for run in found)
    least = max(LEAST_ARTICLES, LEAST_SHARE * len(by_unit))
    return [
        _blanked(text, found, [counts[run] >= least for run in own])
        for text, found, own in zip(texts, spans, runs, strict=True)
    ]


def _blanked(text: str, spans: Sequence[tuple[int, int, str]], is_furniture: Sequence[bool]) -> str:
    characters = list(text)
    for number, furniture in enumerate(is_furniture):
        if furniture:
            start, end = spans[number][0], spans[number + RUN - 1][1]
            characters[start:end] = " " * (end - start)
    return "".join(characters)


def _without_suffix(titles: Sequence[str], units: Sequence[int]) -> list[str]:
    """The titles without the site's name at the end."""
    matches = [_SUFFIX.search(title) for title in titles]
    counts = Counter(name for _, name in {(unit, m.group(1)) for unit, m in zip(units, matches, strict=True) if m})
    return [
        title[: match.start()] if match and counts[match.group(1)] >= LEAST_ARTICLES else title
        for title, match in zip(titles, matches, strict=True)
    ]
