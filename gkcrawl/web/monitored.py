"""The rules that runs are held against, in words; their English is gkcrawl's own (monitoring)."""

from collections.abc import Mapping

from gkcrawl.monitoring.report import remedy as english_remedy
from gkcrawl.web.language import CHINESE, current

# Rule -> its name, and what to do where it is not kept.
_RULES: Mapping[str, tuple[str, str]] = {
    "unwritable": ("存档无法写入", "腾出空间或修好磁盘，再启动采集，会接着做。"),
    "unfinished": ("此前的运行没有结束", "没有丢失什么，未采的仍会再采；查明运行为何被中止。"),
    "torn_files": ("存档文件有残尾", "已修复，残余字节在 quarantine/；查明运行为何被中止。"),
    "catalog_behind": ("目录库缺少存档文件", "运行 gkcrawl index。"),
    "unread": ("有采集未读", "运行 gkcrawl index；并看日志。"),
    "clock_step": ("时钟被拨动", "本次运行记下的时间是对的；请校准时钟（NTP）。"),
    "clock_behind": ("时钟落后于存档", "请校准时钟（NTP）；也可能此前某次运行的时钟偏快。"),
    "disk_left": ("磁盘余量", "腾出磁盘空间，或把存档移到更大的磁盘。"),
    "nothing_answered": ("有回应的页面", "检查本机的网络与代理（gkcrawl doctor）；失败的会再采。"),
    "error_rate": ("出错比例", "检查本机的网络与代理（gkcrawl doctor）；失败的会再采。"),
    "refusals": ("拒绝比例", "放慢速度，写明联系方式，询问网站，或使用境内代理。"),
    "hosts_resting": ("暂停访问的网站比例", "检查本机的网络与代理；失败的会再采。"),
    "portals_failed": ("打不开的门户比例", "检查本机的网络与代理；失败的会再采。"),
    "parse_rate": ("读出统计表的比例", "抽看几份报告；新版式读错是读取程序的问题，请反馈。"),
    "filled_year": ("读出年度的比例", "抽看几份报告；读错请反馈。"),
    "filled_issuer": ("读出机关的比例", "抽看几份报告；读错请反馈。"),
    "filled_published": ("读出发布日期的比例", "抽看几份报告；读错请反馈。"),
    "least_reports": ("报告少于应有", "看门户的年报栏目是否已变，在 config/portals 里写明。"),
    "fewer_reports": ("报告比以前少", "看门户的年报栏目是否已变，在 config/portals 里写明。"),
    "portal_silent": ("连续几次打不开", "用浏览器打开该门户：可能已搬迁，或拒绝本机。"),
    "portal_refuses": ("门户拒绝访问", "询问网站，或使用境内代理。"),
    "family_drift": ("换了发布系统", "更正 config/portals 里的 family。"),
    "column_gone": ("年报栏目消失", "看门户，在 config/portals 里写明新栏目。"),
    "portal_moved": ("门户搬迁", "更正 config/portals 里的 url。"),
    "hijacked": ("门户落入他人之手", "从 config/portals 删去，或写明新网址。"),
    "needs_browser": ("需要浏览器", "安装 gkcrawl[browser] 和 Chromium（gkcrawl doctor）。"),
}


def rule_name(name: str) -> str:
    """Return what a rule is called in the language of the request."""
    if current() == CHINESE and name in _RULES:
        return _RULES[name][0]
    return name.replace("_", " ")


def remedy(name: str) -> str:
    """Return what to do where a rule is not kept; "" where the rule is not known."""
    if current() == CHINESE:
        return _RULES[name][1] if name in _RULES else ""
    return english_remedy(name)
