"""The running service in a real browser: its graph, a run from a click to green, a broken source, a bad value."""

import shutil
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import expect, sync_playwright

from incidents.health import State
from incidents.publish.releases import latest, releases
from incidents.reference import load_sources
from incidents.sources import files_aside, verdicts

BENCH = Path(__file__).parents[2] / "bench"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STAGES = {"collect": "web_archives", "read": "articles", "extract": "mentions", "link": "incidents",
          "publish": "release"}  # fmt: skip
AUTOMATIONS = ("alerts", "decisions", "every_day", "every_week", "inbox", "outdated_days", "unlinked")
CHECK = ("web_archives", "sources_deliver")
CHART = "img[src^='data:image/svg+xml']"
WALL = """---
publisher: civic-lens
path: /2026/members/{0}
headline: Members only {0}
authors: []
published: 2026-11-20T08:00:00Z
language: en
---

Please log in.
"""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="needs chromium on the PATH")]


@pytest.fixture(scope="module")
def ui():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        yield import_module("dagster_ui")


@pytest.fixture(scope="module")
def service(ui, tmp_path_factory):
    with ui.service(tmp_path_factory.mktemp("ui")) as running:
        yield running


@pytest.fixture(scope="module")
def page(ui):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ui.FLAGS)
        yield browser.new_context(viewport={"width": 1280, "height": 1500}).new_page()
        browser.close()


@pytest.fixture(scope="module")
def released(ui, service, page):
    """The service after its first run, which was launched by a click and made a release."""
    assert ui.launch(page, service.address) == "Success"
    return service


def test_the_graph_shows_the_five_stages(ui, service, page):
    ui.open_graph(page, service.address)
    for group, asset in STAGES.items():
        assert ui.shown(page.get_by_text(group, exact=True)).count() >= 1
        assert ui.shown(page.get_by_text(asset, exact=True)).count() == 1


def test_what_runs_by_itself_is_on(ui, service, page):
    page.goto(f"{service.address}/automation")
    for name in AUTOMATIONS:
        page.get_by_text(name, exact=True).wait_for()
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(len(AUTOMATIONS))


def test_a_run_from_a_click_makes_a_release_with_charts_and_previews(ui, released, page):
    assert latest(released.data).manifest["rows"]["incidents"] > 20
    page.goto(f"{released.address}/assets/incidents")
    page.locator(CHART).wait_for()
    assert page.locator(CHART).evaluate("image => image.naturalWidth") > 0
    expect(page.get_by_text("Row count")).to_be_visible()
    ui.unfold(page, "preview")
    expect(page.get_by_role("dialog")).to_contain_text("incident_type")


def test_a_source_that_was_broken_turns_its_check_red_until_it_is_mended(ui, released, page):
    before = latest(released.data).version
    with ui.broken(released):
        assert ui.launch(page, released.address) == "Success"
        assert ui.open_check(page, released.address, *CHECK) == "Failed"
        ui.unfold(page, "failing rows")
        expect(page.get_by_role("dialog")).to_contain_text("its listing could not be read: http 404")
    assert latest(released.data).version == before  # its last good pages are used as always
    assert ui.launch(page, released.address) == "Success"
    assert ui.open_check(page, released.address, *CHECK) == "Passed"


def test_a_source_that_brings_rubbish_is_set_aside_with_its_last_good_data(ui, released, page):
    articles = latest(released.data).manifest["rows"]["articles"]
    for number in range(6):
        (released.checkout / "data" / "sample" / "articles" / f"wall-{number}.md").write_text(WALL.format(number))
    assert ui.launch(page, released.address) == "Success"
    assert ui.open_check(page, released.address, *CHECK) == "Failed"
    ui.unfold(page, "failing rows")
    expect(page.get_by_role("dialog")).to_contain_text("0 of 6 pages looked at have a text of their own")
    lens = next(s for s in load_sources(released.checkout / "data" / "sample") if s.id == "sample-civic-lens")
    assert verdicts(released.data, [lens])[0].state == State.SET_ASIDE
    assert all("civic-lens" in file for file in files_aside(released.data))
    assert latest(released.data).manifest["rows"]["articles"] == articles


def test_a_bad_value_stops_the_release_and_latest_stays(ui, released, page):
    before = [release.version for release in releases(released.data)]
    spoil(released.data / "working" / "linked" / "incidents.parquet", "incident_type", "no_such_type")
    assert ui.materialize(page, released.address, "release") == "Failure"
    assert ui.open_check(page, released.address, "release", "contract") == "Failed"
    ui.unfold(page, "failing rows")
    expect(page.get_by_role("dialog")).to_contain_text("no_such_type")
    assert [release.version for release in releases(released.data)] == before
    assert (released.data / "releases" / "latest").resolve().name == before[-1]
    assert ui.materialize(page, released.address, "incidents") == "Success"  # linked anew, the value is right
    assert ui.materialize(page, released.address, "release") == "Success"
    assert ui.open_check(page, released.address, "release", "contract") == "Passed"


def spoil(file, column, value):
    """Write a value into the first row of a working file."""
    table = pq.read_table(file)
    values = pa.array([value, *table[column].to_pylist()[1:]], table.schema.field(column).type)
    pq.write_table(table.set_column(table.schema.get_field_index(column), table.schema.field(column), values), file)
