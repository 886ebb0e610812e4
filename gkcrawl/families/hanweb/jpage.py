"""jpage of 大汉 Hanweb: lists whose first rows lie in data islands of the column's page.

About three pages of rows are there, in ``<script type="text/xml"><datastore>``. Where the next ones
come from (`dataproxy`) stands in ``<nextgroup>``, or in the call of the script:
``$("#764752").jpage({totalRecord: 57, perPage: 15, proxyUrl: …, proxyParam: {…}})``.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from gkcrawl.families.calls import Call, calls, names
from gkcrawl.families.hanweb.dataproxy import ANSWERS, answer, first, with_values
from gkcrawl.families.hanweb.islands import Unit, inside, records, stored
from gkcrawl.families.jsstrings import as_text
from gkcrawl.families.jsvalue import read_arguments
from gkcrawl.families.numbers import whole
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Listing, Next, rows, unique
from gkcrawl.families.titles import may_be_report

_CALL = re.compile(r"""(?:["']#?(\w+)["']\s*\)\s*)?\.jpage\s*\(""")


def listing(page: Page, linked: Callable[[], tuple[Next, ...]] = tuple) -> Listing | None:
    """Return the rows of the page's data islands, or of an answer; None: it has neither.

    ``linked``: the next page by its link, for lists that do not say where more is.
    """
    if ANSWERS.search(urlsplit(page.url).path):
        return answer(page)
    units = _units(page)
    if not units:
        return None
    entries = unique((*(entry for unit in units for entry in unit.entries), *rows(page)))
    wanting = [unit for unit in _of_reports(units) if not unit.is_whole]
    following = tuple(filter(None, (first(unit) for unit in wanting)))
    if not following and any(unit.total is None or unit in wanting for unit in units):
        following = linked()
    return Listing(entries, following)


def opened(page: Page) -> Page:
    """Return the page with the rows of its data islands where everybody sees them."""
    found = [row for _, store in inside(page.text, "datastore") for row in records(store)]
    if not found:
        return page
    # In front: parsers drop what stands behind the document's end.
    text = f"<div>{'</div><div>'.join(found)}</div>{page.text}"
    return Page(page.url, text.encode(), {"content-type": "text/html; charset=utf-8"})


def _of_reports(units: list[Unit]) -> list[Unit]:
    """Return the lists that are worth more requests: of several, those that show a report."""
    fitting = [u for u in units if any(may_be_report(e.title, in_column=True) for e in u.entries)]
    return fitting or units


def _units(page: Page) -> list[Unit]:
    """Return the lists of a column's page, each with what the script says of it."""
    known = names(page) if _CALL.search(page.text) else {}
    said = {call[1] or "": _called(page, call.end(), known) for call in _CALL.finditer(page.text)}
    asked = calls(page) if ANSWERS.search(page.text) else ()
    said |= {call.url: _fetched(call) for call in asked if ANSWERS.search(call.url)}
    units = []
    for start, store in inside(page.text, "datastore"):
        named = re.findall(r"""\bid\s*=\s*["']?(\w+)""", page.text[max(start - 400, 0) : start])
        unnamed = next((name for name in said if "://" in name), "")
        unit = said.pop(named[-1] if named and named[-1] in said else unnamed, Unit())
        units.append(stored(page, store, unit))
    # What is left has no rows in the page: all of them come by request.
    return [*units, *(unit for unit in said.values() if unit.proxy)]


def _fetched(call: Call) -> Unit:
    """Return what a request that a script makes by itself says of its list."""
    data = {name: as_text(value) for name, value in call.data.items()}
    return Unit(
        size=whole(data.get("perpage")),
        proxy=with_values(call.url, data),
        post=call.method == "POST",
    )


def _called(page: Page, start: int, known: Mapping[str, Any]) -> Unit:
    """Return what a script's call says of its list."""
    given = read_arguments(page.text, start, known)
    told = given[0] if given and isinstance(given[0], dict) else {}
    settings = {str(name).lower(): value for name, value in told.items()}
    proxy, parameters = settings.get("proxyurl"), settings.get("proxyparam")
    address = page.resolve(proxy) if isinstance(proxy, str) else None
    if address and isinstance(parameters, dict):
        address = with_values(address, {name: as_text(value) for name, value in parameters.items()})
    methods = {str(settings.get(name)).lower() for name in ("type", "method", "ajaxtype")}
    return Unit(
        total=whole(settings.get("totalrecord")),
        size=whole(settings.get("perpage")),
        proxy=address if address and "?" in address else None,
        post="post" in methods,
    )
