"""What starts when something changed: once for each change, and not before it is complete."""

import shutil

import dagster as dg
import pytest

from incidents import reference, stages
from incidents.definitions import defs
from incidents.defs import sensors
from incidents.defs.resources import DataFolder
from incidents.partitions import kept, parse


@pytest.fixture
def ticks(instance):
    """Evaluates a sensor on a folder again and again, with its cursor."""
    cursors = {}

    def evaluate(sensor, folder):
        context = dg.build_sensor_context(
            instance=instance,
            cursor=cursors.get(sensor.name),
            repository_def=defs.get_repository_def(),
            resources={"data": DataFolder(path=str(folder))},
        )
        result = sensor.evaluate_tick(context)
        cursors[sensor.name] = result.cursor
        return result.run_requests or [], result.skip_message

    return evaluate


def test_a_file_in_the_inbox_is_taken_once_it_has_stopped_growing(ticks, tmp_path):
    file = tmp_path / "inbox" / "story.txt"
    file.parent.mkdir()
    file.write_text("The first half of")
    assert ticks(sensors.inbox, tmp_path) == ([], "1 files are still arriving")
    file.write_text("The first half of a story, and the other.")
    assert ticks(sensors.inbox, tmp_path) == ([], "1 files are still arriving")
    [request], _ = ticks(sensors.inbox, tmp_path)
    assert request.partition_key.endswith("|inbox")
    assert request.run_config["ops"]["web_archives"]["config"] == {"inputs": [str(file)]}
    assert ticks(sensors.inbox, tmp_path) == ([], "nothing new in the inbox")


def test_a_file_that_changes_later_is_taken_again(ticks, tmp_path):
    file = tmp_path / "inbox" / "story.txt"
    file.parent.mkdir()
    keys = []
    for text in ("A story.", "A story, corrected."):
        file.write_text(text)
        ticks(sensors.inbox, tmp_path)
        [request], _ = ticks(sensors.inbox, tmp_path)
        keys.append(request.run_key)
    assert len(set(keys)) == 2


def test_files_that_no_reader_knows_or_that_are_hidden_stay(ticks, tmp_path):
    (tmp_path / "inbox").mkdir()
    for name in (".story.txt", "story.jsonl.part", "picture.png"):
        (tmp_path / "inbox" / name).touch()
    for _ in range(2):
        assert ticks(sensors.inbox, tmp_path) == ([], "nothing new in the inbox")


def test_only_the_days_that_need_it_are_read_again(ticks, data, monkeypatch):
    folder = data("2026-03-01", "2026-03-02", "2026-03-04")
    [stretch, single], _ = ticks(sensors.outdated_days, folder)
    assert stretch.tags["dagster/asset_partition_range_start"] == "2026-03-01|inbox"
    assert stretch.tags["dagster/asset_partition_range_end"] == "2026-03-02|inbox"
    assert single.partition_key == "2026-03-04|inbox"

    stages.read(folder)
    stages.extract(folder)
    assert ticks(sensors.outdated_days, folder)[0] == []
    monkeypatch.setattr("incidents.extract.contract.EXTRACTOR_VERSION", "another")
    assert len(ticks(sensors.outdated_days, folder)[0]) == 2


def test_nothing_is_asked_for_while_a_run_is_under_way(ticks, data, instance):
    instance.create_run_for_job(_job(), status=dg.DagsterRunStatus.STARTED)
    assert "under way" in ticks(sensors.outdated_days, data("2026-03-01"))[1]


def test_what_was_extracted_is_linked(ticks, data):
    folder = data("2026-03-01")
    assert ticks(sensors.unlinked, folder) == ([], "everything extracted is linked")
    stages.read(folder)
    stages.extract(folder)
    [request], _ = ticks(sensors.unlinked, folder)
    stages.link(folder, "2026-03-02")
    assert request.run_key
    assert ticks(sensors.unlinked, folder) == ([], "everything extracted is linked")


def test_a_decision_publishes_again_once(ticks, tmp_path):
    decisions = tmp_path / "curation" / "judgements.jsonl"
    decisions.parent.mkdir()
    decisions.touch()
    assert "no release yet" in ticks(sensors.decisions, tmp_path)[1]
    manifest = tmp_path / "releases" / "2026-03-01" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.touch()
    assert ticks(sensors.decisions, tmp_path)[0] == []
    decisions.write_text('{"decided": "something"}\n')
    [request], _ = ticks(sensors.decisions, tmp_path)
    assert request.tags["dagster/priority"] == "10"
    assert ticks(sensors.decisions, tmp_path)[0] == []


def _job():
    @dg.op
    def nothing():
        pass

    @dg.job
    def work():
        nothing()

    return work


def test_an_old_day_is_looked_at_again_when_a_source_moves_to_another_group(ticks, data, monkeypatch, tmp_path):
    folder, own = data("2020-03-01"), shutil.copytree(reference.reference_folder(), tmp_path / "reference")
    (folder / "archive" / "inbox").rename(folder / "archive" / "aclu")
    monkeypatch.setenv("INCIDENTS_REFERENCE", str(own))
    stages.read(folder)
    stages.extract(folder)
    assert ticks(sensors.outdated_days, folder)[0] == []
    listed = (own / "sources.yaml").read_text(encoding="utf-8")
    first, rest = listed.split("- id: aclu\n")
    moved = rest.replace("group: civil_liberties", "group: regulators", 1)
    (own / "sources.yaml").write_text(f"{first}- id: aclu\n{moved}", encoding="utf-8")
    requests, _ = ticks(sensors.outdated_days, folder)
    keys = [request.partition_key for request in requests]
    assert keys == ["2020-03-01|civil_liberties", "2020-03-01|regulators"]
    stages.read(folder, [parse(key) for key in keys])
    stages.extract(folder, [parse(key) for key in keys])
    assert [partition.key for partition in kept(folder, "events")] == ["2020-03-01|regulators"]
    assert ticks(sensors.outdated_days, folder)[0] == []
