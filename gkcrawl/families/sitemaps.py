"""Maps of sites for machines (sitemaps.org): addresses without a word on what they lead to."""

import re
from collections.abc import Iterable
from html import unescape

from gkcrawl.families.addresses import key
from gkcrawl.families.base import Family
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page
from gkcrawl.families.paths import column_above, looks_like_article
from gkcrawl.families.rows import Listing

_PLACE = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*([^<\s\]]+)", re.I)
MOST_COLUMNS = 400
"""Columns that are taken from one map or one answer."""
MOST_MAPS = 5
"""Maps that a map of maps leads to."""


class SiteMap(Family):
    """``sitemap.xml``: the directories in it that are named for annual reports."""

    name = "sitemap"

    def listing(self, page: Page) -> Listing:
        """Return nothing: an address alone is no title."""
        return Listing()

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the columns that the map names or in whose folders its documents stand."""
        places = (page.resolve(unescape(match[1])) for match in _PLACE.finditer(page.text))
        urls = [url for url in places if url]
        if re.search(r"<sitemapindex\b", page.text, re.I):
            return tuple(Lead(url, "", "directory") for url in urls[:MOST_MAPS])
        return columns_above(urls)


def columns_above(urls: Iterable[str]) -> tuple[Lead, ...]:
    """Return the columns among addresses, and those above documents, as far as their directories
    are named for annual reports."""
    named = list(urls)
    # As it is named, where it is: few servers know a directory by another name than its own.
    spelt = {key(url): url for url in named if not looks_like_article(url)}
    found = dict.fromkeys(filter(None, map(column_above, named)))
    columns = [spelt.get(key(url), url) for url in found]
    return tuple(Lead(url, "", "column") for url in columns[:MOST_COLUMNS])
