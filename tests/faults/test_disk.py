"""A disk that is full or read-only: one line says so, nothing is lost, and with room again the next run completes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

INCIDENTS = Path(sys.executable).parent / "incidents"
FULL = """
data=$1 input=$2 free=$3 out=$4 command=$5 home=$6
mount -t tmpfs -o size=2g tmpfs "$out"
cp -a "$data" "$out/data"
used=$(df --output=used -k "$out" | tail -1)
mount -o "remount,size=$((used + free))k" "$out"
export DAGSTER_HOME=$home
code=0; "$command" run --input "$input" --data-dir "$out/data" >/dev/null || code=$?
mount -o remount,size=2g "$out"
cp -a "$out/data" "$data.full"
"$command" run --input "$input" --data-dir "$out/data" &>/dev/null
cp -a "$out/data" "$data.mended"
exit $code
"""
READ_ONLY = """
data=$1 input=$2 command=$3
mount --bind "$data" "$data"
mount -o remount,ro,bind "$data"
exec "$command" run --input "$input" --data-dir "$data"
"""
LIMITED = """
import resource, sys
from incidents import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
cli.main()
"""


def line_of(done):
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("incidents: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.faults
@pytest.mark.parametrize(
    ("free", "home", "said"),
    [
        (0, "home", "No space left on device; mend that and run again, what was published stands"),
        (300, "home", "No space left on device"),
        (1500, "home", "the release could not be written, the last one stands"),
        (100, "disk/home", "the run history fails (database or disk is full); make room on its disk"),
    ],
)
def test_a_full_disk(folder, articles, apart, whole, kept, tmp_path, free, home, said):
    before = kept(folder)
    (tmp_path / "disk").mkdir()
    done = apart(FULL, folder, articles(3, 4), free, tmp_path / "disk", INCIDENTS, tmp_path / home)
    full, mended = tmp_path / "data.full", tmp_path / "data.mended"
    assert whole(full) == 1
    assert kept(full) >= before
    assert whole(mended) == 2
    assert len(kept(mended)) == 5
    assert said in line_of(done)


@pytest.mark.faults
@pytest.mark.parametrize("limit", [2_000, 100_000, 1_000_000], ids="{} bytes a file".format)
def test_a_quota(folder, articles, whole, kept, incidents, tmp_path, monkeypatch, limit):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))  # a history of its own, smaller than the quota
    before, run = kept(folder), ["run", "--input", articles(3, 4), "--data-dir", folder]
    assert incidents(*run[:1], *run[3:]).code == 0  # the history is there, in files of some size
    command = [sys.executable, "-c", LIMITED, str(limit), *map(str, run)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    line = line_of(done)
    assert "File too large" in line or "the run history fails" in line
    assert whole(folder) == 1
    assert kept(folder) >= before
    assert incidents(*run).code == 0
    assert whole(folder) == 2


@pytest.mark.faults
def test_a_read_only_folder(folder, articles, apart, whole, kept, incidents):
    before, file = kept(folder), articles(3, 4)
    done = apart(READ_ONLY, folder, file, INCIDENTS)
    assert str(folder) in line_of(done)
    assert done.stderr.endswith("Read-only file system; mend that and run again, what was published stands\n")
    assert (whole(folder), kept(folder)) == (1, before)
    assert incidents("run", "--input", file, "--data-dir", folder).code == 0
    assert whole(folder) == 2
