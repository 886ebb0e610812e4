"""What every family gives, and how a page is read where its family adds nothing of its own.

A family is a plain class without I/O: ``listing(page)`` gives the entries of a list and the next
requests, ``article(page)`` what surrounds a document, ``columns(page)`` where columns of annual
reports (年报栏目) may be. The base class reads any page made of rows with a link and a date; a
family overrides what its system does differently.
"""

from collections.abc import Iterator

from archive.records import PageClass
from gkcrawl.families.addresses import desktop
from gkcrawl.families.article import Article, read_article
from gkcrawl.families.discovery import Kind, Lead, leads
from gkcrawl.families.page import Page
from gkcrawl.families.pagers import following
from gkcrawl.families.rows import Listing, Next, rows


class Family:
    """Pages made of rows with a link and a date, paged as `gkcrawl.families.pagers` reads it."""

    name = "static"
    guesses: tuple[str, ...] = (
        "/zfxxgk/zfxxgknb/",
        "/zwgk/zfxxgk/zfxxgknb/",
        "/zwgk/zfxxgknb/",
        "/zwgk/xxgknb/",
        "/xxgk/xxgknb/",
    )
    """Paths where the column often is; tried, each once, only when no link leads to one."""

    def listing(self, page: Page) -> Listing:
        """Return the rows of a page, whatever they are about, and its next page if there is one."""
        return Listing(entries=rows(page), next=tuple(self.next_pages(page)))

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the request for the next page, as the pager shows it."""
        if url := following(page):
            yield Next(url)

    def article(self, page: Page) -> Article:
        """Return title, date and attachments of a document's page."""
        return read_article(page)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the links that may lead to columns of annual reports, best first.

        ``inside`` is what the page itself was thought to be; None: the portal's home.
        """
        return leads(page, inside)

    def entrance(self, url: str) -> str:
        """Return the address to ask for a column that a person named, where its page is a frame."""
        return url

    def page_class(self, url: str) -> PageClass:
        """Return what a column's page is fetched as: ``other`` where it shows a report itself."""
        return "column"

    def identity(self, url: str) -> str:
        """Return what is the same for all addresses of one document, its twin for telephones
        included; query strings count."""
        return desktop(url)
