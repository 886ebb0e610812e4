"""What ails a page that was to lead to reports: gone, refused, in strange hands, or all script."""

import re

from archive.report.identity.stubs import stub_reason
from gkcrawl.families.article import moved_to
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Listing

_STRANGE = re.compile(
    r"博彩|赌场|赌博|彩票|娱乐城|娱乐平台|真人娱乐|百家乐|棋牌|六合彩|葡京|威尼斯人|老虎机|时时彩|体育投注"
    r"|成人影|情色|a片|开户送|外围|域名(?:出售|转让|已过期)|domain (?:is )?for sale|domain parking",
    re.I,
)
# What stands on every page of a government's site (国办发〔2017〕47号; 党政机关 badge of conac).
_OFFICIAL = re.compile(
    r"SiteIDCode|网站标识码|党政机关|conac\.cn|政府信息公开|政务公开|主办单位|人民政府|\.gov\.cn",
    re.I,
)
_NOTHING = re.compile(
    r"暂无(?:相关)?(?:信息|数据|内容|记录)|没有(?:找到|相关)|共\s*0\s*条|正在建设|建设中"
)
# A list that a script is to fill: a call, a template, a framework's root, rows written out.
_FILLED = re.compile(
    r"\$\.(?:ajax|get|post|getJSON)\s*\(|axios|fetch\s*\(|XMLHttpRequest|\{\{\s*\w|\$\{\s*\w+\."
    r"|v-for=|ng-repeat|new Vue\s*\(|createApp\s*\(|id=[\"'](?:app|root|__nuxt|__next)[\"']"
    r"|jquery\.tmpl|innerHTML\s*\+?=|\.(?:append|html|prepend)\s*\(|insertAdjacentHTML"
    r"|document\.write(?:ln)?\s*\([^)]*<(?:li|a|tr|dd|dt|p|ul|div)\b",
    re.I,
)
# The six headings of the form (国办公开办函〔2021〕30号).
_HEADINGS = re.compile(
    r"总体情况|主动公开政府信息情况|收到和处理政府信息公开申请|政府信息公开行政复议|存在的主要问题|其他需要报告的事项"
)
FEWEST_HEADINGS = 4
_LOGIN = re.compile(r"/(?:login|signin|sso|passport|cas|auth)(?:[/.?]|$)", re.I)


def ailment(page: Page) -> str | None:
    """Return ``blocked``, ``soft_404``, ``hijacked`` or ``login``; None: the page seems well.

    A page of nothing but a redirect by script is well.
    """
    if _LOGIN.search(page.url):
        return "login"
    if page.data is not None or moved_to(page):
        return None
    reason = stub_reason(page.text, page.words)
    if reason and reason[0] in ("blocked", "soft_404"):
        return reason[0]
    return "hijacked" if is_hijacked(page) else None


def is_hijacked(page: Page) -> bool:
    """Tell whether a page is in strange hands: it sells luck or itself and has nothing official."""
    return bool(_STRANGE.search(page.text)) and not _OFFICIAL.search(page.text)


def shows_report(page: Page) -> bool:
    """Tell whether a page that was to list reports shows one: most of the form's headings."""
    return len(set(_HEADINGS.findall(page.words))) >= FEWEST_HEADINGS


def says_nothing_listed(page: Page) -> bool:
    """Tell whether a list says itself that it is empty."""
    return _NOTHING.search(page.words) is not None


def needs_browser(page: Page, listing: Listing) -> bool:
    """Tell whether a column's list exists only after scripts ran: it has none, and scripts that
    could make one, and no request is known that gives it."""
    if listing.entries or listing.next or listing.otherwise or page.data is not None:
        return False
    return _FILLED.search(page.text) is not None and not says_nothing_listed(page)
