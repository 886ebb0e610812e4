"""拓尔思 TRS WCM and its look-alikes, the largest family by count.

Column ``/a/b/`` (``index.html``), article ``./202601/t20260113_2042365.html``, file
``./P020260601322559475097.pdf``. The pagers are scripts (`pager`); 福建 lists by JSON (`fjdzapp`).
内蒙古 puts a frame around its lists: ``?gk=3&cid=16280``, with the list's address in ``data-url``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from gkcrawl.families.article import Article
from gkcrawl.families.calls import calls
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page, content
from gkcrawl.families.rows import Entry, Next
from gkcrawl.families.static import Static, lists_reports
from gkcrawl.families.titles import is_column_name
from gkcrawl.families.trs import fjdzapp, pager

# Shorter numbers may be counted anew in every column.
_DOCUMENT = re.compile(r"/(t(?:\d{8}|\d{4})_\d{5,})\.s?html?$")
# Files that only a script lists, as text, as markup or as JSON.
_APPENDIX = re.compile(
    r"\bfile_appendix\s*=\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|\[.*?\]\s*;|\{.*?\}\s*;)",
    re.S,
)
_FILE = re.compile(r"[^\s\"'\\<>=(),]{0,200}\bP0\d{10,}\.\w{2,4}")
_SEARCH = re.compile(r"/igs/front/search")
_HERE = re.compile(r"(?:^|\s)(?:on|active|cur|current|selected)(?:\s|$)")


class Trs(Static):
    """TRS; numbers of pages stand in scripts, lists sometimes in JSON."""

    name = "trs"

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield what a page without reports asks for: a list in its frame, or of a service."""
        if lists_reports(entries):
            return
        found = tuple(fjdzapp.asked(page)) or tuple(_framed(page)) or tuple(_searched(page))
        yield from found or super().requests(page, entries)

    def next_pages(self, page: Page) -> Iterator[Next]:
        """Yield the next pages: as a script says, else as a link says."""
        urls = pager.following(page)
        if urls is not None:
            yield from map(Next, urls)
        else:
            yield from super().next_pages(page)

    def article(self, page: Page) -> Article:
        """Return what surrounds a document, with the files that only a script lists."""
        found = super().article(page)
        hidden = dict.fromkeys(url for url in _hidden_files(page) if url not in found.attachments)
        return replace(found, attachments=(*found.attachments, *hidden))

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the leads of a page; one to a frame leads to the list in it."""
        lists = {shell.frame: shell.target for shell in _shells(page)}
        leads = super().columns(page, inside=inside)
        return tuple(replace(lead, url=lists.get(lead.url, lead.url)) for lead in leads)

    def identity(self, url: str) -> str:
        """Return host and number: a document that was put into several columns keeps its number."""
        parts = urlsplit(url)
        match = _DOCUMENT.search(parts.path)
        return f"{parts.hostname}/{match[1]}" if match else super().identity(url)


class _Shell(NamedTuple):
    """An anchor that keeps two addresses: of a frame, and of the list in it."""

    frame: str
    target: str
    name: str
    is_chosen: bool


def _shells(page: Page) -> Iterator[_Shell]:
    """Yield the anchors to frames with their lists."""
    for anchor in page.tree.iter("a"):
        href, target = anchor.get("href") or "", page.resolve(anchor.get("data-url") or "")
        frame = page.resolve(href) or page.url
        if target and (href.startswith("?") or "gk=" in href or frame == page.url):
            marks = " ".join(str(name) for name in anchor.xpath("(. | ..)/@class"))
            yield _Shell(frame, target, content(anchor), bool(_HERE.search(marks)))


def _framed(page: Page) -> Iterator[Next]:
    """Yield the request for the list that a frame shows: by its number, its name, or its mark."""
    number = _column_id(page.url)
    if not number and "gk=" not in page.url:
        return
    shells = tuple(_shells(page))
    chosen = (
        [shell for shell in shells if number and _column_id(shell.frame) == number]
        or [shell for shell in shells if is_column_name(shell.name)]
        or [shell for shell in shells if shell.is_chosen]
    )
    targets = dict.fromkeys(shell.target for shell in chosen)
    yield from (Next(target) for target in targets if target != page.url)


def _column_id(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("cid", [""])[0]


def _searched(page: Page) -> Iterator[Next]:
    """Yield the request for a list that is the result of a search (湖北, 广西)."""
    for call in calls(page) if _SEARCH.search(page.text) else ():
        if _SEARCH.search(call.url):
            yield call.request()


def _hidden_files(page: Page) -> Iterator[str]:
    """Yield the files that a script keeps, and those of anchors that lost their address."""
    for variable in _APPENDIX.finditer(page.text):
        for name in _FILE.findall(variable[1].replace("\\/", "/")):
            if target := page.resolve(name):
                yield target
    for anchor in page.tree.iter("a"):
        # ``/protect/`` is the editors' own store; the published file lies beside the page.
        source = (anchor.get("oldsrc") or "").rsplit("/", 1)[-1]
        target = page.resolve("./" + source) if source else None
        if target and page.resolve(anchor.get("href") or "") is None:
            yield target
