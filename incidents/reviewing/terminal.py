"""The queue in the terminal: both sides beside each other, one key for an answer."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import click
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from incidents.errors import UserError
from incidents.reviewing.questions import Question, Side
from incidents.reviewing.session import WHY, Session, choice_of

WIDE = 100  # columns from which sides stand beside each other
SKIP, UNDO, QUIT = "k", "z", "q"


@dataclass(frozen=True)
class Keyboard:
    """Where keys and lines come from."""

    key: Callable[[], str]
    line: Callable[[str], str]


def keyboard() -> Keyboard:
    """The user's; where standard input is no terminal, a line for each key and each text, whose end quits."""
    if sys.stdin.isatty():
        return Keyboard(click.getchar, lambda label: input(f"{label}: "))
    return Keyboard(lambda: (sys.stdin.readline() or QUIT).strip(), lambda label: sys.stdin.readline().strip())


def review(session: Session, console: Console, keys: Keyboard) -> None:
    """Ask until the queue is empty or the person quits."""
    while (question := session.question) is not None:
        console.print(shown(question, session.left, console.width))
        if not _answered(session, question, console, keys):
            break
    else:
        console.print("No more questions.")
    console.print(f"{session.given} answers kept; they count from the next run on.")


def _answered(session: Session, question: Question, console: Console, keys: Keyboard) -> bool:
    """Take keys until one answers, skips or undoes; False where the person quits."""
    while True:
        key = keys.key()
        if key in (QUIT, "\x03", "\x04"):
            return False
        if key == SKIP:
            session.skip()
            return True
        if key == UNDO:
            if session.undo():
                return True
            console.print("Nothing to undo.")
        elif key in {choice.key for choice in question.choices}:
            typed = {ask.field: keys.line(ask.label) for ask in choice_of(question, key).asks}
            try:
                session.answer(key, typed, keys.line(f"why (Enter: {WHY})"))
            except UserError as error:
                console.print(Text(str(error), style="red"))
            else:
                return True


def shown(question: Question, left: int, width: int) -> Group:
    """A question as it stands on the terminal."""
    columns = len(question.sides) if width >= WIDE else 1
    grid = Table.grid(expand=True, padding=(0, 1))
    for _ in range(columns):
        grid.add_column(ratio=1)
    panels = [_panel(side) for side in question.sides]
    for start in range(0, len(panels), columns):
        grid.add_row(*panels[start : start + columns])
    choices = [(choice.key, choice.label) for choice in question.choices]
    choices += [(SKIP, "skip"), (UNDO, "undo"), (QUIT, "quit")]
    line = Text("   ").join(Text.assemble((key, "bold reverse"), f" {label}") for key, label in choices)
    head = Text.assemble((question.text, "bold"), f"   ({left} left)")
    return Group(Text(), head, Text(question.reason, style="dim"), grid, line)


def _panel(side: Side) -> Panel:
    lines = [Text(side.about, style="dim")]
    for sentence in side.sentences:
        lines += [Text(sentence.label, style="cyan"), Text(f"“{sentence.quote}”" if sentence.quote else "", style="")]
    return Panel(Group(*lines), title=Text(side.heading, style="bold"), title_align="left")
