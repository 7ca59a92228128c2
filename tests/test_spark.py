"""Spark gives what the local engine gives, bit for bit, in local mode and on a cluster that loses a worker."""

import gzip
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents import engines, scanning
from incidents.engines import Local, Spark
from incidents.link import duplicates
from incidents.link.banding import Bands, candidates_on_spark, edges_on_spark
from incidents.outdated import Makers

pyspark = pytest.importorskip("pyspark")
pytestmark = pytest.mark.slow

QUIET = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "512m",
    "spark.network.timeout": "60s",
    "spark.executor.heartbeatInterval": "5s",
}
FILES = 6
REPORT = ["A man was arrested in Leeds on 3 March 2024 after a wrong facial recognition match, police said."] * 2
ROOT = Path(__file__).parent.parent
ENVIRONMENT = ROOT / ".venv" / "spark-environment.tar.gz"


@pytest.fixture
def files(tmp_path, news_archive):
    """WARC files with one article on face recognition each, and one that is gone."""
    paths = []
    for number in range(FILES):
        pages = [(f"https://news{number}.example/{n}", "Market day", ["The market was busy."]) for n in range(20)]
        pages.append((f"https://news{number}.example/arrest", f"Wrong match {number}", REPORT))
        paths.append(str(news_archive(tmp_path / f"news{number}.warc.gz", pages)))
    return [*paths, str(tmp_path / "gone.warc.gz")]


@pytest.fixture
def stage():
    makers = Makers.now()
    return scanning.Scan(makers.reader, makers.extractor)


@contextmanager
def cluster(folder):
    """A standalone cluster of a master and two workers on this machine; gives its address and the workers."""
    home = Path(pyspark.__file__).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"SPARK_WORKER_DIR": str(folder / "work"), "SPARK_LOCAL_DIRS": str(folder / "local")}
    started = []

    def start(role, *arguments):
        command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{role.lower()}.{role}", *arguments]
        log = (folder / f"{role}{len(started)}.log").open("wb")
        started.append(
            subprocess.Popen(
                command, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        )
        return started[-1]

    try:
        start("Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        until(lambda: "I have been elected leader" in (folder / "Master0.log").read_text())
        each = ("--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0")
        workers = [start("Worker", *each, f"spark://127.0.0.1:{port}") for _ in range(2)]
        until(lambda: (folder / "Master0.log").read_text().count("Registering worker") == 2)
        yield f"spark://127.0.0.1:{port}", workers
    finally:
        for process in started:
            end(process)


def end(process):
    """Kill a process that we started, with its executors and their Python workers."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(holds, seconds=120):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.2)


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}


def ordered(outcomes):
    return sorted(outcomes, key=lambda outcome: outcome.file)


def test_local_mode_gives_the_same_bytes_and_outcomes(files, stage, tmp_path):
    ours = ordered(engines.run(stage, files, tmp_path / "ours", Local(1)))
    theirs = ordered(engines.run(stage, files, tmp_path / "theirs", Spark("local[2]", QUIET)))
    assert [outcome.ok for outcome in ours] == [False] + [True] * FILES
    assert theirs == ours
    assert contents(tmp_path / "theirs") == contents(tmp_path / "ours")


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(files, stage, tmp_path):
    ours = ordered(engines.run(stage, files, tmp_path / "ours", Local(1)))
    theirs, killed = tmp_path / "theirs", []
    with cluster(tmp_path) as (master, workers):

        def kill_one():
            until(lambda: contents(theirs))
            end(workers[0])
            killed.append(len(contents(theirs)))

        killer = threading.Thread(target=kill_one)
        killer.start()
        outcomes = ordered(engines.run(stage, files, theirs, Spark(master, QUIET)))
        killer.join()
    assert killed[0] < FILES, "the worker was killed while there was work"
    assert outcomes == ours
    assert contents(theirs) == contents(tmp_path / "ours")


def test_a_month_on_a_cluster_gives_the_release_of_its_files_here(cli, tmp_path, news_archive):
    folder, names = tmp_path / "bucket", []
    for number in range(3):
        names.append(f"crawl-data/CC-NEWS/2024/03/CC-NEWS-2024030208000{number}-0000{number}.warc.gz")
        news_archive(folder / names[-1], [(f"https://news{number}.example/arrest", f"Wrong match {number}", REPORT)])
    listing = folder / "crawl-data/CC-NEWS/2024/03/warc.paths.gz"
    listing.write_bytes(gzip.compress("\n".join(names).encode(), mtime=0))
    conf = tmp_path / "conf"
    conf.mkdir()
    (conf / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in QUIET.items()))
    given = {"home": tmp_path / "home", "SOURCE_DATE_EPOCH": "1772400000"}
    here = cli("scan", *(folder / name for name in names), "--data-dir", tmp_path / "here", **given)
    with cluster(tmp_path) as (master, _):
        where = ("--engine", "spark", "--master", master, "--data-dir", tmp_path / "there")
        there = cli("scan", "--ccnews", "2024-03", "--listing", listing, *where, SPARK_CONF_DIR=str(conf), **given)
    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    assert "scan: 3 files, 3 scanned, 0 scanned before, 0 failed" in there.stdout
    assert published(tmp_path / "there") == published(tmp_path / "here")
    assert published(tmp_path / "there")["incidents"]


def published(folder):
    """The rows of each table of the last release."""
    files = sorted((folder / "releases" / "latest").resolve().glob("parquet/*.parquet"))
    return {path.stem: pq.read_table(path).to_pylist() for path in files}


def packed():
    """Whether make spark-env packed the code as it is now."""
    newest = max(path.stat().st_mtime for path in (ROOT / "incidents").rglob("*.py"))
    return ENVIRONMENT.exists() and ENVIRONMENT.stat().st_mtime > newest


@pytest.mark.skipif(not packed(), reason="make spark-env has not packed this code")
def test_a_cluster_runs_a_packed_environment(files, stage, tmp_path, monkeypatch):
    monkeypatch.setenv("PYSPARK_PYTHON", "python3")  # is put back afterwards
    ours = ordered(engines.run(stage, files, tmp_path / "ours", Local(1)))
    with cluster(tmp_path) as (master, _):
        spark = Spark(master, QUIET, str(ENVIRONMENT))
        theirs = ordered(engines.run(stage, files, tmp_path / "theirs", spark))
        unpacked = list((tmp_path / "work").glob("*/*/environment/bin/python"))
    assert unpacked, "the workers have it in their own folders"
    assert theirs == ours
    assert contents(tmp_path / "theirs") == contents(tmp_path / "ours")


def test_near_duplicates_have_the_same_edges(tmp_path):
    stories = [" ".join(f"word{(start * 7 + n) % 400}" for n in range(120)) for start in range(60)]
    texts = [*stories, *(f"{story} and a line of our own" for story in stories[:30])]
    files = []
    for part in range(3):
        numbers = list(range(part, len(texts), 3))
        files.append(str(tmp_path / f"part{part}.parquet"))
        pq.write_table(pa.table({"id": numbers, "text": [texts[number] for number in numbers]}), files[-1])
    list(engines.run(Bands(), files, tmp_path / "bands", Spark("local[2]", QUIET)))
    spark = engines.session("local[2]", QUIET)
    try:
        rows = candidates_on_spark(spark, tmp_path / "bands").collect()
        edges = [row.asDict() for row in edges_on_spark(spark, files, tmp_path / "bands").collect()]
    finally:
        spark.stop()
    batch = pa.record_batch({"id": pa.array(range(len(texts)), pa.int64()), "text": texts})
    shingled = duplicates.shingles(batch)
    pairs = duplicates.candidates([duplicates.bands(shingled)])
    ours = list(map(tuple, pairs.tolist()))
    assert {(number, number + 60) for number in range(30)} <= set(ours)
    assert [tuple(row) for row in rows] == ours
    sides = [shingled["shingles"].take(pa.array(pairs[:, side])) for side in (0, 1)]
    both = pa.record_batch([*map(pa.array, pairs.T), *sides], names=["first", "second", "a", "b"])
    assert edges == duplicates.verified(both).to_pylist()
    assert len(edges) >= 30
