"""A data folder with one archived article a day, and a Dagster history that a test throws away."""

import json
from datetime import datetime

import dagster as dg
import pytest

from incidents.read import archive_inputs

TEXT = (
    "Lundby police said on Tuesday that facial recognition software had matched the wrong man. Officers of the Lundby "
    "Police Department arrested a man of 34 on 3 March 2025 after a false face match. The charges were dropped."
)


@pytest.fixture
def data(tmp_path):
    """Puts an article into the inbox's archive of each day named."""

    def make(*days):
        for day in days:
            rows = tmp_path / f"{day}.jsonl"
            address = f"http://a.example/{day}"
            rows.write_text(
                json.dumps({"url": address, "title": f"Wrong man of {day}", "text": f"{TEXT} It was {day}."})
            )
            archive_inputs([rows], tmp_path / "data" / "archive", datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        return tmp_path / "data"

    return make


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made
