"""What tests share: the language model once per session, and a data folder of their own."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from incidents import configuration

INCIDENTS = Path(sys.executable).parent / "incidents"


@pytest.fixture(scope="session")
def cli():
    """`incidents` with these arguments in a process of its own."""

    def run(*arguments, home, **environment):
        command = [INCIDENTS, *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"DAGSTER_HOME": str(home)} | environment
        )

    return run


@pytest.fixture(scope="session")
def news_archive():
    """Writes a WARC file as Common Crawl's CC-NEWS; a page is its address, title and sentences."""

    def record(kind, headers, block):
        lines = {"WARC-Type": kind, "WARC-Date": "2024-03-02T08:00:00Z", **headers, "Content-Length": str(len(block))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return gzip.compress(b"".join([b"WARC/1.0\r\n", head.encode(), b"\r\n", block, b"\r\n\r\n"]), mtime=0)

    def response(url, title, sentences):
        paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        page = f"<html><title>{title}</title><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
        http = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        headers = {"WARC-Target-URI": url, "Content-Type": "application/http; msgtype=response"}
        return record("response", headers, (http + page).encode())

    def write(path, pages):
        path.parent.mkdir(parents=True, exist_ok=True)
        info = record("warcinfo", {"Content-Type": "application/warc-fields"}, b"software: news\r\n")
        path.write_bytes(info + b"".join(response(*page) for page in pages))
        return path

    return write


@pytest.fixture(scope="session")
def nlp():
    """The English pipeline, loaded once."""
    from incidents.extract.pipeline import load

    return load("en")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path_factory):
    """No test sees the user's settings or writes to the user's Dagster history."""
    for name in ["SOURCE_DATE_EPOCH", *(setting.variable for setting in configuration.SETTINGS)]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INCIDENTS_CONFIG", os.devnull)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path_factory.getbasetemp() / "dagster_home"))
