"""Engines: every file has one outcome, results are whole or absent, and a lost worker costs its own file only."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incidents import engines, ranges
from incidents.engines import Local, Outcome

SCHEMA = pa.schema([("word", pa.string())])


@dataclass(frozen=True)
class Words:
    """The stage of these tests: a line of a text file is a row; some words make trouble."""

    made_by: str = "1"

    @property
    def schema(self):
        return SCHEMA

    def __call__(self, file):
        for word in Path(file).read_text().split():
            yield pa.RecordBatch.from_pydict({"word": [word]}, schema=SCHEMA)
            if word == "kill":
                os._exit(1)
            if word == "kill-once" and not Path(f"{file}.killed").exists():
                Path(f"{file}.killed").touch()
                os._exit(1)
            if word == "full":
                raise OSError(errno.ENOSPC, "No space left on device", "scratch")
            if word == "flaky" and not Path(f"{file}.failed").exists():
                Path(f"{file}.failed").touch()
                raise ConnectionError("reset")
            if word == "bad":
                raise ValueError("not a word")


@dataclass(frozen=True)
class Lengths:
    """A stage over Parquet files."""

    made_by: str = "1"

    @property
    def schema(self):
        return pa.schema([("length", pa.int64())])

    def __call__(self, file):
        for batch in pq.ParquetFile(ranges.open_file(file)).iter_batches(batch_size=2):
            lengths = [len(word) for word in batch["word"].to_pylist()]
            yield pa.RecordBatch.from_pydict({"length": lengths}, schema=self.schema)


def here(work, files):
    return map(work, files)


@pytest.fixture
def texts(tmp_path):
    def write(**files):
        paths = {name: tmp_path / f"{name}.txt" for name in files}
        for name, text in files.items():
            paths[name].write_text(text)
        return {name: str(path) for name, path in paths.items()}

    return write


def outcomes_of(files, folder, engine=here, stage=None):
    return {each.file: each for each in engines.run(stage or Words(), files, folder, engine)}


def words(folder, file):
    return pq.read_table(engines.result(folder, file))["word"].to_pylist()


def test_a_bad_file_is_recorded_and_leaves_no_half_result(texts, tmp_path):
    files = texts(good="one two", bad="one bad", full="one full", gone="x")
    Path(files["gone"]).unlink()
    folder = tmp_path / "out"
    found = outcomes_of(files.values(), folder)
    assert found[files["good"]] == Outcome(files["good"], True, "", 2)
    assert found[files["bad"]].reason == "ValueError: not a word"
    assert found[files["full"]].reason == "scratch: No space left on device"
    assert found[files["gone"]].reason == f"{files['gone']}: No such file or directory"
    assert [path.name for path in folder.iterdir()] == [engines.result(folder, files["good"]).name]


def test_a_second_run_does_only_what_is_missing(texts, tmp_path):
    files = texts(good="one two", bad="one bad")
    outcomes_of(files.values(), tmp_path / "out")
    Path(files["bad"]).write_text("mended")
    assert list(outcomes_of(files.values(), tmp_path / "out")) == [files["bad"]]
    assert outcomes_of(files.values(), tmp_path / "out") == {}
    assert len(outcomes_of(files.values(), tmp_path / "out", stage=Words(made_by="2"))) == 2


def test_a_passing_failure_is_tried_again(texts, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "_PAUSE", 0)
    file = texts(flaky="flaky")["flaky"]
    assert outcomes_of([file], tmp_path / "out")[file].ok


def test_processes_give_the_same_bytes_and_survive_lost_workers(texts, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parents[1])  # the workers unpickle the stage from this module
    calm = texts(**{f"file{number}": "one two three" for number in range(4)})
    outcomes_of(calm.values(), tmp_path / "here")
    files = {**calm, **texts(killer="one kill", once="one kill-once")}
    found = outcomes_of(files.values(), tmp_path / "pool", Local(2))
    assert {file: each.ok for file, each in found.items()} == {file: name != "killer" for name, file in files.items()}
    assert found[files["killer"]].reason == engines.LOST
    assert words(tmp_path / "pool", files["once"]) == ["one", "kill-once"]
    for file in calm.values():
        results = [engines.result(tmp_path / name, file).read_bytes() for name in ("here", "pool")]
        assert results[0] == results[1]


def test_a_stage_reads_parquet_too(tmp_path):
    path = tmp_path / "words.parquet"
    pq.write_table(pa.table({"word": ["a", "bb", "ccc"]}), path)
    assert outcomes_of([str(path)], tmp_path / "out", stage=Lengths())[str(path)].ok
    assert pq.read_table(engines.result(tmp_path / "out", str(path)))["length"].to_pylist() == [1, 2, 3]


def test_what_a_killed_run_left_behind_is_removed(texts, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".x.parquet.1.tmp").touch()
    outcomes_of(texts(good="one").values(), tmp_path / "out")
    assert not list((tmp_path / "out").glob(".*.tmp"))
