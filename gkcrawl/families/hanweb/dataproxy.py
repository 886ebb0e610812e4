"""Rows of 大汉 Hanweb that come by request: ``dataproxy.jsp``, and truecms' ``getMessage.do``.

Some servers take ``startrecord`` and ``endrecord``, some only ``page`` and ``perpage``; a request
made up here says the same in both ways. Sites that encrypt the parameters answer with an empty
``<datastore>``. truecms of 江苏 (南通) answers as JSONP, ``cb({"result": "<datastore>…"})``.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from gkcrawl.families.hanweb.islands import USUAL_ROWS, Unit, inside, stored
from gkcrawl.families.numbers import whole
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Listing, Next

MOST_ROWS = 100
"""Rows asked for at once: what servers grant at least; truecms grants half of it."""
INLINE_ROWS = 45
"""Rows in a column's page; more are not repeated by the first requests after it."""
ANSWERS = re.compile(r"/dataproxy\.jsp|/getMessage\.do", re.I)

_TRUECMS = re.compile(r"/getMessage\.do", re.I)
_JSONP = re.compile(r"^\s*(?:[\w$.]+\s*\()?\s*(\{.*\})\s*\)?\s*;?\s*$", re.S)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def answer(page: Page) -> Listing:
    """Return the rows of an answer and the request for the next ones."""
    text = _unwrapped(page.text)
    store = next((store for _, store in inside(text, "datastore")), "")
    unit = stored(page, store, Unit())
    query = dict(parse_qsl(urlsplit(page.url).query))
    follow = _after_group if whole(query.get("startrecord")) is None else _after_rows
    return Listing(unit.entries, *follow(page, unit, query))


def first(unit: Unit) -> Next | None:
    """Return the request for more than a column's page shows; None: it does not say how."""
    if unit.group:
        return Next(unit.group)
    if unit.proxy is None:
        return None
    most = MOST_ROWS // 2 if _TRUECMS.search(unit.proxy) else MOST_ROWS
    size = min(max(unit.total or most, USUAL_ROWS), most)
    return _place(unit.proxy, page=1, start=1, size=size, post=unit.post)


def with_values(address: str, values: dict[str, Any]) -> str:
    """Return an address with these parameters, the others as they are (some are encoded twice)."""
    base, _, query = address.partition("?")
    kept = [p for p in query.split("&") if p and p.partition("=")[0] not in values]
    return f"{base}?{'&'.join([*kept, urlencode(values)])}"


def _after_rows(
    page: Page, unit: Unit, query: dict[str, str]
) -> tuple[tuple[Next, ...], tuple[Next, ...]]:
    """Return what to ask after a request by row numbers, and what if it brought nothing new."""
    start, number = _value(query, "startrecord", 1), _value(query, "page", 1)
    post, size = bool(page.request_body), _value(query, "perpage", USUAL_ROWS)
    if not unit.shown:
        # Perhaps it was asked for more than it grants.
        fewer = _place(page.url, page=number, start=start, size=USUAL_ROWS, post=post)
        return (), (fewer,) if size > USUAL_ROWS and start == 1 else ()
    end = start - 1 + unit.shown
    is_last = end >= unit.total if unit.total is not None else unit.shown < min(size, USUAL_ROWS)
    if is_last:
        return (), ()
    following = _place(page.url, page=number + 1, start=end + 1, size=unit.shown, post=post)
    return (following,), (following,) if end <= INLINE_ROWS else ()


def _after_group(
    page: Page, unit: Unit, query: dict[str, str]
) -> tuple[tuple[Next, ...], tuple[Next, ...]]:
    """Return what to ask after a group that the server named, and what if it was nothing new."""
    number = _value(query, "page", 0)
    if not unit.shown or (unit.pages is not None and number >= unit.pages):
        return (), ()
    size = _value(query, "perpage", USUAL_ROWS)
    instead = _place(page.url, page=number + 1, start=unit.shown + 1, size=unit.shown)
    otherwise = (instead,) if number <= 1 else ()
    if unit.group:
        return (Next(unit.group),), otherwise
    is_counted = unit.total is not None and unit.shown >= size and number * unit.shown < unit.total
    if number and (is_counted or (unit.pages is not None and number < unit.pages)):
        return (Next(with_values(page.url, {"page": number + 1})),), otherwise
    return (), otherwise


def _place(address: str, *, page: int, start: int, size: int, post: bool = False) -> Next:
    """Return the request for ``size`` rows from row ``start`` on, which is page ``page``."""
    place: dict[str, Any] = {
        "startrecord": start,
        "endrecord": start - 1 + size,
        "perpage": size,
        "page": page,
    }
    if _TRUECMS.search(address) and "callback=" not in address:
        place["callback"] = "cb"
    url = with_values(address, place)
    if not post:
        return Next(url)
    return Next(url, method="POST", body=urlsplit(url).query.encode("ascii"), headers=_FORM)


def _value(query: dict[str, str], name: str, default: int) -> int:
    value = whole(query.get(name))
    return default if value is None else value


def _unwrapped(text: str) -> str:
    """Return the XML that stands in an answer, which may be JSONP around it."""
    if match := _JSONP.match(text):
        try:
            return str(json.loads(match[1])["result"])
        except (ValueError, TypeError, KeyError):
            return text
    return text
