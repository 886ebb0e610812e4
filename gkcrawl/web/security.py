"""Headers that keep the pages to themselves: nothing from elsewhere, no script, no sniffing."""

from collections.abc import MutableMapping
from typing import Any

# Our pages need one style sheet of their own and nothing else.
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
# An archived document: no script, no origin, nothing loaded; its own inline styles may apply.
# Cross-Origin-Resource-Policy stays away: it blocks what a sandboxed page would load.
ARCHIVED_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'none'; "
    "object-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
ARCHIVED_HEADERS: dict[str, str] = {
    "Content-Security-Policy": ARCHIVED_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, noarchive",
}

_DEFAULTS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", PAGE_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


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
