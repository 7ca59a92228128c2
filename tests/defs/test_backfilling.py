"""A period again: what is outdated is read, what sources still tell is collected, the rest is named."""

from datetime import date

import pytest

from incidents import stages
from incidents.backfilling import backfill, planned
from incidents.errors import UserError
from incidents.partitions import Partition, parse

NOON = "1772366400"  # 2026-03-01


def test_a_day_that_is_outdated_is_read_again_once_and_the_rest_is_named(data, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON)
    folder = data("2026-03-01")
    first, second = (list(backfill(folder, date(2026, 2, 27), date(2026, 3, 1))) for _ in range(2))
    assert Partition("2026-03-01", "inbox").file(folder, "mentions").exists()
    assert "read again: inbox 2026-03-01" in first
    assert f"release 2026-03-01: {folder / 'releases' / '2026-03-01'}" in first
    assert "not recoverable: regulators 2026-02-27 to 2026-03-01: its sources show the newest items only" in first
    assert (
        "not collected: searches 2026-02-27 to 2026-03-01: set INCIDENTS_CONTACT to an e-mail or web address" in first
    )
    assert second[0] == "up to date: 1 days of a group"
    assert not [line for line in second if line.startswith(("read again", "release"))]


def test_missing_days_are_collected_from_sources_that_still_tell_and_a_failure_leaves_the_others(data, monkeypatch):
    asked = []

    def collect(data_dir, group, crawl, inputs, now):
        asked.append((group, str(crawl.since), str(crawl.until)))
        if len(asked) == 1:
            raise RuntimeError("the crawl broke off: no message")
        return stages.Outcome("collect", {"fetched": 7})

    monkeypatch.setattr(stages, "collect", collect)
    monkeypatch.setenv("INCIDENTS_CONTACT", "data@a.example")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOON)
    folder, period = data(), (date(2026, 2, 27), date(2026, 2, 28), "searches")
    lines = []
    with pytest.raises(UserError, match="1 parts failed: the same command tries them again"):
        lines.extend(backfill(folder, *period))
    lines = list(backfill(folder, *period))
    assert "collected: searches 2026-02-27 to 2026-02-28, 7 pages" in lines
    assert asked == [("searches", "2026-02-27", "2026-02-28")] * 2
    assert not [line for line in backfill(folder, *period) if line.startswith("collected")]


def test_days_that_some_run_collected_are_not_missing(tmp_path):
    days = [Partition(f"2026-03-0{day}", "searches") for day in (1, 2, 3)]
    plan = planned(tmp_path, days, {"2026-03-02|searches"})
    assert [[p.key for p in stretch] for stretch in plan.missed] == [["2026-03-01|searches"], ["2026-03-03|searches"]]


def test_groups_without_sources_miss_nothing(tmp_path):
    plan = planned(tmp_path, [parse("2026-03-01|inbox"), parse("2026-03-01|other")], set())
    assert (plan.missed, plan.lost) == ([], [])


def test_the_sample_misses_nothing(tmp_path):
    (tmp_path / ".sample").touch()
    plan = planned(tmp_path, [parse("2026-03-01|searches"), parse("2026-03-01|regulators")], set())
    assert (plan.missed, plan.lost) == ([], [])


@pytest.mark.parametrize(
    ("first", "last", "group", "said"),
    [
        ("2026-03-02", "2026-03-01", None, "must not end in the future or before it begins"),
        ("2026-03-02", "2999-01-01", None, "must not end in the future or before it begins"),
        ("2026-03-01", "2026-03-02", "weather", "use one of national_news"),
    ],
)
def test_a_period_or_group_that_cannot_be_is_refused(tmp_path, first, last, group, said):
    with pytest.raises(UserError, match=said):
        list(backfill(tmp_path, date.fromisoformat(first), date.fromisoformat(last), group))
