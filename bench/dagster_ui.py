"""The service in a real browser: what the tests of its UI and the pictures in the documents share."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
CHECKOUT = ("incidents", "scrapers", "data/reference", "data/sample", "dagster_home/dagster.yaml", "pyproject.toml")
SECONDS = 300  # a busy machine takes its time
MOVING = 2_000  # milliseconds in which the graph comes to rest
SOURCES = "data/sample/sources.yaml"
RUN = "/locations/incidents.definitions/jobs/run"


@dataclass(frozen=True)
class Service:
    """A running service of its own checkout, whose files may be broken, on an empty data folder for the sample."""

    checkout: Path
    data: Path
    address: str


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    """`make up DEMO=1` in a copy of the checkout under `folder`, while the block runs."""
    checkout, data, port = folder / "checkout", folder / "demo", _free_port()
    for name in CHECKOUT:
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, checkout / name, **({"symlinks": True} if copy is shutil.copytree else {}))
    data.mkdir()
    (data / ".sample").touch()
    theirs = {key: value for key, value in os.environ.items() if not key.startswith(("INCIDENTS_", "SOURCE_DATE"))}
    environment = theirs | {"PYTHONPATH": str(checkout), "DAGSTER_HOME": str(folder / "home")}
    command = [sys.executable, "-m", "incidents.defs.up", "--data-dir", str(data), "--port", str(port)]
    with (folder / "up.log").open("w") as log:
        child = subprocess.Popen(command, env=environment, cwd=checkout, stdout=log, stderr=log)  # noqa: S603 our own
    started = Service(checkout, data, f"http://127.0.0.1:{port}")
    try:
        _wait_for(started, child)
        yield started
    finally:
        child.send_signal(signal.SIGTERM)
        if child.wait(90):
            raise RuntimeError(f"the service ended with code {child.returncode}; see {folder / 'up.log'}")


def launch(page: Page, address: str, group: str = "sample") -> str:
    """Launch the job `run` for a group's today from its page; returns how the run ended."""
    page.goto(address + RUN)
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_role("button", name="Latest").click()
    page.get_by_text("Select a partition or create one").click()
    page.get_by_placeholder("Filter partitions").fill(group)
    shown(page.get_by_text(group, exact=True)).last.click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Launch 1 run").click()
    return ended(page)


def materialize(page: Page, address: str, asset: str) -> str:
    """Materialize an asset without partitions from its page; returns how the run ended."""
    page.goto(f"{address}/assets/{asset}")
    page.get_by_role("button", name=re.compile("Materialize$")).click()
    return ended(page)


def ended(page: Page) -> str:
    """Follow the message about a launched run to its page, and wait there: Success or Failure."""
    page.get_by_text("Launched run").wait_for()
    page.get_by_text("View", exact=True).last.click()
    page.wait_for_url("**/runs/*")
    status = shown(page.get_by_text("Success", exact=True).or_(page.get_by_text("Failure", exact=True))).first
    status.wait_for(timeout=SECONDS * 1000)
    return status.inner_text()


def open_graph(page: Page, address: str) -> None:
    """The graph of all assets with its groups unfolded, from top to bottom."""
    page.goto(f"{address}/asset-groups")
    page.get_by_role("button", name="Materialize all").wait_for()
    page.get_by_label("settings", exact=True).last.click()
    page.get_by_text("Change graph to vertical orientation").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+E")
    page.wait_for_url("**expanded=**")
    page.reload()  # unfolded, it is fitted into the window
    shown(page.get_by_text("release", exact=True)).wait_for()
    expect(page.get_by_text("Loading…")).to_have_count(0, timeout=SECONDS * 1000)
    page.wait_for_timeout(MOVING)


def open_check(page: Page, address: str, asset: str, check: str) -> str:
    """A check's page: Passed or Failed."""
    page.goto(f"{address}/assets/{asset}?view=checks&checkDetail={check}")
    result = shown(page.get_by_text("Passed", exact=True).or_(page.get_by_text("Failed", exact=True))).last
    result.wait_for()
    return result.inner_text()


def unfold(page: Page, entry: str) -> None:
    """Open an entry of metadata that the UI folds for its length."""
    row = page.get_by_role("row").filter(has=page.get_by_text(entry, exact=True))
    row.get_by_text("[Show Markdown]").click()
    page.get_by_role("dialog").wait_for()


@contextmanager
def broken(service: Service) -> Iterator[None]:
    """One source's address is wrong while the block runs, as if its site had moved."""
    file = service.checkout / SOURCES
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("harbour-ledger.example/feed.xml", "harbour-ledger.example/gone.xml"), "utf-8")
    try:
        yield
    finally:
        file.write_text(text, "utf-8")


def shown(found: Locator) -> Locator:
    """Those that can be seen: the UI keeps unseen copies to measure them."""
    return found.locator("visible=true")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(started: Service, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{started.address}/server_info", timeout=30).close()  # noqa: S310 our own
            return
        except OSError:
            if child.poll() is not None or time.monotonic() > deadline:
                raise
        time.sleep(1)
