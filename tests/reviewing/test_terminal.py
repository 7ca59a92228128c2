"""The queue in the terminal, one key an answer."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from incidents.reviewing import terminal
from incidents.reviewing.terminal import Keyboard


def typed(keys, *texts):
    """Somebody who presses these keys and types these lines."""
    presses, answers = iter(keys), iter(texts)
    return Keyboard(lambda: next(presses, "q"), lambda label: next(answers, ""))


@pytest.fixture
def console():
    return recording(120)


def recording(width):
    return Console(record=True, width=width, file=io.StringIO())


def test_keys_answer_skip_undo_and_quit(session, lines, console):
    terminal.review(session(), console, typed("skzdq", "", "the dates"))
    said = [json.loads(line) for line in lines("judgements.jsonl")]
    assert [row.get("verdict", "retract") for row in said] == ["same", "retract", "different"]
    assert said[2]["why"] == "the dates"
    assert "1 answers kept" in console.export_text()


def test_both_sides_stand_beside_each_other(session, console):
    terminal.review(session(), console, typed("q"))
    text = console.export_text()
    assert any("Tom Baker arrested" in line and "City sued" in line for line in text.splitlines())
    assert "same incident" in text


def test_one_below_the_other_where_it_is_narrow(session):
    console = recording(60)
    terminal.review(session(), console, typed("q"))
    text = console.export_text()
    assert not any("Tom Baker arrested" in line and "City sued" in line for line in text.splitlines())


def test_what_cannot_be_kept_is_told_and_asked_again(session, console):
    terminal.review(session("ann", "organization"), console, typed("mq", "", ""))
    text = console.export_text()
    assert "this answer cannot be kept" in text
    assert "0 answers kept" in text


def test_an_empty_queue_says_so(session, console):
    terminal.review(session("ann", "pair"), console, typed("k"))
    assert "No more questions" in console.export_text()


def test_the_command_reads_keys_from_a_pipe(data_dir, lines):
    command = [Path(sys.executable).parent / "incidents", "review", "--who", "ann", "--data-dir", str(data_dir)]
    done = subprocess.run(command, input="d\nno\nq", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(lines("judgements.jsonl")[0])["why"] == "no"


def test_without_a_run_it_says_what_to_do(cli, tmp_path):
    done = cli("review", "--who", "ann", "--data-dir", tmp_path / "empty", home=tmp_path)
    assert done.returncode == 2
    assert "incidents run" in done.stderr
