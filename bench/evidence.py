"""Whether the quotes of a release support its values, to be judged by reading, and whether its offsets hold.

    python bench/evidence.py DATA_DIR --write QUOTES.csv [--sample 200] [--seed 1]    what to read
    python bench/evidence.py DATA_DIR --judged QUOTES.csv                             the share supported

The first draws published pieces of evidence at random and writes them with an empty column `supported`, for 1 or 0. The
file holds sentences of articles, so it must lie outside the project. Both look at text[start:end] of every mention.
"""

import argparse
import csv
import random
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from intervals import wilson

from incidents.duck import connect

PROJECT = Path(__file__).resolve().parents[1]
SUPPORTED = 0.95  # to reach
COLUMNS = ("evidence_id", "supported", "table_name", "field", "value", "value_name", "about", "quote", "article")
PUBLISHED = """
SELECT e.evidence_id, e.table_name, e.field, e.value, e.quote, a.title AS article,
       coalesce(place.name, organization.name, product.name) AS value_name,
       concat_ws(' | ', i.record_class, i.incident_type, i.title, part.role, part_of.name, step.event_type,
                 step.event_on, step_by.name, party.display_label) AS about
FROM evidence e
JOIN article_revisions r USING (revision_id)
JOIN articles a USING (article_id)
LEFT JOIN places place ON e.value = place.place_id
LEFT JOIN organizations organization ON e.value = organization.organization_id
LEFT JOIN products product ON e.value = product.product_id
LEFT JOIN incident_organizations part ON e.row_id = part.incident_organization_id
LEFT JOIN organizations part_of ON part.organization_id = part_of.organization_id
LEFT JOIN incident_events step ON e.row_id = step.incident_event_id
LEFT JOIN organizations step_by ON step.organization_id = step_by.organization_id
LEFT JOIN affected_parties party ON e.row_id = party.affected_party_id
LEFT JOIN incident_tags tag ON e.row_id = tag.incident_tag_id
LEFT JOIN proceedings process ON e.row_id = process.proceeding_id
LEFT JOIN incidents i ON i.incident_id = coalesce(part.incident_id, step.incident_id, party.incident_id,
                                                  tag.incident_id, process.incident_id, e.row_id)
WHERE e.selected
ORDER BY e.evidence_id
"""


def published(data_dir: Path) -> list[dict[str, Any]]:
    """Every piece of evidence of a published value, with what a reader needs to judge it."""
    with connect(data_dir / "releases" / "latest" / "incidents.duckdb", read_only=True) as connection:
        return connection.sql(PUBLISHED).to_arrow_table().to_pylist()


def write(rows: list[dict[str, Any]], path: Path, size: int, seed: int) -> None:
    if path.resolve().is_relative_to(PROJECT):
        sys.exit(f"{path}: sentences of articles stay outside the project, choose another folder")
    drawn = random.Random(seed).sample(rows, min(size, len(rows)))  # noqa: S311 a sample, no secret
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"supported": ""} for row in drawn)
    print(f"{path}: {len(drawn)} of {len(rows)} pieces of evidence")


def report(rows: list[dict[str, Any]], judged: Path) -> None:
    """The share supported, of all and by field."""
    field_of = {row["evidence_id"]: f"{row['table_name']}.{row['field']}" for row in rows}
    with judged.open(encoding="utf-8", newline="") as file:
        verdicts = {row["evidence_id"]: row["supported"] == "1" for row in csv.DictReader(file) if row["supported"]}
    known = {key: verdict for key, verdict in verdicts.items() if key in field_of}
    if not known:
        sys.exit(f"{judged}: no judgement (supported is 1 or 0) on evidence of this release")
    by_field = defaultdict(list)
    for key, verdict in known.items():
        by_field[field_of[key]].append(verdict)
    print(f"{len(verdicts)} judged, {len(verdicts) - len(known)} of them no longer published\n")
    print(f"{'':42} {'supported':>10}  share  95% interval")
    for name, found in [("all", list(known.values())), *sorted(by_field.items())]:
        share = sum(found) / len(found)
        low, high = wilson(share, len(found))
        target = f"at least {SUPPORTED}" if name == "all" else ""
        print(f"{name:42} {f'{sum(found)} of {len(found)}':>10}  {share:.3f}  {low:.3f}-{high:.3f}  {target}")


def offsets(data_dir: Path) -> tuple[int, int]:
    """How many mentions there are, and of how many the text at their place is another."""
    count = wrong = 0
    for file in sorted((data_dir / "working" / "mentions").glob("*/*.parquet")):
        articles = pq.read_table(data_dir / "working" / "articles" / file.parent.name / file.name).to_pylist()
        texts = {article["revision_id"]: article["text"] for article in articles}
        mentions = pq.read_table(file, columns=["revision_id", "text", "start", "end"]).to_pylist()
        count += len(mentions)
        wrong += sum(texts[m["revision_id"]][m["start"] : m["end"]] != m["text"] for m in mentions)
    return count, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir", type=Path)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path)
    what.add_argument("--judged", type=Path)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    count, wrong = offsets(options.data_dir)
    print(f"{count} mentions, text[start:end] is the mention in all but {wrong}")
    rows = published(options.data_dir)
    if options.write:
        write(rows, options.write, options.sample, options.seed)
    else:
        report(rows, options.judged)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
