"""What every family gives, and how a page is read where its family adds nothing of its own.

A family is a plain class without I/O: ``listing(page)`` gives the entries of a list and the next
requests, ``article(page)`` what surrounds a document, ``columns(page)`` where columns of annual
reports (年报栏目) may be. The base class reads any page made of rows with a link and a date; a
family overrides what its system does differently.
"""

from collections.abc import Iterator

from w3lib.url import canonicalize_url

from gkcrawl.families.article import Article, read_article
from gkcrawl.families.discovery import Kind, Lead, leads
from gkcrawl.families.page import Page, content
from gkcrawl.families.rows import Listing, Next, rows
from gkcrawl.families.titles import NEXT_PAGE, plain


class Family:
    """Pages made of rows with a link and a date, paged by a link that says 下一页."""

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
        """Yield the request for the next page, by the words of its link."""
        for link in page.links:
            words = plain(content(link.element)) or plain(link.title)
            if NEXT_PAGE.search(words) and link.url != page.url:
                yield Next(link.url)
                return

    def article(self, page: Page) -> Article:
        """Return title, date and attachments of a document's page."""
        return read_article(page)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the links that may lead to columns of annual reports, best first.

        ``inside`` is what the page itself was thought to be; None: the portal's home.
        """
        return leads(page, inside)

    def identity(self, url: str) -> str:
        """Return what is the same for all addresses of one document; query strings count."""
        return canonicalize_url(url)
