"""大汉 Hanweb: lists in data islands, from dataproxy, from the gateway, from the xxgk module."""

import json
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

HANWEB = family("hanweb")
HOST = "http://www.rencheng.gov.cn"
COLUMN = f"{HOST}/col/col37641/index.html?number=RCA07"
PROXY = "/module/web/jpage/dataproxy.jsp"
FIXED = f"col=1&webid=123&path=/&columnid=37641&unitid=764752&webname={quote(quote('任城区'))}"
COUNTS = st.integers(0, 130)


def article(number: int) -> str:
    return f"/art/2020/1/{number % 28 + 1}/art_37641_{1000 + number}.html"


def record(number: int) -> str:
    title = f"任城区第{number}局政府信息公开工作年度报告"
    return (
        f'<record><![CDATA[<li><a href="{article(number)}" title="{title}">…</a></li>]]></record>'
    )


def store(numbers: Sequence[int], more: str = "", total: int | None = None) -> str:
    group = f'<nextgroup><![CDATA[<a href="{more}"></a>]]></nextgroup>' if more else ""
    count = "" if total is None else f"<totalrecord>{total}</totalrecord>"
    rows = "".join(map(record, numbers))
    return f"<datastore>{group}{count}<recordset>{rows}</recordset></datastore>"


def column(island: str, script: str = "") -> str:
    return (
        f'<html><body><div id="764752"><script type="text/xml">{island}</script></div>'
        f"<script>{script}</script></body></html>"
    )


def called(total: int, **more: str) -> str:
    settings = "".join(f",{name}:'{value}'" for name, value in more.items())
    parameters = "{" + ",".join(
        f"'{p.split('=')[0]}':'{p.split('=')[1]}'" for p in FIXED.split("&")
    )
    return (
        f"$('#764752').jpage({{render:{{mode:1}},themeName:'default',totalRecord:{total},"
        f"perPage:15,dataBefore:function(){{return 1;}},proxyUrl:'{PROXY}',"
        f"proxyParam:{parameters}}}{settings}}});"
    )


def everything(total: int) -> list[str]:
    return [HOST + article(number) for number in range(total)]


@FEW
@given(total=COUNTS, says_total=st.booleans(), first_group=st.sampled_from([0, 1]))
def test_groups_that_the_server_names(total: int, says_total: bool, first_group: int) -> None:
    """The column shows 45 rows; groups of 45 follow, counted from 0 or from 1."""
    numbers = range(total)

    def more(group: int) -> str:
        is_more = (group - first_group) * 45 < total
        return f"{PROXY}?page={group}&amp;{FIXED.replace('&', '&amp;')}" if is_more else ""

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != PROXY:
            return column(store(numbers[:45], more(first_group + 1)))
        assert query["webname"] == quote("任城区")
        group = int(query["page"])
        start = (group - first_group) * 45
        count = total if says_total else None
        return store(numbers[start : start + 45], more(group + 1), count)

    found = walk(HANWEB, serve, COLUMN)
    assert found.urls == everything(total)
    # Rows behind the last group are looked for where it is as long as a page.
    assert len(found.asked) <= max(-(-total // 45), 1) + says_total


@FEW
@given(total=COUNTS, by_rows=st.booleans())
def test_a_first_group_that_repeats_what_the_column_shows(total: int, by_rows: bool) -> None:
    """The column always names page 1, which is the first; or the server knows rows only."""
    more = f"{PROXY}?page=1&{FIXED}"

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != PROXY:
            return column(store(range(total)[:45], more))
        start = (int(query["page"]) - 1) * 45
        if by_rows:
            start = int(query.get("startrecord", 1)) - 1
        return store(range(total)[start : start + 45], more)

    found = walk(HANWEB, serve, COLUMN)
    assert found.urls == everything(total)
    assert len(found.asked) <= 3 + total // 45


@FEW
@given(total=COUNTS, cap=st.sampled_from([15, 45, 100, 300]), by=st.sampled_from(["rows", "page"]))
@pytest.mark.parametrize("method", ["", "post"])
def test_servers_that_take_rows_or_pages_and_grant_as_many_as_they_like(
    method: str, total: int, cap: int, by: str
) -> None:
    numbers = range(total)

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != PROXY:
            return column(
                store(numbers[:45]), called(total, **({"type": method} if method else {}))
            )
        assert bool(form) == bool(method)
        asked = form or query
        if by == "rows":
            start = int(asked["startrecord"]) - 1
            end = min(int(asked["endrecord"]), start + cap)
        else:
            size = min(int(asked["perpage"]), cap)
            start = (int(asked["page"]) - 1) * size
            end = start + size
        return store(numbers[start:end], total=total)

    found = walk(HANWEB, serve, COLUMN)
    assert found.urls == everything(total)
    assert len(found.asked) <= 1 + -(-total // min(cap, 100)) * (total > 45)


@FEW
@given(total=st.integers(46, 130))
def test_a_server_that_grants_nothing_where_it_is_asked_for_too_much(total: int) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != PROXY:
            return column(store(range(45)), called(total))
        start, size = int(query["startrecord"]) - 1, int(query["perpage"])
        return store(range(total)[start : start + size] if size <= 15 else [], total=total)

    assert walk(HANWEB, serve, COLUMN).urls == everything(total)


@pytest.mark.parametrize("total", [3, 60, 400])
def test_a_server_that_always_gives_the_same_is_left_soon(total: int) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != PROXY:
            return column(store(range(45)[:total]), called(total))
        return store(range(15), total=total)

    found = walk(HANWEB, serve, COLUMN)
    assert len(found.asked) <= 5


@pytest.mark.parametrize(
    "answer", ["<datastore></datastore>", "", "<html>404</html>", "{}", "cb()"]
)
def test_encrypted_parameters_give_nothing_and_end(answer: str) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        return column(store(range(45)), called(90)) if path != PROXY else answer

    found = walk(HANWEB, serve, COLUMN)
    assert len(found.asked) <= 3


def test_of_several_lists_the_one_with_reports_is_followed() -> None:
    news = '<record><![CDATA[<li><a href="/art/2020/1/1/art_1_1.html">要闻</a></li>]]></record>'
    group = f"<nextgroup><a href='{PROXY}?page=1&unitid=1'></a></nextgroup>"
    page = column(f"<datastore>{group}{news}</datastore>") + column(
        store(range(45), f"{PROXY}?page=1&amp;unitid=2")
    )
    found = HANWEB.listing(Page(COLUMN, page.encode()))
    assert [request.url for request in found.next] == [f"{HOST}{PROXY}?page=1&unitid=2"]
    assert len(found.entries) == 46


def test_records_without_cdata_with_stray_tags_and_in_rows_of_a_table() -> None:
    island = (
        "<datastore><recordset><ul><li></ul>"
        f"<record>&lt;li&gt;&lt;a href='{article(1)}'&gt;任城区年报&lt;/a&gt;&lt;/li&gt;</record>"
        f"<record><![CDATA[<tr><td><a href='http://zwgk.dingxi.gov.cn{article(2)}'>定西年报</a></td>"
        "<td>[2017-04-24]</td></tr>]]></record></recordset></datastore>"
    )
    first, second = HANWEB.listing(Page(COLUMN, column(island).encode())).entries
    assert (first.url, first.title) == (HOST + article(1), "任城区年报")
    assert (second.url, second.date) == ("http://zwgk.dingxi.gov.cn" + article(2), "2017-04-24")


def test_columns_of_organs_that_lie_in_a_data_island() -> None:
    row = (
        '<record><![CDATA[<li><a href="/col/col7/index.html">政府信息公开年报</a></li>]]></record>'
    )
    page = column(f"<datastore><recordset>{row}</recordset></datastore>")
    leads = HANWEB.columns(Page(f"{HOST}/", page.encode()))
    assert [(lead.kind, lead.url) for lead in leads] == [("column", f"{HOST}/col/col7/index.html")]


@FEW
@given(total=COUNTS)
def test_truecms_answers_in_jsonp(total: int) -> None:
    service = "/nantong/messageController/getMessage.do"
    script = (
        f"$('#news').jpage({{perPage:10,totalRecord:{total},proxyUrl:'{service}',"
        "proxyParam:{columnId:'8b1f','proxyUrl':'http://127.0.0.1/x'}});"
    )

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != service:
            return f"<div id='news'></div><script>{script}</script>"
        assert query["columnId"] == "8b1f"
        start = int(query["startrecord"]) - 1
        end = min(int(query["endrecord"]), start + 20)
        result = {"result": f"<?xml version='1.0'?>{store(range(total)[start:end], total=total)}"}
        return f"{query['callback']}({json.dumps(result)});"

    found = walk(HANWEB, serve, "http://www.nantong.gov.cn/ntsrmzf/nb/nb.html")
    assert len(found.urls) == total
    assert len(found.asked) == 1 + -(-total // 20)


GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def builder(tag: str, kind: str = "column") -> str:
    named = {"parseType": "bulidstatic", "webId": "8d", "pageType": kind, "tagId": tag}
    query = repr(named).replace(" ", "")
    return (
        f'<script src="/script/unitbuild.js?v=3.1" webId="8d" parseType="bulidstatic" '
        f'url="{GATEWAY}" queryData="{query}"></script>'
    )


@FEW
@given(
    total=COUNTS,
    own_size=st.sampled_from([0, 10, 15, 20]),
    bare=st.booleans(),
    pager=st.booleans(),
    shown=st.sampled_from([0, 15]),
)
def test_blocks_that_jpaas_builds(
    total: int, own_size: int, bare: bool, pager: bool, shown: int
) -> None:
    """The gateway takes the size or keeps its own, the number from paramJson or bare."""

    def rows(numbers: Sequence[int]) -> str:
        return "".join(
            f'<li class="cf"><a class="fl" href="{article(n)}">第{n}局年度报告</a>'
            f'<span class="fr">2026-04-02</span></li>'
            for n in numbers
        )

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != GATEWAY:
            blocks = builder("头部") + builder("当前栏目list") + builder("页脚")
            return f"<html><ul>{rows(range(total)[:shown])}</ul>{blocks}</html>"
        assert (query["parseType"], query["tagId"]) == ("bulidstatic", "当前栏目list")
        place = json.loads(query["paramJson"])
        size = own_size or int(place["pageSize"])
        number = int(query["pageNo"] if bare else place["pageNo"])
        pages = f"<span>共{max(-(-total // size), 1)}页</span>" if pager else ""
        markup = f"<ul>{rows(range(total)[(number - 1) * size : number * size])}</ul>{pages}"
        return json.dumps({"success": True, "data": {"html": markup}})

    found = walk(HANWEB, serve, "https://www.x.gov.cn/zfxxgk/nb/index.html")
    assert len(found.urls) == total
    pages = max(-(-total // (own_size or 100)), 1)
    assert len(found.asked) <= 1 + pages + (0 if pager else 1)


def test_a_gateway_that_refuses_large_pages() -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != GATEWAY:
            return f"<html>{builder('list')}</html>"
        if json.loads(query["paramJson"])["pageSize"] > 20:
            return '{"success":false,"code":"500","data":null}'
        markup = f"<ul><li><a href='{article(1)}'>年报</a></li></ul>"
        return json.dumps({"success": True, "data": {"html": markup}})

    found = walk(HANWEB, serve, "https://www.x.gov.cn/nb/index.html")
    assert len(found.urls) == 1


def test_an_article_that_the_gateway_builds() -> None:
    page = Page("https://www.x.gov.cn/art/2026/art_0123.html", builder("zw", "article").encode())
    (built,) = HANWEB.article(page).attachments
    assert built.startswith(f"https://www.x.gov.cn{GATEWAY}?parseType=bulidstatic")
    assert HANWEB.listing(page).next == ()


def test_a_menu_that_the_gateway_builds_may_name_the_column() -> None:
    (lead,) = HANWEB.columns(Page("https://www.x.gov.cn/", builder("左侧导航").encode()))
    assert lead.page_class == "listing"
    html = '<a href="/zfxxgk/nb/index.html">政府信息公开年报</a>'
    answer = json.dumps({"success": True, "data": {"html": html}})
    (found,) = HANWEB.columns(Page(lead.url, answer.encode()), inside="parent")
    assert (found.kind, found.url) == ("column", "https://www.x.gov.cn/zfxxgk/nb/index.html")


MODULE = "/module/xxgk/search.jsp"


def area(numbers: Sequence[int], pages: int) -> str:
    rows = "".join(
        f'<tr class="tr_main_value_{("even", "odd")[n % 2]}"><td><a href="{article(n)}" '
        f"mc='{title}' rq='2020-01-{n % 28 + 1:02}' syh='11370/2020-{n}' wh=''>{title[:8]}…</a>"
        "</td></tr>"
        for n in numbers
        for title in [f"任城区第{n}局政府信息公开工作年度报告" if n % 3 else f"第{n}号通知"]
    )
    return f"<table>{rows}</table><td>共&nbsp;{pages}&nbsp;页</td>".replace("&nbsp;", " ")


@pytest.mark.parametrize(
    "script",
    [
        f"$.post('{MODULE}?infotypeId=RCA07&jdid=123&area=11370&divid=div9&currpage=1',{{}},show);",
        f"$.ajax({{type:'POST',url:'{MODULE}',data:{{infotypeId:'RCA07',area:'11370',jdid:123}}}});",
        f"var area='11370';load('{MODULE}?infotypeId='+infotypeId+'&area='+area, 'div9');",
    ],
)
@FEW
@given(total=COUNTS)
def test_the_module_gives_a_whole_area_page_by_page(script: str, total: int) -> None:
    pages = max(-(-total // 20), 1)

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != MODULE:
            return f"<div id='div9'></div><script>{script}</script>"
        assert (query["infotypeId"], form["area"]) == ("RCA07", "11370")
        number = int(form["currpage"])
        return area(range(total)[(number - 1) * 20 : number * 20], pages)

    found = walk(HANWEB, serve, COLUMN)
    assert found.urls == everything(total)
    assert len(found.asked) == 1 + pages


def test_titles_of_a_whole_area_must_say_all() -> None:
    answer = Page(f"{HOST}{MODULE}?area=1&currpage=1", area(range(1, 4), 1).encode())
    found = HANWEB.listing(answer)
    assert found.mixed
    assert (found.entries[0].title, found.entries[0].date) == (
        "任城区第1局政府信息公开工作年度报告",
        "2020-01-02",
    )


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/art/2022/1/20/art_12377_1486865.html", "/art/2022/1/20/art_99_1486865.html"),
        (f"/art/2026/art_{'0a' * 16}.html", f"/col/col7/art/2026/art_{'0a' * 16}.html"),
    ],
)
def test_a_document_is_the_same_in_every_column(path: str, other: str) -> None:
    assert HANWEB.identity(HOST + path) == HANWEB.identity(HOST + other)
    assert HANWEB.identity(HOST + path) != HANWEB.identity("http://jw.rencheng.gov.cn" + path)
