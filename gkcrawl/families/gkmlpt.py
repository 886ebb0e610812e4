"""广东's 政府信息公开目录平台 (gkmlpt) and the NFCMS columns beside it.

``/gkmlpt/index`` carries ``window._CONFIG = {SID:'766001', TREE:[…]}``; the node of the tree that
is named 年报 has a category, listed by ``/gkmlpt/api/all/<category>?page=1&sid=<SID>`` (pages 0 and
1 are the same). Organs below have the same under a prefix of their own, ``/yfsthjj/gkmlpt/``.
``mpost_N`` is the page of ``post_N`` for telephones.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

from gkcrawl.families.base import Family
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.jsliteral import read_literal
from gkcrawl.families.page import Page, find_date
from gkcrawl.families.rows import Entry, Listing, Next, page_address, page_number, url_date
from gkcrawl.families.titles import is_column_name

_CONFIG = re.compile(r"_CONFIG\s*=\s*(?=\{)")
_SID = re.compile(r"""\bSID["']?\s*:\s*["']?(\d+)""")
_TREE = re.compile(r"""\bTREE["']?\s*:\s*(?=\[)""")
_ROUTE = re.compile(r"^(?P<root>.*?/gkmlpt)(?:/|$)")
_ENTRANCES = re.compile(r"/gkmlpt(?:/(?:index|annualreport))?/?$")
_POST = re.compile(r"/m?post_(\d+)\.html?$")
_CHINA = timezone(timedelta(hours=8))


class Gkmlpt(Family):
    """gkmlpt; the tree of categories is in the page, the listing is JSON."""

    name = "gkmlpt"
    guesses = ("/gkmlpt/annualreport", "/gkmlpt/index", "/zwgk/xxgknb/")

    def listing(self, page: Page) -> Listing:
        return super().listing(page) if page.data is None else _answer(page)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the categories of the page's own tree first, then platforms that it links."""
        own = tuple(_categories(page))
        linked = tuple(_platforms(page))
        known = {lead.url for lead in (*own, *linked)}
        others = super().columns(page, inside=inside)
        return (*own, *linked, *(lead for lead in others if lead.url not in known))

    def identity(self, url: str) -> str:
        """Return site and number: one report is shown under several paths with one number."""
        match = _POST.search(urlsplit(url).path)
        return f"{urlsplit(url).hostname}/post_{match[1]}" if match else super().identity(url)


def _categories(page: Page) -> Iterator[Lead]:
    """Yield the listing of every category of annual reports that the page's _CONFIG names."""
    root = _ROUTE.match(page.url.partition("#")[0])
    if root is None:
        return
    sid, tree = _config(page.text)
    if sid is None:
        return
    named = dict(_nodes(tree, False))
    _, _, fragment = page.url.partition("#")
    if fragment.isdigit() and "annualreport" in page.url:
        named.setdefault(fragment, "政府信息公开年报")
    for category, name in named.items():
        url = f"{root['root']}/api/all/{category}?page=1&sid={sid}"
        yield Lead(url, name, "column", page_class="listing")


def _config(text: str) -> tuple[str | None, Any]:
    """Return SID and TREE of ``_CONFIG``; (None, []) if there is none.

    The object may call functions, which no reader of literals understands; then its two parts are
    read by themselves.
    """
    if match := _CONFIG.search(text):
        try:
            config = read_literal(text, match.end())
            return str(config["SID"]), config.get("TREE") or []
        except (ValueError, KeyError):
            pass  # Not a plain literal: its parts may be.
    sid, tree = _SID.search(text), _TREE.search(text)
    try:
        nodes = read_literal(text, tree.end()) if tree else []
    except ValueError:
        nodes = []
    return (sid[1] if sid else None), nodes


def _nodes(node: Any, below: bool) -> Iterator[tuple[str, str]]:
    """Yield id and name of the nodes named 年报 and of all nodes below them."""
    if isinstance(node, list):
        for child in node:
            yield from _nodes(child, below)
    elif isinstance(node, dict):
        name = str(node.get("name") or node.get("title") or "")
        wanted = below or is_column_name(name)
        if wanted and str(node.get("id", "")).isdigit():
            yield str(node["id"]), name
        for value in node.values():
            if isinstance(value, list):
                yield from _nodes(value, wanted)


def _platforms(page: Page) -> Iterator[Lead]:
    """Yield the entrances of platforms that a page links, the one for annual reports first."""
    seen: set[str] = set()
    for link in sorted(page.links, key=lambda link: "annualreport" not in link.url):
        if _ENTRANCES.search(urlsplit(link.url).path) and link.url not in seen:
            seen.add(link.url)
            kind: Kind = "column" if "annualreport" in link.url else "parent"
            yield Lead(link.url, link.title, kind, link.fragment)


def _answer(page: Page) -> Listing:
    """Return the rows of an answer of ``/gkmlpt/api/all/``; nothing if the JSON is another's."""
    try:
        rows = page.data["articles"]
        entries = tuple(filter(None, (_record(page, row) for row in rows)))
        total = int(page.data.get("total") or 0)
    except (ValueError, TypeError, KeyError, AttributeError):
        return Listing()
    number = page_number(page.url)
    if number is None or not entries or number * len(rows) >= total:
        return Listing(entries)
    return Listing(entries, (Next(page_address(page.url, number + 1)),))


def _record(page: Page, row: dict[str, Any]) -> Entry | None:
    url = page.resolve(str(row.get("url") or row.get("post_url") or ""))
    if url is None:
        return None
    url = url.replace("/mpost_", "/post_")
    files = (page.resolve(str(file.get("url") or "")) for file in row.get("attachment") or ())
    return Entry(
        url=url,
        title=str(row.get("title") or ""),
        date=_date(row) or url_date(url),
        attachments=tuple(filter(None, files)),
    )


def _date(row: dict[str, Any]) -> str | None:
    """Return the day of publication in China, where the row gives it as text or as seconds."""
    for name in ("display_publish_time", "date", "created_at", "create_time"):
        value = row.get(name)
        if isinstance(value, str) and (found := find_date(value)):
            return found
        if isinstance(value, int) and value > 0:
            return datetime.fromtimestamp(value, UTC).astimezone(_CHINA).date().isoformat()
    return None
