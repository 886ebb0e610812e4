"""The element of a page that holds the article.

Containers are those of the publishing systems (see each name below); where none of them holds the
report, the smallest element that holds its headings does, with what introduces it.
"""

import re
from bisect import bisect
from itertools import accumulate

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from archive.report.chars import tight
from archive.report.lines import Line, placed_lines, render, text_of
from archive.report.sections import count_headings, headings

# Containers that hold an article and nothing else.
_EXACT = (
    "//*[@id='UCAP-CONTENT'] | //ucapcontent",  # 开普云
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' TRS_Editor ')]",  # TRS
    "//*[contains(@class, 'TRS_UEDITOR') or contains(@class, 'trs_editor_view')]",
    "//*[starts-with(@id, 'vsb_content')] | //*[contains(@class, 'v_news_content')]",  # 博达 VSB
    "//*[@id='zoom' or @id='Zoom' or @id='zoomcon' or @id='ivs_content']",  # 大汉
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' article-content ')]",  # gkmlpt
    "//*[contains(@class, 'gknbxq_detail') or contains(@class, 'detail_xxgk_info')]",
    "//*[contains(@class, 'news_cont_d_wrap') or contains(@class, 'tyxxy_main')]",  # NFCMS
    "//*[contains(@class, 'bt_content') or contains(@class, 'wip_art_con')]",
    "//*[contains(@class, 'wzcon') or contains(@class, 'gkwz_contnet')]",  # 龙讯
    "//*[contains(@class, 'Custom_UnionStyle') or @id='webeditorview']",
    "//*[contains(@class, 'xxgk_content') or contains(@class, 'xl_article')]",
)
# Hanweb marks the article by comments.
BEGIN = re.compile(r"\$\[信息内容\]>\s*begin|ZJEG_RSS\.content\.begin")
_END = re.compile(r"\$\[信息内容\]>\s*end|ZJEG_RSS\.content\.end")
_AROUND = re.compile(
    "当前位置|您的位置|首页|上一篇|下一篇|主办单位|承办单位|版权所有|ICP备|网站标识码|友情链接|网站地图|登录|搜索"
)
_OPENING = re.compile(
    "现[向社会将予以]{0,5}[公发]布|编制本|本报告|本年度报告|信息公开条例|报告如下"
)


def article_of(root: HtmlElement) -> HtmlElement:
    """Return the element that holds the article."""
    body = root.find("body")
    body = root if body is None else body
    if (marked := _between_marks(body)) is not None and size_of(marked) > 50:
        return marked
    lines = placed_lines(body)
    total = count_headings(text_of(line for line, _ in lines))
    known = [e for path in _EXACT for e in body.xpath(path) if isinstance(e, HtmlElement)]
    if total >= 3:
        holding = [e for e in known if count_headings(_text(e)) == total]
        return min(holding, key=size_of) if holding else _around_headings(body, lines)
    if known and size_of(best := max(known, key=size_of)) >= 50:
        return best
    return body


def _between_marks(body: HtmlElement) -> HtmlElement | None:
    """Return the element with what stands between Hanweb's comments, if it has them."""
    begin = next((c for c in body.iter(etree.Comment) if BEGIN.search(c.text or "")), None)
    parent = None if begin is None else begin.getparent()
    if begin is None or parent is None:
        return None
    after = list(begin.itersiblings())
    stop = next((i for i, e in enumerate(after) if _is_comment(e, _END)), None)
    if stop is None:
        return parent
    taken = lxml.html.HtmlElement()
    taken.tag = "div"
    taken.text = begin.tail
    parent.insert(parent.index(begin), taken)
    taken.extend(after[:stop])
    return taken


def _is_comment(element: etree._Element, words: re.Pattern[str]) -> bool:
    return isinstance(element, etree._Comment) and bool(words.search(element.text or ""))


def _around_headings(body: HtmlElement, lines: list[tuple[Line, HtmlElement]]) -> HtmlElement:
    """Return the smallest element with all headings, widened by what introduces the report."""
    current = _smallest(body, lines)
    while (outer := current.getparent()) is not None and current is not body:
        if not _only_wraps(outer, current):
            inside, whole = _text(current), _text(outer)
            # What stands around a report is mostly links.
            extra = len(tight(whole)) - len(tight(inside))
            if extra > 20:
                before = whole[: max(whole.find(inside[:200]), 0)]
                wanted = _OPENING.search(before) and not _OPENING.search(inside[:1000])
                links = _linked(outer) - _linked(current) > 0.4 * extra
                if not wanted and (links or _AROUND.search(whole) or outer is body):
                    break
        current = outer
    return current


def _smallest(body: HtmlElement, lines: list[tuple[Line, HtmlElement]]) -> HtmlElement:
    """Return the smallest element that holds the headings of ``body``."""
    found = headings(text_of(line for line, _ in lines))
    starts = list(accumulate((len(line.text) + 1 for line, _ in lines), initial=0))
    places = [lines[bisect(starts, start) - 1][1] for start, _, _ in found]
    above = [[place, *place.iterancestors()][::-1] for place in places]
    common = [level[0] for level in zip(*above, strict=False) if len(set(level)) == 1]
    inside = [element for element in common if element is body or body in element.iterancestors()]
    return inside[-1] if inside else body


def _only_wraps(outer: HtmlElement, inner: HtmlElement) -> bool:
    """Whether ``outer`` holds nothing but ``inner``."""
    texts = (outer.text, *(child.tail for child in outer))
    return len(outer) == 1 and inner is outer[0] and not any((text or "").strip() for text in texts)


def _linked(element: HtmlElement) -> int:
    return sum(size_of(link) for link in element.iter("a"))


def _text(element: HtmlElement) -> str:
    return text_of(render(element))


def size_of(element: HtmlElement) -> int:
    """Return how many characters ``element`` holds, without white space."""
    return len(tight(element.text_content()))
