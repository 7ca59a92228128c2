"""`incidents backfill`: a period again, from the archive and from what sources with a history still tell of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from incidents import lock, progress, settings
from incidents.collecting import enabled, telling
from incidents.errors import UserError
from incidents.outdated import Makers, outdated
from incidents.partitions import GROUPS, Partition, archived, stretches
from incidents.sample import demo

if TYPE_CHECKING:
    from incidents.defs.executing import Runs

Stretch = list[Partition]  # successive days of a group


@dataclass(frozen=True)
class Plan:
    """What a period needs: days to read again, days to ask sources for; `lost` is what no source tells any more."""

    up_to_date: int
    reread: list[Stretch]
    missed: list[Stretch]
    lost: list[Stretch]


def backfill(data_dir: Path, first: date, last: date, group: str | None = None) -> Iterator[str]:
    """Read and extract what is outdated in a period, collect what is missing, link and publish; a line for each part.

    What is done is skipped, so that a backfill that broke off goes on where it stopped; a part that fails leaves the
    others done. Raises UserError for what only the user can mend, and in the end where a part failed.
    """
    today = settings.now().date()
    if not first <= last <= today:
        raise UserError(f"--from {first} --to {last}: the period must not end in the future or before it begins")
    if group and group not in GROUPS:
        raise UserError(f"--group {group!r}: use one of {', '.join(GROUPS)}")
    from incidents.defs.executing import runs  # Dagster takes seconds

    with (
        lock.crawling(data_dir, "incidents backfill"),
        lock.writing(data_dir, "incidents backfill"),
        runs(data_dir, "incidents backfill") as dagster,
    ):
        wanted = [Partition(day, name) for name in ([group] if group else GROUPS) for day in _days(first, last)]
        plan = planned(data_dir, wanted, dagster.materialized("web_archives"))
        yield f"up to date: {plan.up_to_date} days of a group"
        steps = [("reread", stretch) for stretch in plan.reread]
        if settings.contact():
            steps += [("daily", stretch) for stretch in plan.missed]
            # What is fetched now lies in today's part of the archive.
            asked = sorted({stretch[0].group for stretch in plan.missed})
            steps += [("reread", [Partition(today.isoformat(), name)]) for name in asked]
        failed = 0
        for number, (job, stretch) in enumerate(steps, start=1):
            done, line = _attempt(dagster, job, stretch)
            failed += not done
            yield line
            progress.terminal("backfill", number, len(steps))
        yield from _left(plan)
        if steps:
            released = dagster.execute("publish")["release"][-1]["details"].value
            yield f"release {released['version']}: {released['path']}"
    if failed:
        raise UserError(f"{failed} parts failed: the same command tries them again and skips what is done")


def planned(data_dir: Path, wanted: Collection[Partition], collected: Collection[str]) -> Plan:
    """What the wanted partitions need; `collected` are the keys of those that some run collected."""
    days = {partition.day for partition in wanted}
    archive = archived(data_dir, days)
    here = set(wanted) & archive.keys()
    old = [partition for partition in outdated(data_dir, archive, Makers.now(), days) if partition in set(wanted)]
    missing = [] if demo.is_sample(data_dir) else [p for p in wanted if p not in here and p.key not in collected]
    tells = {group: bool(telling(sources)) for group, sources in enabled().items()}
    return Plan(
        up_to_date=len(here.difference(old)),
        reread=stretches(old),
        missed=stretches(partition for partition in missing if tells.get(partition.group)),
        lost=stretches(partition for partition in missing if tells.get(partition.group) is False),
    )


def _attempt(dagster: "Runs", job: str, stretch: Stretch) -> tuple[bool, str]:
    what = "read again" if job == "reread" else "collected"
    try:
        made = dagster.execute(job, stretch)
    except (UserError, OSError):  # concerns all parts: a setting, a full disk
        raise
    except Exception as error:
        return False, f"failed: {_named(stretch)}: {error}"
    fetched = sum(shown["count/fetched"].value for shown in made.get("web_archives", []) if "count/fetched" in shown)
    return True, f"{what}: {_named(stretch)}" + (f", {fetched} pages" if job == "daily" else "")


def _left(plan: Plan) -> Iterator[str]:
    """What was not collected, and why."""
    if not settings.contact():
        for stretch in plan.missed:
            yield f"not collected: {_named(stretch)}: set INCIDENTS_CONTACT to an e-mail or web address"
    for stretch in plan.lost:
        yield f"not recoverable: {_named(stretch)}: its sources show the newest items only"


def _named(stretch: Stretch) -> str:
    first, last = stretch[0], stretch[-1]
    return f"{first.group} {first.day}" + (f" to {last.day}" if last.day != first.day else "")


def _days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
