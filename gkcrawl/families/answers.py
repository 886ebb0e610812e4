"""Answers in JSON: the list of records in them, and the request for the page behind.

Every system wraps its records and counts its pages in its own way; the names are few enough for a
table. What the request was stands in the page's address or in what was posted for it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gkcrawl.families.calls import post, with_query
from gkcrawl.families.jsonrecords import entry_of, opened
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Entry, Listing, Next, rows, unique

_TOTALS = frozenset(
    (
        "total",
        "totalcount",
        "recordcount",
        "totalnum",
        "totalsize",
        "totalrecord",
        "totalrecords",
        "rowcount",
        "count",
        "totalelements",
        "totalhits",
        "infocount",
    )
)
_PAGES = frozenset(("pagecount", "totalpage", "totalpages", "pages", "pagetotal", "pagenum_total"))
_NUMBERS = (
    "page",
    "pageno",
    "pageindex",
    "pagenum",
    "currentpage",
    "current",
    "curpage",
    "cur_page",
    "pagenumber",
    "pn",
    "p",
)
_SIZES = ("pagesize", "_pagesize", "size", "limit", "perpage", "rows", "prepage", "rn", "ps")

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of one answer, and what it says of how many there are."""

    entries: tuple[Entry, ...] = ()
    records: int = 0
    """How many records it holds, those without an address counted."""
    total: int | None = None
    pages: int | None = None


def json_listing(page: Page, *, first: int = 1) -> Listing:
    """Return the rows of a JSON answer and the request for the page behind it.

    ``first`` is the number of the first page: 1, or 0 in systems that count from there.
    """
    answer = read_answer(page)
    following = next_request(page, answer, first=first)
    return Listing(answer.entries, (following,) if following else ())


def read_answer(page: Page, data: Any = None) -> Answer:
    """Return the records of a JSON answer, or of ``data`` that stands in a page.

    An empty Answer where there are none.
    """
    data = page.data if data is None else data
    totals: dict[str, int] = {}
    best: tuple[tuple[Entry, ...], int] = ((), 0)
    for found in _lists(data, totals, 0):
        entries = unique(filter(None, (entry_of(page, record) for record in found)))
        if len(entries) > len(best[0]):
            best = entries, len(found)
    if not best[0] and (markup := _markup(data, 0)):
        inner = Page(page.url, markup.encode(), {"content-type": "text/html; charset=utf-8"})
        found_rows = rows(inner)
        best = found_rows, len(found_rows)
    return Answer(*best, total=totals.get("total"), pages=totals.get("pages"))


def next_request(page: Page, answer: Answer, *, first: int = 1) -> Next | None:
    """Return the request for the page behind the one that was asked for; None: it is the last.

    The request that was made stands in the page's address or in what was posted.
    """
    sent, as_json = _sent(page)
    asked = {**dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True)), **_flat(sent)}
    by_name = {name.lower(): name for name in asked}
    name = next((by_name[known] for known in _NUMBERS if known in by_name), None)
    if name is None or not str(asked[name]).isdigit():
        return None
    number = int(asked[name])
    sizes = (str(asked[by_name[known]]) for known in _SIZES if known in by_name)
    size = next((int(found) for found in sizes if found.isdigit()), None)
    if not _is_more(answer, max(number, first) - first + 1, size):
        return None
    following = max(number, first) + 1
    if name in _flat(sent):
        return post(page.url, _changed(sent, name, following), as_json=as_json)
    url = with_query(page.url, {name: following})
    return post(url, sent, as_json=as_json) if sent else Next(url)


def _is_more(answer: Answer, number: int, size: int | None) -> bool:
    """Tell whether there are pages behind page ``number`` (counted from 1)."""
    if not answer.records:
        return False
    if answer.pages is not None:
        return number < answer.pages
    shown = answer.records
    if answer.total is not None:
        # A server may grant fewer rows than were asked for.
        is_last = size is not None and (number - 1) * size + shown == answer.total
        return number * shown < answer.total and not is_last
    return size is None or shown >= size


def _sent(page: Page) -> tuple[dict[str, Any], bool]:
    """Return what was posted, and whether as JSON; an empty mapping for a GET."""
    if not page.request_body:
        return {}, False
    text = page.request_body.decode("utf-8", errors="replace")
    if text.lstrip().startswith("{"):
        sent_json = opened(text.strip())
        return (sent_json, True) if isinstance(sent_json, dict) else ({}, False)
    sent: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        if name.startswith("{"):
            continue
        sent[name] = [*_listed(sent[name]), value] if name in sent else value
    return sent, False


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flat(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a request; Epoint wraps them once more, in ``params``."""
    inner = sent.get("params")
    if isinstance(inner, str) and inner.startswith("{"):
        inner = opened(inner)
    return {**sent, **inner} if isinstance(inner, dict) else dict(sent)


def _changed(sent: Mapping[str, Any], name: str, number: int) -> dict[str, Any]:
    if name in sent:
        return {**sent, name: type(sent[name])(number)}
    inner = sent["params"]
    if isinstance(inner, str):
        inner = {**opened(inner)}
        inner[name] = type(inner[name])(number)
        return {**sent, "params": json.dumps(inner, ensure_ascii=False)}
    return {**sent, "params": {**inner, name: type(inner[name])(number)}}


def _lists(node: Any, totals: dict[str, int], depth: int) -> Iterator[list[dict[str, Any]]]:
    """Yield the lists of records in an answer; note on the way how many it says there are."""
    node = opened(node)
    if depth > DEEPEST:
        return
    if isinstance(node, list):
        records = [item for item in node if isinstance(item, dict)]
        if records:
            yield records
        elif len(node) <= 3:
            for item in node:
                yield from _lists(item, totals, depth + 1)
    elif isinstance(node, dict):
        for name, value in node.items():
            for kind, known in (("total", _TOTALS), ("pages", _PAGES)):
                if name.lower() in known and str(value).isdigit():
                    totals.setdefault(kind, int(value))
        for value in node.values():
            yield from _lists(value, totals, depth + 1)


def _markup(node: Any, depth: int) -> str:
    """Return the longest text in an answer that is made of links, '' if there is none."""
    if isinstance(node, str):
        return node if re.search(r"<a\b", node, re.I) else ""
    inner: list[Any] = []
    if isinstance(node, dict) and depth <= DEEPEST:
        inner = list(node.values())
    elif isinstance(node, list) and depth <= DEEPEST:
        inner = node
    return max((_markup(value, depth + 1) for value in inner), key=len, default="")
