"""Serving the rendered sample on 127.0.0.1, as an origin for every host and as a proxy would."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from incidents.sample.files import SAMPLE
from incidents.sample.site import Resource, render


@dataclass(frozen=True)
class Request:
    """A request that the server saw; `path` with its query."""

    host: str
    path: str
    time: datetime
    status: int


class Server(ThreadingHTTPServer):
    """Serves the rendered sample on 127.0.0.1 and keeps a log of requests."""

    def __init__(self, pages: dict[tuple[str, str], Resource], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.pages = pages
        self.requests: list[Request] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(sorted({host for host, _ in self.pages}))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for the delayed acknowledgement
    server: Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr: the requests are in the server's log."""

    def _answer(self, with_body: bool) -> None:
        address = urlsplit(self.path)  # absolute where the client takes us for a proxy
        host = address.hostname or self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        unknown = Resource("text/plain", b"no such site in the sample\n", status=HTTPStatus.NOT_FOUND)
        pages = self.server.pages
        resource = pages.get((host, address.path or "/")) or pages.get((host, "")) or unknown
        status = HTTPStatus.NOT_MODIFIED if self._unchanged(resource) else resource.status
        path = f"{address.path}?{address.query}" if address.query else address.path
        self.server.requests.append(Request(host, path, datetime.now(UTC), status))
        self._send(resource, status, with_body)

    def _unchanged(self, resource: Resource) -> bool:
        if resource.status != HTTPStatus.OK:
            return False
        tags, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        if tags:
            return resource.etag in {tag.strip() for tag in tags.split(",")} or tags.strip() == "*"
        try:
            return bool(since and resource.last_modified and resource.last_modified <= parsedate_to_datetime(since))
        except ValueError:  # HTTP: an unreadable date is as none
            return False

    def _send(self, resource: Resource, status: HTTPStatus, with_body: bool) -> None:
        body = b"" if status == HTTPStatus.NOT_MODIFIED else resource.body
        zipped = bool(body) and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, mtime=0) if zipped else body
        self.send_response(status)
        self.send_header("Content-Type", resource.content_type)
        self.send_header("Vary", "Accept-Encoding")
        if resource.status == HTTPStatus.OK:
            self.send_header("ETag", resource.etag)
        if resource.last_modified:
            self.send_header("Last-Modified", format_datetime(resource.last_modified.astimezone(UTC), usegmt=True))
        if resource.location:
            self.send_header("Location", resource.location)
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


@contextmanager
def serve(folder: Path = SAMPLE, port: int = 0) -> Iterator[Server]:
    """Serve the sample on 127.0.0.1 while the block runs. Port 0 takes a free one."""
    server = Server(render(folder), port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="sample", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
