"""The queryList platform: bureaus of 江西, 大理, 文山, 自贡, 广安, 资阳, 开封, 国家疾控局.

Column ``/<site>/<channel>/pc/list.html`` or ``…/index.html``, article
``/<site>/<channel>/pc/content/content_<19 digits>.html``. The column is a template without rows:
its script says ``params={current:1, webSiteCode:['jxssthjt'], channelCode:['col42150'], …}`` and
posts them to ``/queryList``, as a form (``webSiteCode[]=``) or as JSON. 自贡 has the rows in the
page, as ``articleList: […]``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from gkcrawl.families.answers import read_answer
from gkcrawl.families.article import Article
from gkcrawl.families.calls import calls, objects, post
from gkcrawl.families.jsonrecords import file_address, opened
from gkcrawl.families.jsvalue import UNKNOWN, read_value
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Entry, Next, unique
from gkcrawl.families.static import Static

_ENDPOINT = re.compile(r"""["']([^"'\s]*/queryList)["'?]""")
_ARTICLES = re.compile(r"""\barticleList["']?\s*[:=]\s*(?=\[)""")
_FILES = re.compile(r"""\barticleFiles["']?\s*[:=]\s*(?=[\["'])""")
_CONTENT = re.compile(r"/content_(\d{15,})\.")
_PLAIN = re.compile(r"traditional\s*:\s*true")
_JSON = re.compile(r"queryList.{0,400}application/json|application/json.{0,400}queryList", re.S)
PAGE_SIZE = 15
"""Rows to a page where the page does not say; as the platform's own script."""


class QueryList(Static):
    """queryList; what a column lists is asked for by POST."""

    name = "querylist"
    guesses = ()

    def rows(self, page: Page) -> tuple[Entry, ...]:
        """Return the rows that stand in the page, in its markup or in its script."""
        embedded = (read_answer(page, found).entries for found in _literals(page, _ARTICLES))
        return unique((*super().rows(page), *(entry for found in embedded for entry in found)))

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield the POST for every list that the page's script describes."""
        if _ARTICLES.search(page.text):
            return
        requests = (_post(page, params) for params in _params(page))
        asked = {request.body: request for request in requests}
        yield from asked.values() or super().requests(page, entries)

    def article(self, page: Page) -> Article:
        """Return the article with the files that only its script names."""
        article = super().article(page)
        lists = (found for found in _literals(page, _FILES) if isinstance(found, list))
        files = (file_address(page, item) for found in lists for item in found if item)
        named = dict.fromkeys((*article.attachments, *filter(None, files)))
        return replace(article, attachments=tuple(named))

    def identity(self, url: str) -> str:
        """Return host and number: the number of an article is unique on the platform."""
        match = _CONTENT.search(urlsplit(url).path)
        return f"{urlsplit(url).hostname} {match[1]}" if match else super().identity(url)


def _params(page: Page) -> Iterator[dict[str, Any]]:
    """Yield the objects that describe lists: they name a channel."""
    for params in objects(page, "webSiteCode"):
        if any(name.startswith(("channelCode", "channelId")) for name in params):
            yield params


def _post(page: Page, params: dict[str, Any]) -> Next:
    endpoint = _ENDPOINT.search(page.text)
    call = next((c for c in calls(page) if urlsplit(c.url).path.endswith("/queryList")), None)
    url = call.url if call else page.resolve(endpoint[1] if endpoint else "/queryList")
    size = params.get("pageSize") or params.get("perPage") or PAGE_SIZE
    as_json = call.as_json if call else _JSON.search(page.text) is not None
    if as_json and str(size).isdigit():
        size = int(size)
    data = {**params, "current": 1, "pageSize": size}
    brackets = not (_PLAIN.search(page.text) or (call and call.traditional))
    return post(url or page.url, data, as_json=as_json, brackets=brackets)


def _literals(page: Page, start: re.Pattern[str]) -> Iterator[Any]:
    """Yield the lists that stand behind a name in a page's script; some are texts of JSON."""
    for match in start.finditer(page.text):
        # Records carry whole articles.
        value = opened(read_value(page.text, match.end(), longest=len(page.text)))
        if value is not UNKNOWN:
            yield value
