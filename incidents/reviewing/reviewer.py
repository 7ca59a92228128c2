"""Who answers: named on the command line, by the configuration, by git, or when asked."""

import subprocess

import typer

from incidents import settings


def reviewer(given: str | None) -> str:
    """The reviewer's name; asked for where nothing tells it."""
    return given or settings.reviewer() or _git_name() or typer.prompt("Your name, for the decisions")


def _git_name() -> str | None:
    try:
        found = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False)  # noqa: S607
    except FileNotFoundError:
        return None
    return found.stdout.strip() or None
