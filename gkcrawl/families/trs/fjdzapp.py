"""福建's lists: TRS with ``/fjdzapp/data`` (三明) or ``/fjdzapp/search`` (莆田) behind them.

``GET /fjdzapp/data?channelid=100000&classsql=chnlid=<id>…&prepage=100&page=1`` (``prepage``, as it
is spelled there) answers with the whole series: ``{"page":1,"pageCount":1,"recordCount":13,
"data":[{"chnldocurl":…,"doctitle":…,"docreltime":…,"content":…,"files":[…]},…]}``. The ids stand in
the script of the column's page.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from gkcrawl.families.calls import calls, names, with_query
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Next

MOST_ROWS = 100

_SERVICE = re.compile(r"/fjdzapp/(?:data|search)\b")
_ADDRESS = re.compile(r"""[^"'()<>\s=]{0,200}/fjdzapp/(?:data|search)\b[^"'()<>\s]*""")
_CHANNELS = ("chnlid", "chnlId", "channelId", "channelids", "cid")


def asked(page: Page) -> Iterator[Next]:
    """Yield the requests that a page makes for its list."""
    if not _SERVICE.search(page.text):
        return
    found = list(dict.fromkeys(_requests(page)))
    of_data = [url for url in found if "/fjdzapp/data" in url]
    yield from map(Next, of_data or found)


def _requests(page: Page) -> Iterator[str]:
    """Yield the addresses that the scripts ask, the most rows at once; calls, else bare ones."""
    by_call = [call for call in calls(page) if _SERVICE.search(call.url)]
    for call in by_call:
        yield _most(page, with_query(call.url, call.data))
    for found in () if by_call else _ADDRESS.finditer(page.text):
        if url := page.resolve(found[0].replace("&amp;", "&")):
            yield _most(page, url)


def _most(page: Page, url: str) -> str:
    """Return the request for the first page, with an id filled in that the script adds."""
    changes: dict[str, object] = {"prepage": MOST_ROWS, "page": 1}
    sent = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    if sent.get("classsql", "chnlid=").endswith("chnlid="):
        known = names(page)
        number = next((known[name] for name in _CHANNELS if known.get(name)), None)
        if number is not None:
            changes["classsql"] = f"chnlid={number}"
    return with_query(url, changes)
