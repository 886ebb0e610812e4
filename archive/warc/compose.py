"""What is written about one exchange: its group of records and the row that stands for it. Pure.

A group begins with the record that it is about and ends with its metadata::

    response [resource of stray bytes] request metadata     an answer came (over TLS with
                                                            resource: certificates, if new)
    revisit                            request metadata     … whose payload is there already
    resource                           request metadata     … but it was no HTTP message
                                       request metadata     no answer came
    resource [resource: screenshot]            metadata     a page as a browser showed it

The others name the first by ``WARC-Concurrent-To`` (where no answer came: the metadata).
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, cast
from urllib.parse import urlsplit

from archive.records import (
    Capture,
    Exchange,
    Failure,
    Octets,
    PageClass,
    RenderedPage,
    timestamp,
)
from archive.warc.fields import MEDIA_TYPE, encode_fields, prefixed
from archive.warc.group import Group, Place
from archive.warc.message import Message, cut, head_end, media_type, redact
from archive.warc.record import digest
from archive.warc.revisits import NOT_MODIFIED, Repeat, fields_of

# Bytes that are no HTTP message, or that came after the end of one, are kept under this URN.
WIRE = "urn:wire:"
# What Browsertrix and ReplayWeb.page call a screenshot.
VIEW = "urn:view:"
# The certificates that a host sent (RFC 8555, section 9.1, has their media type).
TLS = "urn:x-gkcrawl:tls:"
_CHAIN = "application/pem-certificate-chain"
HTML = "text/html; charset=utf-8"
EXCHANGE, FAILURE, RENDERED = "exchange", "failure", "rendered"
HINT = "hint-"

Find = Callable[[Exchange, Message, str], Repeat | None]
"""Says what a response repeats, which is given with the digest of its payload."""

_RESPONSE = "application/http; msgtype=response"
_REQUEST = "application/http; msgtype=request"
_OCTETS = "application/octet-stream"
_NO_RESPONSE = "NoResponse: the server sent nothing"


def exchange_group(
    exchange: Exchange, place: Place, *, wire_framing: bool = False, find: Find | None = None
) -> tuple[Group, Capture | Failure]:
    """Return the records of an exchange and its row; a capture's file and place are still empty.

    The row is a Failure only where no byte of a response came. ``wire_framing``: chunk framing is
    kept in the block; the payload's digest is of the payload without it all the same. ``find``
    says what a response repeats, None: nothing does.
    """
    group = Group(place, exchange.url)
    request, redacted = redact(exchange.request)
    if not exchange.response:
        _add_request(group, request)
        _add_told(group, FAILURE, exchange, redacted, None, main=True)
        error = exchange.failure or _NO_RESPONSE
        return group, failure_row(group.main_id, place.run_id, exchange.url, place.date, error)
    method = exchange.request.partition(b" ")[0].decode("latin-1")
    parts = cut(exchange.response, method=method)
    payload = parts.body if parts else _view(exchange.response)
    checksum = digest(payload)
    repeat = find(exchange, parts, checksum) if find and parts else None
    if parts and repeat:
        checksum = _add_revisit(group, exchange, parts, repeat, checksum)
    else:
        _add_answer(group, exchange, parts, checksum, wire_framing)
    if parts and parts.excess:
        group.add("resource", parts.excess, _OCTETS, payload=parts.excess, prefix=WIRE)
    _add_certificates(group, exchange)
    _add_request(group, request)
    _add_told(group, EXCHANGE, exchange, redacted, parts)
    status, kind = (parts.status, media_type(parts.headers)) if parts else (None, None)
    row = _capture(group, status, kind, checksum, exchange.page_class)
    return group, replace(row, refers_to=repeat.original.record.id) if repeat else row


def rendered_group(page: RenderedPage, place: Place) -> tuple[Group, Capture]:
    """Return the records of a rendered page and its row; its file and place are still empty."""
    group = Group(place, page.url)
    # Half of a surrogate pair, which scripts can make, has no UTF-8.
    html = page.html.encode("utf-8", "xmlcharrefreplace")
    # No ``conversion``, though the standard has that name for it: replay tools show none.
    group.add("resource", html, HTML, main=True, payload=html)
    if page.screenshot is not None:
        group.add("resource", page.screenshot, "image/png", payload=page.screenshot, prefix=VIEW)
    told = encode_fields(
        [
            ("event", RENDERED),
            ("via", page.via),
            ("page-class", page.page_class),
            *prefixed(HINT, page.hints.items()),
            ("status", str(page.status)),
            ("browser", page.browser),
            ("reason", page.reason),
            ("began", _unless_same(timestamp(page.rendered_at), place.date)),
        ]
    )
    group.add("metadata", told, MEDIA_TYPE)
    return group, _capture(group, page.status, "text/html", digest(html), "rendered")


def failure_row(
    id: str, run_id: str, url: str, at: str, error: str, capture_id: str | None = None
) -> Failure:
    """Return the row for an error told as ``Class: message``."""
    name, _, text = error.partition(": ")
    return Failure(id, run_id, url, at, name, text, capture_id)


def _capture(
    group: Group,
    status: int | None,
    kind_of_media: str | None,
    checksum: str,
    kind: PageClass | Literal["rendered"],
) -> Capture:
    return Capture(
        id=group.main_id,
        url=group.url or "",
        captured_at=group.place.date,
        status=status,
        media_type=kind_of_media,
        payload_digest=checksum,
        warc="",
        offset=0,
        length=0,
        kind=kind,
        run_id=group.place.run_id,
    )


def _add_answer(
    group: Group, exchange: Exchange, parts: Message | None, checksum: str, wire_framing: bool
) -> None:
    """Add what came, as a response, or as mere bytes where it is no HTTP message."""
    wire = exchange.response
    named = [
        ("WARC-IP-Address", exchange.ip_address),
        ("WARC-Truncated", _truncated(exchange, parts)),
    ]
    if parts is None:
        kind, head, rest, media, prefix = "resource", b"", _view(wire), _OCTETS, WIRE
    else:
        kind, media, prefix = "response", _RESPONSE, ""
        head, rest = _as_received(wire, parts) if wire_framing else (parts.head, parts.body)
    group.add(
        kind, head, media, main=True, checksum=checksum, rest=rest, prefix=prefix, named=named
    )


def _add_revisit(
    group: Group, exchange: Exchange, parts: Message, repeat: Repeat, checksum: str
) -> str:
    """Add the head that came, for a payload that another record holds; return that one's digest."""
    if repeat.kind == NOT_MODIFIED:
        checksum = repeat.original.record.get("WARC-Payload-Digest") or checksum
    named = [("WARC-IP-Address", exchange.ip_address), *fields_of(repeat)]
    group.add("revisit", parts.head, _RESPONSE, main=True, checksum=checksum, named=named)
    return checksum


def _view(wire: Octets, start: int = 0, end: int | None = None) -> bytes:
    """Return bytes of an exchange, those of a mapped file without reading them all."""
    return wire[start:end] if isinstance(wire, bytes) else cast(bytes, memoryview(wire)[start:end])


def _as_received(wire: Octets, parts: Message) -> tuple[bytes, bytes]:
    """Return head and body of the final response with their framing."""
    start = sum(map(len, parts.interim))
    body = head_end(wire, start) or start
    return wire[start:body], _view(wire, body, len(wire) - len(parts.excess))


def _add_certificates(group: Group, exchange: Exchange) -> None:
    if chain := exchange.certificates:
        uri = TLS + urlsplit(exchange.url).netloc
        named = [("WARC-IP-Address", exchange.ip_address)]
        group.add("resource", chain, _CHAIN, payload=chain, uri=uri, named=named)


def _add_request(group: Group, request: bytes) -> None:
    if request:
        group.add("request", request, _REQUEST)


def _add_told(
    group: Group,
    event: str,
    exchange: Exchange,
    redacted: list[str],
    parts: Message | None,
    *,
    main: bool = False,
) -> None:
    """Add the metadata of an exchange; via and fetchTimeMs are Heritrix's names."""
    wire = exchange.response
    interim, trailers = (parts.interim, parts.trailers) if parts else ((), b"")
    spent = exchange.duration_ms
    block = encode_fields(
        [
            ("event", event),
            ("via", exchange.via),
            ("fetchTimeMs", None if spent is None else str(spent)),
            ("page-class", exchange.page_class),
            *prefixed(HINT, exchange.hints.items()),
            ("retries", str(exchange.retries)),
            ("failure", _error(exchange)),
            ("truncated", _truncated(exchange, parts)),
            ("began", _unless_same(timestamp(exchange.started_at), group.place.date)),
            ("tls-version", exchange.tls_version),
            ("redacted", ", ".join(redacted) or None),
            ("wire-length", str(len(wire)) if wire else None),
            ("wire-sha256", hashlib.sha256(wire).hexdigest() if wire else None),
            *(("informational", head.decode("latin-1")) for head in interim),
            ("trailers", trailers.decode("latin-1") or None),
        ]
    )
    group.add("metadata", block, MEDIA_TYPE, main=main)


def _truncated(exchange: Exchange, parts: Message | None) -> str | None:
    if exchange.truncated or parts:
        return exchange.truncated or (parts.truncated if parts else None)
    # Begun like a response, but its head never ended.
    return "disconnect" if exchange.response[:5] == b"HTTP/" else None


def _error(exchange: Exchange) -> str | None:
    return exchange.failure or (None if exchange.response else _NO_RESPONSE)


def _unless_same(value: str, other: str) -> str | None:
    return None if value == other else value
