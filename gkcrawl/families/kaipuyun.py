"""开普云 (UCAP): 黑龙江, 新疆, 海南, much of 四川, gov.cn; and the ``_list.shtml`` systems of 江苏.

Column ``/hlj/c108417/common_list.shtml``, ``…/zfxxgk_gknbz.shtml`` (the template of annual reports,
年报), ``/csrc/c100028/common_zfxxgknb.shtml``; the second page is ``…_2.shtml``. Article
``/klmys/c100186/202609/<32 hex>.shtml``, older ``c01_1108994.shtml``, 证监会
``/csrc/c106256/c1571234/content.shtml``. Lists that are no part of the page come as JSON from
``/common/search/<channelId>``; the id stands in a meta element or a script, or is told by
``/common/getChannelList``. A site that signs those requests is left to its static list.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from archive.records import PageClass
from gkcrawl.families.answers import read_answer
from gkcrawl.families.article import Article, meta
from gkcrawl.families.calls import calls, scripts, with_query
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.inline import shown_report
from gkcrawl.families.page import Page
from gkcrawl.families.pagecounts import numbered
from gkcrawl.families.pagers import has_pager
from gkcrawl.families.rows import Entry, Listing, Next, unique
from gkcrawl.families.static import Static, lists_reports
from gkcrawl.families.titles import is_year, plain

_SEARCH = re.compile(
    r"""["'(]([^"'()\s]*/(?:common/)?search(?:List)?/(?=[\w-]*\d)[\w-]{4,}[^"'()\s]*)["')]"""
)
_SEARCH_PATH = re.compile(r"/(?:common/)?search(?:List)?/(?=[\w-]*\d)[\w-]{4,}(?=$|\?)")
_CHANNEL_ID = re.compile(r"""\bchannel_?id\b["']?\s*[:=]\s*["']([\w-]{6,})["']""", re.I)
_CHANNEL = re.compile(r"^/(?P<site>[\w-]+)/(?P<code>c\d{4,7}|[\w-]+)/[^/]*\.shtml$")
_NUMBERED = re.compile(r"^(?P<head>.*/[\w-]+?)(?:_(?P<number>\d{1,3}))?\.s?html?(?:\?.*)?$")
_REPORTS = re.compile(r"(?:gknb|zfxxgknb|xxgknb|ndbg)\w*\.shtml$", re.I)
_TEMPLATE = re.compile(r"/(?:common_\w+|zfxxgk\w*|xxgk_\w+|\w*_?list\w*)\.shtml$", re.I)
_QUERY: dict[str, str] = {
    "_isAgg": "true",
    "_isJson": "true",
    "_pageSize": "100",
    "_template": "index",
    "_rangeTimeGte": "",
    "_channelName": "",
    "page": "1",
}
"""As the sites' own scripts ask; 100 is the most that a page may hold."""


class Kaipuyun(Static):
    """Static lists first; JSON only where the page itself lists no report."""

    name = "kaipuyun"

    def listing(self, page: Page) -> Listing:
        if page.data is not None and "getChannelList" in page.url:
            return _told(page)
        listing = super().listing(page)
        own = shown_report(page) if page.data is None else None
        if own is None:
            return listing
        return Listing(unique((own, *listing.entries)), listing.next)

    def next_pages(self, page: Page) -> Iterator[Next]:
        stated = list(super().next_pages(page))
        url = None if stated else numbered(page, _NUMBERED)
        yield from stated or ([Next(url)] if url else [])

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield the request for the list as JSON."""
        if shown_report(page) or (lists_reports(entries) and not _may_go_on(page)):
            return
        if url := _search_url(page):
            yield Next(url)
        elif not lists_reports(entries):
            if request := _channel_request(page):
                yield request
            else:
                yield from super().requests(page, entries)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the leads, the other years of a column of reports among them."""
        found = {lead.url: lead for lead in super().columns(page, inside=inside)}
        for link in page.links if inside in ("column", "branch") else ():
            is_other = link.url not in found and link.url != page.url
            year = is_year(link.title) or plain(link.title)[:4].isdigit()
            if is_other and year and _TEMPLATE.search(urlsplit(link.url).path):
                found[link.url] = Lead(link.url, plain(link.title), "branch")
        return tuple(found.values())

    def article(self, page: Page) -> Article:
        """Return the article; a column's page that shows a report is called as the report is."""
        article, own = super().article(page), shown_report(page)
        if own is None or meta(page, "ArticleTitle"):
            return article
        return replace(article, title=own.title, published=article.published or own.date)

    def page_class(self, url: str) -> PageClass:
        """Return how a column's page is kept: one that may show a report is read as one, too."""
        return "other" if _REPORTS.search(urlsplit(url).path) else super().page_class(url)


def _may_go_on(page: Page) -> bool:
    """Tell whether a list whose first rows stand in the page may have more, shown by script."""
    asks = _SEARCH.search(page.text) or any(_SEARCH_PATH.search(c.url) for c in calls(page))
    return bool(asks) and not has_pager(page)


def _search_url(page: Page) -> str | None:
    """Return the address of the list as JSON, None where the page names no channel."""
    for call in calls(page):
        if call.method == "GET" and _SEARCH_PATH.search(urlsplit(call.url).path):
            return with_query(call.url, {**call.data, **_asked(call.data)})
    if (match := _SEARCH.search(page.text)) and (url := page.resolve(match[1])):
        return with_query(url, _QUERY)
    in_script = _CHANNEL_ID.search(scripts(page))
    channel = meta(page, "channelId") or (in_script[1] if in_script else None)
    return page.resolve(with_query(f"/common/search/{channel}", _QUERY)) if channel else None


def _asked(said: dict[str, Any] | Any) -> dict[str, str]:
    """Return the parameters that the page's own call leaves out, and the most rows to a page."""
    return {
        **{name: value for name, value in _QUERY.items() if name not in said},
        "_pageSize": "100",
    }


def _channel_request(page: Page) -> Next | None:
    """Return the request that tells a channel's id by its code; None for other addresses."""
    match = _CHANNEL.match(urlsplit(page.url).path)
    if match is None or not re.fullmatch(r"c\d{4,7}", match["code"]):
        return None
    names = {"channelCode": match["code"], "websiteCodeName": match["site"]}
    url = page.resolve(with_query("/common/getChannelList", names))
    return Next(url) if url else None


def _told(page: Page) -> Listing:
    """Return the request for the list of the channel that an answer names."""
    channel = next(_channels(page.data), None)
    if channel is None:
        # Some sites answer with the rows at once.
        return Listing(read_answer(page).entries)
    url = page.resolve(with_query(f"/common/search/{channel}", _QUERY))
    # ``otherwise``, since this page itself brought nothing new.
    return Listing(otherwise=(Next(url),) if url else ())


def _channels(node: Any) -> Iterator[str]:
    """Yield the ids of channels in an answer, those that are named so first."""
    if isinstance(node, dict):
        for name in ("channelId", "channelid", "id"):
            if isinstance(value := node.get(name), str | int) and len(str(value)) >= 6:
                yield str(value)
        for value in node.values():
            yield from _channels(value)
    elif isinstance(node, list):
        for item in node:
            yield from _channels(item)
