"""A step works through the partitions of its run, and tells the UI of each."""

import subprocess
import sys

import dagster as dg
import pyarrow as pa
import pytest

from incidents import checking, stages
from incidents.checking import Finding
from incidents.crawling import Crawl
from incidents.defs.collect import web_archives
from incidents.defs.executing import runs
from incidents.defs.publish import release, results
from incidents.defs.read import articles
from incidents.defs.resources import DataFolder
from incidents.errors import UserError
from incidents.parquet import write_table
from incidents.partitions import parse
from incidents.publish import ReleaseRefusedError, against
from incidents.publish.checks import Failure
from incidents.publish.releases import Release
from incidents.tables import BY_NAME, SCHEMA_VERSION

ARTICLES = dg.AssetKey("articles")


def materialize(asset, folder, instance, *days, group="inbox"):
    keys = [f"{day}|{group}" for day in days]
    run = {"partition_key": keys[0]} if len(keys) == 1 else {}
    if len(keys) > 1:
        run["tags"] = dict(zip(("dagster/asset_partition_range_start", "dagster/asset_partition_range_end"),
                               (keys[0], keys[-1]), strict=True))  # fmt: skip
    resources = {"data": DataFolder(path=str(folder))}
    return dg.materialize([asset], instance=instance, resources=resources, raise_on_error=False, **run)


def metadata(result):
    return {m.partition: m.metadata for m in result.asset_materializations_for_node("articles")}


def test_every_day_shows_its_own_counts_and_preview(data, instance):
    folder = data("2026-03-01", "2026-03-02", "2026-03-03")
    shown = metadata(materialize(articles, folder, instance, "2026-03-01", "2026-03-02", "2026-03-03"))
    assert sorted(shown) == ["2026-03-01|inbox", "2026-03-02|inbox", "2026-03-03|inbox"]
    for values in shown.values():
        assert values["dagster/partition_row_count"].value == values["count/articles"].value == 1
        assert values["chart"].value.startswith("![articles in a day](data:image/svg+xml;base64,")
    assert "| en |" in shown["2026-03-01|inbox"]["preview"].value


def test_no_preview_shows_a_title_or_a_text(data, instance):
    shown = metadata(materialize(articles, data("2026-03-01"), instance, "2026-03-01"))["2026-03-01|inbox"]
    assert "Wrong man" not in str(shown)


def test_one_day_that_fails_leaves_the_others_done_and_names_itself(data, instance, monkeypatch):
    folder = data("2026-03-01", "2026-03-02", "2026-03-03")
    read = stages.read

    def fails_on_the_second(data_dir, wanted, progress):
        if parse("2026-03-02|inbox") in wanted:
            raise ValueError("a page nobody can read")
        return read(data_dir, wanted, progress)

    monkeypatch.setattr(stages, "read", fails_on_the_second)
    days = ("2026-03-01", "2026-03-02", "2026-03-03")
    result = materialize(articles, folder, instance, *days)
    assert not result.success
    [failure] = result.get_step_failure_events()
    assert "1 of 3 partitions failed: 2026-03-02|inbox" in failure.step_failure_data.error.message
    done = {"2026-03-01|inbox", "2026-03-03|inbox"}
    assert instance.get_materialized_partitions(ARTICLES) == done

    monkeypatch.setattr(stages, "read", read)
    assert materialize(articles, folder, instance, *days).success
    assert instance.get_materialized_partitions(ARTICLES) == done | {"2026-03-02|inbox"}


def test_a_step_waits_for_whoever_is_writing(data, instance):
    folder = data("2026-03-01")
    hold = "import sys, time; from pathlib import Path; from incidents import lock\n"
    hold += "with lock.writing(Path(sys.argv[1]), 'another'): print('held', flush=True); time.sleep(1.5)"
    with subprocess.Popen([sys.executable, "-c", hold, str(folder)], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        result = materialize(articles, folder, instance, "2026-03-01")
        assert other.poll() == 0
    assert result.success


def crawls(monkeypatch, **numbers):
    """Has a crawl report these numbers of one source, and keeps what was wanted."""
    wanted = []
    counts = dict.fromkeys(
        ("listings_read", "listings_unchanged", "listings_failed", "discovered", "fetched", "not_modified"), 0
    ) | {"source": "a", "robots_denied": 0, "failed": {}}  # fmt: skip

    def crawl(data_dir, group, crawl, inputs, now):
        wanted.append(crawl)
        return stages.Outcome("collect", {"fetched": 0}, details={"sources": [counts | numbers]})

    monkeypatch.setattr(stages, "collect", crawl)
    return wanted


def test_days_that_are_over_are_asked_for_together_of_sources_that_still_tell(tmp_path, instance, monkeypatch):
    wanted = crawls(monkeypatch, listings_read=1)
    assert materialize(web_archives, tmp_path, instance, "2026-03-01", "2026-03-03", group="searches").success
    [crawl] = wanted
    assert (str(crawl.since), str(crawl.until), crawl.due) == ("2026-03-01", "2026-03-03", False)
    assert crawl.sources


def test_a_network_that_is_down_is_tried_again_a_wrong_page_is_not(tmp_path, instance, monkeypatch):
    monkeypatch.setattr("incidents.defs.collect.RETRY_SECONDS", 0)
    for reason, tries in (("dns", 4), ("http 404", 1)):
        wanted = crawls(monkeypatch, listings_failed=1, failed={reason: 1})
        result = materialize(web_archives, tmp_path, instance, "2026-03-01", group="searches")
        assert (len(wanted), result.success) == (tries, reason == "http 404")
        assert all(isinstance(crawl, Crawl) for crawl in wanted)


@pytest.mark.parametrize(
    ("rule", "check"),
    [
        ("has no evidence", "every_value_has_evidence"),
        ("holds a withheld name", "no_withheld_name"),
        ("is not unique", "contract"),
    ],
)
def test_a_release_that_is_refused_shows_which_rows_break_which_check(tmp_path, instance, monkeypatch, rule, check):
    def refuse(*_):
        failures = [Failure("incidents", "FRI-00000001", "place_id", rule, "")]
        raise ReleaseRefusedError(failures, tmp_path / "failed_checks.parquet")

    monkeypatch.setattr(stages, "publish", refuse)
    result = materialize(release, tmp_path, instance)
    assert not result.success
    broken = [evaluation for evaluation in result.get_asset_check_evaluations() if not evaluation.passed]
    assert [evaluation.check_name for evaluation in broken] == [check]
    assert "| incidents | FRI-00000001 | place_id |" in broken[0].metadata["failing rows"].value
    assert broken[0].blocking


def test_incidents_that_are_gone_fail_the_check_on_falls(tmp_path):
    ids = [f"FRI-{number:08d}" for number in range(30)]
    write_table(tmp_path / "parquet" / "incidents.parquet", pa.table({"incident_id": ids}))
    tables = {name: BY_NAME[name].schema.empty_table() for name in ("incidents", "id_redirects")}
    gone = against._fall(tables, Release(tmp_path, {"schema_version": SCHEMA_VERSION}))
    assert [found.check_name for found in results(gone) if not found.passed] == ["no_fall"]


def test_a_command_says_in_one_line_which_check_stopped_it(tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "extraction", lambda data_dir: Finding(False, "event type 3 of 13"))
    with (
        runs(tmp_path, "incidents run") as dagster,
        pytest.raises(UserError, match=r"a check failed \(mentions: extraction_figures\)"),
    ):
        dagster.execute("publish")
