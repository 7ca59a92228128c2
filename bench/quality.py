"""What the pipeline finds against a labelled file, with intervals.

    python bench/quality.py extract GOLD.jsonl [--scorer score.py]
    python bench/quality.py link GOLD.jsonl [--scorer score.py]

Prints each figure with its target and the 95% interval of a bootstrap over articles (over events for link). The
scorer is the labels' own score.py, in the folder above theirs where it is not named.
"""

import argparse
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

TARGETS = {
    "vendor f1": 0.88, "product f1": 0.88, "police_agency f1": 0.90, "affected_person p": 0.90,
    "affected_person r": 0.80,
    "person f1": 0.90, "person_role_accuracy": 0.80, "relevant f1": 0.95, "kind_accuracy": 0.70,
    "main_event_type_accuracy": 0.65, "main_event_date_accuracy": 0.60, "false_main_events": 0.20,
    "relevant_specificity": 0.70, "b_cubed f1": 0.97, "pairwise f1": 0.96, "unlinked share": 0.05,
}  # fmt: skip
LESS_IS_BETTER = {"false_main_events", "unlinked share"}
RESAMPLES = 500
SEED = 20_210_521
LONG_LIVED = 180  # days from the first item of an event to the last


def scorer(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(figures: dict[str, Any]) -> dict[str, float]:
    """The figures that have a target, by a name of their own."""
    found = {f"{k} {x}": v[x] for k, v in figures.items() if isinstance(v, dict) for x in v}
    found |= {k: v for k, v in figures.items() if isinstance(v, int | float)}
    if "unlinked" in figures:
        found["unlinked share"] = figures["unlinked"] / figures["items"]
    return {name: found[name] for name in TARGETS if name in found}


def report(whole: dict[str, float], draw: Callable[[random.Random], dict[str, float]]) -> None:
    rng = random.Random(SEED)  # noqa: S311 a bootstrap, no secret
    draws = [draw(rng) for _ in range(RESAMPLES)]
    print(f"{'figure':28} {'value':>6}  {'95% interval':>14}  {'target':>6}")
    for name, value in whole.items():
        ordered = sorted(d[name] for d in draws)
        low, high = ordered[int(0.025 * RESAMPLES)], ordered[int(0.975 * RESAMPLES) - 1]
        target = TARGETS[name]
        reached = value <= target if name in LESS_IS_BETTER else value >= target
        print(f"{name:28} {value:6.3f}  {low:6.3f}-{high:6.3f}  {target:6.2f}  {'' if reached else 'missed'}")


def quality_of_extraction(score: Any, gold: Path) -> None:
    from incidents.extract.pipeline import extract, model_name_and_version
    from incidents.read import documents

    labels = [json.loads(line) for line in gold.read_text().splitlines() if line.strip()]
    found = {e.url: json.loads(json.dumps(e.as_json(), default=str)) for e in extract(documents(str(gold)))}
    print(f"{gold.name}: {len(labels)} articles, model {' '.join(model_name_and_version())}")

    def figures(rows: list[dict[str, Any]]) -> dict[str, float]:
        return flat(score.score_extract(rows, [found[row["url"]] for row in rows if row["url"] in found]))

    report(figures(labels), lambda rng: figures(rng.choices(labels, k=len(labels))))


def quality_of_linking(score: Any, gold: Path) -> None:
    labels = [json.loads(line) for line in gold.read_text().splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).parent / "incidents"), "run", "--input", str(gold), "--data-dir", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 our own command
        release = str(Path(folder) / "releases" / "latest")
        events = sorted({row["event_id"] for row in labels})
        print(f"{gold.name}: {len(labels)} items in {len(events)} events")

        def draw(rng: random.Random) -> dict[str, float]:
            chosen = set(rng.choices(events, k=len(events)))
            return flat(score.score_link([row for row in labels if row["event_id"] in chosen], release))

        report(flat(score.score_link(labels, release)), draw)
        lasting = long_lived(labels)
        told = f"{len(lasting)} items in {len({row['event_id'] for row in lasting})} events"
        if lasting:
            value = flat(score.score_link(lasting, release))["b_cubed f1"]
            print(f"{'b_cubed f1, long-lived':28} {value:6.3f}  {told} told for more than {LONG_LIVED} days")


def long_lived(labels: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items of events whose first and last item are so far apart; a mere year of publication tells nothing."""
    days: dict[str, list[date]] = {row["event_id"]: [] for row in labels}
    for row in labels:
        if len(row["published_at"]) >= 10:
            days[row["event_id"]].append(date.fromisoformat(row["published_at"][:10]))
    lasting = {event for event, found in days.items() if found and (max(found) - min(found)).days > LONG_LIVED}
    return [row for row in labels if row["event_id"] in lasting]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["extract", "link"])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorer", type=Path)
    options = parser.parse_args()
    score = scorer(options.scorer or options.gold.parent.parent / "score.py")
    {"extract": quality_of_extraction, "link": quality_of_linking}[options.what](score, options.gold)


if __name__ == "__main__":
    main()
