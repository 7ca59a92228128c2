"""The files of decisions: only added to, in any order, merged by git as lines of text."""

import json
import shutil
import subprocess

from incidents.installed import ROOT
from incidents.link.curation import append, folder, key_of, read
from incidents.link.judgements import Judgement


def row(a, b, who="ann"):
    return {"a": a, "b": b, "verdict": "same", "who": who, "when": "2024-01-01", "why": "read both"}


def test_a_line_is_added_and_nothing_else_changes(tmp_path):
    path = tmp_path / "judgements.jsonl"
    path.write_text(json.dumps(row("a", "b")), encoding="utf-8")  # by hand, without a line end
    append(path, [row("a", "c")])
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(first) == row("a", "b")
    assert json.loads(second) == row("a", "c")


def test_the_key_of_a_line_is_that_of_its_content():
    shuffled = json.loads(
        '{"why": "read both", "when": "2024-01-01", "who": "ann", "verdict": "same", "b": "b", "a": "a"}'
    )
    assert key_of(shuffled) == key_of(row("a", "b"))
    assert key_of(row("a", "c")) != key_of(row("a", "b"))


def test_a_line_that_stands_twice_counts_once(tmp_path):
    path = tmp_path / "judgements.jsonl"
    append(path, [row("a", "b"), row("a", "b")])
    assert len(read(path, Judgement)[0]) == 1


def test_a_data_folder_has_its_own_or_those_of_the_code(tmp_path):
    assert folder(tmp_path) == ROOT / "data" / "curation"
    (tmp_path / ".sample").touch()
    assert folder(tmp_path) == tmp_path / "curation"
    (tmp_path / "other" / "curation").mkdir(parents=True)
    assert folder(tmp_path / "other") == tmp_path / "other" / "curation"


def test_the_files_of_two_people_merge_with_git(tmp_path):
    shutil.copy(ROOT / "data" / "curation" / ".gitattributes", tmp_path)
    path = tmp_path / "judgements.jsonl"

    def git(*command):
        identity = ["-c", "user.name=ann", "-c", "user.email=ann@example.org"]
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    append(path, [row("a", "b")])
    git("add", ".")
    git("commit", "-m", "one")
    git("switch", "-c", "bob")
    append(path, [row("c", "d", "bob")])
    git("commit", "-am", "bob's")
    git("switch", "main")
    append(path, [row("e", "f")])
    git("commit", "-am", "ann's")
    git("merge", "bob")
    found, rejects = read(path, Judgement)
    assert {item.subject for item in found} == {("a", "b"), ("c", "d"), ("e", "f")}
    assert rejects == []
