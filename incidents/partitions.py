"""How archive and working store are cut: by source group and UTC day of fetching."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from incidents import reference
from incidents.reference.loader import load_sources
from incidents.reference.models import GROUPS as SOURCE_GROUPS
from incidents.reference.models import INBOX
from incidents.sources import files_aside

SAMPLE = "sample"
OTHER = "other"  # of sources that sources.yaml does not list, or no longer
SCANNED = "scan"  # of files that incidents.scanning reads where they are: nothing of them lies in the archive
GROUPS = (*SOURCE_GROUPS, SAMPLE, OTHER)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Partition(NamedTuple):
    """One source group on one UTC day, yyyy-mm-dd."""

    day: str
    group: str

    @property
    def key(self) -> str:
        """As Dagster writes it."""
        return f"{self.day}|{self.group}"

    def file(self, data_dir: Path, table: str) -> Path:
        """Where a table of the working store keeps it."""
        return data_dir / "working" / table / self.group / f"{self.day}.parquet"


def parse(key: str) -> Partition:
    """The partition of a key such as 2026-01-31|inbox."""
    return Partition(*key.split("|"))


def archived(data_dir: Path, days: Iterable[str] = ("*",)) -> dict[Partition, list[Path]]:
    """The archive files of each partition that are not set aside, sorted; of these days only, where they are given."""
    group_of, aside = source_groups(), files_aside(data_dir)
    found: dict[Partition, list[Path]] = defaultdict(list)
    for folder in sorted(path for day in sorted(set(days)) for path in (data_dir / "archive").glob(f"*/{day}")):
        files = sorted([*folder.glob("*.warc"), *folder.glob("*.warc.gz")])
        files = [file for file in files if file.relative_to(data_dir / "archive").as_posix() not in aside]
        if files and _DAY.fullmatch(folder.name):
            found[Partition(folder.name, group_of(folder.parent.name))] += files
    return dict(found)


def source_groups() -> Callable[[str], str]:
    """From the id of a source, which is the name of its folder in the archive, to its group."""
    listed = {source.id: source.group for source in load_sources(reference.reference_folder())}

    def group_of(source: str) -> str:
        if source == INBOX:
            return INBOX
        return SAMPLE if source.startswith(f"{SAMPLE}-") else listed.get(source, OTHER)

    return group_of


def kept(data_dir: Path, table: str) -> list[Partition]:
    """The partitions that a table of the working store has from the archive, sorted."""
    files = (data_dir / "working" / table).glob("*/*.parquet")
    return sorted(Partition(path.stem, path.parent.name) for path in files if path.parent.name in GROUPS)


def stretches(partitions: Iterable[Partition]) -> list[list[Partition]]:
    """The partitions in lists of successive days of one group, sorted by group and day."""
    found: list[list[Partition]] = []
    for partition in sorted(partitions, key=lambda p: (p.group, p.day)):
        last = found[-1][-1] if found else None
        if last and last.group == partition.group and _next(last.day) == partition.day:
            found[-1].append(partition)
        else:
            found.append([partition])
    return found


def _next(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
