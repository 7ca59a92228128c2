"""The crawl is a process of its own: it ends with the run that began it, and keeps nobody else waiting."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from incidents import lock, partitions
from incidents.errors import UserError

COLLECT = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from incidents import stages
    from incidents.crawling import Crawl
    data, sources, port = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    crawl = Crawl(sources, connect_to=f".example=127.0.0.1:{port}", delay=0)
    print(stages.collect(data, "local_news", crawl, (), datetime.now(UTC)).counts["fetched"])
""")
PAGES = 8
TEXT = "</p><p>".join(f"The council asked for {number} reports on what the cameras had seen." for number in range(9))


@pytest.fixture
def collecting(web, tmp_path, source_list):
    """Begins to collect from a slow site in a process of its own, into a data folder."""
    site = "http://ledger.example"
    pages = [web.page(f"{site}/{number}", f"{TEXT} {number}", seconds=0.2) for number in range(PAGES)]
    web.feed(f"{site}/feed", *pages)
    sources = source_list(tmp_path / "sources.yaml", ledger=f"{site}/feed")
    started = []

    def start():
        asked = len(web.hits)
        command = [sys.executable, "-c", COLLECT, tmp_path / "data", sources, str(web.port)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        while len(web.hits) < asked + 4:
            assert started[-1].poll() is None, started[-1].communicate()
            time.sleep(0.01)
        return tmp_path / "data", started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def children(process):
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def until_gone(pid):
    deadline = time.monotonic() + 30
    while (found := Path(f"/proc/{pid}/cmdline")).exists() and found.read_bytes():  # that of a zombie is empty
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_it_ends_when_its_parent_is_killed_and_the_next_run_goes_on(web, collecting, kept):
    data, process = collecting()
    [child] = children(process)
    process.kill()
    process.wait()
    until_gone(child)
    before = kept(data)
    assert 0 < len(before) < PAGES

    _, process = collecting()
    out, err = process.communicate(timeout=60)
    assert (int(out), err) == (PAGES - len(before), "")
    assert len(kept(data)) == PAGES
    assert kept(data) > before


def test_others_write_while_it_runs_and_read_nothing_of_it_before_it_is_judged(collecting):
    data, process = collecting()
    with lock.writing(data, "incidents correct"):
        assert process.poll() is None
    assert partitions.archived(data) == {}
    assert process.wait(60) == 0
    [files] = partitions.archived(data).values()
    assert len(files) == 1
    assert not list((data / "archive" / ".crawl").rglob("*"))


def test_a_second_crawl_is_refused_and_told_who_crawls(collecting):
    data, process = collecting()
    with (
        pytest.raises(UserError, match=rf"in use by collect \(process {process.pid}\)"),
        lock.crawling(data, "another"),
    ):
        pass


def test_one_that_is_killed_is_a_line_that_says_so(collecting):
    _, process = collecting()
    [child] = children(process)
    subprocess.run(["kill", "-9", str(child)], check=True)
    _, err = process.communicate(timeout=60)
    assert "the crawl broke off: its process was ended by signal 9" in err.splitlines()[-1]


def test_one_that_is_asked_to_stop_takes_its_crawl_along(collecting):
    _, process = collecting()
    [child] = children(process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    until_gone(child)
