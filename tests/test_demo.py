"""The whole pipeline on the bundled sample: served, crawled, read, extracted, linked and published for real."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents import stages
from incidents.publish.releases import releases
from incidents.sample import check
from incidents.working import LINKED

INCIDENTS = Path(sys.executable).parent / "incidents"


@pytest.fixture(scope="session")
def demo(tmp_path_factory, cli):
    """A data folder after `incidents run --sample`, and what the run printed."""
    folder = tmp_path_factory.mktemp("sample") / "demo"
    done = cli("run", "--sample", "--data-dir", folder, home=folder.parent / "home")
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_summary_tells_what_was_done_left_out_and_made(demo):
    folder, printed = demo
    assert "2 failed" in printed
    assert "http 404" in printed
    assert "robots.txt" in printed
    assert f"[sample]: {folder / 'releases'}" in printed


def test_what_comes_out_is_what_the_facts_say(demo):
    tally = check.compare(demo[0])
    assert tally.below() == [], "\n".join(tally.misses)


def test_the_release_says_that_it_is_a_sample(demo):
    [release] = releases(demo[0])
    assert release.manifest["is_sample"] is True
    for page in ("index.html", "README.md", "CITATION.cff"):
        assert "sample" in (release.path / page).read_text().lower()


def test_rejects_are_listed_in_one_file(demo):
    rows = pq.read_table(demo[0] / "working" / "rejects.parquet").to_pylist()
    assert {(row["stage"], row["reason"]) for row in rows} >= {("collect", "http 404"), ("collect", "robots.txt")}


def test_a_second_run_fetches_nothing_and_publishes_nothing(cli, demo):
    folder, _ = demo
    done = cli("run", "--sample", "--data-dir", folder, home=folder.parent / "home")
    assert done.returncode == 0, done.stderr
    assert "0 fetched" in done.stdout
    assert "no row changed: no new release" in done.stdout
    assert len(releases(folder)) == 1


def test_the_same_archive_gives_the_same_bytes_in_another_folder_locale_and_zone(cli, demo, tmp_path):
    folder, _ = demo
    sums = []
    for name, environment in (("a", {}), ("deeper/b", {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "3"})):
        copy = tmp_path / name
        copy.mkdir(parents=True)
        subprocess.run(["cp", "-r", folder / "archive", copy], check=True)
        done = cli("run", "--data-dir", copy, home=tmp_path / "home", SOURCE_DATE_EPOCH="1767225600", **environment)
        assert done.returncode == 0, done.stderr
        made = copy / "releases" / "2026-01-01" / "parquet"
        sums.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made.iterdir()})
    assert sums[0] == sums[1]


def test_the_sql_of_the_readmes_answers(demo, tmp_path):
    """Every statement that a reader is shown, on the release after the sample's, in which two titles changed."""
    folder = tmp_path / "demo"
    shutil.copytree(demo[0], folder, symlinks=True)
    path = folder / "working" / LINKED / "incidents.parquet"
    rows = pq.read_table(path).to_pylist()
    pq.write_table(
        pa.Table.from_pylist([row | {"title": "A"} for row in rows[:2]] + rows[2:], pq.read_schema(path)), path
    )
    made = Path(stages.publish(folder, True, datetime(2030, 1, 1, tzinfo=UTC)).details["path"])
    texts = (made / "README.md", Path(__file__).parent.parent / "README.md")
    blocks = [block for text in texts for block in re.findall(r"```sql\n(.*?)```", text.read_text(), re.DOTALL)]
    statements = [line for block in blocks for line in block.split(";\n") if line.strip()]
    assert len(statements) == 7
    with duckdb.connect(str(made / "incidents.duckdb"), read_only=True) as connection:
        answers = [connection.sql(statement).df() for statement in statements]
    for arrests in (each for each in answers if "arrests" in each):
        told = arrests[arrests["agencies"].fillna("").str.contains("Detroit Police Department")]
        assert set(told["vendors"]) >= {"DataWorks Plus; Rank One Computing"}
        assert 0 < arrests["face_recognition_confirmed"].sum() < arrests["arrests"].sum()
    for sentences in (each for each in answers if "quote" in each):
        assert len(sentences) > 10
        assert sentences["quote"].str.len().min() > 0
    for changes in (each for each in answers if "change" in each or "new_value" in each):
        assert len(changes) > 0
    assert "A" in set(answers[3]["new_value"])


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_last_release_and_the_next_run_completes(tmp_path):
    """Each run lives a little longer than the one before it; in the end one gets through."""
    folder, home = tmp_path / "demo", tmp_path / "home"
    command = [INCIDENTS, "run", "--sample", "--data-dir", folder]
    seconds = 2.0
    for _ in range(40):
        child = subprocess.Popen(command, env=os.environ | {"DAGSTER_HOME": str(home)}, start_new_session=True)
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            time.sleep(0.1)
            for release in releases(folder) if (folder / "releases").exists() else []:
                assert_whole(release.path)
            seconds += 1.0
        else:
            assert code == 0
            break
    assert check.compare(folder).below() == []
    assert len(releases(folder)) == 1


def assert_whole(release):
    for file in json.loads((release / "manifest.json").read_text())["files"]:
        assert hashlib.sha256((release / file["path"]).read_bytes()).hexdigest() == file["sha256"], file["path"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--input", "nowhere.jsonl"], "nowhere.jsonl: no such file or folder"),
        (["run", "--sample", "--source", "live"], "--sample works alone"),
        (["run", "--since", "2024-01-01"], "--since chooses what is crawled"),
        (["sql", "SELECT 1"], "no release yet"),
        (["releases"], "no release yet"),
        (["why", "FRI-00000000"], "no release yet"),
        (["extract", "nowhere.txt"], "nowhere.txt"),
        (["run", "--source", "live"], "set INCIDENTS_CONTACT"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(cli, arguments, said, tmp_path):
    where = [] if arguments[0] == "extract" else ["--data-dir", tmp_path / "data"]
    done = cli(*arguments, *where, home=tmp_path / "home")
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_line_and_exit_code_2(cli, tmp_path):
    done = cli("run", "--sample", "--data-dir", "/proc/none", home=tmp_path)
    assert done.returncode == 2
    assert (
        done.stderr
        == "incidents: /proc/none: No such file or directory; mend that and run again, what was published stands\n"
    )


def test_a_wrong_flag_is_exit_code_2(cli, tmp_path):
    done = cli("run", "--no-such-flag", home=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_sample_never_mixes_with_other_articles(cli, demo, tmp_path):
    own = tmp_path / "own.txt"
    own.write_text("A text.")
    done = cli("run", "--input", own, "--data-dir", demo[0], home=tmp_path / "home")
    assert done.returncode == 2
    assert "holds the sample" in done.stderr
