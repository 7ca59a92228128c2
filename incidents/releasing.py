"""What a person does with releases: compare two, bring one elsewhere, keep a name out, redact earlier ones."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from incidents import lock, progress, settings, stages
from incidents.errors import UserError
from incidents.publish import suppressions, withdrawing
from incidents.publish.changes import changes
from incidents.publish.releases import Release, find
from incidents.working import LINKED, PEOPLE


def difference(data_dir: Path, older: str, newer: str) -> pa.Table:
    """The rows of the table `changes` that lead from one release to another."""
    return changes(find(data_dir, newer).path / "parquet", find(data_dir, older).path / "parquet")


def counts(differences: pa.Table) -> list[tuple[str, str, int]]:
    """Per table the number of rows added, removed and changed."""
    rows = {(row["table_name"], row["change"], row["row_id"]) for row in differences.to_pylist()}
    return [(*key, number) for key, number in sorted(Counter((table, change) for table, change, _ in rows).items())]


def upload(data_dir: Path, target: str, version: str | None) -> str:
    """Bring a release to a folder or an object store and say what was sent."""
    from incidents.publish import targets

    release: Release = find(data_dir, version)
    done = targets.upload(release, target, progress.terminal)
    return f"release {done.version} at {target}: {done.sent} files sent, {done.kept} were there already"


def suppress(data_dir: Path, row_id: str, name: str, who: str, why: str) -> str:
    """Keep a person's name, or an incident, out of the next release."""
    with lock.writing(data_dir, "incidents suppress"):
        item = withdrawing.suppress(
            data_dir, stages.curation(data_dir), row_id, name, who, why, _people(data_dir), settings.now()
        )
    return (
        f"noted {item.row_id or 'a name'} with {len(item.keyed_hashes)} keyed hashes; the next release follows it, "
        "incidents withdraw VERSION redacts earlier ones"
    )


def withdraw(data_dir: Path, version: str, why: str) -> str:
    """Redact a release and all before it under today's name policy and suppressions."""
    with lock.writing(data_dir, "incidents withdraw"):
        suppressed = suppressions.read(stages.curation(data_dir) / "suppressions.jsonl")
        replaced = withdrawing.withdraw(data_dir, version, why, _people(data_dir), suppressed, settings.now())
    if not replaced:
        return "nothing to redact: no release up to this one holds what is withheld today"
    return f"redacted: {', '.join(replaced)}; publish them again wherever they went"


def _people(data_dir: Path) -> pd.DataFrame:
    path = data_dir / "working" / LINKED / f"{PEOPLE}.parquet"
    if not path.exists():
        raise UserError(f"{path}: missing, so nobody's name is known here; run: incidents run --data-dir {data_dir}")
    people: pd.DataFrame = pq.read_table(path, partitioning=None).to_pandas()
    return people
