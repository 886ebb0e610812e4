"""The 信息公开 module of 大汉 Hanweb: ``/module/xxgk/search.jsp`` and its variants.

``search_custom.jsp`` (山东) and ``subjectinfo.jsp`` (江西) answer alike: HTML with rows
``tr.tr_main_value_odd`` and ``…_even`` whose anchors carry ``mc`` (名称), ``rq`` (日期), ``syh``
(索引号) and ``wh`` (文号), and a line 共N页. What is asked for stands in the column's page: in the
address of the request, in hidden fields, in the script, or in the column's own address
(``?vc_xxgkarea=…&number=B0303``). Many servers give the whole area whatever the number says.
"""

import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from gkcrawl.families.calls import calls, names
from gkcrawl.families.jsstrings import as_text
from gkcrawl.families.numbers import whole
from gkcrawl.families.page import Page, content, find_date
from gkcrawl.families.rows import Entry, Listing, Next, rows, unique, url_date
from gkcrawl.families.titles import may_be_report

_MODULE = re.compile(r"/module/xxgk/(?:search|subjectinfo)\w*\.jsp", re.I)
_ADDRESS = re.compile(
    r"""[^"'()<>\s=]{0,200}/module/xxgk/(?:search|subjectinfo)\w*\.jsp[^"'()<>\s]*""", re.I
)
_PAGES = re.compile(r"共\s*(\d+)\s*页")
# Parameter -> its name in a column's own address; empty: it is never there.
_PARAMETERS = {
    "infotypeId": "number",
    "jdid": "jh",
    "area": "vc_xxgkarea",
    "divid": "",
    "sortfield": "",
}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def listing(page: Page, linked: Callable[[], tuple[Next, ...]] = tuple) -> Listing | None:
    """Return the rows of an answer, or the request of a page for them; None: it is neither.

    ``linked`` is not followed: the module's pager is a script.
    """
    if _MODULE.search(urlsplit(page.url).path):
        return _answer(page)
    found = _rows(page)
    asked = None if not found and any(map(_is_report, rows(page))) else _asked(page)
    if asked is None:
        return None
    # The first rows may stand in the column's page.
    number = 2 if found else 1
    if number > _pages(page, default=1):
        return _listing(found)
    return _listing(found, _page(*asked, number))


def _listing(found: tuple[Entry, ...], *following: Next) -> Listing:
    """Return rows as a list; one that holds other things is the whole area's."""
    return Listing(found, following, mixed=not all(map(_is_report, found)))


def _is_report(entry: Entry) -> bool:
    return may_be_report(entry.title, in_column=True)


def _rows(page: Page) -> tuple[Entry, ...]:
    """Return the rows by the marks that only this module's anchors carry."""
    found = []
    for link in page.links:
        if title := link.element.get("mc"):
            date = find_date(link.element.get("rq") or "") or url_date(link.url)
            found.append(Entry(link.url, title.strip(), date))
    return unique(found)


def _answer(page: Page) -> Listing:
    """Return the rows of an answer and the request for the next page."""
    found = _rows(page)
    query = dict(parse_qsl(urlsplit(page.url).query, keep_blank_values=True))
    number = whole(query.get("currpage")) or 1
    if not found or number >= _pages(page, default=number):
        return _listing(found)
    return _listing(found, _page(page.url.partition("?")[0], query, number + 1))


def _pages(page: Page, *, default: int) -> int:
    match = _PAGES.search(content(page.tree))
    return default if match is None else whole(match[1]) or default


def _asked(page: Page) -> tuple[str, dict[str, str]] | None:
    """Return address and parameters of a column's request; None: the page makes none."""
    if not _MODULE.search(page.text):
        return None
    url, data = next(_requests(page), (None, {}))
    if url is None:
        return None
    asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)) | data
    known = names(page)
    for name, alias in _PARAMETERS.items():
        value = asked.get(name) or as_text(known.get(name) or known.get(alias) or "")
        if value:
            asked[name] = value
    # A form that only searches names nothing that it wants.
    return (url.partition("?")[0], asked) if any(map(asked.get, _PARAMETERS)) else None


def _requests(page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the module's addresses with what is sent to them: scripts' calls, then bare ones."""
    for call in calls(page):
        if _MODULE.search(call.url):
            yield call.url, {name: as_text(value) for name, value in call.data.items()}
    for found in _ADDRESS.finditer(page.text):
        if url := page.resolve(html.unescape(found[0])):
            yield url, {}


def _page(base: str, query: dict[str, str], number: int) -> Next:
    """Return the request for a page; servers read it from the address, or from the form."""
    form = urlencode({**query, "currpage": number})
    return Next(f"{base}?{form}", method="POST", body=form.encode("ascii"), headers=_FORM)
