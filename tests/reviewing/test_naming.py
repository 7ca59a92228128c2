"""`incidents organizations` and `incidents correct`."""

import json

import pyarrow.parquet as pq
import pytest

from incidents.errors import UserError
from incidents.publish.releases import latest
from incidents.reviewing import naming


def test_unresolved_names_come_with_sentences_the_most_frequent_first(data_dir):
    lines = naming.listing(data_dir, 2).splitlines()
    heads = [line for line in lines if not line.startswith(" ")]
    assert [head.split("  ")[0] for head in heads] == ["Lakeside Police", "Riverton Police"]
    assert "Tom Baker was arrested by the Lakeside Police" in lines[1]


def test_a_resolved_name_is_listed_no_more(data_dir, lines):
    naming.resolve(data_dir, "Lakeside Police", "new", None, "ann", "it has a page")
    assert "Lakeside Police" not in naming.listing(data_dir, 5)
    (line,) = map(json.loads, lines("organizations.jsonl"))
    assert (line["name"], line["organization"]) == ("Lakeside Police", "new")


def test_what_is_no_organization_is_kept_without_the_name(data_dir, lines):
    naming.resolve(data_dir, "Tom Baker", "not_an_organization", None, "ann", "")
    assert "Baker" not in lines("organizations.jsonl")[0]


def test_an_unknown_organization_is_refused(data_dir):
    with pytest.raises(UserError, match="--into nowhere"):
        naming.resolve(data_dir, "Lakeside Police", "nowhere", None, "ann", "")


def test_the_commands(cli, data_dir, tmp_path, lines):
    incident = pq.read_table(latest(data_dir).path / "parquet" / "incidents.parquet")["incident_id"][0].as_py()
    common = ("--who", "ann", "--data-dir", data_dir)
    listed = cli("organizations", "--unresolved", "--limit", 1, "--data-dir", data_dir, home=tmp_path)
    assert listed.stdout.startswith("Lakeside Police  org-")
    merged = cli("organizations", "--merge", "Lakeside Police", "--into", "new", *common, home=tmp_path)
    assert "it counts from the next run on" in merged.stdout
    proof = ("--source", "https://court.example/1", "--quote", "It was on May 4.", "--why", "the docket")
    kept = cli("correct", incident, "event_on_start", "2022-05-04", *proof, *common, home=tmp_path)
    assert kept.returncode == 0, kept.stderr
    assert json.loads(lines("corrections.jsonl")[0])["source"] == "https://court.example/1"
    refused = cli("correct", incident, "title", "x", *proof, *common, home=tmp_path)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
