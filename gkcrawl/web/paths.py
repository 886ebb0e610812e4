"""The address of a request as Datasette is to see it."""

import re
from collections.abc import MutableMapping
from typing import Any

# Where Datasette tells of the machine: absolute paths of files, threads.
_OF_THE_MACHINE = re.compile(r"/-/(?:metadata|databases|threads|config)(?:\.json)?/?")
_LONGEST_NAME = 255
"""Bytes of the longest file name; Datasette looks static files up by whatever it is given."""
_NOWHERE = "/-/nowhere"


def with_paths(app: Any, base_url: str) -> Any:
    """Return the ASGI application ``app``, asked without the path prefix ``base_url``.

    Datasette makes links from the path that it was asked for and would put the prefix before them
    once more. What tells of the machine, and names that no file has, are not found.
    """
    prefix = base_url.rstrip("/")

    async def asked(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope = {**scope, **_seen(scope, prefix)}
        await app(scope, receive, send)

    return asked


def _seen(scope: MutableMapping[str, Any], prefix: str) -> dict[str, Any]:
    path, raw = scope["path"], scope.get("raw_path") or scope["path"].encode()
    if prefix and path.startswith(f"{prefix}/"):
        path, raw = path.removeprefix(prefix), raw.removeprefix(prefix.encode())
    too_long = path.startswith("/-/static") and any(
        len(name.encode()) > _LONGEST_NAME for name in path.split("/")
    )
    if too_long or _OF_THE_MACHINE.fullmatch(path):
        path, raw = _NOWHERE, _NOWHERE.encode()
    return {"path": path, "raw_path": raw}
