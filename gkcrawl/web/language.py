"""Chinese first, English on request: one word list, one language per request.

Texts stand in Chinese where they are used and are their own keys; ``words/*.yml`` holds the
English. The language of a request lives in a context variable, so that templates, macros, filters
and handlers need not hand it on.
"""

import re
from collections.abc import MutableMapping
from contextvars import ContextVar
from functools import cache
from http.cookies import CookieError, SimpleCookie
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs

import yaml

CHINESE, ENGLISH = "zh-CN", "en"
COOKIE = "gk_lang"
_CHOICES = {"zh": CHINESE, "zh-cn": CHINESE, "en": ENGLISH}
_ARCHIVED = re.compile(rb"/-/(?:replay/(?!\*/)|timemap/)")
_language: ContextVar[str] = ContextVar("language", default=CHINESE)


@cache
def english() -> dict[str, str]:
    """Return the English of every text of the pages, by its Chinese."""
    words: dict[str, str] = {}
    for file in sorted(files("gkcrawl.web").joinpath("words").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yml"):
            words |= yaml.safe_load(file.read_text("utf-8")) or {}
    return words


def current() -> str:
    """Return the language of the request at hand as HTML names it: ``zh-CN`` or ``en``."""
    return _language.get()


def say(text: str, **values: object) -> str:
    """Return ``text`` in the language of the request, its ``{names}`` filled in.

    A text that nobody has put into English stays Chinese.
    """
    if current() == ENGLISH:
        text = english().get(text, text)
    return text.format(**values) if values else text


def choose(scope: Any) -> str | None:
    """Set the language for an ASGI request; return it where the address asks for one by ``lang=``,
    None where a cookie or the default decides."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    asked = _CHOICES.get(query.get("lang", [""])[-1].lower())
    if _ARCHIVED.search(scope.get("raw_path") or b""):
        asked = None  # the query is that of the archived address
    _language.set(asked or _from_cookie(scope) or CHINESE)
    return asked


def _from_cookie(scope: Any) -> str | None:
    for name, value in scope.get("headers", ()):
        if name == b"cookie":
            try:
                kept = SimpleCookie(value.decode("latin-1")).get(COOKIE)
            except CookieError:
                return None
            return _CHOICES.get(kept.value.lower()) if kept else None
    return None


def with_language(app: Any) -> Any:
    """Return the ASGI application ``app`` with the language settled before it runs; one that was
    asked for by ``lang=`` is kept in a cookie."""

    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked = choose(scope)

        async def send_told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), (b"vary", b"Cookie")]
                if asked:
                    kept = f"{COOKIE}={asked}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
                    headers.append((b"set-cookie", kept.encode()))
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_told)

    return wrapped
