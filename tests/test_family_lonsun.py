"""龙讯: fragments of HTML by ``/site/label/8888`` with the parameters of the page's own call."""

from collections.abc import Sequence

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

LONSUN = family("lonsun")
HOST = "https://www.chuzhou.gov.cn"
COLUMN = f"{HOST}/public/column/152523227?type=4&catId=151969595&action=list"
COUNTS = st.integers(0, 90)
SIZE = 15
LABEL = "/chuzhou/site/label/8888"
FIXED = {
    "IsAjax": "1",
    "dataType": "html",
    "labelName": "publicInfoList",
    "siteId": "2653861",
    "pageSize": str(SIZE),
    "action": "list",
    "organId": "152523227",
    "type": "4",
    "catId": "151969595",
    "result": "暂无相关信息",
    "file": "/c1/chuzhou/publicInfoList_newest",
}


def article(number: int) -> str:
    return f"/public/152523227/{110000000 + number}.html"


def fragment(numbers: Sequence[int], pages: int, number: int, pager: str = "script") -> str:
    rows = "".join(
        f'<div class="xxgk_navli"><a href="{article(n)}" '
        f'title="滁州市第{n}局2023年政府信息公开工作年度报告">滁州市第{n}局…</a>'
        '<span class="date">2024-01-20</span></div>'
        for n in numbers
    )
    if pager == "script":
        said = f"<script>Ls.pagination('#page',{{pageCount:{pages},pageIndex:{number}}});</script>"
    else:
        said = f'<a href="{LABEL}?pageIndex={number + 1}">下一页</a>' if number < pages else ""
    return (rows or "<p>暂无相关信息</p>") + said


def literal(values: dict[str, str]) -> str:
    return ",".join(f"{name}:'{value}'" for name, value in values.items())


def query(values: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items())


UNSAID = {name: value for name, value in FIXED.items() if name not in ("organId", "catId", "type")}
SCRIPTS = {
    "address": f"function load(){{$('#list').load('{LABEL}?{query(FIXED)}&pageIndex=1');}}",
    "escaped": f"var u='{LABEL}?{query(FIXED).replace('&', '&amp;')}&amp;pageIndex=1';",
    "object": f"$.ajax({{url:'{LABEL}',data:{{{literal(FIXED)},pageIndex:pageIndex,"
    "_:Math.random()}})",
    "variables": "var organId='152523227',catId='151969595';"
    f"function go(pageIndex){{$.get('{LABEL}',{{{literal(UNSAID)},organId:organId,"
    "catId:catId,type:4,pageIndex:pageIndex},show)}",
    "unsaid": f"$.get('{LABEL}',{{{literal(UNSAID)},organId:'',catId:'',pageIndex:1}},show)",
}


@pytest.mark.parametrize("script", SCRIPTS)
@FEW
@given(total=COUNTS, shows_first=st.booleans())
def test_all_parameters_come_from_the_page(script: str, total: int, shows_first: bool) -> None:
    pages = max(-(-total // SIZE), 1)
    other = f"$.get('{LABEL}?labelName=searchDataList&siteId=1&pageIndex=1')"

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != LABEL:
            first = fragment(range(total)[:SIZE], pages, 1) if shows_first else ""
            scripts = f"<script>{other};{SCRIPTS[script]}</script>"
            return f"<html><body>{first}{scripts}</body></html>"
        assert {name: query.get(name) for name in FIXED} == FIXED
        number = int(query["pageIndex"])
        return fragment(range(total)[(number - 1) * SIZE : number * SIZE], pages, number)

    found = walk(LONSUN, serve, COLUMN)
    assert found.urls == [HOST + article(number) for number in range(total)]
    assert len(found.asked) == pages + (0 if shows_first and total else 1)


def test_rows_of_a_fragment_have_their_whole_titles_and_dates() -> None:
    page = Page(f"{HOST}{LABEL}?pageIndex=1", fragment([7], 1, 1).encode())
    (entry,) = LONSUN.listing(page).entries
    assert (entry.title, entry.date) == ("滁州市第7局2023年政府信息公开工作年度报告", "2024-01-20")


def test_columns_that_a_script_builds_of_names_and_numbers() -> None:
    tree = (
        "var nodes=[{id:1,pId:0,name:'政府信息公开指南'},"
        "{id:151969595,pId:0,name:'政府信息公开年报',organId:152523227},{id:9,name:'财政'}];"
    )
    page = Page(f"{HOST}/public/column/77?type=4", f"<script>{tree}</script>".encode())
    (lead,) = LONSUN.columns(page, inside="parent")
    assert (lead.kind, lead.url) == ("column", COLUMN)
