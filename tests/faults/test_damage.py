"""Damaged files: what can be made again is made again, what cannot is named, and the rest goes on."""

import pytest

from incidents import sources, stages
from incidents.errors import UserError
from incidents.partitions import kept as partitions_of
from scrapers import index


def flipped(path, share):
    """One byte is another."""
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 0xFF
    path.write_bytes(data)


def cut(path, share):
    """The end is gone."""
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))


def read_all(data_dir):
    stages.extract(data_dir)
    stages.load_working(data_dir)


def rows(data_dir):
    return {name: table.to_pylist() for name, table in stages.load_working(data_dir).items()}


@pytest.mark.parametrize(("damage", "share"), [(cut, 0.0), (cut, 0.6), (flipped, 0.999)])
@pytest.mark.parametrize("table", ["articles", "assessments", "mentions", "events"])
def test_a_working_file_without_its_end_is_made_again(folder, table, damage, share):
    before = rows(folder)
    [day] = partitions_of(folder, table)
    damage(day.file(folder, table), share)
    stages.read(folder)
    stages.extract(folder)
    assert rows(folder) == before


@pytest.mark.parametrize("table", ["articles", "assessments", "mentions", "events"])
def test_a_working_file_with_a_wrong_byte_is_put_aside_and_made_again(folder, table):
    before = rows(folder)
    [day] = partitions_of(folder, table)
    path = day.file(folder, table)
    flipped(path, 0.1)
    if table == "articles":  # which are read again only where what is made from them is missing
        day.file(folder, "mentions").unlink()
    said = rf"{path}: damaged \(.*\); it is .*\.damaged now, run again to make a new one"
    with pytest.raises(UserError, match=said):
        read_all(folder)
    stages.read(folder)
    stages.extract(folder)
    assert rows(folder) == before


@pytest.mark.faults
@pytest.mark.parametrize(
    "table", ["linked/evidence", "linked/people", "explained/links", "rejects/read/inbox/*", "mentions/inbox/*"]
)
def test_a_run_after_it_completes(folder, incidents, articles, whole, table):
    [path] = (folder / "working").glob(f"{table}.parquet")
    flipped(path, 0.1)
    run = ("run", "--input", articles(3), "--data-dir", folder)
    first = incidents(*run)
    if first.code:
        assert f"{path}: damaged" in first.line
        assert whole(folder) == 1
        assert incidents(*run).code == 0
    assert whole(folder) == 2


def test_the_history_of_the_sources_is_never_made_up(tmp_path):
    path = tmp_path / "archive" / sources.NAME
    path.parent.mkdir()
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(UserError, match=r"deliveries\.parquet: damaged .*put back a copy of it, or move it away"):
        sources.load(tmp_path)
    assert path.exists()


def test_the_index_of_the_archive_is_made_again(crawler, web, caplog):
    crawler.crawl(web.feed("http://ledger.example/feed", web.page("http://ledger.example/1")))
    archive = crawler.folder / "archive"
    index.update(archive)
    before = index.entries(archive)
    flipped(archive / index.NAME, 0.999)
    index.update(archive)
    assert index.entries(archive) == before
    assert "index.parquet: damaged" in caplog.text


@pytest.mark.parametrize(
    ("damage", "share", "articles_left"), [(flipped, 0.5, 2), (flipped, 0.9, 3), (cut, 0.99, 3), (cut, 0.5, 1)]
)
def test_a_damaged_archive_loses_only_what_is_damaged(folder, incidents, whole, damage, share, articles_left):
    """Each of its three pages is two records, the page and where it came from."""
    [path] = (folder / "archive").glob("inbox/*/*.warc.gz")
    damage(path, share)
    name = path.relative_to(folder / "archive").as_posix()
    verified = incidents("archive", "verify", "--data-dir", folder)
    assert (verified.code, verified.out.count("\n")) == (1, 1)
    assert verified.out.startswith(f"{name}:")

    [day] = partitions_of(folder, "articles")
    day.file(folder, "articles").unlink()
    outcome = stages.read(folder)
    assert outcome.counts["articles"] == articles_left
    [left_out] = outcome.rejects
    assert left_out.file == f"archive/{name}"
    assert left_out.reason == "gzip member cut short, damaged or too large"
    assert whole(folder) == 1
