"""The descriptions for machines are valid, and describe the files that are there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from incidents.publish import publish
from incidents.reference import load
from incidents.tables import TABLES

VALIDATORS = Path(sys.prefix) / "formats" / "bin" / "python"


@pytest.fixture
def release(linked, people, about, tmp_path):
    return publish(linked(), people, ["{}"], load(), about, tmp_path).path


def test_every_file_that_is_described_is_there(release):
    package = json.loads((release / "datapackage.json").read_text())
    dataset = json.loads((release / "croissant.json").read_text())
    paths = [r["path"] for r in package["resources"]] + [f["contentUrl"] for f in dataset["distribution"]]
    assert paths
    assert all((release / path).exists() for path in paths)


@pytest.fixture
def validate(release):
    """Runs code in the environment that `make test-formats` makes: the validators are large, and not ours."""
    if not VALIDATORS.exists():
        pytest.skip("needs the validators: make test-formats")

    def run(code):
        return subprocess.run([VALIDATORS, "-c", code], cwd=release, capture_output=True, text=True)

    return run


def test_croissant_is_valid_and_gives_the_rows(validate):
    done = validate(
        "import mlcroissant\n"
        "dataset = mlcroissant.Dataset(jsonld='croissant.json')\n"
        "assert not dataset.metadata.issues.errors, dataset.metadata.issues.report()\n"
        "for records in dataset.metadata.record_sets: print(records.name, len(list(dataset.records(records.name))))\n"
    )
    assert done.returncode == 0, done.stderr
    counts = dict(line.split() for line in done.stdout.splitlines())
    assert counts.keys() == {table.name for table in TABLES}
    assert (counts["incidents"], counts["evidence"]) == ("1", "6")


def test_the_data_package_is_valid(validate):
    done = validate(
        "import frictionless\n"
        "report = frictionless.validate('datapackage.json')\n"
        "assert report.valid, report.flatten(['title', 'note'])\n"
        "print(report.stats['tasks'])\n"
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(TABLES)


DAMAGED = {
    "croissant.json": (
        "import mlcroissant; list(mlcroissant.Dataset(jsonld='croissant.json').records('incidents'))",
        "another_name",
    ),
    "datapackage.json": (
        "import frictionless; print(frictionless.validate('datapackage.json').flatten(['type']))",
        "incorrect-label",
    ),
}


@pytest.mark.parametrize("path", DAMAGED)
def test_a_damaged_description_is_refused(validate, release, path):
    text = (release / path).read_text()
    (release / path).write_text(text.replace('"incident_id"', '"another_name"'))
    code, complaint = DAMAGED[path]
    done = validate(code)
    assert complaint in done.stdout + done.stderr
