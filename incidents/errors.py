"""What a user sees when something is wrong with the input."""

from dataclasses import dataclass


class UserError(Exception):
    """Something only the user can mend: one line that says what happened, where, and what to do. Exit code 2."""


@dataclass(frozen=True, order=True)
class Reject:
    """A row, page or record that was left out, and why. `line` is a line, row or byte offset."""

    stage: str
    file: str
    line: int | None
    reason: str
