"""From a request and what came of it to the ``Exchange`` or ``RenderedPage`` that is archived."""

import time
from dataclasses import replace
from typing import Any, cast, get_args
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectionClosed
from twisted.web._newclient import ResponseFailed

from archive.records import Exchange, PageClass, RenderedPage, Truncation
from gkcrawl.crawl import clock
from gkcrawl.crawl.wire import Wire

# What the class of a failure says of the bytes that did come (WARC/1.1, section 5.13).
TRUNCATIONS: tuple[tuple[type[BaseException], Truncation], ...] = (
    (DownloadTimeoutError, "time"),
    (DownloadCancelledError, "length"),
    (ResponseDataLossError, "disconnect"),
)


def succeeded(request: Request, wire: Wire, response: Response, *, proxied: bool) -> Exchange:
    """Return the exchange of an answered request."""
    # A body without length ends with the connection; if that was reset, who knows what is missing.
    broken_off = wire.reset and "partial" in response.flags
    return _exchange(request, wire, proxied=proxied, truncated="disconnect" if broken_off else None)


def not_rendered(request: Request, error: BaseException, *, proxied: bool) -> Exchange:
    """Return the exchange of a page that a browser could not show."""
    return replace(
        failed(request, Wire(), error, proxied=proxied),
        hints={**request.meta.get("hints", {}), "asked-of": "browser"},
    )


def failed(request: Request, wire: Wire, error: BaseException, *, proxied: bool) -> Exchange:
    """Return the exchange of a try that failed; ``wire`` is empty where none came about."""
    return _exchange(
        request,
        wire,
        proxied=proxied,
        truncated=_truncation(wire, error) if wire.response else None,
        failure=describe(error),
    )


def rendered(request: Request, url: str, html: str, status: int, **more: Any) -> RenderedPage:
    """Return the page that a browser showed when it was asked for ``request``.

    ``url``: where it ended; ``more``: other fields of RenderedPage.
    """
    asked, url = urldefrag(request.url)[0], urldefrag(url)[0]
    hints = request.meta.get("hints", {})
    return RenderedPage(
        url=url,
        rendered_at=clock.now(),
        html=html,
        status=status,
        page_class=page_class(request),
        reason=request.meta.get("render_reason", ""),
        via=via(request),
        # A browser follows redirects by itself.
        hints=hints if url == asked else {**hints, "asked": asked},
        **more,
    )


def describe(error: BaseException) -> str:
    """Return ``Class: message`` of an error, with the reasons that Twisted wraps in it."""
    reasons = _reasons(error) or _reasons(error.__cause__)
    inner = "; ".join(f"{type(reason).__name__}: {reason}" for reason in reasons)
    return f"{type(error).__name__}: {inner or error}"


def page_class(request: Request) -> PageClass:
    """Return what the request says it is; robots.txt is asked for by Scrapy itself."""
    said = request.meta.get("page_class")
    if said is not None:
        if said not in get_args(PageClass):
            raise ValueError(f"page_class {said!r} of {request.url} is none of {PageClass}")
        return cast(PageClass, said)
    first = request.meta.get("redirect_urls", [request.url])[0]
    return "robots" if urlsplit(first).path == "/robots.txt" else "other"


def via(request: Request) -> str | None:
    """Return the URL that led here: the redirect before it, else the page that linked to it."""
    redirects = request.meta.get("redirect_urls")
    if redirects:
        return str(redirects[-1])
    referer = request.headers.get("Referer")
    return request.meta.get("via") or (referer.decode("latin-1") if referer else None)


def _truncation(wire: Wire, error: BaseException) -> Truncation:
    if wire.given_up:
        return wire.given_up
    lost = any(isinstance(reason, ConnectionClosed) for reason in _reasons(wire.error))
    said = (name for kind, name in TRUNCATIONS if isinstance(error, kind))
    return next(said, "disconnect" if lost else "unspecified")


def _reasons(error: BaseException | None) -> list[BaseException]:
    """Return the errors that a Twisted wrapper holds."""
    if not isinstance(error, ResponseFailed):
        return []
    return [failure.value for failure in error.reasons]


def _exchange(
    request: Request,
    wire: Wire,
    *,
    proxied: bool,
    truncated: Truncation | None,
    failure: str | None = None,
) -> Exchange:
    return Exchange(
        url=urldefrag(request.url)[0],
        started_at=wire.started_at,
        request=bytes(wire.request),
        response=wire.response.octets(),
        page_class=page_class(request),
        # Behind a proxy the other end is the proxy.
        ip_address=None if proxied else wire.ip_address,
        via=via(request),
        duration_ms=round((time.monotonic() - wire.started) * 1000),
        retries=request.meta.get("retry_times", 0),
        truncated=truncated,
        failure=failure,
        hints=request.meta.get("hints", {}),
        tls_version=wire.tls.version if wire.tls else None,
        certificates=wire.tls.certificates if wire.tls else None,
    )
