"""龙讯 (Lonsun EX): most of 安徽, 陇南, 常德, 黄冈, 巴中, 海北.

Column ``/public/column/<organ>?type=4&catId=<category>&action=list``, article
``/public/<organ>/<id>.html``. The rows come as a fragment of HTML from ``/site/label/8888`` with
the parameters of the page's own call (``file=`` names a template of that site); the fragment's
pager says ``pageCount:3``. Every organ has the same tree of categories under numbers of its own.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gkcrawl.families.calls import Call, calls, objects, with_query
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page
from gkcrawl.families.pagers import following
from gkcrawl.families.rows import Entry, Next
from gkcrawl.families.static import Static, lists_reports
from gkcrawl.families.titles import is_column_name

_LABEL = re.compile(r"/site/label/\d+$")
_LABEL_URL = re.compile(r"""["']([^"'\s]*/site/label/\d+\?[^"'\s]+)["']""")
_COUNT = re.compile(r"\bpageCount[\"']?\s*[:=]\s*[\"']?(\d+)", re.I)
_ORGAN = re.compile(r"/public/column/(\d+)")
_COLUMN_URL = "/public/column/{organ}?type=4&catId={category}&action=list"
_SEARCHES = re.compile(r"search|count|hit", re.I)


class Lonsun(Static):
    """Fragments by ``/site/label``; the column's page itself may show the first of them."""

    name = "lonsun"

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the fragment behind this one, else what the page's pager says."""
        if not _is_label(page.url):
            if not lists_reports(self.rows(page)) or not _call(page):
                yield from super().next_pages(page)
        elif (count := _count(page)) is not None:
            number = int(_query(page.url).get("pageIndex") or 1)
            if max(number, 1) < count:
                yield Next(with_query(page.url, {"pageIndex": max(number, 1) + 1}))
        elif url := following(page):
            yield Next(url)

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield the fragment that the column's page asks for, the second if it shows the first."""
        call = None if _is_label(page.url) else _call(page)
        if call is None:
            return
        shows_first = lists_reports(entries)
        if not shows_first or (_count(page) or 1) > 1:
            yield Next(with_query(call.url, {**call.data, "pageIndex": 2 if shows_first else 1}))

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the categories of the organ's own tree first, then the links."""
        others = super().columns(page, inside=inside)
        known = {lead.url for lead in others}
        own = (lead for lead in _categories(page) if lead.url not in known)
        return (*own, *others)


def _is_label(url: str) -> bool:
    return _LABEL.search(urlsplit(url).path) is not None


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _count(page: Page) -> int | None:
    match = _COUNT.search(page.text)
    return int(match[1]) if match else None


def _call(page: Page) -> Call | None:
    """Return the page's own call for its list, with what its address knows filled in."""
    found = [call for call in calls(page) if _is_label(call.url)]
    written = (
        page.resolve(match[1].replace("&amp;", "&")) for match in _LABEL_URL.finditer(page.text)
    )
    found += [Call(url) for url in written if url]
    found += [
        Call(page.resolve("/site/label/8888") or "", data=data)
        for data in objects(page, "labelName")
    ]
    named = [(call, {**_query(call.url), **call.data}) for call in found]
    wanted = [(c, d) for c, d in named if not _SEARCHES.search(str(d.get("labelName", "")))]
    if not wanted:
        return None
    call, said = max(wanted, key=lambda pair: _fitness(pair[1]))
    return Call(call.url, data={**call.data, **_missing(page, said)})


def _fitness(said: dict[str, Any]) -> tuple[bool, bool]:
    """Rank calls: the list of a category before that of an organ before other blocks."""
    return "catId" in said or "organId" in said, "publicInfoList" in str(said.get("labelName", ""))


def _missing(page: Page, said: dict[str, Any]) -> dict[str, str]:
    """Return what the column's address says and the call leaves empty."""
    address, organ = _query(page.url), _ORGAN.search(page.url)
    known = {"organId": organ[1] if organ else "", **address}
    wanted = ("organId", "catId", "type")
    return {name: known[name] for name in wanted if known.get(name) and not said.get(name)}


def _categories(page: Page) -> Iterator[Lead]:
    """Yield the columns of reports in a tree that a script builds of names and numbers."""
    here = _ORGAN.search(page.url)
    for node in objects(page, "name", is_column_name):
        category = str(node.get("catId") or node.get("id") or "")
        organ = str(node.get("organId") or (here[1] if here else ""))
        if category.isdigit() and organ.isdigit() and not node.get("url"):
            url = page.resolve(_COLUMN_URL.format(organ=organ, category=category))
            if url:
                yield Lead(url, str(node["name"]), "column")
