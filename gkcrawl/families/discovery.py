"""Where on a portal the columns of annual reports are, by what its anchors say.

Paths drift with every redesign, the words stay: 政府信息公开 leads to 政府信息公开年报, beside
which stand 部门 and 乡镇街道 with a column for each organ.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal
from urllib.parse import urlsplit

from archive.records import PageClass
from gkcrawl.families.addresses import host_of, is_for_telephones, key, same_site
from gkcrawl.families.hidden import hidden_links
from gkcrawl.families.page import Link, Page
from gkcrawl.families.paths import (
    has_report_slug,
    is_certain_article,
    looks_like_article,
    looks_like_column,
)
from gkcrawl.families.titles import (
    NEXT_PAGE,
    is_bare_column_name,
    is_beside_column,
    is_column_name,
    is_directory_name,
    is_organ_name,
    is_parent_name,
    is_sitemap_name,
    is_weak_directory_name,
    is_wide_parent_name,
    is_year,
    may_be_report,
    plain,
)

__all__ = ["COLUMNS", "RANKS", "Kind", "Lead", "leads", "same_site", "sitemap"]

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
    doubt: int = 0
    """0: named in full; more: it may well be something else, and is asked later."""


# Best first.
RANKS: dict[Kind, int] = {"column": 0, "branch": 1, "parent": 2, "directory": 3, "organ": 4}
COLUMNS: frozenset[Kind | None] = frozenset({"column", "branch"})
FEWEST_ORGANS = 3
"""Links to organs that make a page a directory; one or two stand in any footer."""

_PAGER = re.compile(r"^(?:\d{1,3}|[上前首尾末]一?页|第?\d+页|[<>«»‹›…]+|返回.*|.{0,4}首页)$")
_NO_FRAME = re.compile(
    r"viewer|\.pdf|weather|tianqi|share|player|video|map\.|counter|login|\.js(?:\?|$)", re.I
)
_CRUMB = re.compile(r"crumb|position|location|dqwz|weizhi|\bhere\b|\bsite-?path|curpos", re.I)
_HERE = re.compile(r"(?:您?(?:现在|当前|目前)?的?所在)?(?:当前)?(?:位置|所在)")
_LONGEST_NAME = 40
"""Characters of what a column or organ is called; what is longer is a title."""


def leads(page: Page, inside: Kind | None) -> tuple[Lead, ...]:
    """Return the leads of a page, best first; ``inside`` is what the page is, None: a home page."""
    found: dict[str, Lead] = {}
    own = key(page.url)
    for lead in _all(page, inside):
        name = key(lead.url)
        if name == own and not lead.fragment:
            continue
        other = found.get(name)
        if other is None or _rank(lead) < _rank(other):
            found[name] = lead
    kinds = Counter(lead.kind for lead in found.values())
    if inside not in ("directory", *COLUMNS) and kinds["organ"] < FEWEST_ORGANS:
        found = {name: lead for name, lead in found.items() if lead.kind != "organ"}
    return tuple(sorted(found.values(), key=_rank))


def sitemap(page: Page) -> str | None:
    """Return the address of the site's map (网站地图) that a page links to; None: it does not."""
    maps = (link.url for link in page.links if is_sitemap_name(link.title))
    return next((url for url in maps if same_site(url, page.url)), None)


def _rank(lead: Lead) -> tuple[int, int]:
    return RANKS[lead.kind], lead.doubt


def _all(page: Page, inside: Kind | None) -> Iterator[Lead]:
    for link in page.links:
        # The way back to where one is stands on the page, too.
        if (kind := _kind(link, page, inside)) and not (inside and _in_crumb(link)):
            yield _lead(link, kind, inside)
    for link in hidden_links(page):
        if kind := _kind(link, page, inside):
            yield _lead(link, kind, inside)
    yield from _frames(page, inside)


def _in_crumb(link: Link) -> bool:
    """Tell whether a link is part of 当前位置: 首页 > 政府信息公开 > …."""
    for element in islice(link.element.iterancestors(), 3):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _CRUMB.search(names) or _HERE.match((element.text or "").strip()):
            return True
    return False


def _lead(link: Link, kind: Kind, inside: Kind | None) -> Lead:
    doubtful = {
        "column": is_bare_column_name(link.title) and not has_report_slug(link.url),
        "parent": is_beside_column(link.title) or is_wide_parent_name(link.title),
        "directory": is_weak_directory_name(link.title),
        "organ": inside in (None, "organ"),
    }
    doubt = int(doubtful.get(kind, False))
    return Lead(link.url, plain(link.title), kind, link.fragment, doubt=doubt)


def _kind(link: Link, page: Page, inside: Kind | None) -> Kind | None:
    text = plain(link.title)
    if len(text) > _LONGEST_NAME or _PAGER.match(text) or NEXT_PAGE.match(text):
        return None
    if is_for_telephones(link.url) and not is_for_telephones(page.url):
        return None
    if is_column_name(text) and not is_certain_article(link.url):
        return "column"
    if looks_like_article(link.url):
        return None
    part = is_year(text) or is_organ_name(text)
    if has_report_slug(link.url) and (part or len(text) <= 8 or is_directory_name(text)):
        return "branch" if inside in COLUMNS else "column"
    if inside in COLUMNS and _is_part(link, text, page, part):
        return "branch"
    if may_be_report(text) and looks_like_column(link.url):
        return "branch"
    if is_directory_name(text):
        return "directory"
    if is_parent_name(text) or is_beside_column(text):
        return "parent"
    return "organ" if is_organ_name(text) else None


def _is_part(link: Link, text: str, page: Page, part: bool) -> bool:
    """Tell whether a link of a column leads to an organ's or a year's part of it."""
    if (part or is_directory_name(text)) and _is_below(link.url, page.url):
        return True
    return is_year(text) and looks_like_column(link.url)


def _is_below(url: str, column: str) -> bool:
    """Tell whether an address lies in the folder of a column, be it ``a/nb/`` or ``a/nb.htm``."""
    own, target = urlsplit(column), urlsplit(url)
    folder = own.path if own.path.endswith("/") else own.path.rsplit(".", 1)[0] + "/"
    if folder.endswith("/index/"):
        folder = folder.removesuffix("index/")
    # Columns that a program makes (``index.php?catid=12``) have no folder.
    if own.query or folder == "/":
        return False
    return target.hostname == own.hostname and target.path.startswith(folder)


def _frames(page: Page, inside: Kind | None) -> Iterator[Lead]:
    """Yield the frames of a page that may hold what it seems to lack: a list, a menu of organs."""
    for frame in page.tree.iter("iframe", "frame"):
        url = page.resolve(frame.get("src") or frame.get("data-src") or "")
        if url is None or host_of(url) != host_of(page.url) or looks_like_article(url):
            continue
        if _NO_FRAME.search(url):
            continue
        if inside in COLUMNS:
            yield Lead(url, "", "branch")
        elif inside is not None:
            # A menu of organs stands in a frame as often as a list does.
            yield Lead(url, "", "directory" if inside == "parent" else inside, doubt=1)
        elif frame.tag == "frame" or len(page.links) < FEWEST_ORGANS:
            yield Lead(url, "", "parent", doubt=1)
