"""Who answers: named on the command line, by INCIDENTS_REVIEWER, by git, or when asked."""

import os
import subprocess

import typer


def reviewer(given: str | None) -> str:
    """The reviewer's name; asked for where nothing tells it."""
    return given or os.environ.get("INCIDENTS_REVIEWER") or _git_name() or typer.prompt("Your name, for the decisions")


def _git_name() -> str | None:
    try:
        found = subprocess.run(["git", "config", "user.name"], capture_output=True, text=True, check=False)  # noqa: S607
    except FileNotFoundError:
        return None
    return found.stdout.strip() or None
