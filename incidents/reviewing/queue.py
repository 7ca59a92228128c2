"""The queue: all questions that wait, what needs a decision first at its head."""

from collections.abc import Callable, Collection, Iterator

from incidents.errors import UserError
from incidents.reviewing import dates, incidents, organizations, pairs, people
from incidents.reviewing.questions import KINDS, Pending
from incidents.reviewing.store import Store

ASKING: dict[str, Callable[[Store, str], Iterator[Pending]]] = {
    "pair": pairs.pending,
    "date": dates.pending,
    "organization": organizations.pending,
    "person": people.pending,
    "incident": incidents.pending,
}


def queue(store: Store, who: str, kinds: Collection[str] = KINDS) -> list[Pending]:
    """The questions for this person, of all kinds or those named. UserError for an unknown kind."""
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise UserError(f"no question is of the kind {', '.join(sorted(unknown))}; choose from {', '.join(KINDS)}")
    return [item for kind in KINDS if kind in kinds for item in ASKING[kind](store, who)]
