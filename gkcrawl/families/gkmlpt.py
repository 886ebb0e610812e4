"""广东's 政府信息公开目录平台 (gkmlpt) and the NFCMS columns beside it.

``/gkmlpt/index`` carries ``window._CONFIG = {SID:'766001', TREE:[…]}``; the node of the tree that
is named 年报 has a category, listed by ``/gkmlpt/api/all/<category>?page=1&sid=<SID>`` (100 rows;
pages 0 and 1 are the same). ``/gkmlpt/annualreport#<category>`` is where portals link to it. Organs
below have the same under a prefix of their own, ``/yfsthjj/gkmlpt/``, with a SID of their own.

NFCMS columns are plain pages (``/zwgk/xxgknb/``, ``index_2.html``). ``post_N`` is one document
under all its paths, ``mpost_N`` its page for telephones.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from archive.deadlines import CHINA
from gkcrawl.families.discovery import COLUMNS, Kind, Lead
from gkcrawl.families.hidden import hidden_links
from gkcrawl.families.jsvalue import read_value
from gkcrawl.families.numbers import whole
from gkcrawl.families.page import Page, find_date
from gkcrawl.families.pagecounts import page_count
from gkcrawl.families.rows import Entry, Listing, Next, page_address, page_number, url_date
from gkcrawl.families.static import Static
from gkcrawl.families.titles import is_column_name, is_organ_name, plain

LONGEST_TREE = 2_000_000
"""Characters; the trees of a province's departments fill some 100,000."""

_CONFIG = re.compile(r"_CONFIG\s*=\s*(?=\{)")
_SID = re.compile(r"""\bSID["']?\s*:\s*["']?(\d+)""")
_TREE = re.compile(r"""\bTREE["']?\s*:\s*(?=\[)""")
_ROUTE = re.compile(r"^(?P<root>.*?/gkmlpt)(?:/|$)")
# Addresses of platforms in links and in scripts, with the category that they show.
_ADDRESS = re.compile(
    r"""["']([^"'\s<>]*/gkmlpt(?:/(?:index|(?:Special/)?annualreport))?/?)(?:#/?(\d+))?["']"""
)
_POST = re.compile(r"/m?post_(\d+)\.html?$")
_NUMBERED = re.compile(r"/(?:index(?:_(\d{1,6}))?\.html)?$")


class Gkmlpt(Static):
    """gkmlpt; the tree of categories is in the page, the listing is JSON."""

    name = "gkmlpt"
    guesses = ("/gkmlpt/annualreport", "/gkmlpt/index", "/zwgk/xxgknb/")

    def listing(self, page: Page) -> Listing:
        """Return the rows of an answer, or of a column of NFCMS; a platform's come by request."""
        found = _answer(page) or super().listing(page)
        if _shows_reports(page):
            leads = (lead for lead in _categories(page) if lead.page_class == "listing")
            found = replace(found, next=tuple(Next(lead.url) for lead in leads))
        return replace(found, entries=tuple(_for_screens(entry) for entry in found.entries))

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the next page by its link; of a column without one, by the number of pages."""
        linked = tuple(super().next_pages(page))
        yield from linked
        place = _NUMBERED.search(urlsplit(page.url).path)
        if linked or place is None or "NFCMS_" not in page.text:
            return
        number, count = int(place[1] or 1), page_count(page)
        if count and number < count and (url := page.resolve(f"index_{number + 1}.html")):
            yield Next(url)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the categories of the page's own tree first, then platforms that it names."""
        own = tuple(_categories(page))
        done = {_root(page.url)} if own else set()
        platforms = tuple(_platforms(page, done))
        done |= {_root(lead.url) for lead in platforms}
        others = super().columns(page, inside=inside)
        if inside in COLUMNS and _shows_reports(page):
            # Its listing asks for them.
            own = tuple(lead for lead in own if lead.page_class != "listing")
        return (*own, *platforms, *(lead for lead in others if _root(lead.url) not in done))

    def identity(self, url: str) -> str:
        """Return site and number: one report is shown under several paths with one number."""
        match = _POST.search(urlsplit(url).path)
        return f"{urlsplit(url).hostname}/post_{match[1]}" if match else super().identity(url)


def _shows_reports(page: Page) -> bool:
    """Tell whether a page is a platform's column of annual reports."""
    return "annualreport" in page.url and page.data is None


def _root(url: str) -> str:
    """Return the address of the platform that a page belongs to; its own where it is of none."""
    route = _ROUTE.match(url.partition("#")[0])
    return route["root"].partition("://")[2] if route else url


def _categories(page: Page) -> Iterator[Lead]:
    """Yield the listing of every category of annual reports that the page names."""
    address, _, fragment = page.url.partition("#")
    root = _ROUTE.match(address)
    if root is None or page.data is not None:
        return
    sid, tree = _config(page.text)
    if sid is None:
        return
    named = dict(_nodes(page, tree, False))
    shown = [fragment] if _shows_reports(page) else []
    own = (platform for platform in _named(page) if _root(platform.url) == _root(page.url))
    shown += [platform.category for platform in own if platform.lead.kind == "column"]
    # One page shows all categories, but it is asked for once.
    shown += page.known.get(_root(page.url), "").split()
    for category in filter(str.isdigit, (part.strip("/") for part in shown)):
        named.setdefault(category, "政府信息公开年报")
    for category, name in named.items():
        if category.isdigit():
            url = f"{root['root']}/api/all/{category}?page=1&sid={sid}"
            yield Lead(url, name, "column", page_class="listing")
        else:
            yield Lead(category, name, "column")


def _config(text: str) -> tuple[str | None, Any]:
    """Return SID and TREE of ``_CONFIG``; (None, []) if there is none."""
    if match := _CONFIG.search(text):
        config = read_value(text, match.end(), longest=LONGEST_TREE)
        if isinstance(config, dict) and config.get("SID") and config.get("TREE"):
            return str(config["SID"]), config["TREE"]
    sid, tree = _SID.search(text), _TREE.search(text)
    nodes = read_value(text, tree.end(), longest=LONGEST_TREE) if tree else []
    return (sid[1] if sid else None), nodes if isinstance(nodes, list) else []


def _nodes(page: Page, node: Any, below: bool) -> Iterator[tuple[str, str]]:
    """Yield id and name of the nodes named 年报 and of all nodes below them.

    A node that only leads to a column elsewhere has its address in place of the id.
    """
    if isinstance(node, list):
        for child in node:
            yield from _nodes(page, child, below)
    elif isinstance(node, dict):
        name = str(node.get("name") or node.get("title") or "")
        wanted = below or is_column_name(name)
        elsewhere = page.resolve(str(node.get("jump_url") or node.get("link") or ""))
        if wanted and elsewhere:
            yield elsewhere, name
        elif wanted and str(node.get("id", "")).isdigit() and node.get("post_count") != 0:
            yield str(node["id"]), name
        for value in node.values():
            if isinstance(value, list):
                yield from _nodes(page, value, wanted)


@dataclass(frozen=True, slots=True)
class _Platform:
    """A platform as a page names it in a link or a script."""

    url: str
    category: str
    name: str
    """What the link is called; empty: it stands in a script."""

    @property
    def lead(self) -> Lead:
        """The platform as a lead; an address named for something else is no column."""
        fits = not self.name or is_column_name(self.name) or is_organ_name(self.name)
        kind: Kind = "column" if "annualreport" in self.url and fits else "parent"
        return Lead(self.url, self.name, kind, self.category, doubt=0 if fits else 1)


def _named(page: Page) -> Iterator[_Platform]:
    """Yield the platforms that a page names, with the names of their links."""
    names = {
        (link.url, link.fragment.strip("/")): plain(link.title)
        for link in (*hidden_links(page), *page.links)
    }
    for match in _ADDRESS.finditer(page.text.replace("\\/", "/")):
        if url := page.resolve(match[1]):
            category = match[2] or ""
            yield _Platform(url, category, names.get((url, category), ""))


def _platforms(page: Page, done: set[str]) -> Iterator[Lead]:
    """Yield an entrance of every other platform that a page names, best that of its reports."""
    best: dict[str, Lead] = {}
    for platform in _named(page):
        root, lead = _root(platform.url), platform.lead
        if lead.kind == "column" and platform.category:
            shown = page.known.get(root, "").split()
            page.known[root] = " ".join(dict.fromkeys([*shown, platform.category]))
        if lead.kind == "parent" and not lead.anchor and root != _root(page.url):
            lead = replace(lead, kind="organ")
        if root not in done and (root not in best or _rank(lead) < _rank(best[root])):
            best[root] = lead
    yield from sorted(best.values(), key=_rank)


def _rank(lead: Lead) -> tuple[bool, int]:
    return lead.kind != "column", lead.doubt


def _answer(page: Page) -> Listing | None:
    """Return the rows of an answer of ``/gkmlpt/api/all/``; None: the page is none."""
    try:
        rows = page.data["articles"]
        entries = tuple(filter(None, (_record(page, row) for row in rows)))
        total = whole(page.data.get("total")) or 0
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    number = page_number(page.url)
    if number is None or not entries or number * len(rows) >= total:
        return Listing(entries)
    return Listing(entries, (Next(page_address(page.url, number + 1)),))


def _record(page: Page, row: dict[str, Any]) -> Entry | None:
    """Return a row as an entry, None where it names no address."""
    url = page.resolve(str(row.get("url") or row.get("post_url") or ""))
    if url is None:
        return None
    files = (page.resolve(str(file.get("url") or "")) for file in row.get("attachment") or ())
    return Entry(
        url=_as_asked(page, url),
        title=str(row.get("title") or ""),
        date=_date(row) or url_date(url),
        attachments=tuple(_as_asked(page, file) for file in files if file),
    )


def _as_asked(page: Page, url: str) -> str:
    """Return an address of this host with the page's own scheme: many hosts have no https."""
    own, parts = urlsplit(page.url), urlsplit(url)
    return parts._replace(scheme=own.scheme).geturl() if parts.netloc == own.netloc else url


def _for_screens(entry: Entry) -> Entry:
    return replace(entry, url=entry.url.replace("/mpost_", "/post_"))


def _date(row: dict[str, Any]) -> str | None:
    """Return the day of publication in China, where the row gives it as text or as seconds."""
    for name in ("display_publish_time", "date", "created_at", "create_time"):
        value = row.get(name)
        if isinstance(value, str) and (found := find_date(value)):
            return found
        if isinstance(value, int) and value > 0:
            return datetime.fromtimestamp(value, UTC).astimezone(CHINA).date().isoformat()
    return None
