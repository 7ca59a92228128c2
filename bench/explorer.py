"""The explorer page in a browser: milliseconds and bytes to its first charts, and milliseconds until SQL answers.

    python bench/explorer.py [--incidents 5000]

Makes and publishes tables as bench/publish.py does, serves the release with `incidents serve` and opens it in headless
Chromium on this machine, five times, each with an empty cache. Prints medians, each with its limit; the CPU seconds of
browser and server (Linux only) tell what a busy machine added to them.
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).resolve().parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TIMES = 5
# The moment at which the page says that its charts are drawn, counted from the start of the navigation.
WATCH = """
new MutationObserver(() => { if (document.body?.dataset.state && !window.drawn) window.drawn = performance.now(); })
    .observe(document, { subtree: true, attributes: true, attributeFilter: ["data-state"] });
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=5000)
    size = str(parser.parse_args().incidents)
    with tempfile.TemporaryDirectory() as folder:
        for step in ("make", "publish"):
            given = ["--incidents", size, "--folder", folder, "--step", step]
            subprocess.run([sys.executable, HERE / "publish.py", *given], check=True)  # noqa: S603 our own
        command = [str(Path(sys.executable).with_name("incidents")), "serve", "--port", "0", "--data-dir", folder]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own
        try:
            address = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
            measure(address.group() if address else sys.exit("the release could not be served"), size)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(10)


def measure(address: str, incidents: str) -> None:
    print(f"load average {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores, {incidents} incidents")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        visits = [visit(browser, address) for _ in range(TIMES)]
        browser.close()
    charts, drawing, weight, sql, loading = (statistics.median(values) for values in zip(*visits, strict=True))
    print(f"first charts: {charts:.0f} ms of 1000 (CPU {drawing:.1f} s)")
    print(f"received until then: {weight / 1024:.0f} KB of 250")
    print(f"SQL answered: {sql:.0f} ms of 4000 (CPU {loading:.1f} s)")


def visit(browser: Browser, address: str) -> tuple[float, ...]:
    """Milliseconds and CPU to the charts, bytes received until then as sent, milliseconds and CPU to a first answer."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    received: list[float] = []
    session = context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    used = cpu()
    page.goto(address)
    page.wait_for_selector("body[data-state]")
    weight, drawn, drawing = sum(received), page.evaluate("window.drawn"), cpu() - used
    page.wait_for_selector("body[data-state=ready]")
    started, used = time.perf_counter(), cpu()
    page.click("#run")
    page.wait_for_selector("#sql-result td", timeout=60_000)
    answered = 1000 * (time.perf_counter() - started)
    loading = cpu() - used
    context.close()
    return drawn, drawing, weight, answered, loading


def cpu() -> float:
    """CPU seconds of the processes that descend from this one: browser and server."""
    rows = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it has just ended
            continue
        rows[int(stat.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    ours, before = {os.getpid()}, 0
    while len(ours) > before:
        before = len(ours)
        ours |= {pid for pid, (parent, _) in rows.items() if parent in ours}
    return sum(rows[pid][1] for pid in ours - {os.getpid()}) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
