"""A small web on 127.0.0.1, and the crawler as the child process that it is in use."""

import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import parse_fields


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # before answering


@dataclass
class Hit:
    url: str
    headers: dict[str, str]
    began: float
    ended: float = 0.0


@dataclass
class Web:
    """What is served at each address, and what was asked for."""

    port: int = 0
    pages: dict[str, Answer | Callable[[Hit], Answer]] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)

    def page(self, url: str, text: str = "some words", **answer: Any) -> str:
        headers = {"Content-Type": "text/html", **answer.pop("headers", {})}
        self.pages[url] = Answer(f"<html><body><p>{text}</p></body></html>".encode(), headers=headers, **answer)
        return url

    def feed(self, url: str, *items: str, **headers: str) -> str:
        entries = "".join(
            f"<item><title>About {item}</title><link>{item.replace('&', '&amp;')}</link>"
            "<pubDate>Mon, 04 May 2026 10:00:00 GMT</pubDate></item>"
            for item in items
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entries}</channel></rss>'
        self.pages[url] = Answer(body.encode(), headers={"Content-Type": "application/rss+xml", **headers})
        return url

    def serve(self, url: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        self.pages[url] = self.answer(body, status, **headers)
        return url

    @staticmethod
    def answer(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
        return Answer(body, status, {name.replace("_", "-"): value for name, value in headers.items()})

    def find(self, hit: Hit) -> Answer:
        """What is served at the address, or at the address up to its question mark."""
        start, mark, _ = hit.url.partition("?")
        found = self.pages.get(hit.url) or self.pages.get(start + mark) or Answer(b"not here", 404)
        return found(hit) if callable(found) else found

    def asked(self, url: str) -> int:
        return sum(hit.url == url for hit in self.hits)

    def pauses(self, host: str) -> list[float]:
        """Seconds between the end of an answer of the host and the beginning of its next request."""
        hits = sorted((hit for hit in self.hits if f"//{host}/" in hit.url), key=lambda hit: hit.began)
        return [later.began - earlier.ended for earlier, later in itertools.pairwise(hits)]


@dataclass
class Crawler:
    """Runs `python -m scrapers` against the web, in one folder."""

    web: Web
    folder: Path

    def command(self, sources: list[dict[str, Any]], *options: str) -> list[str]:
        self.folder.mkdir(exist_ok=True)
        (self.folder / "sources.yaml").write_text(yaml.safe_dump({"sources": sources}))
        places = ("archive", "frontier", "sources", "report")
        names = ("archive", "frontier.sqlite", "sources.yaml", "report.jsonl")
        given = [word for place, name in zip(places, names, strict=True) for word in (f"--{place}", self.folder / name)]
        target = f".example=127.0.0.1:{self.web.port}"
        return [sys.executable, "-m", "scrapers", *map(str, given), "--connect-to", target, *options]

    def crawl(self, url: str, kind: str = "feed", **more: Any) -> dict[str, Any]:
        """Crawl one source, named `news`, to the end; see `run`."""
        return self.run([source("news", url, kind, **more)])

    def run(self, sources: list[dict[str, Any]], *options: str) -> dict[str, Any]:
        """Crawl to the end; returns the report's numbers by source, and its failures under `failures`."""
        done = subprocess.run(self.command(sources, *options), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return self.report()

    def report(self) -> dict[str, Any]:
        events = [json.loads(line) for line in (self.folder / "report.jsonl").read_text().splitlines()]
        assert events[-1]["event"] == "finished"
        found: dict[str, Any] = {event["source"]: event for event in events if event["event"] == "source"}
        found["failures"] = {event["url"]: event["reason"] for event in events if event["event"] == "failure"}
        return found

    def pages(self, source_id: str = "*") -> list[dict[str, Any]]:
        """The archived pages of a source: url, body, and metadata fields as lists. Fails on any damaged record."""
        files = sorted(self.folder.glob(f"archive/{source_id}/*/*.warc.gz"))
        return [page for path in files for page in read_pages(path)]


def source(source_id: str, url: str, kind: str = "feed", **more: Any) -> dict[str, Any]:
    return {"id": source_id, "kind": kind, "url": url, "enabled": True, **more}


def read_pages(path: Path) -> Iterator[dict[str, Any]]:
    """The pages of a WARC file, read with warcio; every response must have its request and metadata."""
    with path.open("rb") as file:
        kinds, page = [], {}
        for record in ArchiveIterator(file, check_digests="raise"):
            kinds.append(record.rec_type)
            block = record.content_stream().read()
            if record.rec_type == "response":
                page = {"url": record.rec_headers.get_header("WARC-Target-URI"), "body": block}
            elif record.rec_type == "metadata":
                page |= {"target": record.rec_headers.get_header("WARC-Target-URI"), "file": path}
                for name, value in parse_fields(block):
                    page.setdefault(name, []).append(value)
                yield page
                page = {}
        assert kinds.count("request") == kinds.count("response")
        assert kinds[-1] == "metadata"


@contextmanager
def serving() -> Iterator[Web]:
    site = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            hit = Hit(f"http://{self.headers['Host']}{self.path}", dict(self.headers), time.monotonic())
            site.hits.append(hit)
            answer = site.find(hit)
            time.sleep(answer.seconds)
            etag = answer.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                answer = Answer(status=304, headers={"ETag": etag})
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            hit.ended = time.monotonic()
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """A crawler that hangs up is no error."""

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as site:
        yield site


@pytest.fixture(scope="module")
def shared_web() -> Iterator[Web]:
    """A web for several tests that look at one crawl of it."""
    with serving() as site:
        yield site


@pytest.fixture
def crawler(web: Web, tmp_path: Path) -> Crawler:
    return Crawler(web, tmp_path / "crawl")


@pytest.fixture(scope="module")
def shared_crawler(shared_web: Web, tmp_path_factory: pytest.TempPathFactory) -> Crawler:
    return Crawler(shared_web, tmp_path_factory.mktemp("crawl"))
