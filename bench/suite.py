"""All benchmarks one after the other, as a page: `python bench/suite.py [--shared ../shared] [--only NAME...]`

Writes docs/performance.md and docs/performance.png: each figure as a share of its limit, what each command printed, and
how noisy the machine was. Noise is the spread of one fixed piece of work, done before each benchmark: by the clock it
shows what else ran, in CPU time how much the processor itself varied.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
# What every benchmark runs under, so that a run can be repeated.
CONDITIONS = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "2"}
LONGEST = 1800  # seconds
WORK = 3_000_000  # steps of the fixed piece of work
# How the commands write a figure beside its limit: at most, or at least.
AT_MOST = re.compile(r"(?P<what>[A-Za-z][\w ./'-]*?):? (?P<value>[\d.]+) (?:ms|s|KB|MB|GB) of (?P<limit>[\d.]+)")
NO_MORE = re.compile(r"^(?P<what>.+?):? +(?P<value>[\d.]+) +\(at most (?P<limit>[\d.]+)\)")
AT_LEAST = re.compile(r"^(?P<what>.+?):? +(?P<value>[\d.]+) +\((?:at least|to reach) (?P<limit>[\d.]+)\)")
SHARE = re.compile(r"^ *(?P<what>\S.*?) {2,}.*? (?P<value>[\d.]+) of the limit")
COLUMNS = re.compile(r"^(?P<what>\S.{5,38}?) +[\d,]+ +(?P<value>[\d.]+) +(?P<limit>\d?\.\d+) +[\d.]+$")


@dataclass(frozen=True)
class Bench:
    """A command of bench/ and what it measures; an argument that begins with @ is a file or folder of --shared."""

    name: str
    about: str
    arguments: tuple[str, ...] = ()


ARTICLES = "@corpus/articles_6k.parquet"
SUITE = (
    Bench("demo", "The bundled sample from nothing, and start-up"),
    Bench("crawl", "CPU of our crawl per page, beside Scrapy's floor"),
    Bench("extraction", "The pipeline beside the bare model", ("@gold/dev/extract.jsonl",)),
    Bench("memory", "Extraction's memory over many articles", (ARTICLES, "--most", "500")),
    Bench("scale", "WARC files through gate, reading and extraction", ("@corpus", "--plot", "docs/scale.png")),
    Bench("peers", "News-please and datasketch beside us", ("@corpus",)),
    Bench("linking", "A day's 500 articles upon a history", ("daily", ARTICLES, "--up-to", "10000")),
    Bench("publish", "A release of 100,000 incidents"),
    Bench("explorer", "The page in a browser, 5,000 incidents"),
)


@dataclass(frozen=True)
class Figure:
    """A figure as a share of its limit: above 1 it is missed."""

    what: str
    share: float


@dataclass(frozen=True)
class Result:
    """What a command printed, how long it took, and the fixed piece of work before it."""

    bench: Bench
    printed: str
    code: int
    seconds: float
    clock: float
    cpu: float

    @property
    def figures(self) -> list[Figure]:
        return [figure for line in self.printed.splitlines() for figure in figures(line)]


def figures(line: str) -> Iterator[Figure]:
    """The figures of a line that stand beside their limits."""
    for pattern in (NO_MORE, AT_MOST):
        for match in pattern.finditer(line):
            yield Figure(match["what"].strip(), float(match["value"]) / float(match["limit"]))
    for pattern in (AT_LEAST, COLUMNS):
        if match := pattern.search(line):
            yield Figure(match["what"].strip(), float(match["limit"]) / max(float(match["value"]), 1e-9))
    if match := SHARE.search(line):
        yield Figure(match["what"].strip(), float(match["value"]))


def fixed_work() -> tuple[float, float]:
    """Seconds by the clock and of CPU for the same piece of work."""
    clock, cpu = time.perf_counter(), time.process_time()
    sum(number * number % 7 for number in range(WORK))
    return time.perf_counter() - clock, time.process_time() - cpu


def run(bench: Bench, shared: Path) -> Result:
    clock, cpu = fixed_work()
    given = [str(shared / a[1:]) if a.startswith("@") else a for a in bench.arguments]
    missing = [
        a for a, path in zip(bench.arguments, given, strict=True) if a.startswith("@") and not Path(path).exists()
    ]
    if missing:
        return Result(bench, f"not run: no {', '.join(missing)} (@ stands for --shared)", 0, 0.0, clock, cpu)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | CONDITIONS | {"TMPDIR": folder}
        command = [sys.executable, str(BENCH / f"{bench.name}.py"), *given]
        try:
            done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONGEST)  # noqa: S603
            printed, code = done.stdout + (done.stderr[-2000:] if done.returncode else ""), done.returncode
        except subprocess.TimeoutExpired as error:
            printed, code = f"{error.stdout or ''}\nbroken off after {LONGEST} s", 1
    printed = printed.replace(str(shared), "../shared").strip()
    return Result(bench, printed, code, time.perf_counter() - began, clock, cpu)


def page(results: list[Result]) -> str:
    clocks, cpus = [r.clock for r in results], [r.cpu for r in results]
    conditions = ", ".join(f"`{name}={value}`" for name, value in CONDITIONS.items())
    lines = [
        "# Performance",
        "",
        f"`make bench` on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()}. Each command has a process of its own, under {conditions}.",
        "",
        "How noisy the machine was: one fixed piece of work, done before each command, took "
        f"{min(clocks):.2f} to {max(clocks):.2f} s by the clock and {min(cpus):.2f} to {max(cpus):.2f} s of CPU.",
        "",
        "![each figure as a share of its limit](performance.png)",
        "",
        "Above 1 a figure is missed.",
        "",
        "| command | figure | share of its limit | |",
        "|---|---|---|---|",
    ]
    for result in results:
        for figure in result.figures:
            missed = "missed" if figure.share > 1 else ""
            lines.append(f"| bench/{result.bench.name}.py | {figure.what} | {figure.share:.2f} | {missed} |")
    for result in results:
        arguments = " ".join(a.replace("@", "../shared/") for a in result.bench.arguments)
        ended = f"{result.seconds:.0f} s" + (f", ended with code {result.code}" if result.code else "")
        lines += ["", f"## {result.bench.about}", f"`python bench/{result.bench.name}.py {arguments}`, {ended}", ""]
        lines += ["```text", result.printed, "```"]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def plot(results: list[Result], path: Path) -> None:
    """Each figure as a bar up to its share of the limit; those beyond 1 in another colour."""
    named = [(f"{r.bench.name}: {f.what}"[:60], f.share) for r in results for f in r.figures][::-1]
    shares = [share for _, share in named]
    figure, axes = plt.subplots(figsize=(9, 0.28 * len(named) + 1), layout="constrained")
    axes.barh([name for name, _ in named], shares, color=["#b3261e" if share > 1 else "#2f6f8f" for share in shares])
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_xlabel("share of the limit (logarithmic); right of the line it is missed")
    axes.tick_params(axis="y", labelsize=7)
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", nargs="+", choices=[bench.name for bench in SUITE])
    options = parser.parse_args()
    results = []
    for bench in SUITE:
        if options.only and bench.name not in options.only:
            continue
        print(f"{bench.name}: {bench.about} ...", flush=True)
        results.append(run(bench, options.shared.resolve()))
        print(results[-1].printed, flush=True)
    if not options.only:
        (ROOT / "docs" / "performance.md").write_text(page(results), encoding="utf-8")
        plot(results, ROOT / "docs" / "performance.png")
    return int(any(result.code for result in results))


if __name__ == "__main__":
    sys.exit(main())
