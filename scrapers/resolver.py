"""Where a connection may go: to public addresses, or where `--connect-to` sends a host.

Every connection is made to an address that passed here, so neither a redirect nor a name that changes its address can
lead into a private network.
"""

import ipaddress
from collections.abc import Sequence
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer, provider  # type: ignore[import-untyped]

from scrapers.settings import parse_connect_to

refused: dict[str, str] = {}  # host -> why no connection to it was made


@implementer(IHostnameResolver)
class SafeResolver:
    """Resolves names for the reactor.

    `connect_to` is a host suffix with the IP and port to use for it; without `live` no other host is reached.
    """

    def __init__(self, reactor: Any, connect_to: tuple[str, str, int] | None, live: bool) -> None:
        self._reactor, self._resolver = reactor, reactor.nameResolver
        self._connect_to, self._live = connect_to, live

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "SafeResolver":
        connect_to = crawler.settings.get("CONNECT_TO")
        return cls(reactor, parse_connect_to(connect_to) if connect_to else None, crawler.settings.getbool("LIVE"))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802 - the name is twisted's
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        if self._connect_to and hostName.endswith(self._connect_to[0]):
            return _answer(resolutionReceiver, self._connect_to[1], self._connect_to[2])
        if not self._live:
            refused[hostName] = "outside --connect-to"
            return _answer(resolutionReceiver, None, 0)
        receiver = _PublicOnly(resolutionReceiver, hostName)
        return self._resolver.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@provider(IResolutionReceiver)
class _PublicOnly:
    """Hands on the public addresses of a host and drops the others."""

    def __init__(self, receiver: Any, host: str) -> None:
        self._receiver, self._host = receiver, host

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            refused[self._host] = "not a public address"

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


def is_public(address: str) -> bool:
    """Whether an IP address is public: no loopback, private, link-local or multicast one in any guise."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _answer(receiver: Any, address: str | None, port: int) -> Any:
    resolution = _Done()
    receiver.resolutionBegan(resolution)
    if address is not None:
        kind = IPv6Address if ":" in address else IPv4Address
        receiver.addressResolved(kind("TCP", address, port))
    receiver.resolutionComplete()
    return resolution


class _Done:
    def cancel(self) -> None:
        """Nothing is under way."""
