"""A large release: seconds and memory to publish it, and how fast its views and its page answer.

    python bench/publish.py [--incidents 100000]

Makes what the stage `link` leaves (ten pieces of evidence an incident, three articles for two incidents), runs the stage
`publish` on it in a process of its own, again after one incident in ten changed, asks the usual questions and weighs the
page. Each line has its limit.
"""

# ruff: noqa: C408, E501, SIM905 columns of a table read best as dict(name=values), a few to a line

import argparse
import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from incidents import stages
from incidents.parquet import write_table
from incidents.publish import REGISTRY, explorer, releases
from incidents.tables import BY_NAME, TABLES
from incidents.working import LINKED, PEOPLE

NOW = datetime(2026, 1, 5, tzinfo=UTC)
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TYPES = ("misidentification_arrest", "misidentification_stop", "ban", "lawsuit_filed", "regulatory_fine")
PLACES = (("Detroit", "US", 42.33, -83.05), ("London", "GB", 51.51, -0.13), ("Lyon", "FR", 45.76, 4.84))
FIELDS = ("record_class", "incident_type", "event_on_start", "place_id", "frt_involvement", "allegation_status")
WORDS = "the officers said that a camera near the station had matched her face with a picture on the watch list".split()
QUESTIONS = {
    "incidents_only": "SELECT count(*) FROM incidents_only",
    "one incident by id": "FROM incident_overview WHERE incident_id = 'FRI-00000A7B'",
    "incidents by vendor": "FROM incidents_by_vendor",
    "incidents by agency": "FROM incidents_by_agency",
    "incidents by country and year": "FROM incidents_by_country_and_year",
    "incidents of one agency": "SELECT * FROM incident_overview WHERE agencies = 'Agency 7' LIMIT 50",
    "incidents of one vendor": "SELECT * FROM incident_overview WHERE vendors = 'Vendor 7' LIMIT 50",
    "incidents of one year": "SELECT * FROM incident_overview WHERE year(event_on_start) = 2020 LIMIT 50",
    "corroborated of one year": "SELECT count(*) FROM corroborated WHERE year(event_on_start) = 2020",
    "timeline of an incident": "FROM timeline('FRI-00000A7B')",
    "why of an incident": "FROM why('FRI-00000A7B')",
}


def incident_id(number: int) -> str:
    digits = ""
    for _ in range(8):
        number, rest = divmod(number, 32)
        digits = DIGITS[rest] + digits
    return f"FRI-{digits}"


def tables(number: int) -> dict[str, pa.Table]:
    """Linked tables of `number` incidents, the same for the same number."""
    rng = np.random.default_rng(2026)
    ids = [incident_id(n) for n in range(number)]
    articles = [f"art-{n:016x}" for n in range(number * 3 // 2)]
    revisions = [f"rev-{n:016x}" for n in range(len(articles))]
    days = [date(2012, 1, 1) + timedelta(days=int(n)) for n in rng.integers(0, 5000, number)]
    types = rng.choice(TYPES, number)
    places = rng.integers(0, len(PLACES), number)
    publishers = rng.integers(1, 5, number)
    made = {
        "incidents": dict(
            incident_id=ids, record_class=["incident"] * number, incident_type=types,
            title=[f"An event of the kind {t} in {PLACES[p][0]}, {d:%B %Y}" for t, p, d in zip(types, places, days, strict=True)],
            event_on_start=days, event_on_end=days, date_precision=["day"] * number, date_basis=["stated"] * number,
            place_id=[f"geonames-{p}" for p in places], frt_involvement=["confirmed"] * number,
            allegation_status=["reported"] * number, legal_status=["none"] * number, article_count=publishers,
            publisher_count=publishers, confidence=rng.integers(20, 99, number) / 100, review_level=["machine"] * number,
        ),
        "articles": dict(
            article_id=articles, url=[f"http://paper.example/{n}" for n in range(len(articles))],
            publisher=[f"Paper {n % 300}" for n in range(len(articles))],
            title=[f"A story of {n} words told in the paper" for n in range(len(articles))],
            published_precision=["unknown"] * len(articles), source=["inbox"] * len(articles),
            word_count=[400] * len(articles), relevance=[0.9] * len(articles), kind=["incident"] * len(articles),
        ),
        "article_revisions": dict(
            revision_id=revisions, article_id=articles, fetched_at=[NOW] * len(articles),
            text_sha256=["0" * 64] * len(articles), reader_version=["1"] * len(articles),
            archive_file=["archive/inbox/2026-01-05/a.warc.gz"] * len(articles), archive_offset=list(range(len(articles))),
        ),
        "incident_articles": dict(
            incident_article_id=[f"ina-{n}" for n in range(len(articles))],
            incident_id=[ids[n % number] for n in range(len(articles))], article_id=articles,
            relation=["reports"] * len(articles), method=["founding"] * len(articles), score=[1.0] * len(articles),
        ),
        "places": dict(
            place_id=[f"geonames-{n}" for n in range(len(PLACES))], name=[p[0] for p in PLACES],
            country=[p[1] for p in PLACES], latitude=[p[2] for p in PLACES], longitude=[p[3] for p in PLACES],
            precision=["city"] * len(PLACES),
        ),
        "organizations": dict(
            organization_id=[f"org-{n}" for n in range(600)],
            name=[f"{'Vendor' if n < 100 else 'Agency'} {n}" for n in range(600)],
            kind=["vendor" if n < 100 else "police" for n in range(600)],
        ),
        "incident_organizations": dict(
            incident_organization_id=[f"ino-{n}" for n in range(2 * number)], incident_id=[*ids, *ids],
            organization_id=[f"org-{n}" for n in (*rng.integers(0, 100, number), *rng.integers(100, 600, number))],
            role=["vendor"] * number + ["police_agency"] * number, confidence=[0.9] * (2 * number),
        ),
        "evidence": evidence(number, ids, revisions, rng),
    }  # fmt: skip
    return {t.name: table(t.name, made.get(t.name, {t.key.name: []})) for t in TABLES}


def evidence(number: int, ids: list[str], revisions: list[str], rng: np.random.Generator) -> dict[str, object]:
    """Ten rows an incident: six of its own values and two for each of its two organizations."""
    rows = [(i, "incidents", ids[i], f) for i in range(number) for f in FIELDS]
    parts = [
        (n % number, "incident_organizations", f"ino-{n}", f)
        for n in range(2 * number)
        for f in ("organization_id", "role")
    ]
    rows += parts
    texts = [" ".join(rng.permutation(WORDS)) for _ in range(50_000)]
    return dict(
        evidence_id=[f"evi-{n:08d}" for n in range(len(rows))], table_name=[r[1] for r in rows], row_id=[r[2] for r in rows],
        field=[r[3] for r in rows], value=[r[3] for r in rows], revision_id=[revisions[r[0]] for r in rows],
        part=["text"] * len(rows), char_start=[0] * len(rows), char_end=[9] * len(rows), quote=[f"On day {r[0]} {texts[r[0] % 50_000]}" for r in rows],
        language=["en"] * len(rows), extractor=["bench"] * len(rows), extractor_version=["1"] * len(rows),
        score=[0.9] * len(rows), selected=[True] * len(rows),
    )  # fmt: skip


def table(name: str, columns: dict[str, object]) -> pa.Table:
    schema = pa.schema([field.with_nullable(True) for field in BY_NAME[name].schema])
    length = len(next(iter(columns.values())))  # type: ignore[call-overload]
    arrays = [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(length, f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def people(number: int) -> pd.DataFrame:
    """One withheld person for every five incidents, whose name is in none of the quotes."""
    count = number // 5
    return pd.DataFrame(
        {
            "person_id": [f"person-{n}" for n in range(count)],
            "name": [f"Given{n} Family{n}" for n in range(count)],
            "forms": [[f"Given{n} Family{n}", f"Family{n}"] for n in range(count)],
            "name_policy": ["withheld_private"] * count,
            "display_label": ["a person"] * count,
            "article_ids": [[f"art-{n:016x}"] for n in range(count)],
        }
    )


def make(folder: Path, number: int) -> None:
    """What the stage `link` leaves for `number` incidents."""
    linked = folder / "working" / LINKED
    for name, rows in tables(number).items():
        write_table(linked / f"{name}.parquet", rows)
    write_table(linked / f"{PEOPLE}.parquet", pa.Table.from_pandas(people(number), preserve_index=False))
    (linked / REGISTRY).write_text("{}\n")


def revise(folder: Path) -> None:
    """Another confidence for one incident in ten."""
    path = folder / "working" / LINKED / "incidents.parquet"
    rows = pq.read_table(path)
    revised = [c if n % 10 else 0.995 for n, c in enumerate(rows["confidence"].to_pylist())]
    place = rows.schema.get_field_index("confidence")
    write_table(path, rows.set_column(place, rows.schema.field(place), pa.array(revised)))


def publishing(folder: Path) -> None:
    """The stage `publish` as a run calls it, in a process of its own, so that its memory is measured alone."""
    started = time.perf_counter()
    rows = stages.publish(folder, False, NOW).counts
    seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    told = f"publish {rows['incidents']} incidents, {rows['evidence']} evidence, {rows['changes']} changes"
    print(f"{told}: {seconds:.1f} s of 60 (CPU {used.ru_utime + used.ru_stime:.1f} s), ", end="")
    print(f"peak memory {used.ru_maxrss / 1024:.0f} MB of 2048", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--step", choices=("make", "revise", "publish"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    steps = {"make": lambda: make(options.folder, options.incidents), "revise": lambda: revise(options.folder)}
    if options.step:
        steps.get(options.step, lambda: publishing(options.folder))()
        return
    with tempfile.TemporaryDirectory() as folder:
        print(f"load average {os.getloadavg()[0]:.2f}, {os.cpu_count()} cores")
        for step in ("make", "publish", "revise", "publish"):
            size = ["--incidents", str(options.incidents), "--folder", folder, "--step", step]
            subprocess.run([sys.executable, __file__, *size], check=True)  # noqa: S603 this file
        release = releases.latest(Path(folder)).path
        ask(release)
        weigh(release, options.incidents)


def ask(release: Path) -> None:
    """Each question five times, each on a fresh connection; the best, since other processes only add to it."""
    for name, query in QUESTIONS.items():
        times = []
        for _ in range(5):
            with duckdb.connect(str(release / "incidents.duckdb"), read_only=True) as connection:
                started, used = time.perf_counter(), time.process_time()
                connection.execute(query).fetchall()
                times.append((time.perf_counter() - started, time.process_time() - used))
        print(f"{name}: {1000 * min(times)[0]:.0f} ms of 100 (CPU {1000 * min(t[1] for t in times):.0f} ms)")


def weigh(release: Path, number: int) -> None:
    """What the page loads before its first charts, as a server would send it."""
    parts = (
        "index.html",
        *(f"{explorer.FOLDER}/{name}" for name in ("style.css", "app.js", "countries.json", "charts.parquet")),
    )
    if (release / parts[1]).exists():
        total = sum(len(gzip.compress((release / part).read_bytes(), 6)) for part in parts)
        print(f"page before its first charts: {total / 1024:.0f} KB of 250 for 5000 incidents, here {number}")


if __name__ == "__main__":
    main()
