"""kill -9 of the crawl, of the run and of the service's processes, at 55 moments that a seed chooses.

After each: what is published verifies and opens, every page collected before is there, and the next run completes.
"""

import multiprocessing
import random
import subprocess
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from incidents import crawling, lock, running, stages
from incidents.crawling import BrokenOffError, Crawl
from incidents.publish.releases import latest
from scrapers import index

CRAWL_KILLS, RUN_KILLS = 30, 20
SITE = "http://ledger.example"
TEXT = "</p><p>".join(f"The council asked for {number} reports on what the cameras had seen." for number in range(9))
# Each worker starts from a process in which these are imported: a run then costs little more than its work.
PRELOADED = ["incidents.running", "incidents.defs.executing", "incidents.link.linking", "incidents.publish.database"]


@pytest.mark.faults
def test_the_crawl(web, folder, tmp_path, source_list, whole, kept, monkeypatch):
    moments, begun = random.Random(7), []  # noqa: S311 a seed
    file = source_list(tmp_path / "sources.yaml", ledger=f"{SITE}/feed")
    crawl = Crawl(file, connect_to=f".example=127.0.0.1:{web.port}", delay=0)

    class Noted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            begun.append(self)

    monkeypatch.setattr(crawling.subprocess, "Popen", Noted)

    def collect(kill_after=None):
        before = len(begun)
        if kill_after is not None:
            threading.Thread(target=kill, args=(before, kill_after)).start()
        return stages.collect(folder, "local_news", crawl, (), datetime.now(UTC))

    def kill(number, requests):
        """Once the site was asked so many times more; for 0 while the crawl still starts."""
        asked = len(web.hits)
        while len(begun) <= number or (len(web.hits) < asked + requests and begun[number].poll() is None):
            time.sleep(0.002)
        begun[number].kill()

    killed, rounds, pages = 0, 0, []
    while killed < CRAWL_KILLS:
        rounds += 1
        pages += [
            web.page(f"{SITE}/{rounds}/{number}", f"{TEXT} {rounds} {number}", seconds=0.01) for number in range(4)
        ]
        web.feed(f"{SITE}/feed", *pages[-12:])
        before, indexed = kept(folder), index.entries(folder / "archive")
        with suppress(BrokenOffError):
            collect(kill_after=moments.randrange(7))
        killed += begun[-1].returncode == -9
        assert whole(folder) == 1
        assert kept(folder) >= before
        collect()
        assert kept(folder) >= before
        assert set(index.entries(folder / "archive")) >= set(indexed)
        assert {each.url for each in index.entries(folder / "archive")} == set(pages)
        assert not list((folder / "archive").rglob("*.open"))


def run(folder, file):
    running.run(folder, running.Options(inputs=(str(file),)))


@pytest.mark.faults
def test_the_run(folder, articles, whole, kept):
    """The process in which Dagster executes a run; every other run is left alone and must complete."""
    moments, processes = random.Random(7), multiprocessing.get_context("forkserver")  # noqa: S311 a seed
    processes.set_forkserver_preload(PRELOADED)
    killed, number, longest = 0, 3, 1.0
    while killed < RUN_KILLS:
        file = articles(number, name=f"{number}.jsonl")
        before, releases = kept(folder), whole(folder)
        worker = processes.Process(target=run, args=(folder, file))
        worker.start()
        worker.join(moments.uniform(0, longest))
        worker.kill()
        worker.join()
        killed += worker.exitcode == -9
        longest = max(1.0, longest + (0.7 if worker.exitcode == -9 else -1.0))
        assert whole(folder) >= releases
        assert kept(folder) >= before
        with lock.writing(folder, "the next"):  # is free
            pass
        done = processes.Process(target=run, args=(folder, file))
        done.start()
        done.join()
        assert done.exitcode == 0
        assert whole(folder) == releases + 1
        assert latest(folder).manifest["rows"]["articles"] == number + 1
        number += 1
