"""What the faults share: a small finished data folder, the command line, and what must hold after every fault."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from incidents import cli as command_line
from incidents import duck, stages
from scrapers.archive import members, payload_digest
from tests.scrapers.conftest import crawler, web

__all__ = ["crawler", "web"]  # fixtures

CITIES = ("Lundby", "Harrow Falls", "Tarn Mills")
STORY = (
    "{city} police said on Tuesday that facial recognition software had matched the wrong man. Officers of the {city} "
    "Police Department arrested a man of {age} on {day} March 2025 after a false face match. The charges were dropped."
)


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def line(self):
        """The one line of an error that only the user can mend."""
        assert self.code == 2, (self.out, self.err)
        assert self.out == ""
        assert self.err.startswith("incidents: ")
        assert self.err.count("\n") == 1, self.err
        return self.err


def rows(*numbers):
    """Articles as JSON Lines."""
    for number in numbers:
        city = CITIES[number % len(CITIES)]
        text = STORY.format(city=city, age=30 + number, day=1 + number % 28)
        row = {"url": f"http://ledger.example/{number}", "title": f"Wrong man held in {city}", "text": text}
        yield json.dumps(row) + "\n"


@pytest.fixture
def articles(tmp_path):
    """Writes a file of articles with these numbers."""

    def write(*numbers, name="articles.jsonl"):
        path = tmp_path / name
        path.write_text("".join(rows(*numbers)))
        return path

    return write


@pytest.fixture
def incidents(monkeypatch, capfd):
    """`incidents` with these arguments, in this process: what is no UserError fails the test."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["incidents", *map(str, arguments)])
        capfd.readouterr()
        try:
            command_line.main()
        except SystemExit as ended:
            printed = capfd.readouterr()
            return Said(ended.code or 0, printed.out, printed.err)
        raise AssertionError("the command did not end")

    return run


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A data folder with three articles and a release; not to be written to."""
    base, now = tmp_path_factory.mktemp("finished"), datetime.now(UTC).replace(microsecond=0)
    (base / "articles.jsonl").write_text("".join(rows(0, 1, 2)))
    data = base / "data"
    stages.collect(data, "inbox", None, [base / "articles.jsonl"], now)
    stages.read(data)
    stages.extract(data)
    stages.link(data, f"{now:%Y-%m-%d}")
    stages.publish(data, False, now)
    stages.write_rejects(data)
    return data


@pytest.fixture
def folder(finished, tmp_path):
    """A copy of it to break."""
    return Path(shutil.copytree(finished, tmp_path / "data", symlinks=True))


@pytest.fixture(scope="session")
def whole():
    """Fails where something published is damaged: the sums of every release, and its database by a count."""

    def check(data_dir):
        releases = [path.parent for path in (data_dir / "releases").glob("[0-9]*/SHA256SUMS")]
        for release in releases:
            for line in (release / "SHA256SUMS").read_text().splitlines():
                digest, _, name = line.partition("  ")
                assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest, name
        if releases:
            latest = data_dir / "releases" / "latest"
            assert latest.resolve() in releases
            with duck.connect(latest / "incidents.duckdb", read_only=True) as database:
                counted = database.execute("SELECT count(*) FROM articles").fetchone()[0]
            assert counted == json.loads((latest / "manifest.json").read_text())["rows"]["articles"]
        return len(releases)

    return check


@pytest.fixture(scope="session")
def kept():
    """The address and digest of every page in the archive whose record is whole, staged ones included."""

    def read(data_dir):
        found = set()
        for path in (data_dir / "archive").rglob("*.warc.gz*"):
            with suppress(zlib.error):
                for member in members(path):
                    digest = member.headers.get("warc-payload-digest")
                    if digest and payload_digest(content(member)) == digest:
                        found.add((member.headers["warc-target-uri"], digest))
        return found

    def content(member):
        is_page = member.headers["warc-type"] == "response"
        return member.block.partition(b"\r\n\r\n")[2] if is_page else member.block

    return read


@pytest.fixture(scope="session")
def source_list():
    """Writes a sources.yaml with a feed for each name and address given."""
    entry = {
        "kind": "feed",
        "publisher": "Ledger",
        "country": "CA",
        "language": "en",
        "licence": "ours",
        "terms": "ours",
        "why": "a test",
        "seen_in": "here",
        "expected_min_per_week": 0,
        "expected_max_per_week": 500,
        "group": "local_news",
    }

    def write(path, **feeds):
        sources = [entry | {"id": name, "url": url} for name, url in feeds.items()]
        path.write_text(json.dumps({"sources": sources}))  # JSON is YAML
        return path

    return write


@pytest.fixture
def apart():
    """Runs a script of the shell in a mount namespace of its own; skips where the system does not allow one."""

    def run(script, *arguments):
        command = ["unshare", "--user", "--map-root-user", "--mount", "bash", "-euc", script, "bash"]
        probe = (
            subprocess.run([*command[:4], "true"], capture_output=True, text=True) if shutil.which("unshare") else None
        )
        if probe is None or probe.returncode:
            pytest.skip(f"mounting is not allowed here: {probe.stderr.strip() if probe else 'no unshare'}")
        return subprocess.run([*command, *map(str, arguments)], capture_output=True, text=True, env=os.environ)

    return run
