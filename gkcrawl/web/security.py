"""Headers that keep the pages to themselves: nothing from elsewhere, no script, no sniffing."""

import re
from collections.abc import MutableMapping
from typing import Any

# Our pages need one style sheet of their own and nothing else.
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
_NONE = "'none'"
_CLOSED = re.compile(
    r"(?:/(?!-/)[^/]*)*/-/"
    r"(?:(?:databases|threads|metadata|config)(?:\.json)?/?$"
    r"|static(?:-plugins)?/(?:.*[^/]{81}|.{1000}))",
    re.DOTALL,
)
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")

_DEFAULTS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", PAGE_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # Links to portals stand on most pages; names are looked up when somebody follows one.
    (b"x-dns-prefetch-control", b"off"),
)


def archived_headers(host: str) -> dict[str, str]:
    """Return the headers of an archived document: no script, no origin, no form, no frame, and no
    loads but from ``host``, which is how the visitor named us.

    A sandboxed page has an origin of its own, so ``'self'`` would be nobody; ``http://host`` stands
    for https too. Cross-Origin-Resource-Policy stays away: it blocks what such a page loads.
    """
    # Any other text could end the policy, or begin another.
    own = f"http://{host} " if _HOST.fullmatch(host) else ""
    return {
        "Content-Security-Policy": (
            f"sandbox; default-src 'none'; img-src {own}data:; style-src {own}'unsafe-inline'; "
            f"font-src {own}data:; media-src {own.strip() or _NONE}; script-src 'none'; "
            "object-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'; "
            "frame-ancestors 'self'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, noarchive",
    }


def closed(app: Any) -> Any:
    """Return the ASGI application ``app`` with no page where Datasette tells paths of this machine,
    or would open a static file of a name longer than file systems take, and fail."""

    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _CLOSED.match(scope.get("path", "")):
            scope = {**scope, "path": "/-/none", "raw_path": b"/-/none"}
        await app(scope, receive, send)

    return wrapped


def with_security_headers(app: Any) -> Any:
    """Return the ASGI application ``app`` with the headers above where an answer has none."""

    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        async def send_guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                given = {name.lower() for name, _ in headers}
                headers += [header for header in _DEFAULTS if header[0] not in given]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_guarded)

    return wrapped
