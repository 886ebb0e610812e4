"""JEECMS and its clones: 玉溪 (``yxgovfront``), 孝感.

Column ``/yxgovfront/newDepartmentContentds.jspx?path=ymxzfxxgk&channelId=8100&pageNo=1`` (``path``
is the organ) or ``/2025nysxxgk.jhtml``, whose second page is ``…_2.jhtml``; article
``/nysxxgk/12345.jhtml`` or ``…Content.jspx?id=``. Searches are ``search_2.jspx``.
"""

import re
from collections.abc import Iterator

from gkcrawl.families.page import Page
from gkcrawl.families.pagecounts import numbered
from gkcrawl.families.rows import Next
from gkcrawl.families.static import Static

_NUMBERED = (
    re.compile(r"^(?P<head>.*[?&]pageNo=)(?P<number>\d+)(?:&.*)?$"),
    re.compile(r"^(?P<head>.*/search)(?:_(?P<number>\d{1,3}))?\.jspx(?=$|\?)"),
    re.compile(r"^(?P<head>.*/\w+?)(?:_(?P<number>\d{1,3}))?\.jhtml(?=$|\?)"),
)


class Jeecms(Static):
    """``.jspx`` and ``.jhtml``; pages by a parameter or a number before the ending."""

    name = "jeecms"
    guesses = ()

    def next_pages(self, page: Page) -> Iterator[Next]:
        stated = list(super().next_pages(page))
        urls = (numbered(page, pattern) for pattern in _NUMBERED)
        url = None if stated else next(filter(None, urls), None)
        yield from stated or ([Next(url)] if url else [])
