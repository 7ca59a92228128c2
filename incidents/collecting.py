"""What collect does for days of a source group: which crawl is wanted, and whose files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from incidents import reference
from incidents.crawling import Crawl
from incidents.partitions import SAMPLE, Partition
from incidents.reference import Source
from incidents.reference.loader import load_sources
from incidents.reference.models import INBOX

if TYPE_CHECKING:
    from incidents.stages import Outcome

# The kinds of sources that still tell of a day that is over; a feed or a listing shows the newest items only.
WITH_HISTORY = ("gdelt", "sitemap", "ccnews", "wayback")

# Reasons of a crawl's failures that lie with the network, so that another try can help.
_NETWORK = {"timeout", "connection broken", "connection refused", "dns", "robots.txt unreachable"}


@dataclass(frozen=True)
class Wanted:
    """What to collect: a user's files, sources by id (all enabled ones of the group where none is named).

    Nothing published before `since`; with `due` only listings whose time for a poll has come.
    """

    inputs: tuple[Path, ...] = ()
    sources: tuple[str, ...] = ()
    since: date | None = None
    due: bool = False


def collect(data_dir: Path, stretch: Sequence[Partition], wanted: Wanted, now: datetime) -> "Outcome":
    """Collect what is wanted of successive days of a group, as incidents.partitions.stretches makes them.

    For today the group is crawled. For days that are over its sources with a history are asked what they tell of them.
    Raises UserError for what only the user can mend.
    """
    from incidents import stages
    from incidents.sample import demo

    group, today = stretch[0].group, now.date()
    if demo.is_sample(data_dir) or group == SAMPLE:
        return demo.collect(data_dir, now) if group == SAMPLE else stages.Outcome("collect")
    if group == INBOX:
        folder = data_dir / INBOX
        inputs = wanted.inputs or ([folder] if folder.exists() else [])
        return stages.collect(data_dir, group, None, inputs, now)
    first, last = (date.fromisoformat(stretch[place].day) for place in (0, -1))
    if last >= today or wanted.due or wanted.sources:
        return stages.collect(data_dir, group, _crawl(group, wanted), (), now)
    sources = enabled().get(group, [])
    chosen = telling(sources)
    crawl = Crawl(_sources_file(), chosen, since=first, until=last) if chosen else None
    outcome = stages.collect(data_dir, group, crawl, (), now)
    silent = len(sources) - len(chosen)
    if silent:
        outcome.details["not recoverable"] = f"{silent} sources of {group} tell nothing of days that are over"
    return outcome


def is_cut_off(asked: Sequence[Mapping[str, Any]]) -> bool:
    """Whether no listing of any source could be reached, by the crawler's numbers: the network is at fault."""
    return bool(asked) and all(
        counts["listings_failed"]
        and not counts["listings_read"] + counts["listings_unchanged"]
        and counts["failed"].keys() <= _NETWORK
        for counts in asked
    )


def enabled() -> dict[str, list[Source]]:
    """The enabled sources by group; a group without any is left out."""
    found: dict[str, list[Source]] = {}
    for source in load_sources(reference.reference_folder()):
        if source.enabled:
            found.setdefault(source.group, []).append(source)
    return found


def telling(sources: Iterable[Source]) -> tuple[str, ...]:
    """The ids of those that still tell of days that are over."""
    return tuple(source.id for source in sources if source.kind in WITH_HISTORY)


def _crawl(group: str, wanted: Wanted) -> Crawl | None:
    """None where the group has no source."""
    chosen = wanted.sources or tuple(source.id for source in enabled().get(group, []))
    return Crawl(_sources_file(), chosen, wanted.since, due=wanted.due) if chosen else None


def _sources_file() -> Path:
    return reference.reference_folder() / "sources.yaml"
