"""The search of a portal itself: what a page says of it, and what its answers hold.

A second source where no link leads to a column. Only services that the page itself shows are asked,
with the parameters that it shows; those that want a token or a key are left alone.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from gkcrawl.families.base import Family
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page, content, find_date, parse
from gkcrawl.families.rows import Entry, Listing, Next, unique
from gkcrawl.families.sitemaps import columns_above
from gkcrawl.families.titles import may_be_report

QUERY = "政府信息公开工作年度报告"

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A kind of search service."""

    mark: str
    """What its address holds, and few pages do."""
    path: str
    """Pattern of the path, as pages show it."""
    values: Mapping[str, str]
    """Parameters besides those that the page names."""
    query: str
    """The parameter that takes the words."""
    copied: tuple[str, ...] = ()
    """Parameters whose values stand on the page; without them it cannot be asked."""
    how: str = "GET"
    """GET, POST (a form) or JSON."""


# Guide to the makers: hanweb (three generations), TRS (igs, was), 开普云, 龙讯, Epoint.
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "cateSearch.do",
        r"interfaces/cateSearch\.do",
        {"p": "1", "pg": "20", "cateid": "297", "pos": "title"},
        "q",
        ("websiteid",),
        "POST",
    ),
    Endpoint(
        "jpaas-jsearch-web-server",
        r"jpaas-jsearch-web-server/interface/search/info",
        {"p": "1"},
        "q",
        ("websiteid",),
    ),
    Endpoint("jrobot/search.do", r"/jrobot/search\.do", {"p": "1", "pg": "20"}, "q", ("webid",)),
    Endpoint(
        "igs/front/search",
        r"/igs/front/search\.jhtml",
        {"pageNumber": "1", "pageSize": "20"},
        "searchWord",
        ("siteId", "code"),
    ),
    Endpoint(
        "was5/web/search",
        r"/was5/web/search",
        {"page": "1", "perpage": "20", "orderby": "-DOCRELTIME"},
        "searchword",
        ("channelid",),
    ),
    Endpoint("guestweb", r"/guestweb4?/s(?=[?\"'])", {"pageNum": "0"}, "searchWord", ("siteCode",)),
    Endpoint(
        "searchDataList",
        r"/site/label/8888\?[^\"']*labelName=searchDataList",
        {"pageIndex": "1", "pageSize": "20", "isAjax": "1"},
        "keywords",
    ),
    Endpoint(
        "esinteligentsearch",
        r"esinteligentsearch/getFullTextDataNew",
        {"pn": "0", "rn": "20", "noWd": "true", "fields": "title", "cnum": ""},
        "wd",
        how="JSON",
    ),
)
_TOKEN = re.compile(r"token|captcha|vcode|checkcode|sign(?:ature)?$|csrf", re.I)
_WORDS = re.compile(r"key|word|search|query|^q$|^wd$|^kw$|title|content", re.I)
_TYPED = ("text", "search")
_TITLES = ("title", "name", "doctitle", "showtitle", "articletitle", "realtitle")
_URLS = ("url", "viewurl", "linkurl", "link", "href", "docpuburl", "docurl", "arturl")


def offered(page: Page) -> list[Next]:
    """Return the searches for annual reports that a page offers, those of known services first."""
    known = list(filter(None, (_request(page, endpoint) for endpoint in ENDPOINTS)))
    return known or list(_forms(page))[:1]


class SiteSearch(Family):
    """Answers of any of the services: JSON or HTML, with marked words and mixed hosts."""

    name = "search"

    def listing(self, page: Page) -> Listing:
        """Return everything with a title and an address; titles must say all by themselves."""
        found = _records(page, page.data) if page.data is not None else _links(page)
        return Listing(unique(found), mixed=True)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the columns in whose folders the reports stand that were found."""
        urls = (entry.url for entry in self.listing(page).entries if may_be_report(entry.title))
        return columns_above(urls)


def _request(page: Page, endpoint: Endpoint) -> Next | None:
    pattern = rf"[\"'(\s=]((?:https?:)?[^\s\"'<>()]*?{endpoint.path}[^\s\"'<>()]*)"
    match = re.search(pattern, page.text, re.I) if endpoint.mark in page.text else None
    address = page.resolve(match[1].replace("&amp;", "&")) if match else None
    if match is None or address is None:
        return None
    values = dict(endpoint.values)
    for name in endpoint.copied:
        if value := _value(page.text, name):
            values[name] = value
        elif name == endpoint.copied[0]:
            return None
    values[endpoint.query] = QUERY
    if endpoint.how == "GET":
        base, _, query = address.partition("?")
        shown = dict(pair.split("=", 1) for pair in query.split("&") if "=" in pair)
        return Next(f"{base}?{urlencode(shown | values)}")
    body = json.dumps(values, ensure_ascii=False) if endpoint.how == "JSON" else urlencode(values)
    headers = _JSON if endpoint.how == "JSON" else _FORM
    return Next(address, method="POST", body=body.encode(), headers=headers)


def _value(text: str, name: str) -> str | None:
    """Return the value of a parameter as it stands in an address, a script or a hidden field."""
    patterns = (
        rf"\b{name}[\"']?\s*[=:]\s*[\"']?([\w-]+)",
        rf"name=[\"']{name}[\"'][^>]*?value=[\"']([^\"']+)",
        rf"value=[\"']([^\"']+)[\"'][^>]*?name=[\"']{name}[\"']",
    )
    found = (re.search(pattern, text, re.I) for pattern in patterns)
    return next((match[1] for match in found if match), None)


def _forms(page: Page) -> Iterator[Next]:
    """Yield a request for each plain search form of a page: GET, on its own host, without token."""
    for form in page.tree.iter("form"):
        action = page.resolve(form.get("action") or "")
        is_get = (form.get("method") or "get").lower() == "get"
        if action is None or not is_get or urlsplit(action).hostname != urlsplit(page.url).hostname:
            continue
        fields = {
            str(field.get("name")): (str(field.get("type") or "text").lower(), field.get("value"))
            for field in form.iter("input")
            if field.get("name")
        }
        words = [n for n, (kind, _) in fields.items() if kind in _TYPED and _WORDS.search(n)]
        hidden = {n: value or "" for n, (kind, value) in fields.items() if kind == "hidden"}
        if len(words) == 1 and not any(map(_TOKEN.search, fields)):
            query = urlencode(hidden | {words[0]: QUERY})
            yield Next(f"{action.partition('?')[0]}?{query}")


def _records(page: Page, node: Any, depth: int = 0) -> Iterator[Entry]:
    """Yield what has a title and an address, wherever it stands in a JSON answer."""
    if depth > 12:
        return
    if isinstance(node, list):
        for child in node:
            yield from _records(page, child, depth + 1)
    elif isinstance(node, dict):
        low = {str(name).lower(): value for name, value in node.items()}
        title = next((low[name] for name in _TITLES if isinstance(low.get(name), str)), "")
        href = next((low[name] for name in _URLS if isinstance(low.get(name), str)), "")
        url = page.resolve(href.replace("&amp;", "&")) if title and href else None
        if url:
            yield Entry(url, content(parse(f"<p>{title}</p>")), find_date(json.dumps(node)))
        for child in node.values():
            yield from _records(page, child, depth + 1)
    elif isinstance(node, str) and "<a" in node:
        for link in page.links_in(parse(node)):
            yield Entry(link.url, link.title)


def _links(page: Page) -> Iterator[Entry]:
    for link in page.links:
        yield Entry(link.url, link.title)
