"""大汉 Hanweb: JCMS with jpage, the 信息公开 module beside it, and the successor jpaas.

Column ``/col/col12377/index.html``, article ``/art/2022/1/20/art_12377_1486865.html``, newer
``/art/2026/art_<32 hex digits>.html``. The query string of a column (``?number=RCA07``) is part of
its name. Each dialect has a module of its own: `jpage`, `xxgk`, `jpaas`.
"""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from gkcrawl.families.article import Article
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.hanweb import jpaas, jpage, xxgk
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Listing, unique
from gkcrawl.families.static import Static, lists_reports

# The number behind the column's, or the long one that needs no column, names a document; shorter
# numbers may be counted anew in every column.
_DOCUMENT = re.compile(r"/art_(?:\d+_)*(\d{5,}|[\da-f]{32})\.html?$", re.I)


class Hanweb(Static):
    """Hanweb; rows may lie in data islands and come by further requests."""

    name = "hanweb"

    def listing(self, page: Page) -> Listing:
        """Return the rows as the page's dialects have them, else as they stand in the page."""
        dialects = (jpaas.listing, xxgk.listing, jpage.listing)
        read = (dialect(page, lambda: tuple(self.next_pages(page))) for dialect in dialects)
        found = tuple(listing for listing in read if listing is not None)
        if not found:
            return super().listing(page)
        telling = tuple(listing for listing in found if lists_reports(listing.entries)) or found
        return Listing(
            entries=unique(entry for listing in found for entry in listing.entries),
            next=tuple(more for listing in telling for more in listing.next),
            otherwise=tuple(more for listing in telling for more in listing.otherwise),
            mixed=any(listing.mixed for listing in found),
        )

    def article(self, page: Page) -> Article:
        """Return what surrounds a document; where jpaas builds it, that request is its file."""
        found = super().article(page)
        built = tuple(jpaas.documents(page))
        return replace(found, attachments=(*built, *found.attachments)) if built else found

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the leads of a page; links that lie in data islands and built blocks count too."""
        shown = jpaas.shown(page)
        leads = super().columns(jpage.opened(page) if shown is None else shown, inside=inside)
        if any(lead.kind == "column" for lead in leads):
            return leads
        return (*leads, *jpaas.menus(page))

    def identity(self, url: str) -> str:
        """Return host and number: one document is shown in every column that it was put into."""
        match = _DOCUMENT.search(urlsplit(url).path)
        return f"{urlsplit(url).hostname}/art_{match[1]}" if match else super().identity(url)
