"""Requests as JSON: what lies in Redis must not be able to run code here, as pickles can."""

import json
from typing import Any


def dumps(request: dict[str, Any]) -> str:
    """Return a request, as ``Request.to_dict`` gives it, as text."""
    body = request["body"].decode("latin-1")
    kept = {name: value for name, value in request.items() if name not in ("body", "headers")}
    return json.dumps({**kept, "body": body}, ensure_ascii=False, sort_keys=True)


def loads(text: str) -> dict[str, Any]:
    """Return what ``dumps`` was given, but for its headers."""
    request: dict[str, Any] = json.loads(text)
    return {**request, "body": request["body"].encode("latin-1")}
