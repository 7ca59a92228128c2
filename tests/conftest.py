"""What tests share: the language model once per session, and a data folder of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

INCIDENTS = Path(sys.executable).parent / "incidents"


@pytest.fixture(scope="session")
def cli():
    """`incidents` with these arguments in a process of its own."""

    def run(*arguments, home, **environment):
        command = [INCIDENTS, *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"DAGSTER_HOME": str(home)} | environment
        )

    return run


@pytest.fixture(scope="session")
def nlp():
    """The English pipeline, loaded once."""
    from incidents.extract.pipeline import load

    return load("en")


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, tmp_path_factory):
    """No test sees the user's settings or writes to the user's Dagster history."""
    for name in (
        "INCIDENTS_DATA_DIR",
        "INCIDENTS_CONTACT",
        "INCIDENTS_MODEL",
        "INCIDENTS_PIPELINE",
        "SOURCE_DATE_EPOCH",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path_factory.getbasetemp() / "dagster_home"))
