"""Where on a portal the columns of annual reports are, by what its anchors say.

Paths drift with every redesign, the words stay: 政府信息公开 leads to 政府信息公开年报, beside
which stand 部门 and 乡镇街道 with a column for each organ.
"""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from archive.records import PageClass
from gkcrawl.families.page import Link, Page
from gkcrawl.families.titles import (
    is_column_name,
    is_directory_name,
    is_organ_name,
    is_parent_name,
    is_year,
    looks_like_article,
    looks_like_column,
    may_be_report,
    plain,
)

Kind = Literal["column", "branch", "parent", "directory", "organ"]
"""What a lead seems to be: a column of annual reports, a part of one (an organ's, a year's), a
section on disclosure, a directory of organs, one organ."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A link that may lead to annual reports."""

    url: str
    anchor: str
    kind: Kind
    fragment: str = ""
    page_class: PageClass = "column"


# Best first.
RANKS: dict[Kind, int] = {"column": 0, "branch": 1, "parent": 2, "directory": 3, "organ": 4}
COLUMNS: frozenset[Kind | None] = frozenset({"column", "branch"})


def leads(page: Page, inside: Kind | None) -> tuple[Lead, ...]:
    """Return the leads of a page, best first; ``inside`` is what the page is, None: a home page."""
    found: dict[str, Lead] = {}
    for link in page.links:
        kind = _kind(link, page, inside)
        if kind is None or link.url == page.url:
            continue
        other = found.get(link.url)
        if other is None or RANKS[kind] < RANKS[other.kind]:
            found[link.url] = Lead(link.url, plain(link.title), kind, link.fragment)
    for frame in page.tree.iter("iframe", "frame"):
        url = page.resolve(frame.get("src") or "")
        if inside in COLUMNS and url and _host(url) == _host(page.url) and looks_like_column(url):
            found.setdefault(url, Lead(url, "", "branch"))
    return tuple(sorted(found.values(), key=lambda lead: RANKS[lead.kind]))


def same_site(url: str, portal: str) -> bool:
    """Tell whether a host is the portal's or below it (``zwgk.x.gov.cn``, ``www.x.gov.cn``)."""
    host, own = _host(url), _host(portal)
    return host == own or host.endswith("." + own)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _kind(link: Link, page: Page, inside: Kind | None) -> Kind | None:
    if looks_like_article(link.url):
        return None
    text = link.title
    if is_column_name(text):
        return "column"
    named = is_year(text) or is_directory_name(text) or is_organ_name(text)
    if inside in COLUMNS and named and _is_below(link.url, page.url):
        return "branch"
    if inside in COLUMNS and is_year(text) and looks_like_column(link.url):
        return "branch"
    if may_be_report(text) and looks_like_column(link.url):
        return "branch"
    if is_directory_name(text):
        return "directory"
    if is_parent_name(text):
        return "parent"
    if inside in ("directory", "column", "branch") and is_organ_name(text):
        return "organ"
    return None


def _is_below(url: str, column: str) -> bool:
    """Tell whether an address lies in the folder of a column, be it ``a/nb/`` or ``a/nb.htm``."""
    path = urlsplit(column).path
    folder = path if path.endswith("/") else path.rsplit(".", 1)[0] + "/"
    if folder.endswith("/index/"):
        folder = folder.removesuffix("index/")
    target = urlsplit(url)
    return target.hostname == urlsplit(column).hostname and target.path.startswith(folder)
