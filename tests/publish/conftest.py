"""A small set of linked tables, invented, that keeps the contract."""

from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pytest

from incidents.publish import About
from incidents.tables import TABLES

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def about():
    return About(NOW, None, False, "en_core_web_md", "3.7.1", "1", "1", "1", {})


@pytest.fixture
def people():
    columns = ["person_id", "name", "forms", "name_policy", "display_label", "article_ids"]
    row = ["per-1", "Kim Sample", ["Sample"], "withheld_private", "a woman", ["art-1"]]
    return pd.DataFrame([row], columns=columns)


def tables(title="A stop in Lundby", quote="Kim Sample was stopped in Lundby on 3 May 2025."):
    incident = dict(
        incident_id="FRI-00000001", record_class="incident", incident_type="misidentification_stop", title=title,
        event_on_start=date(2025, 5, 3), event_on_end=date(2025, 5, 3), date_precision="day", date_basis="stated",
        place_id="geonames-1", frt_involvement="alleged", allegation_status="alleged", legal_status="none",
        article_count=1, publisher_count=1, confidence=0.5, review_level="machine",
    )  # fmt: skip
    article = dict(
        article_id="art-1", url="http://a.example/1", title="Kim Sample stopped", published_precision="unknown",
        source="inbox", word_count=9, relevance=0.9, kind="incident",
    )  # fmt: skip
    revision = dict(
        revision_id="rev-1", article_id="art-1", fetched_at=NOW, text_sha256="0" * 64, reader_version="1",
        archive_file="archive/inbox/2026-01-05/a.warc.gz", archive_offset=0,
    )  # fmt: skip
    report = dict(
        incident_article_id="ina-1", incident_id="FRI-00000001", article_id="art-1", relation="reports",
        method="founding", score=1.0,
    )  # fmt: skip
    values = dict(
        record_class="incident", incident_type="misidentification_stop", event_on_start="2025-05-03",
        place_id="geonames-1", frt_involvement="alleged", allegation_status="alleged",
    )  # fmt: skip
    evidence = [
        dict(
            evidence_id=f"evi-{field}", table_name="incidents", row_id="FRI-00000001", field=field, value=value,
            revision_id="rev-1", part="text", char_start=0, char_end=10, quote=quote, language="en", extractor="test",
            extractor_version="1", score=0.9, selected=True,
        )
        for field, value in values.items()
    ]  # fmt: skip
    rows = {
        "incidents": [incident],
        "articles": [article],
        "article_revisions": [revision],
        "places": [dict(place_id="geonames-1", name="Lundby", country="SE", precision="city")],
        "incident_articles": [report],
        "evidence": evidence,
    }
    schemas = {t.name: pa.schema([field.with_nullable(True) for field in t.schema]) for t in TABLES}
    return {name: pa.Table.from_pylist(rows.get(name, []), schema) for name, schema in schemas.items()}


@pytest.fixture
def linked():
    return tables
