"""The pages with gold of ../shared/pages and how a reading is scored. Standard library only: peers use it too."""

import gzip
import json
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

_TOKEN = re.compile(r"\w+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@dataclass(frozen=True)
class Gold:
    """A saved page and what is in it; metadata only where the set has it."""

    name: str
    url: str
    path: Path
    text: str
    title: str = ""
    authors: frozenset[str] = frozenset()
    day: date | None = None

    def html(self) -> bytes:
        return gzip.decompress(self.path.read_bytes())

    @property
    def saved_on(self) -> date:
        """The day in a fundus page's file name."""
        return date(*map(int, self.path.name.split(".")[0].split("_")[-3:]))


def scrapinghub(pages: Path) -> Iterator[Gold]:
    """181 pages with the article's text."""
    truth = json.loads((pages / "scrapinghub" / "ground-truth.json").read_text(encoding="utf-8"))
    for key in sorted(truth):
        path = pages / "scrapinghub" / "html" / f"{key}.html.gz"
        yield Gold(f"scrapinghub/{key}", truth[key]["url"], path, truth[key]["articleBody"])


def fundus(pages: Path) -> Iterator[Gold]:
    """258 news pages with text (summary, headlines, paragraphs), title, authors and day.

    The versions of a publisher's gold go with its files in order of time.
    """
    for truth in sorted((pages / "fundus").glob("*/*.json")):
        versions = json.loads(truth.read_text(encoding="utf-8"))
        files = sorted(truth.parent.glob(f"{truth.stem}_2*.html.gz"))
        for (_, gold), path in zip(sorted(versions.items()), files, strict=True):
            body = gold["body"]
            lines = [*body["summary"], *(line for s in body["sections"] for line in (*s["headline"], *s["paragraphs"]))]
            day = datetime.fromisoformat(gold["publishing_date"]).date()
            people = frozenset(map(plain, gold.get("authors") or []))
            yield Gold(f"fundus/{path.stem}", "", path, "\n".join(lines), plain(gold["title"] or ""), people, day)


def plain(text: str) -> str:
    """One line without invisible signs: what a comparison of titles and names sees."""
    return " ".join(_INVISIBLE.sub("", text).split())


def body_f1(pairs: list[tuple[str, str]]) -> tuple[float, float, float]:
    """F1, precision and recall of (gold, found) texts over 4-grams of words, each page with the same weight.

    The metric of scrapinghub/article-extraction-benchmark, evaluate.py: means of precision (over pages with a text
    found) and of recall.
    """
    counts = [_shares(gold, found) for gold, found in pairs]
    precision = statistics.mean(_ratio(true, extra, missed) for true, extra, missed in counts if true + extra > 0)
    recall = statistics.mean(_ratio(true, missed, extra) for true, extra, missed in counts if true + missed > 0)
    return 2 * precision * recall / (precision + recall), precision, recall


def names_f1(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> float:
    """F1 over all (gold, found) sets of names together."""
    right = sum(len(gold & found) for gold, found in pairs)
    return 2 * right / sum(len(gold) + len(found) for gold, found in pairs)


def _shares(gold: str, found: str) -> tuple[int, int, int]:
    wanted, given = _grams(gold), _grams(found)
    right = (wanted & given).total()
    return right, given.total() - right, wanted.total() - right


def _ratio(right: int, wrong: int, other: int) -> float:
    return 1.0 if wrong == other == 0 else right / (right + wrong) if right + wrong else 0.0


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _TOKEN.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)
