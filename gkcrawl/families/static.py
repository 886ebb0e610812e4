"""Everything else: lists that stand in the page, or that its script asks for in a plain way.

This is what most systems give to a visitor without script: rows with a link and a date, and a
pager (`gkcrawl.families.pagers`). Seen so far: ``/zfxxgknb/1.html`` (西安, 渭南, 延安),
``xxgk-list-<slug>.html`` (吉安, 达州), phpcms ``index.php?m=content&c=index&a=lists&catid=12``,
``InfoPublic.aspx?cid=1019&page=1``, ``iList.jsp?cat_id=15971&cur_page=1``, ``?a=dir&p=D0104X``,
``/channels/3125.html``, ``/gongkai/channel_<24 hex>/``, ``xxgk_list.shtml?para=xxgknb``.
Families whose lists are asked for in a way of their own override `requests`.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from gkcrawl.families.answers import Answer, json_listing, next_request
from gkcrawl.families.base import Family
from gkcrawl.families.calls import calls
from gkcrawl.families.forms import submitted
from gkcrawl.families.page import Page
from gkcrawl.families.pagecounts import created, numbered, page_count
from gkcrawl.families.pagers import following, has_pager
from gkcrawl.families.rows import Entry, Listing, Next, rows
from gkcrawl.families.titles import may_be_report

# Addresses that carry their page's number: then the next one can be told.
_NUMBERED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<head>.*/(?:page_)?)(?P<number>\d{1,3})\.html?$",
        r"^(?P<head>.*/xxgk-list-[a-z]\w*-)(?P<number>\d{1,3})\.html$",
        r"^(?P<head>.*[?&](?:page|pageNo|pageno|cur_page|curPage|currentPage|pn)=)(?P<number>\d{1,3})"
        r"(?:&.*)?$",
    )
)
_FIRST = re.compile(r"(?:[?&]\w*(?:page|pn|p)\w*=|_)[01](?=\.\w+$|&|$)", re.I)
# What scripts ask for besides lists.
_NO_LIST = re.compile(
    r"count|hits?\b|visit|stat|login|user|weather|search|click|jiucuo|tongji|log\b|captcha|token"
    r"|comment|browse|\.(?:js|css|png|jpg|gif|ico)(?:\?|$)",
    re.I,
)
MOST_REQUESTS = 3
"""Requests of a page's scripts that are followed: a column is one list, perhaps one more."""


class Static(Family):
    """Rows in the page, in a fragment of HTML, or in JSON."""

    name = "static"
    first = 1
    """The number that a script asks for as the first page."""

    def listing(self, page: Page) -> Listing:
        """Return the rows of a page or of an answer, and what to ask for next."""
        if page.data is not None:
            return json_listing(page, first=self.first)
        entries = self.rows(page)
        more = tuple(self.next_pages(page)) or tuple(self.requests(page, entries))
        # A first page may repeat the column's own: then the list goes on behind it.
        return Listing(entries, more, otherwise=more if _FIRST.search(page.url) else ())

    def rows(self, page: Page) -> tuple[Entry, ...]:
        """Return the rows that stand in a page."""
        return rows(page)

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the next page of a list that stands in pages of its own."""
        url = following(page) or created(page)
        if url := url or next(filter(None, (numbered(page, one) for one in _NUMBERED)), None):
            yield Next(url)
        elif request := submitted(page):
            yield request
        elif is_fragment(page) and not has_pager(page):
            shown = rows(page)
            answer = Answer(shown, len(shown), pages=page_count(page))
            if request := next_request(page, answer, first=self.first):
                yield request

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield what the page's scripts ask for where its ``entries`` are no reports."""
        if lists_reports(entries) or is_fragment(page):
            return
        asked = (call for call in calls(page) if not _NO_LIST.search(urlsplit(call.url).path))
        for count, call in enumerate(asked):
            if count < MOST_REQUESTS:
                yield call.request()


def lists_reports(entries: Sequence[Entry]) -> bool:
    """Tell whether rows are those of a column of annual reports."""
    return any(may_be_report(entry.title, in_column=True) for entry in entries)


def is_fragment(page: Page) -> bool:
    """Tell whether an answer is a piece of a page, as scripts ask for."""
    return re.search(r"<(?:html|body|head|!doctype)\b", page.text[:3000], re.I) is None
