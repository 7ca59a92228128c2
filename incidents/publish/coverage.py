"""Whether enough of the sources still deliver: a release from a few of them would look complete and not be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from incidents import settings
from incidents.health import Delivery
from incidents.publish.checks import Failure
from incidents.reference import Source

SMALLEST_SHARE = 0.5
WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class Collected:
    """The sources of a data folder, and what each run brought from them, by source; nothing for a user's own files."""

    sources: Sequence[Source] = ()
    history: Mapping[str, Sequence[Delivery]] = field(default_factory=dict)


def check(collected: Collected) -> list[Failure]:
    """The enabled sources that were crawled once and brought nothing good in the two weeks before the last crawl,
    where they are too many.

    Time is counted from the last crawl of any, so that an old archive can be released again.
    """
    asked = {s.id: collected.history[s.id] for s in collected.sources if s.enabled and collected.history.get(s.id)}
    if not asked or settings.accepts_silence():
        return []
    since = max(each.at for deliveries in asked.values() for each in deliveries) - WITHIN
    silent = sorted(
        source for source, deliveries in asked.items() if not any(d.is_good and d.at >= since for d in deliveries)
    )
    if len(asked) - len(silent) >= SMALLEST_SHARE * len(asked):
        return []
    rule = (
        f"brought nothing good in {WITHIN.days} days, like {len(silent) - 1} others of {len(asked)} "
        "(`incidents sources` says why; INCIDENTS_ACCEPT_SILENCE=1 accepts it once)"
    )
    return [Failure("articles", source, "source", rule, "") for source in silent]
