"""`incidents run`: the Dagster job `run` in this process, so that it stands in the UI's history."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from incidents import lock, settings
from incidents.errors import UserError
from incidents.sample import demo

SHOWN_REJECTS = 10
LINKED_SHOWN = ("incidents", "incident_events", "affected_parties", "organizations", "evidence")


@dataclass(frozen=True)
class Options:
    """What to collect before the rest runs. Nothing: only what the archive already holds is worked on."""

    inputs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    sample: bool = False


def run(data_dir: Path, options: Options) -> str:
    """Run all five stages on `data_dir` and return a summary. UserError for what only the user can mend."""
    _check(data_dir, options)
    with lock.writing(data_dir, "incidents run"):
        if options.sample:
            demo.mark(data_dir)
        metadata = _execute(data_dir, options)
    return _summary(data_dir, metadata)


def _check(data_dir: Path, options: Options) -> None:
    for path in options.inputs:
        if not Path(path).exists():
            raise UserError(f"--input {path}: no such file or folder")
    if data_dir.exists() and not data_dir.is_dir():
        raise UserError(f"--data-dir {data_dir}: not a folder")
    if options.sample and (options.inputs or options.sources):
        raise UserError("--sample works alone: the sample never mixes with other articles")
    if demo.is_sample(data_dir) and (options.inputs or options.sources):
        raise UserError(
            f"{data_dir} holds the sample, which never mixes with other articles: choose another --data-dir"
        )
    if options.sources and not settings.contact():
        raise UserError(
            "sites must be able to turn to you: set INCIDENTS_CONTACT to an e-mail or web address, then crawl"
        )
    if options.sample and not demo.is_sample(data_dir) and (data_dir / "archive").exists():
        raise UserError(
            f"{data_dir} holds collected articles, the sample never mixes with them: choose another --data-dir"
        )


def _execute(data_dir: Path, options: Options) -> dict[str, dict[str, Any]]:
    """The metadata of each asset, from a run in this process whose history goes to DAGSTER_HOME."""
    with _dagster_home():
        from dagster import DagsterInstance

        from incidents.definitions import defs

        collect = {
            "inputs": [str(Path(path).absolute()) for path in options.inputs],
            "sources": list(options.sources),
            "since": options.since.isoformat() if options.since else "",
        }
        config = {
            "ops": {"web_archives": {"config": collect}},
            "resources": {"data": {"config": {"path": str(data_dir)}}},
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        }
        with DagsterInstance.get() as instance:
            result = defs.resolve_job_def("run").execute_in_process(run_config=config, instance=instance)
        return {
            event.asset_key.path[-1]: dict(event.step_materialization_data.materialization.metadata)
            for event in result.get_asset_materialization_events()
            if event.asset_key
        }


@contextmanager
def _dagster_home() -> Iterator[None]:
    home = settings.prepare_dagster_home()
    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["DAGSTER_HOME"]


def _summary(data_dir: Path, metadata: dict[str, dict[str, Any]]) -> str:
    """What each stage did, what was left out and why, and where the release is."""
    lines = []
    for asset, values in metadata.items():
        counts = {
            name.removeprefix("count/"): value.value for name, value in values.items() if name.startswith("count/")
        }
        if asset == "incidents":
            counts = {name: counts[name] for name in LINKED_SHOWN}
        if asset != "release":
            told = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items()) or "nothing new"
            lines.append(f"{asset.replace('_', ' ')}: {told}")
    lines += _rejects(data_dir)
    release = metadata["release"]["details"].value
    kept = "" if release["is_new"] else " (no row changed: no new release)"
    sample_note = " [sample]" if demo.is_sample(data_dir) else ""
    lines.append(f"release {release['version']}{sample_note}{kept}: {release['path']}")
    return "\n".join(lines)


def _rejects(data_dir: Path) -> list[str]:
    rows = pq.read_table(data_dir / "working" / "rejects.parquet").to_pylist()
    if not rows:
        return []
    shown = [
        f"  {r['file']}{'' if r['line'] is None else ':' + str(r['line'])}: {r['reason']}" for r in rows[:SHOWN_REJECTS]
    ]
    more = [f"  and {len(rows) - SHOWN_REJECTS} more"] if len(rows) > SHOWN_REJECTS else []
    return [f"left out: {len(rows)}, listed in {data_dir / 'working' / 'rejects.parquet'}", *shown, *more]
