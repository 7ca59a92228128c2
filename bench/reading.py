"""Reading against its targets and beside its peers, on the pages of ../shared. `python bench/reading.py [--peers]`

Trafilatura is in the environment; `--peers` also installs newspaper4k, readability-lxml, goose3 and resiliparse into an
environment of their own. news-please is left out: it brings a web server and a search engine's client along.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import uv
from lxml import html as lxml_html
from reading_gold import Gold, body_f1, fundus, names_f1, plain, scrapinghub
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from incidents.read import Gate, read_warc
from incidents.read.charset import as_utf8
from incidents.read.reader import batches
from incidents.read.records import read_records
from incidents.read.warc import iterate
from scrapers.archive import WarcWriter

HERE = Path(__file__).resolve().parent
PAGES = HERE.parents[1] / "shared" / "pages"
OWN = ("incidents read", "trafilatura precise", "trafilatura", "trafilatura fast")
PEERS = {
    "newspaper4k": ["newspaper4k==0.9.6", "lxml_html_clean"],
    "readability-lxml": ["readability-lxml==0.9", "lxml_html_clean"],
    "goose3": ["goose3==3.1.22", "lxml_html_clean"],
    "resiliparse": ["resiliparse==2.0.1"],
}
NOW = datetime(2026, 11, 23, tzinfo=UTC)
OUR_SENTENCE = "The county had bought a facial recognition program the year before, the sheriff told the council."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=Path, default=PAGES, help="the folder with scrapinghub/ and fundus/")
    parser.add_argument("--peers", action="store_true", help="also run peers that are not in the environment")
    options = parser.parse_args()
    if not options.pages.is_dir():
        print(f"{options.pages}: no such folder; give the pages with --pages")
        return 2
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        print_quality(options.pages, Path(folder), options.peers)
        print_throughput(options.pages, Path(folder))
    return 0


def print_quality(pages: Path, folder: Path, with_peers: bool) -> None:
    print(
        "body: F1 (precision, recall) over 4-grams; day, title and authors: fundus pages; pages: read per core second"
    )
    print(f"{'':20}  {'scrapinghub':22}  {'fundus':22}  {'day right/wrong':15}  {'title':5}  {'authors':7}  pages")
    wanted = sorted({requirement for requirements in PEERS.values() for requirement in requirements})
    python = environment(folder / "peers", wanted) if with_peers else None
    for name in (*OWN, *(PEERS if python else ())):
        out = folder / "out.jsonl"
        interpreter = python if python and name in PEERS else sys.executable
        command = [interpreter, str(HERE / "reading_systems.py"), name, str(pages), str(out)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)  # noqa: S603
        print(f"{name:20}  {quality(pages, out)}", flush=True)
    print(f"{'to reach':20}  {'.970':22}  {'.950':22}  {'.985 / .005':15}  {'.850':5}  {'.870':7}")


def environment(folder: Path, wanted: Iterable[str]) -> str:
    """The interpreter of an environment with these packages, made by uv from the index that pip uses."""
    below = Path(uv.__file__).parents[4]  # the environment that has it, which may lie below the one in use
    program, python = str(below / "bin" / "uv"), str(folder / "bin" / "python")
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(asked, capture_output=True, text=True).stdout.strip()  # noqa: S603
    env = os.environ | ({"UV_DEFAULT_INDEX": index} if index else {})
    subprocess.run([program, "venv", "-q", "--python", sys.executable, str(folder)], check=True)  # noqa: S603
    install = [program, "pip", "install", "-q", "--system-certs", "--python", python, *wanted]
    subprocess.run(install, check=True, env=env)  # noqa: S603
    return python


def quality(pages: Path, out: Path) -> str:
    """One line of the table."""
    *rows, last = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    found = {row["name"]: row for row in rows}
    cells = []
    for pages_of in (scrapinghub, fundus):
        scores = body_f1([(gold.text, found[gold.name].get("text") or "") for gold in pages_of(pages)])
        cells.append(f"{scores[0]:.4f} ({scores[1]:.3f}, {scores[2]:.3f})  ")
    golds = list(fundus(pages))
    days = [(gold, str(found[gold.name].get("day") or "")[:10]) for gold in golds]
    right = sum(day == str(gold.day) for gold, day in days) / len(golds)
    wrong = [gold for gold, day in days if day and day != str(gold.day)]
    impossible = sum(gold.day > gold.saved_on for gold in wrong)
    title = sum(plain(found[gold.name].get("title") or "") == gold.title for gold in golds) / len(golds)
    names = [(g.authors, frozenset(filter(None, map(plain, found[g.name].get("authors") or [])))) for g in golds]
    cells.append(f"{right:.3f} / {len(wrong) / len(golds):.3f}    {title:.3f}  {names_f1(names):.3f}  ")
    cells.append(f"{len(rows) / last['seconds']:5.1f}")
    note = f"   {impossible} of {len(wrong)} wrong days have a gold day after the page was saved" if impossible else ""
    return "".join(cells) + note


def print_throughput(pages: Path, folder: Path) -> None:
    golds = [*scrapinghub(pages), *fundus(pages)]
    bodies = [gold.html() for gold in golds]
    size = sum(map(len, bodies)) / len(bodies)
    print(f"\nthroughput per core second, {len(bodies)} pages of {size / 1000:.0f} kB on average; best of three")
    crawled, fetched = crawl_archive(folder, bodies), response_archive(folder, bodies)
    gate = Gate.from_reference()
    print_rate("pages at 1% relevance, HTML to article (to reach 400)", *at_one_percent(folder, golds, gate))
    records = sum(1 for _ in ArchiveIterator(crawled.open("rb")))
    print_rate("records of our crawl through the byte gate (to reach 3500)", records, lambda: gated(crawled, gate))
    print_rate("records of responses alone through the byte gate", len(bodies), lambda: gated(fetched, gate))
    print_rate("the same, only read by our reader", len(bodies), lambda: sum(1 for _ in read_records(fetched)))
    print_rate("the same, only read by warcio", len(bodies), lambda: warcio_read(fetched))


def print_rate(label: str, count: int, work: Callable[[], object], note: str = "") -> None:
    seconds = []
    for _ in range(3):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    print(f"{count / min(seconds):8.0f}  {label}{note}", flush=True)


def at_one_percent(folder: Path, golds: list[Gold], gate: Gate) -> tuple[int, Callable[[], object], str]:
    """All pages, every hundredth with a sentence on face recognition in its text."""
    relevant = {f"https://a.example/{n}" for n in range(0, len(golds), 100)}
    writer = WarcWriter(folder, "percent", lambda: NOW)
    for number, gold in enumerate(golds):
        url, body = f"https://a.example/{number}", gold.html()
        body = with_sentence(body, gold) if url in relevant else body
        writer.write_page(url, 200, [], [("Content-Type", "text/html; charset=utf-8")], body, NOW, {})
    writer.close()
    read = read_warc(writer.files[0], folder, gate)
    found = relevant & set(read.articles["url"].to_pylist())
    note = f": {len(found)} of {len(relevant)} relevant pages found, {read.articles.num_rows} articles past the gate"
    return len(golds), lambda: read_warc(writer.files[0], folder, gate), note


def with_sentence(body: bytes, gold: Gold) -> bytes:
    """The page with our sentence at the start of the longest paragraph that is of the article."""
    tree = lxml_html.document_fromstring(
        body.decode("utf-8", "replace").encode(), lxml_html.HTMLParser(encoding="utf-8")
    )
    of_article = (p for p in tree.iter("p") if p.text_content().strip()[:40] in gold.text)
    longest = max(of_article, key=lambda p: len(p.text_content()))
    longest.text = f"{OUR_SENTENCE} {longest.text or ''}"
    return lxml_html.tostring(tree, encoding="utf-8")


def crawl_archive(folder: Path, bodies: list[bytes]) -> Path:
    """As our crawler writes: request, response and metadata."""
    writer = WarcWriter(folder, "crawl", lambda: NOW)
    for number, body in enumerate(bodies):
        headers = [("Content-Type", "text/html; charset=utf-8")]
        writer.write_page(
            f"https://a.example/{number}", 200, [("User-Agent", "x")], headers, body, NOW, {"source": "a"}
        )
    writer.close()
    return writer.files[0]


def response_archive(folder: Path, bodies: list[bytes]) -> Path:
    """As other tools write: responses by warcio."""
    path = folder / "responses.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, body in enumerate(bodies):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://a.example/{number}", "response", payload=io.BytesIO(body), http_headers=http
            )
            writer.write_record(record)
    return path


def gated(path: Path, gate: Gate) -> int:
    """As `read_warc` does it, without the reading."""
    passed = 0
    for batch in batches(iterate(path, path.name), gate):
        passed += sum(gate.pages([as_utf8(page.body, page.content_type) for page in batch.pages]))
    return passed


def warcio_read(path: Path) -> int:
    with path.open("rb") as file:
        return sum(len(record.content_stream().read()) for record in ArchiveIterator(file))


if __name__ == "__main__":
    sys.exit(main())
