"""What hostile and broken sites get: a reason in the report, and nothing else."""

from __future__ import annotations

import gzip
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from twisted.internet.address import IPv4Address

from scrapers.resolver import SafeResolver, is_public, refused

if TYPE_CHECKING:
    from tests.scrapers.conftest import Crawler, Web

EVIL = "http://evil.example"


INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "0.1.2.3",
    "100.64.0.1",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_networks_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_public_addresses() -> None:
    assert is_public("93.184.215.14")
    assert is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")


class Names:
    """A name server that gives another address each time, as one does that wants to be led inside."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    def resolveHostName(self, receiver: Any, host: str, port: int, *_: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        receiver.addressResolved(IPv4Address("TCP", self.addresses.pop(0), port))
        receiver.resolutionComplete()


class Connection:
    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        """Nothing to do yet."""

    def addressResolved(self, address: IPv4Address) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        """Nothing more comes."""


def test_a_name_that_changes_its_address_leads_nowhere_inside() -> None:
    reactor = SimpleNamespace(nameResolver=Names("93.184.215.14", "169.254.169.254"))
    resolver, connections = SafeResolver(reactor, None, live=True), [Connection(), Connection()]
    for connection in connections:
        resolver.resolveHostName(connection, "rebinding.invalid", 80)
    assert [connection.addresses for connection in connections] == [["93.184.215.14"], []]
    assert refused["rebinding.invalid"] == "not a public address"


def test_what_a_hostile_site_gets(web: Web, crawler: Crawler) -> None:
    private = f"http://127.0.0.1:{web.port}/"
    reasons = {
        web.serve(f"{EVIL}/inside", status=302, Location=private): "not a public address",
        web.serve(f"{EVIL}/inside2", status=302, Location="http://2130706433/"): "not a public address",
        web.serve(f"{EVIL}/file", status=302, Location="file:///etc/passwd"): "http 302",
        web.serve(f"{EVIL}/loop", status=302, Location="/loop"): "too many redirects",
        web.serve(f"{EVIL}/large", b"x" * 11_000_000, Content_Type="text/html"): "too large",
        web.serve(f"{EVIL}/bomb", gzip.compress(b"x" * 20_000_000), Content_Encoding="gzip"): "too large",
        web.serve(f"{EVIL}/bomblet", gzip.compress(b"x" * 9_000_000), Content_Encoding="gzip"): "decompression ratio",
        web.serve(f"{EVIL}/film", b"film", Content_Type="video/mp4"): "content type video/mp4",
        web.serve(f"{EVIL}/short", b"<p>", Content_Length="900", Connection="close"): "connection broken",
        web.page(f"{EVIL}/slow", seconds=2): "timeout",
        f"{EVIL}/".ljust(2083, "x"): "no web address",  # of what is longer, this is reported
    }
    good = web.page("http://good.example/1")
    feed = web.feed("http://good.example/feed.xml", *list(reasons)[:-1], list(reasons)[-1] + "x", good)
    sources = [{"id": "good", "kind": "feed", "url": feed}]
    numbers = crawler.run(sources, "--contact", "desk@newsroom.example", "--timeout", "1")
    assert numbers["failures"] == reasons
    assert [page["url"] for page in crawler.pages()] == [good]
    assert web.asked(private) == 0
