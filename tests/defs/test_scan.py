"""The asset `scans`: a process of its own scans, and the run shows what came of it."""

import dagster as dg
import pytest

from incidents import stages
from incidents.defs.resources import DataFolder
from incidents.defs.scan import scans

pytestmark = pytest.mark.slow
ARREST = ["Police arrested a man in Leeds on 3 March 2024 after a wrong facial recognition match, the force said."] * 2


@pytest.fixture
def files(tmp_path, news_archive):
    folder = tmp_path / "warc"
    for number in range(2):
        pages = [
            (f"https://news{number}.example/arrest", "Wrong match", ARREST),
            (f"https://news{number}.example/market", "Market day", ["The market was busy."]),
        ]
        news_archive(folder / f"news{number}.warc.gz", pages)
    return folder


def scanned(folder, instance, **config):
    settings = {"ops": {"scans": {"config": {"processes": 1, **config}}}}
    resources = {"data": DataFolder(path=str(folder))}
    return dg.materialize([scans], resources=resources, instance=instance, run_config=settings, raise_on_error=False)


@pytest.mark.parametrize("engine", ["local", "spark"])
def test_what_was_scanned_is_in_the_working_store_and_in_the_run(files, tmp_path, instance, engine):
    if engine == "spark":
        pytest.importorskip("pyspark")
    result = scanned(tmp_path / "data", instance, paths=[str(files)], engine=engine, master="local[1]")
    assert result.success
    [event] = result.asset_materializations_for_node("scans")
    shown = {name: value.value for name, value in event.metadata.items() if name in ("files", "scanned", "failed")}
    assert shown == {"files": 2, "scanned": 2, "failed": 0}
    assert stages.load_working(tmp_path / "data")["articles"].num_rows == 2


def test_a_missing_path_fails_the_run(tmp_path, instance):
    assert not scanned(tmp_path / "data", instance, paths=[str(tmp_path / "none")]).success
