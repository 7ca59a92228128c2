"""What tests share: the language model once per session, and a data folder of their own."""

import pytest


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
