"""A crawl is measured by its own memory, and says so when it has too much."""

import subprocess
import sys

CHILD = """
from scrapy.utils.test import get_crawler
from scrapers.memory import OwnMemory
print(OwnMemory(get_crawler(settings_dict={"MEMUSAGE_ENABLED": True})).get_virtual_size())
"""
PARENT = f"""
import subprocess, sys
held = bytearray(600 << 20)
print(subprocess.run([sys.executable, "-c", {CHILD!r}], capture_output=True, text=True, check=True).stdout)
"""
IN_ONE_MEGABYTE = """
from scrapers import settings
settings.MEMUSAGE_LIMIT_MB = 1
from scrapers.__main__ import main
raise SystemExit(main())
"""


def test_the_memory_of_the_parent_does_not_count():
    done = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True)
    assert 10 << 20 < int(done.stdout) < 500 << 20


def test_a_crawl_that_grows_too_large_stops_and_says_so(web, crawler):
    feed = web.feed("http://news.example/feed", web.page("http://news.example/1", "words " * 200))
    command = crawler.command([{"id": "news", "url": feed, "kind": "feed", "enabled": True}])
    done = subprocess.run(
        [sys.executable, "-c", IN_ONE_MEGABYTE, *command[3:]], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, "the crawl took more than 1 MB of memory" in done.stderr) == (1, True)
