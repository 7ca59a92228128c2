"""A floor under the quality reached on labelled real news, where that stands beside the checkout."""

import importlib.util
import json
from pathlib import Path

import pytest

from incidents.extract.pipeline import extract
from incidents.read import documents

GOLD = Path(__file__).parents[3] / "shared" / "gold"
# A little below what docs/quality.md reports.
FLOORS = {
    ("vendor", "f1"): 0.93,
    ("product", "f1"): 0.91,
    ("police_agency", "f1"): 0.92,
    ("affected_person", "p"): 0.90,
    ("affected_person", "r"): 0.80,
    ("person", "f1"): 0.95,
    ("relevant", "f1"): 0.94,
    "person_role_accuracy": 0.86,
    "kind_accuracy": 0.83,
    "main_event_type_accuracy": 0.68,
    "main_event_date_accuracy": 0.65,
    "relevant_specificity": 0.70,
}


@pytest.mark.skipif(not GOLD.exists(), reason="the labelled news is not beside this checkout")
def test_the_quality_reached_is_kept():
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    path = GOLD / "dev" / "extract.jsonl"
    labels = [json.loads(line) for line in path.read_text().splitlines()]
    found = [json.loads(json.dumps(item.as_json(), default=str)) for item in extract(documents(str(path)))]
    texts = {row["url"]: row["text"] for row in labels}
    assert all(texts[f["url"]][m["start"] : m["end"]] == m["text"] for f in found for m in f["mentions"])
    figures = score.score_extract(labels, found)
    reached = {key: figures[key[0]][key[1]] if isinstance(key, tuple) else figures[key] for key in FLOORS}
    assert {key: value for key, value in reached.items() if value < FLOORS[key]} == {}
    assert figures["false_main_events"] <= 0.16
