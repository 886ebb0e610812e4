"""What the scripts of a page ask the server for: lists that come after the page itself.

Nothing is run. Calls of the usual libraries (jQuery, axios, fetch) are read where they stand, with
the values that the page gives to their variables, its hidden fields and its own address.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from gkcrawl.families.jsstrings import as_text
from gkcrawl.families.jsvalue import UNKNOWN, Json, read_arguments, read_value
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Next

_SCRIPT = re.compile(r"<(/?)script\b[^>]*>", re.I)
_SET = re.compile(r"(?<![\w.$=!<>])([A-Za-z_$][\w$]*)\s*=(?![=>])\s*(?=[\"'`\[{\w$(])")
_CALL = re.compile(
    r"(?P<name>\$\.(?:post|getJSON|get|ajax)|jQuery\.(?:post|getJSON|get|ajax)"
    r"|axios(?:\.(?:get|post|request))?|\b\w{1,30}\.(?:ajax|load|open|postJSON)|\bfetch|\)\.load)\s*\("
)

# Cut out of the page's own address somehow: its one parameter, most likely.
_FROM_ADDRESS = re.compile(r"(?:(?:window|document)\.)?location\.(?:search|href)\s*\.")

# What scripts call a page's number when they ask for the first page.
PAGE_NAMES = (
    "page",
    "pageNo",
    "pageno",
    "pageNum",
    "pagenum",
    "pageIndex",
    "pageindex",
    "currentPage",
    "currentpage",
    "curPage",
    "curpage",
    "current",
    "cur_page",
    "pageNumber",
    "page_no",
    "pn",
    "pageindexs",
    "nowPage",
)
_ROOTS = ("ctx", "basePath", "contextPath", "base", "baseUrl", "webRoot", "rootPath", "path")
MOST_SCRIPT = 400_000
"""Characters of script that are looked at; more is libraries."""
MOST_NAMES = 400
MOST_CALLS = 40
MOST_OBJECTS = 400


@dataclass(frozen=True, slots=True)
class Call:
    """A request that a script makes for more of the page."""

    url: str
    """Absolute."""
    method: str = "GET"
    data: Mapping[str, Any] = field(default_factory=dict)
    as_json: bool = False
    traditional: bool = False
    """jQuery's word for lists whose names get no brackets."""

    def request(self, **changes: Any) -> Next:
        """Return the request, with some of its parameters changed or added."""
        data = {**self.data, **changes}
        if self.method == "POST":
            return post(self.url, data, as_json=self.as_json, brackets=not self.traditional)
        return Next(with_query(self.url, data))


def scripts(page: Page) -> str:
    """Return the scripts that stand in a page; the whole body where it is a script itself."""
    if "<" not in page.text[:2000]:
        return page.text[:MOST_SCRIPT]
    found: list[str] = []
    start: int | None = None
    for tag in _SCRIPT.finditer(page.text):
        if start is not None and tag[1]:
            found.append(page.text[start : tag.start()])
        start = None if tag[1] else tag.end()
    return "\n".join(found)[:MOST_SCRIPT]


def names(page: Page, number: int = 1) -> dict[str, Any]:
    """Return what the variables of a page's scripts hold, with its fields and its address.

    The names that usually hold a page's number hold ``number``.
    """
    found: dict[str, Any] = dict.fromkeys(_ROOTS, "")
    asked = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    found |= asked
    for element in page.tree.iter("input"):
        for key in (element.get("name"), element.get("id")):
            if key:
                found[key] = element.get("value") or ""
    found |= dict.fromkeys(PAGE_NAMES, number)
    found |= {"location.href": page.url, "window.location.href": page.url}
    text = scripts(page)
    for count, match in enumerate(_SET.finditer(text)):
        if count >= MOST_NAMES:
            break
        value = read_value(text, match.end(), found)
        if value is UNKNOWN and _FROM_ADDRESS.match(text, match.end()) and len(asked) == 1:
            value = next(iter(asked.values()))
        if isinstance(value, str | int | dict | list | Json) and match[1] not in PAGE_NAMES:
            found[match[1]] = value
    return found


@lru_cache(maxsize=2)
def calls(page: Page) -> tuple[Call, ...]:
    """Return the requests that the scripts make, first pages of lists, in the order they stand."""
    text = scripts(page)
    known: dict[str, Any] | None = None
    found: list[Call] = []
    for match in islice(_CALL.finditer(text), MOST_CALLS * 10):
        known = names(page) if known is None else known
        given = read_arguments(text, match.end(), known)
        call = _call(page, match["name"], given)
        if call is not None and call not in found:
            found.append(call)
        if len(found) >= MOST_CALLS:
            break
    return tuple(found)


def objects(
    page: Page, key: str, wanted: Callable[[str], bool] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the objects in a page's scripts that have a key, wherever they stand.

    ``wanted`` chooses among them by the text that the key holds (trees have thousands of nodes).
    """
    text = scripts(page)
    known: dict[str, Any] | None = None
    last = -1
    pattern = rf"""["']?\b{re.escape(key)}(?:\[\])?["']?\s*:\s*(?:["']([^"'\n]*)["'])?"""
    matches = (m for m in re.finditer(pattern, text) if wanted is None or wanted(m[1] or ""))
    for match in islice(matches, MOST_OBJECTS):
        known = names(page) if known is None else known
        start = _opening(text, match.start())
        if start is None or start == last:
            continue
        last = start
        value = read_value(text, start, known)
        if isinstance(value, dict) and (key in value or f"{key}[]" in value):
            yield value


def post(
    url: str, data: Mapping[str, Any], *, as_json: bool = False, brackets: bool = True
) -> Next:
    """Return a POST with a form or with JSON; a list in a form is ``name[]``, as jQuery has it."""
    headers = {"X-Requested-With": "XMLHttpRequest"}
    if as_json:
        headers["Content-Type"] = "application/json;charset=UTF-8"
        body = json.dumps(dict(data), ensure_ascii=False, separators=(",", ":")).encode()
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        body = urlencode(list(_pairs(data, brackets))).encode()
    return Next(url, method="POST", body=body, headers=headers)


def with_query(url: str, data: Mapping[str, Any]) -> str:
    """Return an address with parameters set; those that it has keep their place."""
    parts = urlsplit(url)
    changed = {name: as_text(value) for name, value in data.items() if not isinstance(value, list)}
    pairs = [
        (name, changed.pop(name, value))
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    lists = {name: value for name, value in data.items() if isinstance(value, list)}
    pairs += [*changed.items(), *_pairs(lists, brackets=True)]
    return parts._replace(query=urlencode(pairs)).geturl()


def _pairs(data: Mapping[str, Any], brackets: bool) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if not isinstance(value, list):
            yield name, as_text(value)
            continue
        suffix = "[]" if brackets and not name.endswith("[]") else ""
        for item in value:
            yield name + suffix, as_text(item)


def _call(page: Page, name: str, given: tuple[Any, ...]) -> Call | None:
    """Return a call by the function's name and what it was given, None if it names no address."""
    if not given:
        return None
    if name.endswith(".open"):
        given = given[1:] if given and str(given[0]).upper() in ("GET", "POST") else ()
    elif isinstance(given[0], dict):
        options = given[0]
        data = options.get("data", options.get("params", {}))
        method = str(options.get("type") or options.get("method") or "GET").upper()
        kind = str(options.get("contentType") or options.get("headers") or "")
        made = _made(page, options.get("url"), method, data, "json" in kind)
        return replace(made, traditional=options.get("traditional") is True) if made else None
    if not given:
        return None
    rest = [value for value in given[1:] if isinstance(value, dict | str | Json)]
    data = rest[0] if rest else {}
    method = "POST" if name.endswith("post") else "GET"
    if name == "fetch" and isinstance(data, dict):
        method = str(data.get("method") or "GET").upper()
        data = data.get("body", {})
    elif name.endswith("load") and isinstance(data, dict) and data:
        method = "POST"
    elif name.startswith("axios") and isinstance(data, dict) and method == "GET":
        data = data.get("params", {})
    return _made(page, given[0], method, data, name == "axios.post")


def _made(page: Page, url: Any, method: str, data: Any, as_json: bool) -> Call | None:
    if not isinstance(url, str):
        return None
    # ``.load("list.html #rows")``: an address and a part of it.
    target = page.resolve(url.split(" ", 1)[0])
    if target is None or urlsplit(target).hostname != urlsplit(page.url).hostname:
        return None
    if isinstance(data, Json):
        data, as_json = data.value, True
    if isinstance(data, str):
        data = dict(parse_qsl(data, keep_blank_values=True))
    if not isinstance(data, dict):
        data = {}
    data = {str(key): value for key, value in data.items()}
    return Call(target, "POST" if method == "POST" else "GET", data, as_json)


def _opening(text: str, position: int) -> int | None:
    """Return where the object begins that a position lies in, None if it lies in none."""
    depth = 0
    for place in range(position - 1, max(position - 5000, -1), -1):
        if text[place] == "}":
            depth += 1
        elif text[place] == "{":
            if depth == 0:
                return place
            depth -= 1
    return None
