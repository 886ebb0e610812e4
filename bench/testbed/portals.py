"""Pages of portals: how the families of CMS frame an article."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.testbed.chrome import Builder, Setting


@dataclass
class Page:
    """A page: its markup and what in it is no part of the article."""

    html: str
    chrome: list[str] = field(default_factory=list)


def _around(inner: Callable[[Builder, str], str]) -> Callable[[Builder, str], str]:
    def build(b: Builder, body: str) -> str:
        return b.head() + b.menu() + b.breadcrumb() + inner(b, body) + b.after() + b.footer()

    return build


def _trs(b: Builder, body: str) -> str:
    kind = b.rng.choice(("TRS_UEDITOR trs_paper_default trs_web", "trs_editor_view TRS_UEDITOR"))
    return (
        f'<div class="con"><h1>{b.setting.title}</h1>{b.info()}{b.share()}'
        f'<div class="view {kind}"><div class=TRS_Editor>{body}</div></div></div></div>'
    )


def _vsb(b: Builder, body: str) -> str:
    return (
        f'<form name="_newscontent_fromname"><h2>{b.setting.title}</h2>{b.info()}'
        f'<div id="vsb_content_2"><div class="v_news_content">{body}</div></div></form>{b.share()}'
    )


def _hanweb(b: Builder, body: str) -> str:
    return (
        '<div id="c"><div class="tit"><!--<$[标题]>begin-->'
        f"{b.setting.title}<!--<$[标题]>end--></div>"
        f'{b.info()}<div id="zoom" class="main-txt"><!--ZJEG_RSS.content.begin-->'
        f'<meta name="ContentStart">{body}<meta name="ContentEnd"><!--ZJEG_RSS.content.end-->'
        f"</div>{b.share()}</div>"
    )


def _gkmlpt(b: Builder, body: str) -> str:
    s = b.setting
    return (
        f'<div class="classify"><table><tr><td>{b.say("索引号:")}</td><td>006/2024-1</td>'
        f"<td>分类:</td><td>年报</td></tr><tr><td>发布机构:</td><td>{s.organ}</td>"
        f"<td>成文日期:</td><td>{s.date}</td>"
        f"</tr><tr><td>名称:</td><td colspan=3>{s.title}</td></tr><tr><td>文号:</td><td></td>"
        f"<td>发布日期:</td><td>{s.date}</td></tr></table></div>{b.share()}"
        f'<div class="content"><h1 class="title document-number">{s.title}</h1>'
        f'<div class="article-content">{body}</div></div>'
    )


def _kaipuyun(b: Builder, body: str) -> str:
    return (
        f'<div class="pages_content"><h1><ucaptitle>{b.setting.title}</ucaptitle></h1>{b.info()}'
        f'<div id="UCAP-CONTENT"><UCAPCONTENT>{body}</UCAPCONTENT></div>{b.share()}</div>'
    )


def _lonsun(b: Builder, body: str) -> str:
    return (
        f'<div class="secnr"><h1 class="newstitle">{b.setting.title}</h1>{b.info()}{b.share()}'
        f'<div class="j-fontContent newscontnet minh500" id="J_content">{body}</div></div>'
    )


def _epoint(b: Builder, body: str) -> str:
    return (
        f'<div class="ewb-article"><h3 class="ewb-article-tt">{b.setting.title}</h3>{b.info()}'
        f'<div class="ewb-article-info" id="infocontent">{body}</div>{b.share()}</div>'
    )


def _plain(b: Builder, body: str) -> str:
    return (
        f'<div class="w1000"><div class="art_tit">{b.setting.title}</div>{b.info()}{b.share()}'
        f'<div class="art_con">{body}</div></div>'
    )


def _layout(b: Builder, body: str) -> str:
    """Put all into tables of layout, as portals of the 2000s did."""
    return (
        "<table width=1000 align=center><tr><td width=200><table>"
        f"<tr><td>{b.say('栏目导航')}</td></tr>"
        f"<tr><td>政府信息公开目录</td></tr></table></td><td><table><tr><td class=tt>"
        f"{b.setting.title}</td></tr><tr><td>{b.info()}</td></tr><tr><td id=c><table><tr><td>"
        f"<div>{body}</div></td></tr></table></td></tr></table></td></tr></table>{b.share()}"
    )


FAMILIES = {
    "trs": _around(_trs),
    "vsb": _around(_vsb),
    "hanweb": _around(_hanweb),
    "gkmlpt": _around(_gkmlpt),
    "kaipuyun": _around(_kaipuyun),
    "lonsun": _around(_lonsun),
    "epoint": _around(_epoint),
    "plain": _around(_plain),
    "layout": _around(_layout),
}


def page(
    rng: random.Random, setting: Setting, body: str, family: str | None = None, weight: int = 20
) -> Page:
    """Return ``body`` as an article of a portal; ``weight``: kilobytes of everything round it."""
    builder = Builder(rng, setting, weight)
    text = FAMILIES[family or rng.choice(list(FAMILIES))](builder, body)
    return Page(text, list(dict.fromkeys(builder.chrome)))
