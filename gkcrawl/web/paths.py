"""The address of a request as Datasette is to see it."""

from collections.abc import MutableMapping
from typing import Any


def without_prefix(app: Any, base_url: str) -> Any:
    """Return the ASGI application ``app``, asked without the path prefix ``base_url``.

    Datasette makes links from the path that it was asked for and would put the prefix before them
    once more.
    """
    prefix = base_url.rstrip("/")

    async def asked(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if prefix and scope["type"] == "http" and scope["path"].startswith(f"{prefix}/"):
            raw = scope.get("raw_path") or scope["path"].encode()
            path = scope["path"].removeprefix(prefix)
            scope = {**scope, "path": path, "raw_path": raw.removeprefix(prefix.encode())}
        await app(scope, receive, send)

    return asked
