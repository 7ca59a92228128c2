"""A clock that is set back: what goes by time is refused, with both times, until the clock is right again."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents import stages
from incidents.crawling import Crawl
from incidents.errors import UserError
from incidents.publish.releases import latest, releases

NOW = datetime.now(UTC)
BACK = NOW - timedelta(days=3)


@pytest.mark.faults
def test_a_release_is_never_dated_before_the_one_it_follows(folder, incidents, articles, whole, kept, monkeypatch):
    first, registry = latest(folder), (folder / "registry" / "incidents.jsonl").read_text()
    run = ("run", "--input", articles(3), "--data-dir", folder)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(BACK.timestamp())))
    line = incidents(*run).line
    assert f"{folder}: the clock says {BACK:%Y-%m-%d}, release {first.version} is newer: set the clock right" in line
    assert [release.version for release in releases(folder)] == [first.version]
    assert (folder / "registry" / "incidents.jsonl").read_text() == registry
    assert len(kept(folder)) == 4

    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert incidents(*run).code == 0
    assert whole(folder) == 2
    assert latest(folder).manifest["rows"]["articles"] == 4
    assert (folder / "registry" / "incidents.jsonl").read_text().startswith(registry)


def test_a_crawl_is_never_noted_before_the_last_one(web, tmp_path, source_list):
    page = web.page("http://ledger.example/1")
    file = source_list(tmp_path / "sources.yaml", ledger=web.feed("http://ledger.example/feed", page))
    crawl = Crawl(file, connect_to=f".example=127.0.0.1:{web.port}", delay=0)
    data = tmp_path / "data"
    stages.collect(data, "local_news", crawl, (), NOW)
    asked = len(web.hits)
    with pytest.raises(UserError, match=f"the clock says {BACK:%Y-%m-%d}, the last crawl was on {NOW:%Y-%m-%d}: set"):
        stages.collect(data, "local_news", crawl, (), BACK)
    assert len(web.hits) == asked
    assert stages.collect(data, "local_news", crawl, (), NOW).counts["failed"] == 0
