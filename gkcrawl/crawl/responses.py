"""Requests and responses as the spiders make and take them."""

from asyncio import Future, wait
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.records import PageClass, Reading, Report, StoredExchange
from gkcrawl.families import Page

# What no longer holds for a body that is neither coded nor framed.
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "x-orig-transfer-encoding"})
TABLES = ("active_disclosure", "requests", "review_litigation")
FIRST_TABLES = 2019
"""Year of the first reports with the three tables (国办公开办函〔2019〕60号)."""
SHORTEST_REPORT = 600
"""Characters of a report without tables."""


def why(failure: Failure) -> str:
    """Return what went wrong with a request in a few words."""
    error = failure.value
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def request_meta(page_class: PageClass, hints: dict[str, str], via: str) -> dict[str, Any]:
    """Return what a request says of itself to the recorder; an empty ``via`` is none."""
    return {"page_class": page_class, "hints": hints, "via": via or None}


def page_of(response: Response, fragment: str = "", known: dict[str, str] | None = None) -> Page:
    """Return a response as the families see it; ``fragment`` is the one that its link had,
    ``known`` what earlier pages told of the site."""
    url = response.url.partition("#")[0] + (f"#{fragment}" if fragment else "")
    sent = response.request.body if response.request is not None else b""
    return Page(url, response.body, headers_of(response), request_body=sent, known=known)


def headers_of(response: Response) -> dict[str, str]:
    """Return the headers as text; bytes that are no UTF-8, such as GBK names of files, are lost."""
    return {
        name.decode("latin-1"): b",".join(values).decode("utf-8", "replace")
        for name, values in response.headers.items()
    }


def archived(stored: StoredExchange, request: Request) -> Response:
    """Return an answer from the archive as the response to a request."""
    headers = Headers()
    for name, value in stored.headers:
        if name.lower() not in _OF_THE_WIRE:
            headers.appendlist(name, value.encode("latin-1"))
    kind = responsetypes.from_args(headers=headers, url=request.url, body=stored.content)
    return kind(
        request.url,
        status=stored.capture.status or 200,
        headers=headers,
        body=stored.content,
        flags=["archived"],
        request=request,
    )


def is_file(response: Response) -> bool:
    """Tell whether a response is a document file: a page around it there is none."""
    return response.body[:8].startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"))


def is_rendered(response: Response) -> bool:
    """Tell whether a page came through a browser."""
    return response.request is not None and bool(response.request.meta.get("playwright"))


def is_whole(report: Report) -> bool:
    """Tell whether a page holds a report whole, so that none of its files is wanted."""
    return holds_all(report.year, report.tables.status, report.text)


def holds_all(year: int | None, tables_status: Mapping[str, str], text: str) -> bool:
    """Tell whether that is a whole report: it has its tables, or (before they were prescribed) a
    text of some length."""
    if (year or 0) >= FIRST_TABLES:
        states = (tables_status.get(name, "absent") for name in TABLES)
        return all(state not in ("absent", "ambiguous") for state in states)
    return len(text) >= SHORTEST_REPORT


async def outcome_of(reading: Future[Reading]) -> Reading | None:
    """Return what was read; None where that failed, which is told by who reads."""
    await wait([reading])
    return None if reading.exception() else reading.result()


def is_chosen(only: str | None, url: str, *names: str) -> bool:
    """Tell whether ``only`` (None: everything) is one of the names, or the host of the URL."""
    return only is None or only in names or only == urlsplit(url).hostname
