# ruff: noqa: S311 a sample, no secret
"""How linking grows, what a day costs, and how many ids change.

    python bench/linking.py grow TEXTS... [--up-to N]     1,000 articles, 2,000, 5,000, 10,000... up to N
    python bench/linking.py daily TEXTS... [--up-to N]    a day's 500 articles upon a history of N (200,000)
    python bench/linking.py replay TEXTS...               a year of arrivals: share of articles whose id changed

TEXTS are articles on face recognition, JSON Lines or Parquet with url, title, text and published_at or year. The first
two commands repeat them with edits (bench/repeated.py) in a temporary folder (--folder keeps it).
Every run of the stage is a process of its own; its figures include reading the working store and writing the tables.
Seconds are those of the clock, CPU seconds those of all its processes: on a busy machine only the latter mean much.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import matplotlib as mpl
import pyarrow as pa
import pyarrow.parquet as pq
from repeated import A_DAY, Newsroom, plan

from incidents import reference, stages, working
from incidents.link import linking, oversight, prepare
from incidents.link.corpus import of, revisions
from incidents.link.kept import Kept
from incidents.link.organizations import Directory
from incidents.link.registry import Registry

mpl.use("agg")
from matplotlib import pyplot as plt

THEN = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = (1, 2, 5)
MOST_TEXTS = 800  # that are extracted, to be repeated
MONTHS = 12
SECONDS, GIGABYTES = 60, 3  # that a day may take
RUN = "from pathlib import Path; from incidents import stages; stages.link(Path({!r}), 'bench')"


def extracted(texts: Sequence[Path], data_dir: Path) -> dict[str, pa.Table]:
    """The working rows of the first MOST_TEXTS articles that pass the gate."""
    if not (data_dir / "working" / "events").exists():
        given = data_dir / "given.jsonl"
        data_dir.mkdir(parents=True, exist_ok=True)
        rows = [row for path in texts for row in read(path)]
        chosen = Random(1).sample(rows, min(MOST_TEXTS, len(rows)))
        given.write_text("".join(json.dumps(row) + "\n" for row in chosen), encoding="utf-8")
        stages.collect(data_dir, "inbox", None, [given], THEN)
        stages.read(data_dir)
        stages.extract(data_dir)
    return stages.load_working(data_dir)


def read(path: Path) -> Iterator[dict[str, str]]:
    """The articles of a file that mention our topic."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.suffix != ".parquet" else []
    for row in map(json.loads, lines) if lines else pq.read_table(path).to_pylist():
        if "facial recognition" in f"{row['title']} {row['text']}".lower():
            when = row.get("published_at") or row.get("year")
            yield {"url": row["url"], "title": row["title"], "text": row["text"], "published_at": str(when)}


class Cost(NamedTuple):
    """Of one run: seconds, CPU seconds, and the peak of memory in gigabytes."""

    seconds: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        return f"{self.seconds:8.1f} {self.cpu:8.1f} {self.memory:8.2f}"


def link(data_dir: Path) -> Cost:
    """Run the stage in a process of its own, as after a release."""
    known = data_dir / "working" / "linked" / "registry.jsonl"
    if known.exists():
        (data_dir / "registry").mkdir(exist_ok=True)
        shutil.copy(known, data_dir / "registry" / "incidents.jsonl")
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", RUN.format(str(data_dir))])  # noqa: S603 our own code
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"the stage failed: {status}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6)


def grow(newsroom: Newsroom, folder: Path, options: argparse.Namespace) -> None:
    whole = folder / "whole"
    newsroom.write(plan(options.up_to), whole)
    print(f"{'articles':>9} {'incidents':>9} {'seconds':>8} {'CPU s':>8} {'peak GB':>8}  CPU s per n log n, first = 1")
    curve: list[tuple[int, Cost]] = []
    for size in sizes(options.up_to):
        data_dir = folder / "part"
        shutil.rmtree(data_dir, ignore_errors=True)
        articles = first_days(whole, data_dir, size)
        curve.append((articles, link(data_dir)))
        found = pq.read_metadata(data_dir / "working" / "linked" / "incidents.parquet").num_rows
        first, last = (cost.cpu / (n * math.log(n)) for n, cost in (curve[0], curve[-1]))
        print(f"{articles:9,} {found:9,} {curve[-1][1]}  {last / first:.2f}", flush=True)
        if options.plot:
            draw(curve, options.plot)


def first_days(whole: Path, data_dir: Path, articles: int) -> int:
    """Put the first days of a working store, until there are so many articles, into a folder; how many these are."""
    found = 0
    for day in sorted((whole / "working" / "articles").glob("*/*.parquet")):
        if found >= articles:
            break
        found += pq.read_metadata(day).num_rows
        for name in working.SCHEMAS:
            target = data_dir / "working" / name / day.parent.name / day.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(whole / "working" / name / day.parent.name / day.name)
    return found


def draw(curve: Sequence[tuple[int, Cost]], path: Path) -> None:
    """The curve beside one that grows with n log n from its first point."""
    sizes_, costs = zip(*curve, strict=True)
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    axes.loglog(sizes_, [cost.cpu for cost in costs], "o-", label="near-duplicates and linking, from nothing")
    first, unit = costs[0].cpu, sizes_[0] * math.log(sizes_[0])
    axes.loglog(sizes_, [first * n * math.log(n) / unit for n in sizes_], ":", label="n log n from the first point")
    axes.set(xlabel="articles", ylabel="CPU seconds")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=110)


def sizes(most: int) -> list[int]:
    """1,000, 2,000, 5,000 and so on."""
    found = [step * 10**power for power in range(3, 10) for step in STEPS]
    return [size for size in found if size <= most]


def daily(newsroom: Newsroom, folder: Path, options: argparse.Namespace) -> None:
    planned = plan(options.up_to + A_DAY)
    last = max(item.day for item in planned)
    before = [item for item in planned if item.day < last]
    today = [item for item in planned if item.day == last][:A_DAY]
    newsroom.write(before, folder)
    print(f"{'':30} {'seconds':>8} {'CPU s':>8} {'peak GB':>8}")
    cost = link(folder)
    incidents = pq.read_metadata(folder / "working" / "linked" / "incidents.parquet").num_rows
    print(f"{f'{len(before):,} articles from nothing':30} {cost}  {incidents:,} incidents", flush=True)
    newsroom.write(today, folder)
    cost = link(folder)
    shares = f"{cost.seconds / SECONDS:.2f} of {SECONDS} s, {cost.memory / GIGABYTES:.2f} of {GIGABYTES} GB"
    print(f"{f'{len(today):,} articles more':30} {cost}  {shares}")


def replay(tables: dict[str, pa.Table]) -> None:
    """Prints for three ways in which a year's articles can come in the share whose id changed from month to month."""
    known = reference.load()
    found = revisions(**tables)
    ready = prepare.prepare(found, Directory(known), known)
    in_order = [article.article_id for article in sorted(found, key=lambda article: article.arrival)]
    shuffled = Random(11).sample(in_order, len(in_order))
    for name, arrivals, loses in (
        ("in order", in_order, False),
        ("in random order, with backfills", shuffled, False),
        ("in random order, registry lost, restored from a release two months old", shuffled, True),
    ):
        registries, changed, seen = [Registry()], 0, 0
        home: dict[str, str] = {}
        for month in range(1, MONTHS + 1):
            here = set(arrivals[: len(arrivals) * month // MONTHS])
            rows = ready.filter(pa.array([article in here for article in ready["article_id"].to_pylist()]))
            texts = [article for article in found if article.article_id in here]
            lost = loses and month == MONTHS // 2
            news = linking.News(rows, lambda *_, texts=texts: of(texts))
            decided, registry = oversight.Decisions(), registries[-3 if lost else -1]
            linked = linking.run(news, Kept.nothing(), registry, decided, known, f"month-{month}")
            now = {a: key for key, cluster in linked.clusters.items() for a in cluster.articles}
            changed += sum(now.get(article) != key for article, key in home.items())
            seen += len(home)
            registries.append(linked.registry)
            home = now
        print(f"{name}: {changed / seen:.2%} of {seen:,} (to reach: 2%)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["grow", "daily", "replay"])
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--up-to", type=int, default=200_000, metavar="N")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--plot", type=Path, metavar="PNG")
    options = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        tables = extracted(options.texts, folder / "texts")
        if options.what == "replay":
            replay(tables)
        else:
            {"grow": grow, "daily": daily}[options.what](Newsroom(tables), folder / options.what, options)


if __name__ == "__main__":
    main()
