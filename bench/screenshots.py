"""The pictures in docs/: the explorer page of a data folder's newest release, or the Dagster UI on the sample.

python bench/screenshots.py data/demo
python bench/screenshots.py --dagster    # starts a service of its own; a few minutes
"""

import argparse
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import dagster_ui
from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
VIEWS = (("explorer.png", 1280, 960, "light"), ("explorer-narrow.png", 390, 844, "dark"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("data_dir", nargs="?")
    wanted.add_argument("--dagster", action="store_true")
    options = parser.parse_args()
    if options.dagster:
        take_dagster()
    else:
        serve_explorer(options.data_dir)


def serve_explorer(data_dir: str) -> None:
    incidents = str(Path(sys.executable).with_name("incidents"))
    command = [incidents, "serve", "--port", "0", "--data-dir", data_dir]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own command
    try:
        address = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
        if not address:
            sys.exit("no release is served: run the pipeline first")
        take(address.group())
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(10)


def take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=dagster_ui.CHROMIUM, args=dagster_ui.FLAGS)
        for name, width, height, scheme in VIEWS:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("body[data-state=ready]")
            page.screenshot(path=DOCS / name)
            if width > 1000:
                page.get_by_role("link", name=re.compile("Wrongful arrest: Detroit.*January 2020")).click()
                page.wait_for_selector("#incident h2")
                page.screenshot(path=DOCS / "incident.png")
            context.close()
        browser.close()


def take_dagster() -> None:
    """A run that was launched by a click, the graph afterwards, and the check that a broken source turns red."""
    with (
        tempfile.TemporaryDirectory() as folder,
        dagster_ui.service(Path(folder)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=dagster_ui.CHROMIUM, args=dagster_ui.FLAGS)
        page, address = browser.new_page(viewport={"width": 1280, "height": 960}), service.address
        dagster_ui.launch(page, address)
        page.reload()  # without the message that it was launched
        save(page, "dagster-run.png")
        page.set_viewport_size({"width": 1000, "height": 1480})
        dagster_ui.open_graph(page, address)
        save(page, "dagster-graph.png", clip={"x": 590, "y": 190, "width": 360, "height": 1120})
        page.set_viewport_size({"width": 1280, "height": 640})
        with dagster_ui.broken(service):
            dagster_ui.launch(page, address)
        dagster_ui.open_check(page, address, "web_archives", "sources_deliver")
        dagster_ui.unfold(page, "failing rows")
        save(page, "dagster-check.png")
        browser.close()


def save(page: Page, name: str, **options: Any) -> None:
    page.wait_for_timeout(dagster_ui.MOVING)
    page.screenshot(path=DOCS / name, **options)


if __name__ == "__main__":
    main()
