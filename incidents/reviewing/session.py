"""One person's way through the queue: answer, skip, undo."""

from collections.abc import Collection, Mapping
from pathlib import Path

from incidents.errors import UserError
from incidents.reviewing import answers
from incidents.reviewing.answers import Key
from incidents.reviewing.questions import KINDS, Choice, Question
from incidents.reviewing.queue import queue
from incidents.reviewing.store import Store

WHY = "read the sentences shown"
SLIP = "a slip"


class Session:
    """The questions that wait for a person, in order, and the answers given since it began."""

    def __init__(self, data_dir: Path, who: str, kinds: Collection[str] = KINDS) -> None:
        self.who = who
        self._data_dir = data_dir
        self._pending = queue(Store(data_dir), who, kinds)
        self._place = 0
        self._given: list[tuple[int, list[Key]]] = []

    @property
    def question(self) -> Question | None:
        """The question whose turn it is; None at the end."""
        return self._pending[self._place].make() if self._place < len(self._pending) else None

    @property
    def left(self) -> int:
        """How many questions wait, this one included."""
        return len(self._pending) - self._place

    @property
    def given(self) -> int:
        """How many answers were given and not taken back."""
        return len(self._given)

    def answer(self, key: str, typed: Mapping[str, str], why: str) -> None:
        """Record an answer to this question and go on. UserError where it cannot be kept: the question stays."""
        question = self.question
        if question is None:
            raise UserError("no question waits")
        choice = choice_of(question, key)
        filled = {ask.field: typed.get(ask.field, "").strip() for ask in choice.asks}
        lines = [(file, row | filled) for file, row in choice.lines]
        keys = answers.record(self._data_dir, lines, self.who, why.strip() or WHY)
        self._given.append((self._place, keys))
        self._place += 1

    def skip(self) -> None:
        """Leave this question for another time."""
        self._place = min(self._place + 1, len(self._pending))

    def undo(self) -> bool:
        """Take the last answer back and return to its question; False where there is none."""
        if not self._given:
            return False
        place, keys = self._given.pop()
        answers.retract(self._data_dir, keys, self.who, SLIP)
        self._place = place
        return True


def choice_of(question: Question, key: str) -> Choice:
    """The choice under a key. UserError where the question has none."""
    for choice in question.choices:
        if choice.key == key:
            return choice
    raise UserError(f"{key!r} answers nothing here; choose from {', '.join(choice.key for choice in question.choices)}")
