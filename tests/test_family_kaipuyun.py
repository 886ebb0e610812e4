"""开普云: static lists, JSON lists, the template of annual reports, and 江苏's ``_list.shtml``."""

import json
from collections.abc import Sequence

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

KAIPUYUN = family("kaipuyun")
HOST = "http://www.xinyuan.gov.cn"
COLUMN = f"{HOST}/xinyuan/c100186/zfxxgk_list.shtml"
COUNTS = st.integers(0, 130)


def article(number: int) -> str:
    return f"/xinyuan/c100186/202401/{number:032x}.shtml"


def title(number: int) -> str:
    return f"新源县第{number}局2023年政府信息公开工作年度报告"


def rows(numbers: Sequence[int]) -> str:
    items = "".join(
        f'<li><a href="{article(n)}" title="{title(n)}">{title(n)[:9]}…</a>'
        "<span>2024-01-20</span></li>"
        for n in numbers
    )
    return f"<ul>{items}</ul>"


def everything(total: int) -> list[str]:
    return [HOST + article(number) for number in range(total)]


def pager(number: int, count: int, kind: str) -> str:
    if kind == "script":
        call = f"createPageHTML('page_div',{count}, {number},'zfxxgk_list','shtml',99);"
        return f"<script>{call}</script>"
    if kind == "count":
        return f"<div>共<b>{count}</b>页</div>"
    following = f"zfxxgk_list_{number + 1}.shtml"
    return f'<a href="{following}">下一页</a>' if number < count else "<a>下一页</a>"


@FEW
@given(total=COUNTS, kind=st.sampled_from(["script", "count", "words"]))
def test_static_lists_count_from_one_and_the_first_has_no_number(total: int, kind: str) -> None:
    count = max(-(-total // 15), 1)

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        name = path.rsplit("/", 1)[-1]
        number = int(name[len("zfxxgk_list_") : -len(".shtml")] or 1)
        shown = rows(range(total)[(number - 1) * 15 : number * 15])
        return f"<html><body>{shown}{pager(number, count, kind)}</body></html>"

    found = walk(KAIPUYUN, serve, COLUMN)
    assert found.urls == everything(total)
    # A column without a report might be a shell: then its code is asked for once.
    assert len(found.asked) == count + (total == 0)


def answer(numbers: Sequence[int], number: int, total: int) -> str:
    results = [
        {
            "title": f"<em>新源县</em>{title(n)[3:]}",
            "url": article(n),
            "publishedTimeStr": "2024-01-20 17:18:49",
            "channelCodeName": "c100186",
        }
        for n in numbers
    ]
    return json.dumps(
        {
            "data": {
                "channelId": "77",
                "page": number,
                "rows": 100,
                "total": total,
                "results": results,
            }
        }
    )


CHANNEL = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"
SHELLS = {
    "meta": f'<meta name="channelid" content="{CHANNEL}">',
    "script": f"<script>var channelId = '{CHANNEL}';</script>",
    "address": f"<script>load('/common/search/{CHANNEL}?_isAgg=true&page=1')</script>",
    "call": f"<script>function go(page){{$.ajax({{url:'/common/search/{CHANNEL}',"
    "data:{_isAgg:true,_isJson:true,_pageSize:20,page:page},success:function(d){}})}</script>",
    "code": "",
}


@pytest.mark.parametrize("shell", SHELLS)
@FEW
@given(total=st.integers(1, 230))
def test_a_shell_asks_for_json_a_hundred_rows_at_a_time(shell: str, total: int) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path == "/common/getChannelList":
            assert query == {"channelCode": "c100186", "websiteCodeName": "xinyuan"}
            return json.dumps({"data": [{"channelId": CHANNEL}]})
        if path == f"/common/search/{CHANNEL}":
            size, number = int(query["_pageSize"]), int(query["page"])
            assert query["_isJson"] == "true"
            return answer(range(total)[(number - 1) * size : number * size], number, total)
        return f"<html><head>{SHELLS[shell]}</head><body><div id='list'></div></body></html>"

    found = walk(KAIPUYUN, serve, COLUMN)
    assert found.urls == everything(total)
    assert len(found.asked) == 1 + -(-total // 100) + (shell == "code")


def test_rows_of_json_are_named_without_the_marks_of_a_search() -> None:
    page = Page(f"{HOST}/common/search/x?page=1&_pageSize=100", answer([3], 1, 1).encode())
    (entry,) = KAIPUYUN.listing(page).entries
    assert (entry.title, entry.date) == (title(3), "2024-01-20")


SECTIONS = "".join(
    f"<p>{name}</p><p>演示</p>"
    for name in (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    )
)


@pytest.mark.parametrize(
    "body",
    [
        f'<div id="zfxxgk_gknbxq"><div class="gknbxq_top"><h2>{title(1)}</h2></div>'
        f'<div class="gknbxq_detail">{SECTIONS}</div></div>',
        f"<ucaptitle>{title(1)}</ucaptitle><UCAPCONTENT>{SECTIONS}</UCAPCONTENT>",
        f'<div class="detail_xxgk_info"><p>{title(1)}</p>{SECTIONS}</div>',
    ],
)
def test_a_column_that_shows_its_newest_report_is_an_entry_and_its_tabs_are_columns(
    body: str,
) -> None:
    url = f"{HOST}/xinyuan/xxgknb2024n/zfxxgk_gknbz.shtml"
    tabs = '<a href="/xinyuan/xxgknb2023n/zfxxgk_gknbz.shtml">2023年</a><a href="#">2024年</a>'
    page = Page(url, f"<html><body>{tabs}{body}</body></html>".encode())
    listing = KAIPUYUN.listing(page)
    assert [(entry.url, entry.title) for entry in listing.entries] == [(url, title(1))]
    assert listing.next == ()
    assert KAIPUYUN.page_class(url) == "other"
    (lead,) = KAIPUYUN.columns(page, inside="column")
    assert (lead.kind, lead.url) == ("branch", f"{HOST}/xinyuan/xxgknb2023n/zfxxgk_gknbz.shtml")


def test_a_list_is_no_report_of_its_own() -> None:
    page = Page(COLUMN, f'<div id="zoom">{rows(range(3))}</div>'.encode())
    assert [entry.url for entry in KAIPUYUN.listing(page).entries] == everything(3)


@FEW
@given(total=st.integers(1, 120))
def test_first_rows_in_the_page_and_the_others_by_script(total: int) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path == f"/common/search/{CHANNEL}":
            number = int(query["page"])
            return answer(range(total)[(number - 1) * 100 : number * 100], number, total)
        return f"<html>{rows(range(total)[:5])}{SHELLS['call']}</html>"

    found = walk(KAIPUYUN, serve, COLUMN)
    assert found.urls == everything(total)
    assert len(found.asked) == 1 + -(-total // 100)


@FEW
@given(count=st.integers(1, 9))
def test_the_lists_of_jiangsu(count: int) -> None:
    """``list.shtml`` with a script that counts from 1 (沭阳), recognised as what it looks like."""

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        number = int(path.rsplit("list", 1)[-1].strip("_.shtml") or 1)
        call = f"createPageHTML('page_div',{count},{number},'list','shtml',{count * 2})"
        return f"<html>{rows([number * 2, number * 2 + 1])}<script>{call}</script></html>"

    found = walk(family("static"), serve, "http://www.shuyang.gov.cn/shuyang/xxgknb/list.shtml")
    assert (len(found.urls), len(found.asked)) == (count * 2, count)


@pytest.mark.parametrize("para", ["getQueryString('para')", "location.search.split('=')[1]"])
def test_a_shell_of_jiangsu_that_loads_its_list_by_its_address(para: str) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path == "/zjg/xxgknb/xxgk_list.shtml":
            return rows(range(4))
        script = f"var para={para};$('#box').load('/zjg/'+para+'/xxgk_list.shtml');"
        return f"<html><body><div id='box'></div><script>{script}</script></body></html>"

    found = walk(family("static"), serve, "http://www.zjg.gov.cn/zjg/fdgk/xxgkml.shtml?para=xxgknb")
    assert (len(found.urls), len(found.asked)) == (4, 2)
