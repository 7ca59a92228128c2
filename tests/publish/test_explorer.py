"""The explorer page in a real browser: it searches, draws, explains, queries and downloads, and asks no other host."""

import hashlib
import re
import shutil
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import sync_playwright

from incidents.publish import publish
from incidents.reference import load

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
BUILT = files("incidents.publish.explorer").joinpath("dist", "app.js").is_file()

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="needs chromium on the PATH"),
    pytest.mark.skipif(not BUILT, reason="needs the front end, which make setup builds with Node"),
]


@pytest.fixture
def address(tmp_path, linked, people, about):
    publish(linked(), people, ["{}"], load(), about, tmp_path)
    command = [str(Path(sys.executable).with_name("incidents")), "serve", "--port", "0", "--data-dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    yield re.search(r"http://\S+", server.stdout.readline()).group()
    server.send_signal(signal.SIGINT)
    assert server.wait(10) == 0


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["wide", "narrow"])
def page(request, browser, address):
    """The page, ready; afterwards nothing was said on the console and nobody else was asked."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda seen: asked.append(seen.url))
    page.goto(address)
    page.wait_for_selector("body[data-state=ready]")
    yield page
    assert [text for text in said if "Catalog Error" not in text] == []  # the engine repeats a bad query there
    assert [url for url in asked if not url.startswith((address.rsplit("/", 2)[0], "blob:", "data:"))] == []
    context.close()


def test_search_and_facets_choose_and_stand_in_the_address(page):
    assert page.inner_text("#count") == "1 of 1 records"
    page.fill("#q", "lundby")
    assert page.inner_text("#count") == "1 of 1 records"
    page.select_option("#country", "SE")
    assert "country=SE" in page.url
    page.fill("#q", "nothing like it")
    assert page.inner_text("#count") == "0 of 1 records"
    page.click("text=Clear all")
    page.wait_for_selector("#count:has-text('1 of 1')")


def test_each_chart_has_its_numbers_as_a_table(page):
    for figure in ("#by-year", "#by-place"):
        assert page.locator(f"{figure} svg").count() == 1
        assert page.locator(f"{figure} tbody tr").count() == 1
    page.click("#by-year summary")
    assert page.inner_text("#by-year tbody").split() == ["2025", "1"]


def test_an_incident_shows_its_sentences_and_where_they_are_kept(page):
    page.click("#list a")
    page.wait_for_selector("#incident h2")
    assert "#FRI-00000001" in page.url
    text = page.inner_text("#incident")
    assert "[a woman] was stopped in Lundby on 3 May 2025." in text
    assert "archive/inbox/2026-01-05/a.warc.gz @ 0" in text
    assert "Kim" not in page.content()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # back by the keyboard alone
    page.wait_for_selector("#overview:not([hidden])")


def test_an_unknown_incident_is_told(page):
    page.goto(page.url.split("#")[0] + "#FRI-ZZZZZZZZ")
    page.wait_for_selector("#count:has-text('not in this release')")


def test_sql_runs_in_the_browser_and_an_error_is_shown(page):
    page.fill("#query", "SELECT incident_type FROM incidents_only")
    page.click("#run")
    page.wait_for_selector("#sql-result td", timeout=60_000)
    assert page.inner_text("#sql-result td") == "misidentification_stop"
    page.fill("#query", "SELECT nothing FROM nowhere")
    page.click("#run")
    page.wait_for_selector("#sql-status:has-text('nowhere')")


def test_a_download_has_the_sum_that_the_page_shows(page):
    row = page.locator("tr", has=page.locator("a[href='incidents.duckdb']"))
    with page.expect_download() as waiting:
        row.locator("a").click()
    content = waiting.value.path().read_bytes()
    assert row.locator(".sum").inner_text() == hashlib.sha256(content).hexdigest()


def test_nothing_is_wider_than_the_window(page):
    page.click("#list a")
    page.wait_for_selector("#incident h2")
    assert page.locator("html").evaluate_handle("node => node.scrollWidth - node.clientWidth").json_value() <= 0


def test_another_host_name_is_refused(address, browser):
    context = browser.new_context(extra_http_headers={"Host": "elsewhere.example"})
    assert context.request.get(address).status == 400
    context.close()


def test_without_the_front_end_the_release_says_so(tmp_path, linked, people, about, monkeypatch):
    from incidents.publish import explorer

    monkeypatch.setattr(explorer, "files", lambda package: tmp_path)
    made = publish(linked(), people, ["{}"], load(), about, tmp_path)
    page = (made.path / "index.html").read_text()
    assert "made without the front end" in page
    assert "incidents.duckdb" in page
    assert not (made.path / "explorer").exists()
    assert list((made.path / "parquet").iterdir())


def test_details_made_in_batches_are_those_made_at_once(tmp_path, linked, people, about, monkeypatch):
    from incidents.publish import database, explorer

    tables = linked()
    for key in ("FRI-00000002", "FRI-00000003"):
        for name, column in (("incidents", "incident_id"), ("evidence", "row_id")):
            rows = [row | {column: key} for row in linked()[name].to_pylist()]
            rows = [row | ({"evidence_id": row["evidence_id"] + key} if "evidence_id" in row else {}) for row in rows]
            tables[name] = pa.concat_tables([tables[name], pa.Table.from_pylist(rows, tables[name].schema)])
    made = publish(tables, people, ["{}"], load(), about, tmp_path)
    with database.bounded() as connection:
        database.attach(connection, made.path)
        connection.execute(files("incidents.publish.explorer").joinpath("explorer.sql").read_text())
        monkeypatch.setattr(explorer, "BATCH", 2)
        explorer._write_details(connection, tmp_path / "details.parquet")
    found, wanted = (pq.read_table(p / "details.parquet") for p in (tmp_path, made.path / "explorer"))
    assert found.num_rows == 3
    assert found.equals(wanted)
