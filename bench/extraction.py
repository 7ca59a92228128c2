"""The pipeline's articles per second beside the bare model's, in one process: `python bench/extraction.py TEXTS.jsonl`.

TEXTS.jsonl has one object with `text` a line. Both read the same texts in turn, twice; the better round of each counts.
"""

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

LIMIT = 0.8


def seconds(work: Iterable[object]) -> float:
    start = time.process_time()
    for _ in work:
        pass
    return time.process_time() - start


def main() -> int:
    from incidents.extract.contract import Document
    from incidents.extract.pipeline import BATCH_SIZE, extract, load

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("--most", type=int, default=200)
    options = parser.parse_args()
    lines = itertools.islice(options.texts.open(encoding="utf-8"), options.most)
    texts = [json.loads(line)["text"] for line in lines]
    documents = [Document(f"urn:{number}", "", text) for number, text in enumerate(texts)]
    nlp = load("en")
    ours = [name for name in nlp.pipe_names if name.startswith("incidents_")]

    def bare() -> float:
        with nlp.select_pipes(disable=ours):
            return seconds(nlp.pipe(texts, batch_size=BATCH_SIZE))

    rounds = [(bare(), seconds(extract(documents))) for _ in range(2)]
    floor, whole = (min(times) for times in zip(*rounds, strict=True))
    rate = len(texts) / floor
    print(f"bare model  {rate:6.2f} articles per CPU second")
    print(f"pipeline    {len(texts) / whole:6.2f} articles per CPU second")
    print(f"ratio       {floor / whole:6.2f}  (at least {LIMIT})")
    return 0 if floor / whole >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
