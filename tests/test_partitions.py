"""How archive and working store are cut by group and day."""

from incidents.partitions import Partition, archived, kept, parse, stretches


def archive(folder, *files):
    for name in files:
        path = folder / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_a_day_of_a_group_is_the_files_of_all_its_sources(tmp_path):
    archive(tmp_path, "aclu/2026-01-02/a.warc.gz", "access-now/2026-01-02/b.warc.gz", "inbox/2026-01-02/c.warc")
    found = {partition.key: [file.name for file in files] for partition, files in archived(tmp_path).items()}
    assert found == {"2026-01-02|civil_liberties": ["b.warc.gz", "a.warc.gz"], "2026-01-02|inbox": ["c.warc"]}


def test_sources_that_no_list_names_are_kept_apart(tmp_path):
    archive(tmp_path, "sample-civic-lens/2026-01-02/a.warc.gz", "long-gone/2026-01-02/b.warc.gz")
    assert sorted(p.group for p in archived(tmp_path)) == ["other", "sample"]


def test_what_is_no_day_and_no_closed_file_is_left_out(tmp_path):
    archive(tmp_path, "aclu/notes/a.warc.gz", "aclu/2026-01-02/a.warc.gz.open")
    assert archived(tmp_path) == {}


def test_days_can_be_chosen(tmp_path):
    archive(tmp_path, "aclu/2026-01-02/a.warc.gz", "aclu/2026-01-03/a.warc.gz")
    assert [p.day for p in archived(tmp_path, ["2026-01-03"])] == ["2026-01-03"]


def test_a_partition_knows_its_file_and_its_key(tmp_path):
    partition = parse("2026-01-02|inbox")
    assert partition == Partition("2026-01-02", "inbox")
    file = partition.file(tmp_path, "articles")
    file.parent.mkdir(parents=True)
    file.touch()
    assert file == tmp_path / "working" / "articles" / "inbox" / "2026-01-02.parquet"
    assert kept(tmp_path, "articles") == [partition]


def test_successive_days_of_a_group_are_one_stretch():
    days = [parse(key) for key in ("2026-02-28|a", "2026-03-01|a", "2026-03-03|a", "2026-03-01|b")]
    assert [[p.key for p in stretch] for stretch in stretches(reversed(days))] == [
        ["2026-02-28|a", "2026-03-01|a"],
        ["2026-03-03|a"],
        ["2026-03-01|b"],
    ]


def test_working_files_of_another_layout_are_not_ours(tmp_path):
    for group in ("aclu", "regulators"):
        file = Partition("2026-01-02", group).file(tmp_path, "articles")
        file.parent.mkdir(parents=True)
        file.touch()
    assert [partition.group for partition in kept(tmp_path, "articles")] == ["regulators"]
