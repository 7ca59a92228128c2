"""Three thousand pages on thirty hosts, some of them slow, broken, oversized or hostile, with kills in between."""

from __future__ import annotations

import gzip
import itertools
import json
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.scrapers.conftest import Answer, Crawler, Hit, Web

HOSTS, PAGES, DELAY, TIMEOUT, KILLS = 30, 100, 0.05, 2, 5


@pytest.mark.slow
def test_a_large_web_is_crawled_completely_and_politely(web: Web, crawler: Crawler) -> None:
    sources, good, bad = large_web(web)
    for number in range(KILLS):
        process = subprocess.Popen(crawler.command(sources, "--timeout", str(TIMEOUT)))
        enough = len(web.hits) + HOSTS * PAGES // 2 // KILLS + 7 * number
        while len(web.hits) < enough and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        process.wait()
    failures = crawler.run(sources, "--timeout", str(TIMEOUT))["failures"]

    assert sorted(page["url"] for page in crawler.pages() if "body" in page) == sorted(good)
    assert max(map(web.asked, good)) <= 1 + KILLS
    assert sum(map(web.asked, good)) <= len(good) + KILLS * HOSTS
    assert {url: failures[url] for url in bad if url in failures} | bad == bad
    for host in range(HOSTS):
        assert min(pauses(web, f"h{host}.example")) >= (DELAY if host % 3 == 0 else 0)


def large_web(web: Web) -> tuple[list[dict[str, Any]], list[str], dict[str, str]]:
    """The sources, the pages that must be kept, and the pages that must not be, with the reasons."""
    sources, good, bad = [], [], {}
    for host in range(HOSTS):
        home = f"http://h{host}.example"
        if host % 3 == 0:
            web.serve(f"{home}/robots.txt", f"User-agent: *\nCrawl-delay: {DELAY}\nDisallow: /closed".encode())
        pages = [web.page(f"{home}/{number}", "words " * 200) for number in range(PAGES)]
        good += pages
        match host % 10:
            case 0:  # an index of two news sitemaps, one of them packed
                halves = [urlset(pages[: PAGES // 2]), gzip.compress(urlset(pages[PAGES // 2 :]))]
                parts = [web.serve(f"{home}/{number}.xml", half) for number, half in enumerate(halves)]
                index = "".join(f"<sitemap><loc>{part}</loc></sitemap>" for part in parts)
                web.serve(f"{home}/index.xml", f"<sitemapindex>{index}</sitemapindex>".encode())
                sources.append({"id": f"h{host}", "kind": "sitemap", "url": f"{home}/index.xml"})
                continue
            case 1:  # a listing
                links = "".join(f'<li><a href="{page}">{page}</a></li>' for page in pages)
                web.serve(f"{home}/list", links.encode(), Content_Type="text/html")
                sources.append({"id": f"h{host}", "kind": "listing", "url": f"{home}/list", "links": "li"})
                continue
            case 2:  # every page moved
                for number, page in enumerate(pages):
                    web.serve(f"{home}/old/{number}", status=301, Location=page)
                pages = [f"{home}/old/{number}" for number in range(PAGES)]
            case 3:  # a page that is busy once
                web.pages[pages[7]] = busy_once(web)
            case 4:  # a slow one and a broken one
                bad[web.page(f"{home}/slow", seconds=3)] = "timeout"
                bad[web.serve(f"{home}/short", b"<p>", Content_Length="90", Connection="close")] = "connection broken"
            case 5:  # hostile ones
                bad[web.serve(f"{home}/large", b"x" * 11_000_000, Content_Type="text/html")] = "too large"
                bad[web.serve(f"{home}/inside", status=302, Location="http://127.0.0.1/")] = "outside --connect-to"
                bad[web.serve(f"{home}/loop", status=302, Location="/loop")] = "too many redirects"
            case 6:  # what robots.txt forbids, or is gone
                bad |= {f"{home}/closed/1": "robots.txt"} if host % 3 == 0 else {f"{home}/gone": "http 404"}
            case 7:  # pages that are another each time
                for page in pages:
                    web.pages[page] = ever_new(web)
        listed = pages + [url for url in bad if f"//h{host}." in url]
        sources.append({"id": f"h{host}", "kind": "feed", "url": feed(web, f"{home}/feed", host, listed)})
    return sources, good, bad


def feed(web: Web, url: str, host: int, pages: list[str]) -> str:
    """A feed of the pages, as RSS, Atom, RDF or JSON by the number of the host."""
    match host % 4:
        case 0:
            return web.feed(url, *pages)
        case 1:
            entries = "".join(f"<entry><title>t</title><link href='{page}'/></entry>" for page in pages)
            body = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"
        case 2:
            items = "".join(f"<item><title>t</title><link>{page}</link></item>" for page in pages)
            namespaces = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'"
            body = f"<rdf:RDF {namespaces}>{items}</rdf:RDF>"
        case _:
            items = [{"id": page, "url": page, "title": "t"} for page in pages]
            body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    return web.serve(url, body.encode())


def urlset(pages: list[str]) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{page}</loc></url>' for page in pages)}</urlset>".encode()


def busy_once(web: Web) -> Any:
    def answer(hit: Hit) -> Answer:
        if web.asked(hit.url) == 1:
            return web.answer(status=429, Retry_After="1")
        return web.answer(b"<p>here</p>", Content_Type="text/html")

    return answer


def ever_new(web: Web) -> Any:
    def answer(hit: Hit) -> Answer:
        return web.answer(f"<p>as of {hit.began}</p>".encode(), Content_Type="text/html", ETag=str(hit.began))

    return answer


def hits_of(web: Web, host: str) -> list[Hit]:
    return sorted((hit for hit in web.hits if f"//{host}/" in hit.url), key=lambda hit: hit.began)


def pauses(web: Web, host: str) -> list[float]:
    """Seconds from an answer to the next request, within a run; without answers that the crawler did not wait for."""
    pairs = itertools.pairwise(hit for hit in hits_of(web, host) if hit.ended)
    return [
        later.began - earlier.ended
        for earlier, later in pairs
        if earlier.ended - earlier.began < TIMEOUT and not later.url.endswith("/robots.txt")  # a run's first request
    ]
