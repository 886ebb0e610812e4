"""How many pages a list has by what it says, and the next one where pages are known to be numbered.

An address is made up only as far as the page says how many there are.
"""

import re
from functools import lru_cache

from gkcrawl.families.page import Page

_COUNTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"共\s*(?:<[^>]{1,60}>\s*)*(\d{1,4})\s*(?:</[^>]{1,20}>\s*)*页",
        r"(?<![\d/])\d{1,4}\s*/\s*(\d{1,4})\s*页?(?=\s*(?:<|$))",
        r"\b(?:page_?count|total_?pages?|count_?page|pages)[\"']?\s*[:=]\s*[\"']?(\d{1,4})\b",
    )
)
_CREATED = re.compile(
    r"""createPage(?:HTML)?\s*\(\s*(?:["'][^"']*["']\s*,)?\s*(?P<count>\d+)\s*,\s*(?P<current>\d+)"""
    r"""\s*,\s*["'](?P<prefix>[^"']+)["']\s*,\s*["']\.?(?P<ext>\w+)["']"""
)


@lru_cache(maxsize=2)
def page_count(page: Page) -> int | None:
    """Return how many pages the list has by what the page says of it, else None."""
    for pattern in _COUNTS:
        if match := pattern.search(page.text):
            return int(match[1])
    return None


def numbered(page: Page, pattern: re.Pattern[str]) -> str | None:
    """Return the next address of a system whose pages are numbered from 1; None: this is the last.

    ``pattern`` has the groups ``head`` and ``number`` (None on a first page that goes without;
    then ``_2`` is put behind the head). How many pages there are must stand in the page.
    """
    match = pattern.search(page.url)
    if match is None or (count := page_count(page)) is None:
        return None
    number = max(int(match["number"] or 1), 1)
    if number >= count:
        return None
    if match["number"] is None:
        return f"{match['head']}_2{page.url[match.end('head') :]}"
    return f"{page.url[: match.start('number')]}{number + 1}{page.url[match.end('number') :]}"


def created(page: Page) -> str | None:
    """Return the next page by ``createPageHTML('page_div', 5, 1, 'list', 'shtml', 89)``.

    开普云 and the systems of 江苏 count from 1, the first page has no number: ``list_2.shtml``.
    """
    match = _CREATED.search(page.text)
    if match is None or int(match["current"]) >= int(match["count"]):
        return None
    following = max(int(match["current"]), 1) + 1
    return page.resolve(f"{match['prefix']}_{following}.{match['ext']}")
