"""The second system of 安徽: 阜阳, 铜陵, 宣城, 池州, 亳州; 呼伦贝尔.

Column ``/OpennessContent/showList/<organ>/<category>/page_1.html`` (also under ``/openness/``, and
``/Special/showList/<n>/page_1.html``), article ``/OpennessContent/show/2383663.html``. A category
has the same number in every organ.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page
from gkcrawl.families.pagecounts import numbered
from gkcrawl.families.rows import Next
from gkcrawl.families.static import Static

_NUMBERED = re.compile(r"^(?P<head>.*/showList/(?:\d+/)*page_)(?P<number>\d+)\.html$", re.I)
_FIRST = re.compile(r"^(?P<head>.*/showList/\d+(?:/\d+)*)/?$", re.I)
_CATEGORY = re.compile(r"/showList/\d+/(\d+)(?:/|$)", re.I)


class Openness(Static):
    """``/openness/``; plain rows, pages numbered in the path."""

    name = "openness"
    guesses = ()

    def next_pages(self, page: Page) -> Iterator[Next]:
        stated = list(super().next_pages(page))
        first = _FIRST.match(page.url)
        if not stated and first is not None:
            # The first page also goes without its number.
            named = Page(f"{first['head']}/page_1.html", page.body, page.headers)
            url = numbered(named, _NUMBERED)
        else:
            url = numbered(page, _NUMBERED)
        yield from stated or ([Next(url)] if url else [])

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the leads; from a column of reports, the same category of other organs is one."""
        leads = super().columns(page, inside=inside)
        here = _CATEGORY.search(page.url)
        if here is None or inside not in ("column", "branch"):
            return leads
        return tuple(
            replace(lead, kind="column") if lead.kind == "organ" and _is_in(lead, here[1]) else lead
            for lead in leads
        )


def _is_in(lead: Lead, category: str) -> bool:
    match = _CATEGORY.search(lead.url)
    return match is not None and match[1] == category
