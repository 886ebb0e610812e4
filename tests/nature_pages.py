"""Pages that are and are not reports, in the shells that sites put around them.

The texts stand in ``tests/pages/nature``; a shell adds what a portal adds: metas, menus with the
names of columns, a breadcrumb, links to other reports beside the article.
"""

from html import escape
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "pages" / "nature"
ROWS = """一、本年新收政府信息公开申请数量
二、上年结转政府信息公开申请数量
三、本年度办理结果（一）予以公开
（二）部分公开（区分处理的，只计这一情形，不计其他情形）
（三）不予公开1.属于国家秘密
2.其他法律行政法规禁止公开
3.危及“三安全一稳定”
4.保护第三方合法权益
5.属于三类内部事务信息
6.属于四类过程性信息
7.属于行政执法案卷
8.属于行政查询事项
（四）无法提供1.本机关不掌握相关政府信息
2.没有现成信息需要另行制作
3.补正后申请内容仍不明确
（五）不予处理1.信访举报投诉类申请
2.重复申请
3.要求提供公开出版物
4.无正当理由大量反复申请
5.要求行政机关确认或重新出具已获取信息
（六）其他处理1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
3.其他
（七）总计
四、结转下年度继续办理""".splitlines()
MENU = ("首页", "政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报")
BESIDE = "".join(
    f"<li><a href='/nb/{y}.htm'>某某乡{y}年政府信息公开工作年度报告</a> {y + 1}-01-20</li>"
    for y in range(2016, 2022)
)


def cases(name: str) -> list[dict[str, Any]]:
    """The entries of ``accepted`` or ``refused``."""
    entries: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
    return entries


def tables(value: str) -> str:
    """Tables II to IV as HTML with ``value`` in every cell."""

    def row(*cells: str) -> str:
        return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"

    second = row("第二十条第（一）项")
    second += row("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
    second += row("规章", *[value] * 3) + row("行政规范性文件", *[value] * 3)
    second += row("第二十条第（五）项") + row("信息内容", "本年处理决定数量")
    second += row("行政许可", value)
    third = row("", "申请人情况") + row("", "自然人", "法人或其他组织", "总计")
    third += row("", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
    third += "".join(row(label, *[value] * 7) for label in ROWS)
    fourth = row("行政复议", "行政诉讼")
    fourth += row(*["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3)
    fourth += row(*[value] * 15)
    return (
        f"<table>{second}</table><p>三、收到和处理政府信息公开申请情况</p><table>{third}</table>"
        f"<p>四、政府信息公开行政复议、行政诉讼情况</p><table>{fourth}</table>"
    )


def article(text: str) -> str:
    """The text as markup: a paragraph a line, a link where it begins with ``@``."""
    parts = []
    for number, line in enumerate(text.split("\n")):
        if line in ("{tables}", "{blank}"):
            parts.append(tables("0" if line == "{tables}" else ""))
        elif line.startswith("@"):
            parts.append(f"<li><a href='/{number}.htm'>{escape(line[1:])}</a></li>")
        else:
            parts.append(f"<p>{escape(line)}</p>")
    return "\n".join(parts)


def plain(title: str, text: str) -> str:
    """A page with nothing but heading and text."""
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    return f"<html><head><title>{escape(title)}</title></head><body>{heading}{article(text)}</body>"


def portal(title: str, text: str) -> str:
    """A page of a portal with its metas, menu, breadcrumb, and other reports beside the article."""
    menu = "".join(f"<li><a href='/{n}/'>{name}</a></li>" for n, name in enumerate(MENU))
    return (
        f"<html><head><title>{escape(title)}_政府信息公开年报_某某人民政府</title>"
        f"<meta name='ArticleTitle' content='{escape(title)}'>"
        "<meta name='ColumnName' content='政府信息公开年报'></head><body>"
        f"<div class='nav'><ul>{menu}</ul></div>"
        "<div class='position'>当前位置：首页 &gt; 政府信息公开 &gt; 政府信息公开年报</div>"
        f"<h1>{escape(title)}</h1><div>发布时间：2024-01-30 浏览次数：12</div>"
        f"<div id='zoom' class='TRS_Editor'>{article(text)}</div>"
        f"<div class='list'><h3>相关信息</h3><ul>{BESIDE}</ul></div>"
        "<div class='footer'>版权所有 某某人民政府 ICP备12345号</div></body></html>"
    )
