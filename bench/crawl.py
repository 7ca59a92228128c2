"""CPU per page of our crawl, archive included, over the floor of Scrapy itself, by page size: `python bench/crawl.py`

The floor is a bare spider with CONCURRENT_ITEMS=4 that fetches the same pages from the same server and keeps nothing.
Both are child processes. Each is run for few and for many pages: what the difference costs is the cost of its pages,
discovery included and start-up not. Of several rounds the least counts, as other work on the machine only adds.
"""

import asyncio
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path

SIZES = {"6 KB": 6_000, "20 KB": 20_000, "67 KB": 67_000}  # bytes of a page
FEW, MANY = 60, 660  # pages
HOSTS = 30  # of our crawl, which asks each for one page at a time; the floor asks one for 16
ROUNDS = 4  # at most
SECONDS = 75.0  # no round is begun that would not be over by then
RUN_SECONDS = 30.0  # after which a run is given up
LIMIT = 1.25
ROOT = Path(__file__).resolve().parent.parent
Run = Callable[[int, int, int], float]  # port, bytes of a page, pages
_LETTERS = random.Random(1)  # noqa: S311
_LEXICON = ["".join(_LETTERS.choices("etaoinshrdlucmfwyp", k=_LETTERS.randint(2, 10))) for _ in range(4000)]
_WORDS = _LETTERS.choices(_LEXICON, k=40_000)


def main() -> None:
    ready, report = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.Process(target=_serve, args=(report,), daemon=True)
    server.start()
    try:
        rounds = _rounds(ready.recv())
    finally:
        server.terminate()
        server.join()
    least = {run: min(seconds[run] for seconds in rounds) for run in rounds[0]}
    print(f"CPU per page     floor      ours   ratio   (least of {len(rounds)} rounds)")
    for name, size in SIZES.items():
        floor, ours = ((least[run, size] - least[run, 0]) / (MANY - FEW) * 1000 for run in (_run_floor, _run_ours))
        ratio = ours / floor
        print(f"{name:>12} {floor:6.2f} ms {ours:6.2f} ms {ratio:7.2f}   {ratio / LIMIT:.2f} of the limit of {LIMIT}")


def _rounds(port: int) -> list[dict[tuple[Run, int], float]]:
    """CPU seconds by run and size of MANY pages, 0 for FEW, of each round. Floor and ours take turns."""
    began, rounds = time.monotonic(), list[dict[tuple[Run, int], float]]()
    while len(rounds) < ROUNDS and (time.monotonic() - began) * (len(rounds) + 1) <= SECONDS * max(len(rounds), 1):
        few: dict[tuple[Run, int], float] = {(run, 0): run(port, SIZES["6 KB"], FEW) for run in (_run_floor, _run_ours)}
        many: dict[tuple[Run, int], float] = {
            (run, size): run(port, size, MANY) for size in SIZES.values() for run in (_run_floor, _run_ours)
        }
        rounds.append(few | many)
    return rounds


def _run_floor(port: int, size: int, pages: int) -> float:
    return _cpu_seconds([sys.executable, __file__, "floor", str(port), str(size), str(pages)])


def _run_ours(port: int, size: int, pages: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources.yaml")
        sources.write_text(
            f"sources: [{{id: bench, kind: sitemap, url: 'http://map.example/sitemap/{size}/{pages}'}}]\n"
        )
        report = Path(folder, "report.jsonl")
        places = ["--archive", f"{folder}/archive", "--frontier", f"{folder}/frontier", "--report", str(report)]
        target = f".example=127.0.0.1:{port}"
        command = [sys.executable, "-m", "scrapers", *places, "--sources", str(sources), "--connect-to", target]
        seconds = _cpu_seconds(command)
        if f'"fetched": {pages}' not in report.read_text():
            raise RuntimeError(f"not all of {pages} pages were fetched: {report.read_text()[-500:]}")
    return seconds


def _cpu_seconds(command: list[str]) -> float:
    """User and system time of a child process."""
    before = os.times()
    subprocess.run(command, check=True, cwd=ROOT, timeout=RUN_SECONDS)  # noqa: S603
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


# The floor


def _floor(port: int, size: int, pages: int) -> None:
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess

    class Bare(Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Request]:
            for page in range(pages):
                yield Request(f"http://127.0.0.1:{port}/page/{size}/{page}", callback=self.parse)

        def parse(self, response: object) -> None:
            """Keep nothing."""

    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_ITEMS": 4,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Bare)
    process.start()


# The server


def _serve(report: Connection) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        report.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer requests of one connection until it ends."""
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            kind, *numbers = request.split(b" ", 2)[1].decode().strip("/").split("/")
            known = kind in _MAKERS
            body = _MAKERS[kind](*map(int, numbers)) if known else b""
            status = "200 OK" if known else "404 Not Found"
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


@lru_cache(maxsize=2 * MANY)
def _page(size: int, number: int) -> bytes:
    """A page of words and markup that compresses about as news pages do."""
    draw, parts, length = random.Random(number), [f"<!doctype html><title>{number}</title>\n"], 0  # noqa: S311
    while length < size:
        start = draw.randrange(len(_WORDS) - 60)
        menu = "".join(
            f'<li class="item"><a href="/section/{word}">{word}</a></li>' for word in _WORDS[start : start + 9]
        )
        parts.append(f'<div class="block"><ul>{menu}</ul><p>{" ".join(_WORDS[start + 9 : start + 50])}</p></div>\n')
        length += len(parts[-1])
    return "".join(parts).encode()[:size]


def _sitemap(size: int, pages: int) -> bytes:
    urls = (f"<url><loc>http://host{page % HOSTS}.example/page/{size}/{page}</loc></url>" for page in range(pages))
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><urlset xmlns="{namespace}">{"".join(urls)}</urlset>'.encode()


_MAKERS: dict[str, Callable[[int, int], bytes]] = {"page": _page, "sitemap": _sitemap}

if __name__ == "__main__":
    if sys.argv[1:2] == ["floor"]:
        _floor(*map(int, sys.argv[2:]))
    else:
        main()
