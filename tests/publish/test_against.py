"""What a release may not do to the one before it."""

import pyarrow.parquet as pq
import pytest

from incidents.publish import ReleaseRefusedError, against, publish, releases
from incidents.reference import load


@pytest.fixture
def many(linked):
    def incidents(number):
        tables = linked()
        [row] = tables["incidents"].to_pylist()
        evidence = tables["evidence"].to_pylist()
        for n in range(1, number):
            key = f"FRI-{n:08d}".replace("00000001", "0000000A")
            tables["incidents"] = _with(tables["incidents"], [row | {"incident_id": key}])
            tables["evidence"] = _with(
                tables["evidence"], [e | {"row_id": key, "evidence_id": f"{e['evidence_id']}-{n}"} for e in evidence]
            )
        return tables

    return incidents


def _with(table, rows):
    import pyarrow as pa

    return pa.concat_tables([table, pa.Table.from_pylist(rows, schema=table.schema)])


def test_one_incident_less_is_news_many_less_are_a_fault(many, people, about, tmp_path):
    publish(many(10), people, ["{}"], load(), about, tmp_path)
    assert publish(many(9), people, ["{}"], load(), about, tmp_path).is_new
    with pytest.raises(ReleaseRefusedError, match="gone with 3 others of 9") as refused:
        publish(many(5), people, ["{}"], load(), about, tmp_path)
    assert len(refused.value.failures) == 4
    assert len(pq.read_table(tmp_path / "working" / "failed_checks.parquet")) == 4
    assert len(releases.releases(tmp_path)) == 2


def test_a_person_may_accept_a_fall(many, people, about, tmp_path, monkeypatch):
    publish(many(10), people, ["{}"], load(), about, tmp_path)
    monkeypatch.setenv("INCIDENTS_ACCEPT_FALL", "1")
    assert publish(many(2), people, ["{}"], load(), about, tmp_path).is_new


def test_a_column_that_goes_needs_a_major_version_and_is_announced(many, people, about, tmp_path, monkeypatch):
    publish(many(1), people, ["{}"], load(), about, tmp_path)
    old = tmp_path / "releases" / "2026-01-05" / "parquet" / "places.parquet"
    table = pq.read_table(old)
    pq.write_table(table.append_column("postcode", table.column("name")), old)
    with pytest.raises(ReleaseRefusedError, match="must have another major version"):
        publish(many(2), people, ["{}"], load(), about, tmp_path)
    monkeypatch.setattr(against, "SCHEMA_VERSION", "99.0.0")
    made = publish(many(2), people, ["{}"], load(), about, tmp_path)
    assert "- places.postcode is gone" in (made.path / "CHANGELOG.md").read_text()
