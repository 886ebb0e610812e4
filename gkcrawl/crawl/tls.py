"""TLS as old servers speak it.

Portals of counties still answer in TLS 1.0 or 1.1 only, with short keys or SHA-1. OpenSSL offers
these at its security level 0 alone, and neither Scrapy nor Twisted has a setting for the level.
Nothing secret is sent, and the archive says that certificates were not verified.
"""

from dataclasses import dataclass
from typing import cast

from OpenSSL import SSL, crypto
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.crawler import Crawler
from scrapy.utils.misc import build_from_crawler
from twisted.internet.ssl import CertificateOptions
from twisted.web.iweb import IPolicyForHTTPS


@dataclass(frozen=True, slots=True)
class Tls:
    """What a connection over TLS was made with."""

    version: str
    """``TLSv1.3``"""
    certificates: bytes | None
    """PEM, the server's first, as it sent them; None: it sent none."""


def tls_of(connection: SSL.Connection) -> Tls:
    """Return what ``connection``, whose handshake is over, was made with."""
    chain = connection.get_peer_cert_chain() or []
    pem = [crypto.dump_certificate(crypto.FILETYPE_PEM, one) for one in chain]
    return Tls(connection.get_protocol_version_name(), b"".join(pem) or None)


class OldTLSContextFactory(_ScrapyClientContextFactory):
    """Scrapy's factory for TLS connections, at OpenSSL's security level 0."""

    def _get_cert_options(self) -> CertificateOptions:
        options = super()._get_cert_options()
        options._cipherString += ":@SECLEVEL=0"
        return options


def old_tls(crawler: Crawler) -> IPolicyForHTTPS:
    """Return the factory of TLS connections that the crawler's settings describe."""
    factory = build_from_crawler(OldTLSContextFactory, crawler, method=SSL.TLS_METHOD)
    return cast(IPolicyForHTTPS, factory)
