"""Relevance at a true base rate, against labels made by reading: `python bench/base_rate.py CORPUS [LABELS.csv]`.

CORPUS is a folder with feed_items_100k.parquet (items of feeds as they came: the base rate) and articles_6k.parquet
(whole articles). The labels hold addresses and no text: the gate and the extraction run again, so that the figures are
those of the code as it is. bench/labels/README.md says how the labels were made.
"""

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
from intervals import wilson
from lxml import html as lxml_html

from incidents.extract.contract import Document
from incidents.extract.pipeline import extract
from incidents.read import Gate, dates, language

FEED, ARTICLES = "feed_items_100k.parquet", "articles_6k.parquet"
LABELS = Path(__file__).parent / "labels" / "base_rate.csv"
PRECISION, MISSES = 0.85, 0.02  # to reach
GATE_BATCH = 256
BLOCKS = ("br", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td")
Key = tuple[str, str]  # file, address


class Label(NamedTuple):
    """What a reader said of one item, what it was called when it was drawn, and how many items it stands for."""

    key: Key
    relevant: bool
    borderline: bool
    called_then: bool
    weight: float


def labels(path: Path) -> list[Label]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Label(
                (row["source"], row["url"]),
                row["relevant"] == "1",
                row["borderline"] == "1",
                row["drawn_as"] == "relevant",
                float(row["weight"]),
            )
            for row in csv.DictReader(file)
        ]


def plain(source: str) -> str:
    """The text of a piece of HTML, a line for each block."""
    if not source.strip():
        return ""
    tree = lxml_html.document_fromstring("<div>" + source.replace("\x00", "") + "</div>")
    for element in tree.iter(*BLOCKS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in str(tree.text_content()).splitlines())
    return "\n".join(line for line in lines if line)


def documents(corpus: Path, name: str) -> Iterator[Document]:
    """The items of one file; a feed's item without a description has its title for a text."""
    for row in pq.read_table(corpus / name).to_pylist():
        title, text = (plain(row["title"]), plain(row["description"])) if name == FEED else (row["title"], row["text"])
        title, text = " ".join(title.split()), text.strip() or title
        day = dates.parse(row.get("published_at") or row.get("year") or "")
        yield Document(
            url=row["url"] or f"urn:sha256:{hashlib.sha256(text.encode()).hexdigest()}",
            title=title,
            text=text,
            language=language.detect(f"{title}\n{text}", row.get("language") or "en"),
            published_on=day.on if day else None,
            published_precision=day.precision if day else "unknown",
        )


def past_gate(items: list[Document]) -> list[Document]:
    gate = Gate.from_reference()
    passed: list[Document] = []
    for start in range(0, len(items), GATE_BATCH):
        batch = items[start : start + GATE_BATCH]
        hits = gate.texts([f"{item.title}\n{item.text}" for item in batch])
        passed.extend(item for item, hit in zip(batch, hits, strict=True) if hit)
    return passed


def called_relevant(name: str, items: Iterable[Document]) -> dict[Key, bool]:
    return {(name, found.url): found.relevant for found in extract(items)}


def print_share(name: str, rows: list[Label], target: str = "") -> None:
    """The share of relevant items, weighted, with the interval of as many items as the weights are worth (Kish)."""
    if not rows:
        print(f"{name:52} no items")
        return
    total = sum(row.weight for row in rows)
    share = sum(row.weight for row in rows if row.relevant) / total
    low, high = wilson(share, total**2 / sum(row.weight**2 for row in rows))
    count = f"{sum(row.relevant for row in rows)} of {len(rows)}"
    print(f"{name:52} {count:>10}  {share:.3f}  {low:.3f}-{high:.3f}  {target}")


def print_quality(rows: list[Label], called: dict[Key, bool]) -> None:
    print(f"\n{'share that is relevant, by reading':52} {'items':>10}  share  95% interval")
    for call, target in ((True, f"at least {PRECISION}"), (False, f"at most {MISSES}")):
        chosen = [row for row in rows if called.get(row.key) is call]
        name = "called relevant (precision)" if call else "passed the gate and refused (misses)"
        print_share(name, chosen, target)
        print_share("  without the borderline ones", [row for row in chosen if not row.borderline])
        for source in (FEED, ARTICLES):
            print_share(f"  {source}", [row for row in chosen if row.key[0] == source])


def print_moves(rows: list[Label], called: dict[Key, bool], known: set[Key]) -> None:
    """What is otherwise than when the items were drawn."""
    moves = {
        "drawn as relevant, refused now": [r for r in rows if r.called_then and called.get(r.key) is False],
        "drawn as refused, called relevant now": [r for r in rows if not r.called_then and called.get(r.key)],
        "in the corpus, no longer past the gate": [r for r in rows if r.key in known and r.key not in called],
        "not in the corpus": [r for r in rows if r.key not in known],
    }
    print()
    for name, moved in moves.items():
        print(f"{name:40} {len(moved):4}, {sum(row.relevant for row in moved)} of them relevant")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("labels", type=Path, nargs="?", default=LABELS)
    options = parser.parse_args()
    if not (options.corpus / FEED).is_file():
        sys.exit(f"{options.corpus}: no {FEED} in this folder")
    rows = labels(options.labels)
    wanted = {row.key for row in rows}
    called: dict[Key, bool] = {}
    known: set[Key] = set()
    for name in (FEED, ARTICLES):
        items = list(documents(options.corpus, name))
        known |= {(name, item.url) for item in items}
        passed = past_gate(items)
        print(f"{name}: {len(items)} items, {len(passed)} pass the gate ({len(passed) / len(items):.3%})", flush=True)
        read = passed if name == FEED else [item for item in passed if (name, item.url) in wanted]
        found = called_relevant(name, read)
        called |= found
        if name == FEED:
            count = sum(found.values())
            print(
                f"{name}: {count} called relevant ({count / len(items):.3%} of all, {count / len(read):.3f} of these)"
            )
    print_quality(rows, called)
    print_moves(rows, called, known)
    return 0


if __name__ == "__main__":
    sys.exit(main())
