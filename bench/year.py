"""A simulated year: each day's invented news is collected, read, extracted and linked, each week published.

    python bench/year.py              # 365 days; writes docs/year.png and prints a table of months
    python bench/year.py --days 28

All days run in one process, so that memory that is not given back shows. The stages are called as Dagster's assets
call them; Dagster itself, which gives each run a process of its own, is not in the figures. When the last day is over
every release is compared with the one before it (see `audit`).
"""

import argparse
import json
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import invented
import pyarrow.parquet as pq

from incidents import stages
from incidents.extract.pipeline import load
from incidents.partitions import SAMPLE, Partition
from incidents.publish.changes import COMPARED
from incidents.publish.releases import next_version, releases
from incidents.sample import load_publishers, render
from incidents.sample.demo import mark
from incidents.sample.site import Resource
from scrapers.archive import WarcWriter

FIRST = date(2025, 1, 1)
SEED = 7
WEEK, MONTH = 7, 30  # days
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "year.png"
Pages = dict[tuple[str, str], Resource]
Rows = dict[str, dict[str, Any]]  # of a table, by key


@dataclass
class Day:
    """What a day cost: CPU seconds by stage, and the memory of the process afterwards, in MB."""

    articles: int
    seconds: dict[str, float] = field(default_factory=dict)
    memory: float = 0

    @property
    def total(self) -> float:
        """Without publishing, which most days do not do."""
        return sum(seconds for stage, seconds in self.seconds.items() if stage != "publish")


def simulate(data_dir: Path, days: int, seed: int = SEED) -> Iterator[Day]:
    """Live through the days, one after the other."""
    items = invented.news(FIRST, days, seed)
    with tempfile.TemporaryDirectory() as folder:
        invented.write(items, Path(folder) / "news")
        pages = render(Path(folder) / "news")
    by_day = defaultdict(list)
    for item in items:
        by_day[item.collected].append(item)
    data_dir.mkdir(parents=True, exist_ok=True)
    mark(data_dir)
    load("en")
    for number in range(days):
        day = FIRST + timedelta(days=number)
        now = datetime.combine(day, invented.NOON).astimezone(UTC)
        publishes = number % WEEK == WEEK - 1 or number == days - 1
        yield _live(data_dir, now, by_day[day], pages, publishes)


def _live(data_dir: Path, now: datetime, items: list[invented.Item], pages: Pages, publishes: bool) -> Day:
    day, partition = Day(len(items)), [Partition(now.date().isoformat(), SAMPLE)]
    work = {
        "collect": lambda: _archive(data_dir, now, items, pages),
        "read": lambda: stages.read(data_dir, partition),
        "extract": lambda: stages.extract(data_dir, partition),
        "link": lambda: stages.link(data_dir, next_version(data_dir, now)),
    }
    if publishes:
        work["publish"] = lambda: stages.publish(data_dir, True, now)
    for name, step in work.items():
        before = time.process_time()
        step()
        day.seconds[name] = time.process_time() - before
    day.memory = _memory()
    return day


def _archive(data_dir: Path, now: datetime, items: list[invented.Item], pages: Pages) -> None:
    """The pages of a day as the crawler leaves them."""
    publishers = load_publishers()
    for key in sorted({item.publisher for item in items}):
        folder = data_dir / "archive" / f"{SAMPLE}-{key}" / now.date().isoformat()
        writer = WarcWriter(folder, f"{now:%Y%m%dT%H%M%S}", lambda: now)
        for item in items:
            if item.publisher == key:
                page, url = pages[publishers[key].host, item.path], publishers[key].address(item.path)
                fields = {"source": f"{SAMPLE}-{key}", "requested-url": url}
                writer.write_page(url, 200, [], [("Content-Type", page.content_type)], page.body, now, fields)
        writer.close()


def _memory() -> float:
    """The resident memory of this process in MB (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def audit(data_dir: Path) -> list[str]:
    """What is wrong with the releases as a history; nothing, it is hoped.

    releases.json names every release; the table `changes` of each leads from the rows of the release before it to its
    own; an incident that was ever published is still there, or its redirects lead to one that is.
    """
    found, history = [], releases(data_dir)
    listed = json.loads((data_dir / "releases" / "releases.json").read_text(encoding="utf-8"))
    if [row["version"] for row in listed] != [release.version for release in history]:
        found.append("releases.json does not name the releases that are there")
    ever: set[str] = set()
    for older, newer in zip([None, *history], history, strict=False):
        ever |= set(_rows(newer.path, "incidents"))
        if older:
            found += _sums(older.path, newer.path)
    last = history[-1].path
    standing = set(_rows(last, "incidents"))
    redirects = {row["old_id"]: row["new_id"] for row in _rows(last, "id_redirects").values()}
    for incident in sorted(ever - standing):
        at: str | None = incident
        while at in redirects:
            at = redirects[at]
        if at not in standing:
            found.append(f"{incident} is gone: its redirects end at {at}")
    return found


def _sums(older: Path, newer: Path) -> Iterator[str]:
    """The tables whose `changes` do not lead from one release to the next."""
    changes = _rows(newer, "changes").values()
    for table in (table.name for table in COMPARED):
        rows, wanted = defaultdict(dict, _rows(older, table)), _rows(newer, table)
        for change in (change for change in changes if change["table_name"] == table):
            key, now = change["row_id"], wanted.get(change["row_id"], {})
            if change["change"] == "added":
                rows[key] = now
            elif change["change"] == "removed":
                rows.pop(key, None)
            else:
                rows[key][change["field"]] = now.get(change["field"])
        if rows != wanted:
            yield f"{newer.name}: the changes of {table} do not add up"


def _rows(release: Path, table: str) -> Rows:
    rows = pq.read_table(release / "parquet" / f"{table}.parquet").to_pylist()
    return {next(iter(row.values())): row for row in rows}


def months(lived: list[Day]) -> list[list[Day]]:
    """The days by month of 30; what is left over goes to the last."""
    count = max(1, len(lived) // MONTH)
    ends = [*(MONTH * n for n in range(1, count)), len(lived)]
    return [lived[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def ratio(lived: list[Day]) -> float:
    """The last month's cost of a day over the first month's."""
    by_month = months(lived)
    return mean(day.total for day in by_month[-1]) / mean(day.total for day in by_month[0])


def table(lived: list[Day]) -> Iterator[str]:
    """A line for each month: CPU seconds a day by stage, CPU seconds of a release, memory at its end."""
    stage_names = ("collect", "read", "extract", "link")
    yield f"{'month':>5} {'pages':>6} " + " ".join(f"{name:>8}" for name in stage_names) + f"{'publish':>9} {'MB':>6}"
    pages = 0
    for number, days in enumerate(months(lived), start=1):
        pages += sum(day.articles for day in days)
        costs = " ".join(f"{mean(day.seconds[name] for day in days):8.3f}" for name in stage_names)
        published = [day.seconds["publish"] for day in days if "publish" in day.seconds]
        yield f"{number:5} {pages:6} {costs} {mean(published):8.2f} {days[-1].memory:6.0f}"


def draw(lived: list[Day], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (cost, memory) = pyplot.subplots(2, 1, sharex=True, figsize=(9, 6), layout="constrained")
    numbers = range(1, len(lived) + 1)
    for name in ("extract", "link"):
        cost.plot(numbers, [day.seconds[name] for day in lived], label=name, linewidth=1)
    published = [(number, day.seconds["publish"]) for number, day in zip(numbers, lived, strict=True)
                 if "publish" in day.seconds]  # fmt: skip
    cost.plot(*zip(*published, strict=True), ".", label="publish, once a week", markersize=4)
    cost.set_ylabel("CPU seconds a day")
    cost.legend()
    memory.plot(numbers, [day.memory for day in lived], linewidth=1)
    memory.set_ylim(bottom=0)
    memory.set_ylabel("memory of the process, MB")
    memory.set_xlabel("day")
    figure.savefig(path, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--keep", type=Path, help="the data folder to make; a temporary one is removed in the end")
    options = parser.parse_args()
    data_dir = options.keep or Path(tempfile.mkdtemp(prefix="year-"))
    try:
        lived = []
        for number, day in enumerate(simulate(data_dir, options.days), start=1):
            lived.append(day)
            print(f"\rday {number} of {options.days}: {day.total:.2f} s, {day.memory:.0f} MB  ", end="", flush=True)
        print()
        print("\n".join(table(lived)))
        wrong = audit(data_dir)
    finally:
        if not options.keep:
            shutil.rmtree(data_dir)
    print(f"a day of the last month costs {ratio(lived):.2f} times one of the first")
    print("\n".join(wrong) or "releases, ids, redirects and changes are consistent throughout")
    if options.days == 365:
        draw(lived, PICTURE)


if __name__ == "__main__":
    main()
