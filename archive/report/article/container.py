"""The element of a page that holds the article.

Containers are those of the publishing systems (see each name below); where none of them holds the
report, the smallest element that holds its headings does, with what introduces it.
"""

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from archive.report.article.chrome import is_chrome
from archive.report.article.headings import count_headings, headings
from archive.report.article.lines import Flow, text_of
from archive.report.article.telling import tells
from archive.report.chars import tight

# Containers that hold an article and nothing else, by their class.
_BY_CLASS = re.compile(
    r"(?:^|\s)(?:TRS_Editor|article-content)(?:\s|$)"  # TRS, gkmlpt
    r"|TRS_UEDITOR|trs_editor_view"  # TRS
    r"|v_news_content"  # 博达 VSB
    r"|gknbxq_detail|detail_xxgk_info"
    r"|news_cont_d_wrap|tyxxy_main"  # NFCMS
    r"|bt_content|wip_art_con"
    r"|wzcon|gkwz_contnet"  # 龙讯
    r"|Custom_UnionStyle|xxgk_content|xl_article"
)
# And by their id: 开普云, 博达 VSB, 大汉.
_BY_ID = re.compile(r"UCAP-CONTENT$|vsb_content|(?:[zZ]oom|zoomcon|ivs_content|webeditorview)$")
MARKS = ("$[信息内容]>", "ZJEG_RSS.content.")
"""What the comments have in which Hanweb marks an article."""
_BEGIN = re.compile(r"\$\[信息内容\]>\s*begin|ZJEG_RSS\.content\.begin")
_END = re.compile(r"\$\[信息内容\]>\s*end|ZJEG_RSS\.content\.end")
_AROUND = re.compile(
    "当前位置|您的位置|首页|上一篇|下一篇|主办单位|承办单位|版权所有|ICP备|网站标识码|友情链接|网站地图|登录|搜索"
)
_OPENING = re.compile(
    "现[向社会将予以]{0,5}[公发]布|编制本|本报告|本年度报告|信息公开条例|报告如下"
)


def is_known(element: etree._Element) -> bool:
    """Whether a publishing system puts articles, and nothing else, into elements like this."""
    return (
        element.tag == "ucapcontent"
        or _BY_CLASS.search(element.get("class") or "") is not None
        or _BY_ID.match(element.get("id") or "") is not None
    )


def between_marks(body: etree._Element) -> etree._Element | None:
    """Return an element, new in the tree, with what stands between Hanweb's comments; None: the
    page has none. All comments are taken out."""
    begin = next((c for c in body.iter(etree.Comment) if _BEGIN.search(c.text or "")), None)
    parent = None if begin is None else begin.getparent()
    taken = None
    if begin is not None and parent is not None:
        after = list(begin.itersiblings())
        stop = next((i for i, e in enumerate(after) if _is_comment(e, _END)), None)
        taken = parent if stop is None else etree.Element("div")
        if taken is not parent:
            taken.text = begin.tail
            parent.insert(parent.index(begin), taken)
            taken.extend(after[:stop])
            begin.tail = None
    etree.strip_tags(body, etree.Comment)
    return taken


def _is_comment(element: etree._Element, words: re.Pattern[str]) -> bool:
    return isinstance(element, etree._Comment) and bool(words.search(element.text or ""))


@dataclass(frozen=True, slots=True)
class Extent:
    """Where an article stands in a page."""

    element: etree._Element
    start: int
    """Its first line."""
    end: int
    """The line after its last."""


def article_of(
    flow: Flow,
    known: Sequence[etree._Element],
    marked: etree._Element | None,
    *,
    is_torn: bool = False,
) -> Extent:
    """Return where the article stands in ``flow``: in the element that the system ``marked``, else
    in one of those ``known``, else around the headings.

    ``is_torn``: the page closes more than it opens; an article may go on behind its element.
    """
    total = count_headings(text_of(flow.lines))
    places = [marked] if marked is not None and flow.size(marked) > 50 else list(known)
    if total < 3:
        best = max(places, key=flow.size, default=flow.root)
        return _extent(flow, best if flow.size(best) >= 50 else flow.root)
    for element in sorted(places, key=flow.size):
        start, end = flow.spans.get(element, (0, 0))
        end = _continued(flow, end) if is_torn else end
        if count_headings(text_of(flow.lines[start:end])) == total:
            return _widened(flow, element, end)
    element = _around_headings(flow)
    end = flow.spans[element][1]
    return _widened(flow, element, _continued(flow, end) if is_torn else end)


def _extent(flow: Flow, element: etree._Element) -> Extent:
    return Extent(element, *flow.spans[element])


def _widened(flow: Flow, element: etree._Element, end: int) -> Extent:
    """Return the extent from the start of ``element`` to the line ``end``, in the smallest element
    that holds it."""
    start = flow.spans[element][0]
    while flow.spans[element][1] < end and (outer := _outer(flow, element)) is not None:
        element = outer
    return Extent(element, start, end)


def _continued(flow: Flow, end: int) -> int:
    """Return where the article ends that a stray closing tag has cut at the line ``end``: behind
    the lines that follow at once and say something."""
    while end < len(flow.lines):
        line = flow.lines[end]
        if not tells(line) or is_chrome(line.text):
            break
        end += 1
    return end


def _around_headings(flow: Flow) -> etree._Element:
    """Return the smallest element with all headings, widened by what introduces the report."""
    current = _smallest(flow)
    while current is not flow.root and (outer := _outer(flow, current)) is not None:
        extra = flow.size(outer) - flow.size(current)
        if extra and outer.tag == "tr":
            # The other cells of the row are other columns of the page.
            break
        # What stands around a report is mostly links.
        if extra > 20:
            inside, whole = text_of(flow.within(current)), text_of(flow.within(outer))
            before = whole[: max(whole.find(inside[:200]), 0)]
            wanted = _OPENING.search(before) and not _OPENING.search(inside[:1000])
            links = flow.linked(outer) - flow.linked(current) > 0.4 * extra
            if not wanted and (links or _AROUND.search(tight(whole)) or outer is flow.root):
                break
        current = outer
    return current


def _outer(flow: Flow, element: etree._Element) -> etree._Element | None:
    return next((e for e in element.iterancestors() if e in flow.spans), None)


def _smallest(flow: Flow) -> etree._Element:
    """Return the smallest element that holds the headings."""
    found = headings(text_of(flow.lines))
    starts = list(accumulate((len(line.text) + 1 for line in flow.lines), initial=0))
    first, last = (bisect(starts, found[i][0]) - 1 for i in (0, -1))
    holding = [
        (end - start, number, element)
        for number, (element, (start, end)) in enumerate(flow.spans.items())
        if start <= first and last < end
    ]
    # Inner blocks end, and so stand, before those around them.
    return min(holding, key=lambda x: x[:2])[2] if holding else flow.root
