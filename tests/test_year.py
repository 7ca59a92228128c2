"""A simulated month: every day is collected, read, extracted and linked, every week published."""

from importlib import import_module
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from incidents.publish.releases import releases

BENCH = Path(__file__).parent.parent / "bench"
DAYS = 30


@pytest.fixture(scope="module")
def year():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCH))
        yield import_module("year")


@pytest.fixture(scope="module")
def lived(year, tmp_path_factory):
    """The data folder, and what each day cost."""
    folder = tmp_path_factory.mktemp("year") / "data"
    return folder, list(year.simulate(folder, DAYS))


@pytest.mark.slow
def test_releases_ids_and_changes_are_consistent_throughout(year, lived):
    folder, _ = lived
    assert year.audit(folder) == []
    assert len(releases(folder)) == 5
    incidents = [release.manifest["rows"]["incidents"] for release in releases(folder)]
    assert incidents == sorted(incidents)
    assert incidents[-1] > incidents[0]


@pytest.mark.slow
def test_memory_stays_flat(lived):
    _, days = lived
    assert days[-1].memory < 1.1 * days[6].memory


@pytest.mark.slow
def test_what_is_wrong_with_a_history_is_told(year, lived):
    folder, _ = lived
    first, last = releases(folder)[0].path, releases(folder)[-1].path
    gone = pq.read_table(first / "parquet" / "incidents.parquet")["incident_id"][0].as_py()
    file, listed = last / "parquet" / "incidents.parquet", folder / "releases" / "releases.json"
    whole, text = file.read_bytes(), listed.read_text()
    table = pq.read_table(file)
    pq.write_table(table.filter(pc.not_equal(table["incident_id"], gone)), file)
    listed.write_text("[]")
    told = year.audit(folder)
    file.write_bytes(whole)
    listed.write_text(text)
    assert told == [
        "releases.json does not name the releases that are there",
        f"{last.name}: the changes of incidents do not add up",
        f"{gone} is gone: its redirects end at {gone}",
    ]
