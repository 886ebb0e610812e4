"""Addresses that are never fetched: what a public page may name but must not make us reach.

A link, a redirect or a DNS answer can point at the machine that runs the crawl, its network or
the metadata service of its cloud. An address is open only if IANA's special-purpose registries
call it globally reachable (RFC 6890), in whatever notation it is written.
"""

import ipaddress
import socket
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHostResolution, IResolutionReceiver
from zope.interface import implementer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Names that always mean this machine or its network (RFC 6761, RFC 6762, RFC 8375, ICANN's
# private-use top-level domain of 2024), so that no resolver needs to be asked.
LOCAL_DOMAINS = ("localhost", "localdomain", "local", "internal", "home.arpa")
# What Python's tables leave open, some versions of them: Azure's wire server, which is globally
# routed, and IETF protocol assignments, where Oracle's cloud has its metadata.
ALSO_SHUT = (ipaddress.ip_network("168.63.129.16/32"), ipaddress.ip_network("192.0.0.0/24"))
# IPv6 prefixes whose last 32 bits are an IPv4 address: IPv4-compatible, NAT64 (RFC 6052).
EMBEDDING = (ipaddress.ip_network("::/96"), ipaddress.ip_network("64:ff9b::/96"))


class ForbiddenAddressError(Exception):
    """A URL leads to an address that is not on the public internet."""


def is_public(address: Address) -> bool:
    """Return whether an address, and the IPv4 address it may carry inside, is public."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(address in network for network in EMBEDDING):
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = [one for one in carried if one is not None]
        if inner:
            return all(is_public(one) for one in inner)
    shut = address.is_multicast or any(address in network for network in ALSO_SHUT)
    return address.is_global and not shut


def literal(host: str) -> Address | None:
    """Return the address that ``host`` is, in any notation a resolver accepts; None: a name.

    Besides the usual forms these are decimal (``2130706433``), hexadecimal, octal and short
    (``127.1``) IPv4, full-width digits, brackets and zone ids.
    """
    text = unicodedata.normalize("NFKC", host).strip("[]").rstrip(".")
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    try:
        # inet_aton reads up to a blank and ignores the rest.
        return ipaddress.IPv4Address(socket.inet_aton(text)) if text.isascii() else None
    except OSError:
        return None


def check_url(url: str) -> str | None:
    """Return the host name that remains to be resolved; None: the URL has an open literal.

    Raises ForbiddenAddressError when the host is missing, a local name, or a literal of an
    address that is not public.
    """
    host = urlsplit(url).hostname
    if not host:
        raise ForbiddenAddressError(f"{url} names no host")
    address = literal(host)
    if address is not None:
        check_address(address, url)
        return None
    name = unicodedata.normalize("NFKC", host).rstrip(".").lower()
    if any(name == domain or name.endswith("." + domain) for domain in LOCAL_DOMAINS):
        raise ForbiddenAddressError(f"{url}: {name} is a name of the local network")
    return name


def check_address(address: Address | str, what: str) -> None:
    """Raise ForbiddenAddressError when ``address``, which ``what`` leads to, is not public."""
    parsed = ipaddress.ip_address(address) if isinstance(address, str) else address
    if not is_public(parsed):
        raise ForbiddenAddressError(f"{what} leads to {parsed}, which is not on the internet")


async def addresses(name: str) -> list[str]:
    """Return the IP addresses that the reactor's resolver has for ``name``; empty: none.

    The resolver keeps its answers, so that a connection made next goes to one of these.
    """
    from twisted.internet import reactor

    receiver = _Receiver()
    resolver: Any = reactor
    resolver.nameResolver.resolveHostName(receiver, name)
    return await maybe_deferred_to_future(receiver.complete)


@implementer(IResolutionReceiver)
class _Receiver:
    def __init__(self) -> None:
        self.complete: Deferred[list[str]] = Deferred()
        self._found: list[str] = []

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self._found.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete.callback(self._found)
