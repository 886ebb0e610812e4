"""Three systems of plain pages whose columns are folders with numbers for names.

上海: ``/nw12344/index.html``, ``index_2.html``; article ``/nw12344/20250321/<32 hex>.html``, in
bureaus ``/txxgknb_17198/20200617/t0035_1372758.html``. 湖南 (岳阳, 益阳, 湘潭, 郴州):
``/37584/38154/index.htm`` or ``default.htm``, ``index_2.htm``; article ``content_1234567.html``.
日喀则, 阜新, 张家口: ``ndbg.thtml?id=14198``; their paging is not known, so links are followed.
"""

import re
from collections.abc import Iterator

from gkcrawl.families.page import Page
from gkcrawl.families.pagecounts import numbered
from gkcrawl.families.rows import Next
from gkcrawl.families.static import Static

_INDEX = re.compile(r"^(?P<head>.*/(?:index|default))(?:_(?P<number>\d{1,3}))?\.html?$")


class _Indexed(Static):
    """Pages ``index.html``, ``index_2.html``, as far as the page says how many there are."""

    guesses = ()
    index = "index.html"

    def next_pages(self, page: Page) -> Iterator[Next]:
        stated = list(super().next_pages(page))
        here = page
        if page.url.endswith("/"):
            here = Page(page.url + self.index, page.body, page.headers)
        url = None if stated else numbered(here, _INDEX)
        yield from stated or ([Next(url)] if url else [])


class Nw(_Indexed):
    """上海."""

    name = "nw"


class Hunan(_Indexed):
    """湖南."""

    name = "hunan"
    index = "index.htm"


class Thtml(Static):
    """``.thtml?id=``."""

    name = "thtml"
    guesses = ()
