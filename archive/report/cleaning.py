"""The text of an article, cleaned by trafilatura and held against what the article holds.

trafilatura knows what is boilerplate inside an article (repeated lines, tools, hidden parts), but
it was made for news: now and then it takes a sentence of an official form for such. What a report
says must not get lost, so its answer counts only where every sentence of the article is in it.
"""

import copy
import re
from collections.abc import Iterable

import trafilatura
from lxml.html import HtmlElement
from lxml.html.builder import E

from archive.report.lines import Line, plain_lines, row_cells

_MUCH = 300_000
"""Characters; a page with more holds no article that had to be found in it."""
_ELEMENTS, _DEPTH = 20_000, 12
"""Elements of a page and tables in tables; what has more is left as it stands. (A report pasted
from Word has up to 10 000 elements.)"""
_SENTENCE = re.compile(r"[。；;\n]")
_TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")


def cleaned(article: HtmlElement, own: list[Line]) -> list[Line]:
    """Return the article as trafilatura cleans it, or ``own`` where that loses a sentence.

    ``own``: the article's lines as they stand in its markup.
    """
    if _is_heavy(article):
        return own
    inner = _without_spans(article)
    inner.tag = "div"
    inner.attrib.clear()
    inner.tail = None
    _unfold_layout(inner)
    found = _extracted(E.html(E.body(E("article", inner))))
    kept = _bare(line.text for line in found)
    prose = (line.text for line in own if not line.is_row)
    lost = any(_bare([s]) not in kept for text in prose for s in _SENTENCE.split(text))
    return own if lost else found


def main_text(page: HtmlElement) -> list[Line]:
    """Return the lines of what trafilatura takes for the main text of a page; may be empty."""
    return [] if _is_heavy(page) else _extracted(_without_spans(page))


def _extracted(page: HtmlElement) -> list[Line]:
    text = trafilatura.extract(page, favor_recall=True, include_comments=False)
    return plain_lines(text) if text else []


def _is_heavy(page: HtmlElement) -> bool:
    """Whether the page is so large or so deep that trafilatura would take seconds."""
    deep = page.find(".//table" + "//table" * _DEPTH) is not None
    return deep or len(page.text_content()) > _MUCH or sum(1 for _ in page.iter()) > _ELEMENTS


def _without_spans(page: HtmlElement) -> HtmlElement:
    """Return a copy with no merged cells: trafilatura would write out all that they cover."""
    page = copy.deepcopy(page)
    for cell in page.iter("td", "th"):
        for name in ("rowspan", "colspan"):
            cell.attrib.pop(name, None)
    return page


def _unfold_layout(article: HtmlElement) -> None:
    """Make blocks of the tables that only lay the page out: trafilatura reads tables as data."""
    several: dict[HtmlElement | None, bool] = {}
    for table in list(article.iter("table")):
        if any(row_cells(row, several) is None for row in table.iter("tr")):
            for part in list(table.iter(*_TABLE_PARTS)):
                if next(part.iterancestors("table"), table) is table or part is table:
                    part.tag = "div"


def _bare(texts: Iterable[str]) -> str:
    return re.sub(r"[\s|]", "", "".join(texts))
