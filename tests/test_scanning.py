"""`incidents scan`: the same release as `incidents run` over the same files, whatever state the files are in."""

import gzip
import json
import random
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import duckdb
import pyarrow.parquet as pq
import pytest

from incidents import engines, ranges, scanning, stages, working
from incidents.errors import UserError
from incidents.outdated import Makers
from incidents.ranges import RemoteFile

DAY = {"SOURCE_DATE_EPOCH": "1772400000"}
LISTED = "crawl-data/CC-NEWS/2024/03/"


def wrongful_arrest(number):
    return (
        f"https://herald{number}.example/arrest",
        "Man jailed after wrong facial recognition match",
        [
            "Detroit police arrested Aldo Quimby on 4 February 2024 after a facial recognition match that was wrong.",
            f"Quimby spent {number + 2} nights in jail, the Detroit Police Department told the council on Friday.",
            "The software came from DataWorks Plus. Prosecutors dropped the charges, and Quimby is suing the city.",
        ],
    )


def harvest(number):
    return f"https://farm.example/{number}", "Harvest begins", ["Farmers brought in the first wheat of the year."] * 3


@pytest.fixture
def month(tmp_path, news_archive):
    """A folder laid out as Common Crawl's, with two files and their listing."""
    root = tmp_path / "bucket"
    names = [f"{LISTED}CC-NEWS-202403020800{n:02}-0000{n}.warc.gz" for n in range(2)]
    for number, name in enumerate(names):
        pages = [wrongful_arrest(number), *(harvest(number * 100 + n) for n in range(5)), wrongful_arrest(number)]
        news_archive(root / name, pages)
    (root / LISTED / "warc.paths.gz").write_bytes(gzip.compress("\n".join(names).encode(), mtime=0))
    return root


@contextmanager
def serving(root):
    """A web server with byte ranges; gives its address and the ranges that were asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer()

        def do_GET(self):
            self.answer()

        def answer(self):
            path = root / self.path.lstrip("/")
            if not path.is_file():
                self.send_error(404)
                return
            content = path.read_bytes()
            wanted = self.headers.get("Range")
            start, stop = 0, len(content)
            if wanted:
                first, last = wanted.removeprefix("bytes=").split("-")
                start, stop = int(first), int(last) + 1
                asked.append((start, stop))
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(stop - start))
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{len(content)}")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content[start:stop])

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()


def here(work, files):
    """An engine in this process."""
    return map(work, files)


def scanned(folder, files):
    """The rows and outcomes of a scan, without linking and publishing."""
    makers = Makers.now()
    stage = scanning.Scan(makers.reader, makers.extractor)
    outcomes = list(engines.run(stage, map(str, files), folder, here))
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    return [row for table in tables for row in table.to_pylist()], outcomes


def of(rows, table):
    return [row for row in rows if row["table"] == table]


def release(folder):
    """The published rows but for where each page lies, and what tells of the release itself."""
    tables = {}
    for path in sorted((folder / "releases" / "latest").resolve().glob("parquet/*.parquet")):
        rows = duckdb.sql(f"select * from '{path}'").df().drop(columns=["archive_file"], errors="ignore")
        tables[path.stem] = rows.astype(str).sort_values(list(rows.columns)).to_csv(index=False)
    return tables


@pytest.mark.slow
def test_a_scan_gives_the_release_that_a_run_gives(cli, month, tmp_path):
    folder = month / LISTED
    files = sorted(folder.glob("*.warc.gz"))
    home = tmp_path / "home"
    run = cli("run", "--input", *files, "--data-dir", tmp_path / "run", home=home, **DAY)
    scan = cli("scan", folder, "--processes", 2, "--data-dir", tmp_path / "scan", home=home, **DAY)
    assert (run.returncode, scan.returncode) == (0, 0), run.stderr + scan.stderr
    assert "scan: 2 files, 2 scanned, 0 scanned before, 0 failed" in scan.stdout
    assert release(tmp_path / "scan") == release(tmp_path / "run")
    assert release(tmp_path / "scan")["incidents"].count("FRI-") == 1
    again = cli("scan", folder, "--data-dir", tmp_path / "scan", home=home, **DAY)
    assert "0 scanned, 2 scanned before" in again.stdout
    assert "no new release" in again.stdout


def test_a_scan_keeps_what_the_gate_passes_with_its_place(month, tmp_path):
    path = next((month / LISTED).glob("*0.warc.gz"))
    rows, outcomes = scanned(tmp_path / "out", [path])
    articles = of(rows, "articles")
    assert [article["url"] for article in articles] == ["https://herald0.example/arrest"] * 2, "a record twice"
    assert {article["archive_file"] for article in articles} == {path.name}
    assert all(path.read_bytes()[a["archive_offset"] :].startswith(b"\x1f\x8b") for a in articles)
    assert "Aldo Quimby" in {mention["name"] for mention in of(rows, "mentions")}
    assert sum(row["pages"] for row in of(rows, "pages")) == 7
    assert outcomes == [engines.Outcome(str(path), True, "", len(rows))]


def test_what_was_scanned_is_not_scanned_again_but_what_grew_is(month, tmp_path, news_archive):
    path = next((month / LISTED).glob("*0.warc.gz"))
    assert len(scanned(tmp_path / "out", [path])[1]) == 1
    assert scanned(tmp_path / "out", [path])[1] == []
    news_archive(path, [wrongful_arrest(n) for n in range(3)])
    rows, outcomes = scanned(tmp_path / "out", [path])
    assert len(outcomes) == 1
    assert len(of(rows, "articles")) == 3


def test_a_listing_names_the_files_beside_it_and_what_is_gone_is_recorded(month, tmp_path):
    (month / f"{LISTED}CC-NEWS-20240302080001-00001.warc.gz").unlink()
    with serving(month) as (address, _):
        files = scanning.ccnews_files("2024-03", f"{address}{LISTED}warc.paths.gz")
        rows, outcomes = scanned(tmp_path / "out", files)
    assert [(each.ok, each.reason) for each in outcomes] == [(True, ""), (False, f"{files[1]}: not found")]
    assert {article["archive_file"] for article in of(rows, "articles")} == {files[0]}
    assert scanning.ccnews_files("2024-03", str(month / LISTED / "warc.paths.gz"))[0] == str(
        month / LISTED / "CC-NEWS-20240302080000-00000.warc.gz"
    )


def test_files_are_streamed_by_ranges(month, news_archive, tmp_path, monkeypatch):
    monkeypatch.setattr(ranges, "BLOCK", 1 << 16)
    local = sorted((month / LISTED).glob("*.warc.gz"))[0]
    noise = [random.Random(seed).randbytes(200_000).hex() for seed in range(2)]  # noqa: S311
    news_archive(local, [wrongful_arrest(0), ("https://noise.example/", "Noise", noise), wrongful_arrest(1)])
    with serving(month) as (address, asked):
        rows, _ = scanned(tmp_path / "web", [f"{address}{LISTED}{local.name}"])
    assert len(asked) > 3
    assert max(stop - start for start, stop in asked) < local.stat().st_size / 2
    plain, _ = scanned(tmp_path / "disk", [local])
    without_place = [{**row, "archive_file": None} for row in rows]
    assert without_place == [{**row, "archive_file": None} for row in plain]


def test_files_are_streamed_from_an_object_store(month, tmp_path, monkeypatch):
    import obstore
    from moto.server import ThreadedMotoServer
    from obstore.store import from_url

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {"ENDPOINT": f"http://{host}:{port}", "REGION": "us-east-1", "ACCESS_KEY_ID": "a", "ALLOW_HTTP": "true"}
    for name, value in {**settings, "SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    try:
        import boto3

        boto3.client("s3", endpoint_url=settings["ENDPOINT"]).create_bucket(Bucket="news")
        store = from_url("s3://news")
        for path in (month / LISTED).iterdir():
            obstore.put(store, f"{LISTED}{path.name}", path.read_bytes())
        files = scanning.ccnews_files("2024-03", f"s3://news/{LISTED}warc.paths.gz")
        rows, outcomes = scanned(tmp_path / "out", files)
    finally:
        server.stop()
    assert [each.ok for each in outcomes] == [True, True]
    assert {article["archive_file"] for article in of(rows, "articles")} == set(files)


@pytest.mark.parametrize("where", ["disk", "web"])
def test_damage_costs_the_damaged_record_only(month, tmp_path, where):
    path = next((month / LISTED).glob("*0.warc.gz"))
    content = path.read_bytes()
    members = [place for place in range(len(content)) if content.startswith(b"\x1f\x8b\x08", place)]
    broken = bytearray(content[: members[-1] + 40])  # the last member is cut short
    broken[members[3] + 30 : members[3] + 60] = b"\x00" * 30
    path.write_bytes(bytes(broken))
    with serving(month) as (address, _):
        rows, outcomes = scanned(tmp_path / "out", [path if where == "disk" else f"{address}{LISTED}{path.name}"])
    assert outcomes[0].ok
    assert len(of(rows, "articles")) == 1
    assert {row["line"] for row in of(rows, "rejects")} == {members[3], members[-1]}


def test_a_huge_record_and_a_wrong_length_are_left_out_alone(tmp_path, news_archive):
    path = news_archive(tmp_path / "a.warc.gz", [wrongful_arrest(0)])
    good = path.read_bytes()
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n"
    bomb = gzip.compress(head % (1 << 30) + b"facial recognition" * (1 << 23), 1, mtime=0)
    wrong = gzip.compress(head % 9999 + b"HTTP/1.1 200 OK\r\n\r\nx\r\n\r\n", mtime=0)
    path.write_bytes(bomb + wrong + good)
    rows, outcomes = scanned(tmp_path / "out", [path])
    assert outcomes[0].ok
    assert len(of(rows, "articles")) == 1
    reasons = [row["reason"] for row in of(rows, "rejects")]
    assert reasons == ["gzip member cut short, damaged or too large", "Content-Length 9999 does not fit the record"]


def test_the_merged_partitions_are_by_day_and_survive_a_read_of_the_archive(month, tmp_path):
    makers, folder = Makers.now(), tmp_path / "working" / "scans"
    files = [str(path) for path in sorted((month / LISTED).glob("*.warc.gz"))]
    outcomes = list(engines.run(scanning.Scan(makers.reader, makers.extractor), files, folder, here))
    partitions = scanning.merge(tmp_path, folder, makers, outcomes)
    assert [partition.key for partition in partitions] == ["2024-03-02|scan"]
    for name, schema in working.SCHEMAS.items():
        table = pq.read_table(partitions[0].file(tmp_path, name), partitioning=None)
        assert table.schema.remove_metadata() == schema
        assert table.num_rows
    stages.read(tmp_path)
    assert stages.load_working(tmp_path)["articles"].num_rows == 2
    assert stages.extract(tmp_path, partitions).counts == {"watched": 0}, "nothing is extracted twice"


def test_the_working_store_is_that_of_a_run(month, tmp_path):
    files = sorted((month / LISTED).glob("*.warc.gz"))
    run, scan = tmp_path / "run", tmp_path / "scan"
    stages.collect(run, "inbox", None, files, datetime(2026, 3, 2, tzinfo=UTC))
    stages.read(run)
    stages.extract(run)
    makers = Makers.now()
    stage = scanning.Scan(makers.reader, makers.extractor)
    outcomes = scanning.record(stage, map(str, files), scan / "working" / "scans", here)
    scanning.merge(scan, scan / "working" / "scans", makers, outcomes)
    ours, theirs = stages.load_working(scan), stages.load_working(run)
    for name, table in ours.items():
        places = [column for column in table.column_names if column == "archive_file"]
        assert table.drop(places).equals(theirs[name].drop(places)), name


def test_each_outcome_is_recorded(month, tmp_path):
    makers = Makers.now()
    stage, missing = scanning.Scan(makers.reader, makers.extractor), str(tmp_path / "gone.warc.gz")
    scanning.record(stage, [missing], tmp_path / "scans", here)
    told = [json.loads(line) for line in (tmp_path / "scans" / "outcomes.jsonl").read_text().splitlines()]
    assert told == [{"file": missing, "ok": False, "reason": f"{missing}: No such file or directory", "rows": 0}]


def test_a_missing_path_or_listing_is_the_users_error(tmp_path):
    with pytest.raises(UserError, match="no such file or folder"):
        scanning.warc_files([str(tmp_path / "none.warc.gz")])
    with pytest.raises(UserError, match="not a readable listing"):
        scanning.ccnews_files("2024-03", str(tmp_path / "warc.paths.gz"))


def test_a_remote_file_can_be_searched_and_sliced_like_bytes(month, monkeypatch):
    monkeypatch.setattr(ranges, "BLOCK", 64)
    path = month / LISTED / "warc.paths.gz"
    content = path.read_bytes()
    with serving(month) as (address, _):
        file = RemoteFile(f"{address}{LISTED}{path.name}")
        assert file.read() == content
        assert [file.find(content[n : n + 9]) for n in (0, 30, 60)] == [0, 30, 60]
        assert file.find(b"not in it") == -1
        assert file[5:200] == content[5:200]
