"""News-please's reading of WARC files and datasketch's near-duplicates beside ours: `python bench/peers.py CORPUS`

CORPUS is a folder of texts as bench/scale.py takes it. The peers, pinned below, come into an environment of their own.
All figures are CPU seconds of one process without start-up, a peer's the least of two rounds. News-please reads every
page, as its CC-NEWS extractor does; behind our gate it reads only what passes, and finds no mentions.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from extras import rerun
from reading import environment
from scale import ONE_IN, cpu, gated, make, pages_around, sorted_out

from incidents.extract.pipeline import load
from incidents.link import duplicates
from incidents.read import read_warc
from incidents.read.prefilter import FastGate
from incidents.warc_stage import Scan

HERE = Path(__file__).parent
PEERS = ("news-please==1.6.16", "datasketch==2.0.0")
PAGES, READ = 1000, 40  # in the WARC file; of them read by news-please
PAGE = 100 << 10  # bytes of HTML
SEED = 20_210_521
EDITS = (0.01, 0.03, 0.06, 0.1)  # shares of the words of a copy that are replaced


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=20_000, help="for near-duplicates")
    options = parser.parse_args()
    texts, relevant = sorted_out(options.corpus)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = environment(folder / "peers", PEERS)
        reading(folder, texts, relevant, python)
        near_duplicates(folder, [*texts, *relevant], options.articles, python)
    return 0


def reading(folder: Path, texts: list[str], relevant: list[str], python: str) -> None:
    """Pages per core second, 1 in 1,000 relevant, of a file as Common Crawl writes it."""
    load("en")
    file = make(folder / "news.warc.gz", pages_around(texts, relevant, PAGE), PAGES, 1)
    gate, stage = FastGate.from_reference(), Scan("bench", "bench")
    gating = cpu(lambda: gated(file, gate))
    articles, mentions = cpu(lambda: read_warc(file, folder, gate)), cpu(lambda: list(stage(str(file))))
    page = asked(python, "news-please", str(file), str(READ))["seconds"] / READ
    every, behind = page * PAGES, gating + page * PAGES / ONE_IN
    print(f"{'':44} {'pages/s':>8}")
    for label, seconds in (
        ("ours, to articles", articles),
        ("ours, to extracted mentions", mentions),
        ("news-please, every page, to articles", every),
        ("news-please behind our gate, to articles", behind),
    ):
        print(f"{label:44} {PAGES / seconds:8.1f}")
    print(f"ms a page that passes the gate: ours {1000 * (articles - gating):.0f}, news-please {1000 * page:.0f}")
    print(f"times news-please, to mentions: {every / mentions:.1f} (to reach 50)")
    print(f"times news-please behind the same gate, to mentions: {behind / mentions:.2f} (to reach 3)")
    print(f"like for like, both to articles behind the gate: {behind / articles:.2f} times")


def near_duplicates(folder: Path, texts: list[str], count: int, python: str) -> None:
    """Time and recall over originals and copies with edits; the truth is every pair that either finds at the cut."""
    made = copies(texts, count)
    corpus = folder / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(text) + "\n" for text in made), encoding="utf-8")
    seconds, pairs = measured(lambda: ours(pa.table({"id": np.arange(count), "text": made})))
    theirs = asked(python, "datasketch", str(corpus), str(duplicates.JACCARD))
    found = {tuple(pair) for pair in theirs["pairs"]}
    known = pairs | found
    print(f"\n{'near-duplicates':32} {'CPU s':>7} {'pairs':>7} {'recall':>7}   {count} articles")
    for label, used, kept in (("ours", seconds, pairs), ("datasketch", theirs["seconds"], found)):
        print(f"{label:32} {used:7.1f} {len(kept):7} {len(kept) / len(known):7.4f}")
    print(f"times datasketch: {theirs['seconds'] / seconds:.2f} (to reach 3)")
    print(f"recall over datasketch's: {len(pairs) / max(len(found), 1):.3f} (at least 1)")


def copies(texts: list[str], count: int) -> list[str]:
    """Half originals made of sentences drawn at random, half copies of them with edits."""
    rng = random.Random(SEED)  # noqa: S311
    words = [word for text in texts[:200] for word in text.split()[:200]]
    lines = [line for text in texts for line in text.split(". ") if len(line) > 40]
    made = []
    for number in range(count):
        if number % 2:
            text = made[rng.randrange(len(made))].split()
            for _ in range(int(rng.choice(EDITS) * len(text))):
                text[rng.randrange(len(text))] = rng.choice(words)
            made.append(" ".join(text))
        else:
            made.append(". ".join(rng.sample(lines, 18)))
    return made


def ours(corpus: pa.Table) -> set[tuple[int, int]]:
    """The pairs that reach the cut, as the stage link finds them."""
    shingled = [duplicates.shingles(batch) for batch in corpus.to_batches(max_chunksize=duplicates.BATCH)]
    pairs = duplicates.candidates(map(duplicates.bands, shingled), threads=1)
    lists = pa.Table.from_batches(shingled)["shingles"].combine_chunks()
    a, b = (lists.take(pa.array(pairs[:, side])) for side in (0, 1))
    columns = [pa.array(pairs[:, 0]), pa.array(pairs[:, 1]), a, b]
    kept = duplicates.verified(pa.record_batch(columns, names=["first", "second", "a", "b"]))
    return set(zip(kept["first"].to_pylist(), kept["second"].to_pylist(), strict=True))


def measured(work: Callable[[], set[tuple[int, int]]]) -> tuple[float, set[tuple[int, int]]]:
    found: list[set[tuple[int, int]]] = []
    return cpu(lambda: found.append(work())), found[0]


def asked(python: str, *arguments: str) -> dict:
    """What a peer's process measured of itself."""
    command = [python, str(HERE / "peers_systems.py"), *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    code = rerun()
    sys.exit(main() if code is None else code)
