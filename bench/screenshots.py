"""The pictures in docs/: the explorer page of a data folder's newest release.

python bench/screenshots.py data/demo
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
VIEWS = (("explorer.png", 1280, 960, "light"), ("explorer-narrow.png", 390, 844, "dark"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir")
    incidents = str(Path(sys.executable).with_name("incidents"))
    command = [incidents, "serve", "--port", "0", "--data-dir", parser.parse_args().data_dir]
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
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
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


if __name__ == "__main__":
    main()
