"""EasySite, openness, JEECMS, 上海, 湖南, thtml: how each numbers its pages."""

import json
import re

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

COUNTS = st.integers(1, 9)


def rows(number: int, folder: str, ending: str = ".html") -> str:
    items = (
        f'<li><a href="{folder}{100000 + n}{ending}">第{n}局2023年政府信息公开工作年度报告</a>'
        "<span>2024-01-20</span></li>"
        for n in range(number * 2, number * 2 + 2)
    )
    return f"<ul>{''.join(items)}</ul>"


PAGED = {
    "openness": (
        "http://www.x.gov.cn/OpennessContent/showList/483/10100/page_1.html",
        "page_{}.html",
    ),
    "nw": ("https://www.shanghai.gov.cn/nw12344/index.html", "index_{}.html"),
    "hunan": ("http://www.yueyang.gov.cn/37584/38154/index.htm", "index_{}.htm"),
    "hunan ": ("http://www.yiyang.gov.cn/37584/38154/default.htm", "default_{}.htm"),
    "jeecms": ("http://www.xiaogan.gov.cn/2025nysxxgk.jhtml", "2025nysxxgk_{}.jhtml"),
    "jeecms ": (
        "http://www.yuxi.gov.cn/yxgovfront/x.jspx?path=y&channelId=8100&pageNo=1",
        "pageNo={}",
    ),
    "thtml": ("http://www.fuxin.gov.cn/ndbg.thtml?id=14198", "pn={}"),
    "easysite": (
        "http://www.bjdx.gov.cn/eportal/ui?pageId=30&currentPage=1&moduleId=b6",
        "Page={}",
    ),
}


@pytest.mark.parametrize("name", PAGED)
@FEW
@given(count=COUNTS, pager=st.sampled_from(["words", "numbers", "count"]))
def test_every_page_is_asked_once(name: str, count: int, pager: str) -> None:
    column, form = PAGED[name]
    head, _, tail = form.partition("{}")
    pattern = re.compile(rf"{re.escape(head)}(\d+){re.escape(tail)}")
    is_linked = name.strip() in ("thtml", "easysite")

    def address(number: int) -> str:
        if pattern.search(column):
            return pattern.sub(form.format(number), column)
        if name == "thtml":
            return f"{column}&{form.format(number)}"
        return f"{column.rsplit('/', 1)[0]}/{form.format(number)}"

    def serve(path: str, query: dict[str, str], asked: dict[str, str]) -> str | None:
        text = f"{path}?{'&'.join(f'{k}={v}' for k, v in query.items())}"
        match = pattern.search(text)
        number = int(match[1]) if match else 1
        said = f"<div>共 {count} 页</div>"
        if pager == "words" or is_linked:
            following = address(number + 1) if number < count else "javascript:void(0)"
            said = f'<a href="{following}">下一页</a>'
        elif pager == "numbers":
            parts = (
                f"<b>{n}</b>" if n == number else f'<a href="{address(n)}">{n}</a>'
                for n in range(1, count + 1)
            )
            said = f"<div class='page'>{' '.join(parts)}</div>"
        ending = ".jhtml" if "jhtml" in column else ".html"
        return f"<html><body>{rows(number, '/zfxxgk/', ending)}{said}</body></html>"

    found = walk(family(name.strip()), serve, column)
    assert (len(found.urls), len(found.asked), found.missing) == (2 * count, count, [])


def test_a_first_page_of_openness_without_its_number() -> None:
    page = Page("http://www.x.gov.cn/OpennessContent/showList/483/10100/", "共2页".encode())
    (request,) = family("openness").listing(page).next
    assert request.url == "http://www.x.gov.cn/OpennessContent/showList/483/10100/page_2.html"


COLUMN = "http://www.bjdx.gov.cn/bjsdxqrmzf/zwfw/zfxxgk/dxqzf69/index.html"


def test_documents_of_easysite_have_the_addresses_of_columns() -> None:
    markup = (
        '<a href="/bjsdxqrmzf/zwfw/1867345/index.html">大兴区2023年政府信息公开工作年度报告</a>'
        '<a href="/bjsdxqrmzf/zwfw/zfxxgk/dxqzf69/2022n/index.html">2022年</a>'
        '<a href="/bjsdxqrmzf/zwfw/1860000/index.html">政府信息公开年报</a>'
    )
    page = Page(COLUMN, markup.encode())
    reader = family("easysite")
    assert [entry.url.split("/")[-2] for entry in reader.listing(page).entries] == ["1867345"]
    leads = reader.columns(page, inside="column")
    assert {(lead.kind, lead.url.split("/")[-2]) for lead in leads} == {
        ("branch", "2022n"),
        ("column", "1860000"),
    }


PORTLETS = {
    "portlet": "var u='/portlet/xxgkml!queryList.portlet?pageNo=1&pageSize=20&fldm=353';",
    "eportal": "var p='/portlet/xxgkml!queryList.portlet&fldm=353';"
    "$.get('/eportal/ui?moduleId=5&portal.url='+p,{pageNo:1,pageSize:20},show)",
}


@pytest.mark.parametrize("script", PORTLETS)
@FEW
@given(total=st.integers(0, 120), says_total=st.booleans())
def test_catalogues_of_easysite(script: str, total: int, says_total: bool) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if "fldm" not in query:
            return f"<html><div id='list'></div><script>{PORTLETS[script]}</script></html>"
        number, size = int(query["pageNo"]), int(query["pageSize"])
        result = [
            {
                "title": f"第{n}局年度报告",
                "url": f"/xxgk/{100000 + n}/index.html",
                "fbrq": "2024-01-20",
            }
            for n in range(total)[(number - 1) * size : number * size]
        ]
        return json.dumps({"result": result} | ({"totalCount": total} if says_total else {}))

    found = walk(family("easysite"), serve, COLUMN)
    assert len(found.urls) == total
    is_full = not says_total and total > 0 and total % 50 == 0
    assert len(found.asked) == 1 + max(-(-total // 50), 1) + is_full
