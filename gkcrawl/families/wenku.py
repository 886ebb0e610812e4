"""Document-sharing sites (文库): copies of reports whose official page may be gone.

Only what an anonymous visitor is shown is taken: no click, no payment, no page images, no download
endpoint. So an article has no attachments here, whatever the page offers.
"""

from dataclasses import replace
from urllib.parse import quote, urlsplit

from gkcrawl.families.article import Article
from gkcrawl.families.base import Family
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Entry, Listing
from gkcrawl.families.titles import may_be_report

QUERY = "政府信息公开工作年度报告"


class Wenku(Family):
    """A document site; listings are read by their titles, since rows look different on each."""

    name = "wenku"

    def listing(self, page: Page) -> Listing:
        """Return the links on this host whose title may be a report's, and the next page."""
        host = urlsplit(page.url).hostname
        kept: dict[str, Entry] = {entry.url: entry for entry in super().listing(page).entries}
        for link in page.links:
            if may_be_report(link.title):
                kept.setdefault(link.url, Entry(link.url, link.title))
        entries = tuple(
            entry
            for entry in kept.values()
            if may_be_report(entry.title) and urlsplit(entry.url).hostname == host
        )
        return Listing(entries, tuple(self.next_pages(page)))

    def article(self, page: Page) -> Article:
        """Return the title; the upload's date is not the report's, and files are not taken."""
        return replace(super().article(page), published=None, attachments=())


def search_url(template: str, query: str, page: int) -> str:
    """Return the address of a page of search results (counted from 1)."""
    return template.replace("{q}", quote(query)).replace("{page}", str(page))
