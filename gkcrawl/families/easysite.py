"""中科汇联 EasySite (eportal): 大兴, 平谷, info.hebei.gov.cn, departments of 辽宁, 海关总署.

Column ``/eportal/ui?pageId=…&currentPage=2&moduleId=…`` or its static mirror ``/a/b/123456/
index.html``; an article has the same form, ``/a/b/123456/index.html``, so a link's title decides.
Catalogues ask ``/eportal/ui?moduleId=5&portal.url=/portlet/xxgkml!queryList.portlet&pageNo=1`` or
``/portlet/xxgkml!queryList.portlet?pageNo=1&pageSize=20`` and get JSON, ``{"result": […]}``.
"""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from gkcrawl.families.calls import calls, with_query
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Entry, Next, row_date, unique
from gkcrawl.families.static import Static, lists_reports
from gkcrawl.families.titles import is_column_name, is_year, may_be_report

_ARTICLE = re.compile(r"/\d{5,}/(?:index\.s?html?)?$")
_PORTLET = re.compile(r"queryList\.portlet", re.I)
_PORTLET_URL = re.compile(r"""["']([^"'\s]*queryList\.portlet[^"'\s]*)["']""", re.I)
PAGE_SIZE = 50


class EasySite(Static):
    """EasySite; columns and articles have addresses of one form."""

    name = "easysite"

    def rows(self, page: Page) -> tuple[Entry, ...]:
        """Return the rows, those among them that look like columns by their address only."""
        found = [
            Entry(link.url, link.title, row_date(link))
            for link in page.links
            if _is_article(link.url, link.title)
        ]
        return unique((*super().rows(page), *found))

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield the request for the catalogue that a page's script shows."""
        if lists_reports(entries):
            return
        asked = (call for call in calls(page) if _PORTLET.search(unquote(call.url)))
        if call := next(asked, None):
            yield call.request(pageNo=1, pageSize=PAGE_SIZE)
        elif (match := _PORTLET_URL.search(page.text)) and (url := page.resolve(match[1])):
            yield Next(with_query(url.replace("&amp;", "&"), {"pageNo": 1, "pageSize": PAGE_SIZE}))
        else:
            yield from super().requests(page, entries)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the leads without the documents that have a column's address."""
        leads = super().columns(page, inside=inside)
        return tuple(lead for lead in leads if not _is_article(lead.url, lead.anchor))


def _is_article(url: str, title: str) -> bool:
    is_name = is_column_name(title) or is_year(title)
    return bool(_ARTICLE.search(url)) and may_be_report(title) and not is_name
