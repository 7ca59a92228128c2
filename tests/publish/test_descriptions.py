"""The descriptions for machines are valid, and describe the files that are there."""

import json

import pytest

from incidents.publish import publish
from incidents.reference import load


@pytest.fixture
def release(linked, people, about, tmp_path):
    return publish(linked(), people, ["{}"], load(), about, tmp_path).path


def test_every_file_that_is_described_is_there(release):
    package = json.loads((release / "datapackage.json").read_text())
    dataset = json.loads((release / "croissant.json").read_text())
    paths = [r["path"] for r in package["resources"]] + [f["contentUrl"] for f in dataset["distribution"]]
    assert paths
    assert all((release / path).exists() for path in paths)


def test_croissant_is_valid_and_gives_the_rows(release):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert dataset.metadata.issues.errors == set()
    [row] = dataset.records("incidents")
    assert row["incidents/incident_id"] == b"FRI-00000001"


def test_the_data_package_is_valid(release):
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.valid, report.flatten(["title", "note"])
