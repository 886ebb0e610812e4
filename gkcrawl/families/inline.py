"""A column that shows its newest report itself, with the other years as tabs (开普云).

Such a page is a list and an article at once: its own address is one of its entries.
"""

import re

from lxml import html

from gkcrawl.families.article import read_article
from gkcrawl.families.page import Page, content, find_date
from gkcrawl.families.rows import Entry
from gkcrawl.families.titles import may_be_report

_BODIES = (
    "//ucapcontent | //*[@id='UCAP-CONTENT' or @id='zfxxgk_gknbxq' or @id='zoomcon' or @id='zoom']"
    " | //*[contains(@class, 'gknbxq_detail') or contains(@class, 'detail_xxgk_info')]"
)
_TITLES = "//ucaptitle | //*[contains(@class, 'gknbxq_top')]//h2 | //h1 | //h2 | //h3"
_DATES = "//*[contains(@class, 'gknbxq_top')]"
# The sections of the unified format (国办公开办函〔2021〕30号) and of the older ones.
_SECTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        r"总体情况|概述",
        r"主动公开(?:政府)?信息?情况|主动公开政府信息的?情况",
        r"收到和处理|依申请公开",
        r"行政复议|行政诉讼",
        r"存在的?(?:主要)?问题",
        r"其他需要报告",
    )
)
ENOUGH_SECTIONS = 3


def shown_report(page: Page) -> Entry | None:
    """Return the report that a page holds in full as an entry of its own, None if it holds none."""
    for body in page.tree.xpath(_BODIES):
        text = content(body)
        if sum(1 for section in _SECTIONS if section.search(text)) >= ENOUGH_SECTIONS:
            above = " ".join(content(element) for element in page.tree.xpath(_DATES))
            date = read_article(page).published or find_date(above)
            return Entry(page.url.partition("#")[0], _title(page, body), date)
    return None


def _title(page: Page, body: html.HtmlElement) -> str:
    """Return what the page calls the report; where it does not, that it is one."""
    titles = [content(element) for element in page.tree.xpath(_TITLES)]
    titles += [content(element) for element in body.iter("p", "div", "strong")][:5]
    stated = read_article(page).title or ""
    fitting = (title for title in (*titles, stated) if len(title) < 80 and may_be_report(title))
    return next(fitting, stated or "政府信息公开工作年度报告")
