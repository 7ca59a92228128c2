"""A peer over the same input, in an environment of its own: the last line is what it found and its CPU time, as JSON.

python peers_systems.py news-please FILE.warc.gz PAGES | datasketch CORPUS.jsonl JACCARD
"""

import json
import re
import sys
import time
from collections.abc import Callable

ROUNDS = 2
BANDS, ROWS, SHINGLE = 42, 3, 5  # as ours
_WORD = re.compile(r"\w+")


def least(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds, the least of two rounds, and what came of the last."""
    taken, found = [], None
    for _ in range(ROUNDS):
        started = time.process_time()
        found = work()
        taken.append(time.process_time() - started)
    return min(taken), found


def news_please(file: str, count: str) -> dict:
    from newsplease import NewsPlease
    from warcio.archiveiterator import ArchiveIterator

    pages = []
    with open(file, "rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response" and len(pages) < int(count):
                pages.append(
                    (record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read().decode())
                )

    def read() -> int:
        found = (NewsPlease.from_html(html, url=url, fetch_images=False) for url, html in pages)
        return sum(bool(article.maintext) for article in found)

    seconds, read_ok = least(read)
    return {"seconds": seconds, "pages": len(pages), "with_text": read_ok}


def datasketch(corpus: str, cut: str) -> dict:
    from datasketch import MinHash, MinHashLSH

    with open(corpus, encoding="utf-8") as lines:
        texts = [json.loads(line) for line in lines]

    def find() -> list[tuple[int, int]]:
        lsh = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
        kept, pairs = [], []
        for number, text in enumerate(texts):
            words = _WORD.findall(text.lower())
            grams = {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}
            hashed = MinHash(num_perm=BANDS * ROWS)
            hashed.update_batch([gram.encode() for gram in grams])
            for other in lsh.query(hashed):
                shared = len(grams & kept[other])
                if shared / (len(grams) + len(kept[other]) - shared) >= float(cut):
                    pairs.append((other, number))
            lsh.insert(number, hashed)
            kept.append(grams)
        return pairs

    seconds, pairs = least(find)
    return {"seconds": seconds, "pairs": pairs}


if __name__ == "__main__":
    print(json.dumps({"news-please": news_please, "datasketch": datasketch}[sys.argv[1]](*sys.argv[2:])))
