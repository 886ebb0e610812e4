"""What stands round an article on a portal: menus, bars, related titles, foot, at their size."""

import random
from dataclasses import dataclass
from pathlib import Path

import yaml

from bench.testbed import prose

WORDS: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "chrome.yml").read_text(encoding="utf-8")
)
_SCRIPT = """<script type="text/javascript">
(function(){var s=document.createElement("script");s.async=true;s.src="/js/%s.js?v=%d";
var x=document.getElementsByTagName("script")[0];x.parentNode.insertBefore(s,x);
function resize(id,size){var el=document.getElementById(id);if(!el){return}
var list=el.getElementsByTagName("p");el.style.fontSize=size+"px";
for(var i=0;i<list.length;i++){list[i].style.fontSize=size+"px"}}
window["doZoom%d"]=function(size){resize("zoom",size)};})();</script>
"""
_STYLE = """<style>.nav%d li{float:left;width:120px;height:44px;line-height:44px;text-align:center}
.nav%d li a{color:#fff;font-size:16px;display:block}.nav%d li a:hover{background:#0b5ea8}
.footer%d{background:#f5f5f5;padding:20px 0;clear:both;color:#666;font-size:14px}</style>
"""


@dataclass
class Setting:
    """What a page knows beside its article."""

    title: str
    site: str
    organ: str
    date: str
    """ISO date of publication."""
    code: str
    """Six digits of the portal's division."""
    related: list[str]
    charset: str = "utf-8"


def related_titles(rng: random.Random, organ: str, year: int) -> list[str]:
    """Return titles as they stand beside an article: other years, other organs, news."""
    other = rng.choice(("临江镇", "城关街道办事处", "县财政局", "市水务局", "东风乡人民政府"))
    return [
        f"{organ}{year - 1}年政府信息公开工作年度报告",
        f"{organ}{year - 2}年政府信息公开工作年度报告",
        f"{other}{year}年政府信息公开工作年度报告",
        f"关于开展{rng.choice(prose.FIELDS)}专项检查的通知",
        f"我县召开{rng.choice(prose.FIELDS)}工作推进会",
    ]


class Builder:
    """Collects a page and the strings of its chrome."""

    def __init__(self, rng: random.Random, setting: Setting, weight: int) -> None:
        self.rng = rng
        self.setting = setting
        self.weight = weight
        """Kilobytes of scripts, styles and menus to add."""
        self.chrome: list[str] = []

    def say(self, text: str) -> str:
        """Return a text of the chrome, remembered as such."""
        self.chrome.append(text)
        return text

    def head(self, *, metas: bool = True, suffix: str = "") -> str:
        """Return the head with the metas of the standard for government sites."""
        s = self.setting
        named = (
            f'<meta name="SiteName" content="{s.site}">\n<meta name="SiteIDCode" '
            f'content="{s.code}0001">\n<meta name="ColumnName" content="政府信息公开年报">\n'
            f'<meta name="ArticleTitle" content="{s.title}">\n'
            f'<meta name="PubDate" content="{s.date} 10:{self.rng.randint(10, 59)}">\n'
            f'<meta name="ContentSource" content="{self.rng.choice((s.organ, "本站", ""))}">\n'
        )
        n = self.rng.randint(1, 99)
        return (
            f'<!DOCTYPE html>\n<html><head><meta http-equiv="Content-Type" content="text/html; '
            f'charset={s.charset}">\n<title>{s.title}{suffix}</title>\n{named if metas else ""}'
            + _STYLE % (n, n, n, n)
            + self._ballast(self.weight // 3)
            + "</head>\n<body>\n"
        )

    def _ballast(self, kilobytes: int) -> str:
        size, out = 0, []
        while size < kilobytes * 1000:
            n = self.rng.randint(1, 9999)
            out.append(_SCRIPT % (f"lib{n}", n, n) if n % 3 else _STYLE % (n, n, n, n))
            size += len(out[-1])
        return "".join(out)

    def menu(self) -> str:
        """Return banner, search form and menus."""
        s = self.setting
        items = self.rng.sample(WORDS["nav"], self.rng.randint(10, 26))
        links = "\n".join(
            f'<li class="n{k}"><a href="/{k}/index.html" target="_blank" '
            f'title="{self.say(item)}">{item}</a></li>'
            for k, item in enumerate(items)
        )
        deep, total = [], 0
        while total < self.weight * 300:
            word = self.rng.choice(prose.FIELDS) + self.rng.choice(("专栏", "公示", "动态", "政策"))
            deep.append(
                f'<dd><a href="/zwgk/{len(deep)}/" target="_blank">{self.say(word)}</a></dd>'
            )
            total += len(deep[-1].encode())
        return (
            f'<div class="header"><div class="logo"><a href="/"><img src="/images/logo.png" '
            f'alt="{s.site}"></a></div><form action="/search" method="get"><input name="q" '
            f'value="请输入关键词"><input type="submit" value="搜索"></form>'
            f"<p>{self.say('热门搜索：')}<a>转型</a> <a>社保卡</a></p></div>\n"
            f'<div class="nav"><ul>{links}</ul>'
            f'<dl style="display:none">{"".join(deep)}</dl></div>\n'
            + self._ballast(self.weight // 3)
        )

    def breadcrumb(self) -> str:
        """Return 当前位置."""
        s = self.setting
        return (
            f'<div class="position">{self.say("当前位置：")}<a href="/">首页</a> &gt; '
            f'<a href="/xxgk/">{s.site}</a> &gt; <a href="./">政府信息公开年报</a> &gt; 正文'
            "</div>\n"
        )

    def share(self) -> str:
        """Return the bar of print and share links."""
        words = self.rng.sample(WORDS["share"], 4)
        size = "【字体：<a>大</a> <a>中</a> <a>小</a>】" if self.rng.random() < 0.6 else ""
        marks = " ".join(f'<a href="javascript:;">{self.say(w)}</a>' for w in words)
        return f'<div class="share bdsharebuttonbox">{size}{marks}</div>\n'

    def info(self) -> str:
        """Return the line under the title: date, source, visits."""
        label = self.rng.choice(("发布时间：", "发布日期：", "时间：", "日期："))
        self.chrome.append("浏览次数：")
        return (
            f'<div class="info"><span>{label}{self.setting.date}</span> <span>来源：'
            f"{self.rng.choice((self.setting.organ, '本站'))}</span> <span>浏览次数："
            f'<span id="hits">{self.rng.randint(3, 900)}</span></span></div>\n'
        )

    def after(self) -> str:
        """Return what follows the article: neighbours and related articles."""
        items = "".join(
            f'<li><a href="/a/{k}.html" title="{t}">{self.say(t)}</a><span>{self.setting.date}'
            "</span></li>"
            for k, t in enumerate(self.setting.related)
        )
        style = self.rng.choice(("相关文章", "相关阅读", "推荐阅读", "相关信息"))
        first = self.rng.choice(("上一篇：", "上一条："))
        return (
            f'<div class="prev"><p>{self.say(first)}<a href="/1.html">'
            f"{self.setting.related[0]}</a></p><p>下一篇：没有了</p></div>"
            f'<div class="related"><h3>{self.say(style)}</h3><ul>{items}</ul></div>\n'
        )

    def footer(self) -> str:
        """Return the foot with organiser, licence numbers and friendly links."""
        s = self.setting
        links = " ".join(
            f'<a href="http://x/">{self.say(x)}</a>' for x in self.rng.sample(WORDS["links"], 6)
        )
        licence = self.say(f"ICP备{self.rng.randint(10**7, 10**8 - 1)}号")
        return (
            f'<div class="links">{links}</div>\n'
            f'<div class="footer"><p>{self.say("主办单位：")}{s.site}'
            f"&nbsp;&nbsp;{self.say('承办单位：')}大数据发展中心</p><p>{licence}-1 "
            f"网站标识码：{s.code}0001 公网安备 {s.code}02000885号</p><p><a>网站地图</a> | "
            f"<a>联系我们</a> | {self.say('版权所有')}：{s.site}</p></div>\n"
            + self._ballast(self.weight // 3)
            + "</body></html>"
        )
