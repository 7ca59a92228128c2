"""Scanning at scale, on CC-NEWS shaped WARC files made from a folder of texts. `python bench/scale.py TEXTS`

TEXTS holds .txt files, or Parquet files with a column `text`; one page in 1,000 is about face recognition. Single-core
figures are CPU seconds, best of three; figures of an engine are seconds by the clock, from nothing, so a busy machine
distorts them. With --plot the growth curve is drawn too. Spark and Hyperscan, where they are not installed, come into
an environment of their own.
"""

import argparse
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
from extras import rerun
from fastwarc.warc import ArchiveIterator
from isal import igzip

from incidents import engines
from incidents.engines import Engine, Local, Spark
from incidents.extract.pipeline import load
from incidents.extract.rows import extract_articles
from incidents.outdated import Makers
from incidents.read import Gate, read_warc
from incidents.read.charset import as_utf8
from incidents.read.prefilter import FastGate
from incidents.read.reader import batches
from incidents.read.warc import iterate
from incidents.warc_stage import Scan

ONE_IN = 1000
COUNTS = (1, 4, 16, 64)  # files of the growth curve
DIFFERENT = 1000  # pages; in every file they stand under other addresses
MEGABYTE = 1 << 20
QUIET = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, help="the folder with the texts")
    parser.add_argument("--pages", type=int, default=4000, help="pages in a file; a file of CC-NEWS has some 40,000")
    parser.add_argument("--files", type=int, default=64, help="the most files of the growth curve")
    parser.add_argument("--kilobytes", type=int, default=100, help="of a page's HTML")
    parser.add_argument("--plot", type=Path, help="where to draw the growth curve, a .png or .svg file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        pages = pages_around(*sorted_out(options.texts), options.kilobytes << 10)
        files = [make(folder / f"news{n}.warc.gz", pages, options.pages, n) for n in range(options.files)]
        size = files[0].stat().st_size / MEGABYTE
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start")
        print(f"{options.pages} pages of {options.kilobytes} kB, {size:.0f} MB a file, 1 in {ONE_IN} relevant")
        one_core(files[0], options.pages)
        curves = many(folder, list(map(str, files)), options.pages)
        if options.plot:
            draw(curves, options.plot)
        print(f"load {os.getloadavg()[0]:.1f} at the end")
    return 0


def sorted_out(folder: Path) -> tuple[list[str], list[str]]:
    """The texts that the gate stops, and those that it passes."""
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))]
    for path in sorted(folder.rglob("*.parquet")):
        if "text" in pq.read_schema(path).names:
            texts += [text for text in pq.read_table(path, columns=["text"])["text"].to_pylist() if text]
    passed = Gate.from_reference().texts(texts)
    parts: dict[bool, list[str]] = {False: [], True: []}
    for text, hit in zip(texts, passed, strict=True):
        if len(text) > 500:
            parts[hit].append(text)
    if not parts[False] or not parts[True]:
        sys.exit(f"{folder}: holds no texts on face recognition beside others")
    return parts[False], parts[True]


def pages_around(texts: list[str], relevant: list[str], size: int) -> list[bytes]:
    """The pages of a file, one of them relevant."""
    rng = random.Random(1)  # noqa: S311
    chosen = [relevant if number == ONE_IN // 2 else texts for number in range(DIFFERENT)]
    return [page(rng.choice(group), size, rng) for group in chosen]


def make(path: Path, pages: list[bytes], count: int, number: int) -> Path:
    """A file as Common Crawl writes it; no other has the same addresses."""
    rng = random.Random(number)  # noqa: S311
    with path.open("wb") as file:
        for place in range(count):
            body = pages[place % len(pages)]
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{rng.getrandbits(128):032x}>\r\n"
                f"WARC-Date: 2024-03-02T00:00:00Z\r\nWARC-Target-URI: https://news{number}.example/{place}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
            )
            file.write(igzip.compress(head.encode() + block + b"\r\n\r\n", 2, mtime=0))
    return path


def page(text: str, size: int, rng: random.Random) -> bytes:
    """HTML of our own around a text: head, menus and scripts until it is as long as a news page."""
    lines = [line for line in text.splitlines() if line.strip()]
    paragraphs = "".join(f"<p>{line.replace('<', '&lt;')}</p>\n" for line in lines)
    article = f"<article><h1>{lines[0][:90]}</h1><time>2 March 2024</time>{paragraphs}</article>"
    around = []
    length = len(article)
    while length < size:
        n = rng.getrandbits(40)
        around.append(
            f'<li class="menu__item menu__item--{n % 97}"><a href="/topics/{n:x}?m" data-id="{n}">Topic {n % 99}'
            f'</a></li>\n<script>window.slots.push({{"id":"{n:x}","size":[300,250],"lazy":true}});</script>\n'
        )
        length += len(around[-1])
    half = len(around) // 2
    head = f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{lines[0][:90]}</title></head>'
    before, after = "".join(around[:half]), "".join(around[half:])
    return f"{head}<body><ul>{before}</ul>{article}<ul>{after}</ul></body></html>".encode()


def one_core(file: Path, pages: int) -> None:
    """Against decompressing and iterating alone, with the split."""
    load("en")
    plain, fast = Gate.from_reference(), FastGate.from_reference()
    stage = Scan("bench", "bench")
    tasks: dict[str, tuple[Callable[[], object], str]] = {
        "fastwarc: decompressed and iterated": (lambda: iterated(file), "1.00"),
        "the gate alone, RE2": (lambda: gated(file, plain), ""),
        "the gate alone, Hyperscan": (lambda: gated(file, fast), ".85"),
        "to articles": (lambda: read_warc(file, file.parent, fast), ""),
        "to extracted mentions": (lambda: list(stage(str(file))), ".45"),
    }
    limit = 0.0
    print(f"\n{'one core':40} {'pages/s':>8} {'ratio':>6} {'to reach':>8} {'ms/page':>8}")
    for label, (work, target) in tasks.items():
        seconds = cpu(work)
        limit = limit or seconds
        print(f"{label:40} {pages / seconds:8.0f} {limit / seconds:6.2f} {target:>8} {1000 * seconds / pages:8.3f}")
    articles = read_warc(file, file.parent, fast).articles
    seconds = cpu(lambda: extract_articles(articles))
    print(f"extraction: {1000 * seconds / articles.num_rows:.0f} ms an article, {articles.num_rows} of {pages} pages")


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process, best of three."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


def iterated(file: Path) -> int:
    return sum(len(record.reader.read()) for record in ArchiveIterator(str(file), parse_http=False))


def gated(file: Path, gate: Gate) -> int:
    """As the reader does it, without the reading."""
    passed = 0
    for batch in batches(iterate(file, file.name), gate):
        passed += sum(gate.pages([as_utf8(page.body, page.content_type) for page in batch.pages]))
    return passed


def many(folder: Path, files: list[str], pages: int) -> dict[str, dict[int, float]]:
    """The engines over more and more files: the seconds of each for each number of files."""
    print(f"\n{'engine':20} {'files':>5} {'seconds':>8} {'CPU s':>7} {'pages/s':>8} {'peak MB':>8}")
    engines_of: dict[str, Engine] = {"local, 2 processes": Local(2), "Spark local[2]": Spark("local[2]", QUIET)}
    counts = [count for count in COUNTS if count <= len(files)]
    curves = {
        name: {count: timed(folder, engine, name, files[:count], pages) for count in counts}
        for name, engine in engines_of.items()
    }
    last = counts[-1]
    one, two = timed(folder, Local(1), "local, 1 process", files[:last], pages), curves["local, 2 processes"][last]
    print(f"2 processes over 1, {last} files: {one / two:.2f} (to reach 1.8)")
    print(f"Spark local 2 over 2 processes, {last} files: {two / curves['Spark local[2]'][last]:.2f} (to reach .8)")
    return curves


def timed(folder: Path, engine: Engine, label: str, files: list[str], pages: int) -> float:
    """Seconds by the clock, from nothing to the last result."""
    makers, out = Makers.now(), folder / "out"
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    outcomes = list(engines.run(Scan(makers.reader, makers.extractor), files, out, engine))
    seconds = time.monotonic() - started
    end_jvm()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    failed = [outcome for outcome in outcomes if not outcome.ok]
    if failed:
        sys.exit(f"{label}: {failed[0]}")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss / 1024  # of the largest child so far
    rate = len(files) * pages / seconds
    print(f"{label:20} {len(files):5} {seconds:8.1f} {used:7.1f} {rate:8.0f} {peak:8.0f}", flush=True)
    shutil.rmtree(out)
    return seconds


def end_jvm() -> None:
    """Spark keeps its JVM for the next session, which would then not begin from nothing."""
    from pyspark import SparkContext

    if gateway := SparkContext._gateway:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None


def draw(curves: dict[str, dict[int, float]], path: Path) -> None:
    """Seconds over files, both in powers of four."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for name, seconds in curves.items():
        axes.plot(list(seconds), list(seconds.values()), marker="o", label=name)
    axes.set_xscale("log", base=4)
    axes.set_yscale("log", base=4)
    axes.set_xticks(COUNTS, map(str, COUNTS))
    axes.yaxis.set_major_formatter("{x:.0f}")
    axes.set(xlabel="files", ylabel="seconds by the clock")
    axes.grid(True, alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120, metadata={"Software": ""})


if __name__ == "__main__":
    code = rerun()
    sys.exit(main() if code is None else code)
