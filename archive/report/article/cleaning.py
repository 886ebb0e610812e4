"""What trafilatura takes for boilerplate inside an article, held against what an article says.

trafilatura knows repeated lines, tools, lists of links, hidden parts. But it was made for news: now
and then it takes a sentence of an official form for boilerplate. What a report says must not get
lost, so it decides only over what is no sentence, heading or row of a table.
"""

import copy
from collections.abc import Sequence

import lxml.html
import trafilatura
from lxml import etree
from trafilatura.settings import Extractor

from archive.report.article.lines import SILENT, Flow, Line
from archive.report.article.telling import is_link, is_told, tells
from archive.report.chars import tight
from archive.report.identity.titles import is_report_title, issuer_part

_MUCH = 300_000
"""Characters; a page with more holds no article that had to be found in it."""
_ELEMENTS = 20_000
"""Elements of a page; what has more is left as it stands. (A report pasted from Word has up to
10 000 elements.)"""
_OPENING = 12
"""Lines above which the title stands."""
_TABLE_PARTS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")
# No second opinion of other extractors: its answer is held against the lines anyway.
_OPTIONS = Extractor(fast=True, recall=True, comments=False, tables=False)
_SHELL = "<html><body><article>{}</article></body></html>"


def cleaned(flow: Flow, article: etree._Element, own: Sequence[Line]) -> list[Line]:
    """Return ``own``, the lines of ``article``, without those that trafilatura leaves out and that
    say nothing: links and words that stand alone outside the sentences."""
    start, title = _opening(own)
    own = own[start:]
    told = [n for n, line in enumerate(own) if is_told(line)]
    first, last = (told[0], told[-1]) if told else (0, len(own))
    sure = [
        n == title or tells(line) or (first <= n <= last and not is_link(line))
        for n, line in enumerate(own)
    ]
    # Most containers hold an article and nothing else: then there is nothing to decide.
    kept = "" if all(sure) else _kept(flow, article)
    if not kept:
        return list(own)
    return [
        line for line, is_sure in zip(own, sure, strict=True) if is_sure or tight(line.text) in kept
    ]


def _opening(lines: Sequence[Line]) -> tuple[int, int | None]:
    """Return which line begins the title of a report, where only words that stand alone are above
    it, and where from there the line with the title stands; else 0 and None."""
    for n, line in enumerate(lines[:_OPENING]):
        if is_told(line):
            break
        if not is_link(line) and is_report_title(line.text):
            # The issuer may stand on a line of its own.
            start = n if issuer_part(line.text) else max(n - 1, 0)
            return start, n - start
    return 0, None


def main_lines(flow: Flow, own: Sequence[Line]) -> list[Line]:
    """Return the lines of ``own`` from the first to the last that trafilatura takes for the main
    text of the page; may be empty."""
    kept = _kept(flow, flow.root)
    stays = [tight(line.text) in kept for line in own]
    if True not in stays:
        return []
    first, last = stays.index(True), len(stays) - stays[::-1].index(True)
    return [
        line
        for line, stay in zip(own[first:last], stays[first:last], strict=True)
        if stay or tells(line)
    ]


def _kept(flow: Flow, article: etree._Element) -> str:
    """Return the text that trafilatura keeps of ``article``, without blanks; empty: it has none, or
    would take seconds."""
    if flow.size(article) > _MUCH or len(flow.spans) > _ELEMENTS:
        return ""
    page = lxml.html.document_fromstring(_SHELL.format(_prose_of(flow, article)))
    found = trafilatura.bare_extraction(page, options=_OPTIONS)
    body = getattr(found, "body", None)
    return "" if body is None else tight("".join(body.itertext()))


def _prose_of(flow: Flow, article: etree._Element) -> str:
    """Return the markup of ``article`` without its rows of data, its layout tables as blocks."""
    prose = copy.deepcopy(article)
    for row, twin in zip(article.iter("tr"), prose.iter("tr"), strict=True):
        if row in flow.rows:
            twin.tag = SILENT[0]
    etree.strip_elements(prose, *SILENT, with_tail=False)
    for part in prose.iter(*_TABLE_PARTS):
        part.tag = "div"
    prose.attrib.clear()
    prose.tag, prose.tail = "div", None
    return etree.tostring(prose, encoding="unicode", method="html")
