"""Whether extraction's memory stays flat: `python bench/memory.py ARTICLES.parquet [--most 5000]`.

ARTICLES has a column `text` (and `title` and `url` where it likes). They go through `extract_articles`, as one day's
articles do. Prints the resident memory at intervals and the peak of the last fifth over that of the second fifth: the
first fifth is left out, as caches and the allocator's arenas fill.
"""

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from incidents import ids, working

LIMIT = 1.1
FIFTHS = 5
PER_FIFTH = 4  # lines printed
SAMPLE_SECONDS = 0.05
STATM = Path("/proc/self/statm")
PAGE = 4096
THEN = datetime(2020, 6, 24, tzinfo=UTC)


class Peaks:
    """The highest resident memory of this process, in bytes, in each interval of the work; `at` ends one."""

    def __init__(self) -> None:
        self.found: list[int] = []
        self._highest = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Sample in a thread of its own."""
        stop = threading.Event()
        thread = threading.Thread(target=self._sample, args=(stop,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def end_interval(self) -> int:
        """The peak since the last call."""
        self.found.append(max(self._highest, resident()))
        self._highest = 0
        return self.found[-1]

    def _sample(self, stop: threading.Event) -> None:
        while not stop.wait(SAMPLE_SECONDS):
            self._highest = max(self._highest, resident())


def resident() -> int:
    return int(STATM.read_text().split()[1]) * PAGE


def articles(path: Path, most: int) -> pa.Table:
    """The texts as a day's articles of the working store."""
    rows = pq.read_table(path).slice(0, most).to_pylist()
    return pa.Table.from_pylist([_article(number, row) for number, row in enumerate(rows)], schema=working.ARTICLES)


def _article(number: int, row: dict[str, str]) -> dict[str, object]:
    url = row.get("url") or f"urn:{number}"
    article, sha256 = ids.article_id(f"{url}#{number}"), ids.text_sha256(row["text"])
    given = {"title": row.get("title"), "text": row["text"], "language": "en", "published_precision": "day"}
    return given | {
        "revision_id": ids.revision_id(article, sha256), "article_id": article, "url": url, "canonical_url": url,
        "urls": [], "authors": [], "published_on": THEN.date(), "source": "bench", "fetched_at": THEN,
        "text_sha256": sha256, "word_count": 0, "archive_file": "", "archive_offset": number, "reader_version": "",
    }  # fmt: skip


def main() -> int:
    from incidents.extract.pipeline import load
    from incidents.extract.rows import extract_articles

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--most", type=int, default=5000)
    options = parser.parse_args()
    table = articles(options.articles, options.most)
    load("en")
    print(f"{table.num_rows} articles, {resident() / 2**20:.0f} MB with the model loaded", flush=True)
    peaks, start, step = Peaks(), time.perf_counter(), max(1, table.num_rows // (FIFTHS * PER_FIFTH))

    def tick(done: int) -> None:
        if done % step == 0:
            highest = peaks.end_interval() / 2**20
            print(f"{done:6} articles {time.perf_counter() - start:6.0f} s  peak {highest:5.0f} MB", flush=True)

    with peaks.watching():
        found = extract_articles(table, tick)
        peaks.end_interval()  # the tables put together
    second, last = max(peaks.found[PER_FIFTH : 2 * PER_FIFTH]), max(peaks.found[(FIFTHS - 1) * PER_FIFTH :])
    print(f"rows: {', '.join(f'{rows.num_rows} {name}' for name, rows in found.items())}")
    print(f"peak of the last fifth over the second: {last / second:.2f}  (at most {LIMIT})")
    return 0 if last / second <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
