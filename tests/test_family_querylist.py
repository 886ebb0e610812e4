"""queryList: what a column lists is posted for, as a form or as JSON, or stands in its script."""

import json
from collections.abc import Sequence

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

QUERYLIST = family("querylist")
HOST = "http://sthjt.jiangxi.gov.cn"
COLUMN = f"{HOST}/jxssthjt/zfxxgknb/pc/list.html"
COUNTS = st.integers(0, 70)


def article(number: int) -> str:
    return f"/jxssthjt/zfxxgknb/pc/content/content_{2101533797931110400 + number}.html"


def record(number: int) -> dict[str, object]:
    return {
        "title": f"第{number}局2023年政府信息…",
        "showTitle": f"第{number}局2023年政府信息公开工作年度报告",
        "pubDate": "2024-01-20 09:00:00",
        "urls": json.dumps({"common": article(number), "pc": article(number)}),
        "content": {"content": "<div class='TRS_Editor'><a href='/col/col1/'>x</a></div>"},
        "metadata": "{}",
    }


def params(values: str, size: int) -> str:
    return (
        f"var params={{current:1,unitid:'380055',{values},dataBefore:'',perPage:'{size}',"
        "showMode:'normal',templateContainerId:'div380055',};loadPageData(params,'380055');"
    )


VARIANTS = {
    "code": ("webSiteCode:['jxssthjt'],channelCode:['zfxxgknb']", "", "channelCode[]"),
    "id": ("webSiteCode:['jxssthjt'],channelId:['1996819971664617472']", "", "channelId[]"),
    "plain": (
        "webSiteCode:['jxssthjt'],channelCode:['zfxxgknb']",
        "$.ajax({url:'/queryList',type:'POST',traditional:true,data:params})",
        "channelCode",
    ),
    "prefix": (
        "webSiteCode:['jxssthjt'],channelCode:['zfxxgknb']",
        "$.post(ctx+'/front/queryList',params,show)",
        "channelCode[]",
    ),
    "json": (
        "webSiteCode:['jxssthjt'],channelCode:['zfxxgknb']",
        "$.ajax({url:'/queryList',type:'post',contentType:'application/json;charset=utf-8',"
        "data:JSON.stringify(params)})",
        "channelCode",
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
@FEW
@given(total=COUNTS, says_total=st.booleans(), size=st.sampled_from([6, 15]))
def test_lists_are_posted_for(variant: str, total: int, says_total: bool, size: int) -> None:
    values, call, name = VARIANTS[variant]
    endpoint = "/front/queryList" if variant == "prefix" else "/queryList"

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != endpoint:
            head = "<a href='{{pcUrl}}'>{{title}}</a>"
            return f"<html>{head}<script>{params(values, size)}{call}</script></html>"
        if variant == "json":
            asked = json.loads(next(iter(form)) if len(form) == 1 else json.dumps(form))
            assert asked["webSiteCode"] == ["jxssthjt"]
        else:
            asked = form
            assert name in form
        number, count = int(asked["current"]), int(asked["pageSize"])
        shown = range(total)[(number - 1) * count : number * count]
        data: dict[str, object] = {"results": [{"source": record(n)} for n in shown]}
        return json.dumps({"code": 200, "data": data | ({"total": total} if says_total else {})})

    found = walk(QUERYLIST, serve, COLUMN)
    assert found.urls == [HOST + article(number) for number in range(total)]
    pages = max(-(-total // size), 1)
    # Without a total, a last page that is full hides that it is the last.
    assert len(found.asked) <= 1 + pages + (not says_total and total % size == 0 and total > 0)


def test_a_record_is_read_out_of_its_texts_of_json() -> None:
    answer = json.dumps({"data": {"results": [{"source": record(3)}]}})
    (entry,) = QUERYLIST.listing(Page(f"{HOST}/queryList", answer.encode())).entries
    assert (entry.title, entry.date) == ("第3局2023年政府信息公开工作年度报告", "2024-01-20")


def embedded(numbers: Sequence[int]) -> str:
    records = [
        record(n)
        | {"articleFiles": [{"fileName": "年报.pdf", "filePath": f"/f/{n}.pdf", "fileId": "7"}]}
        for n in numbers
    ]
    text = json.dumps(records, ensure_ascii=False)
    return f"<script>new Vue({{data: {{ articleList: {text}, other: [] }} }});</script>"


def test_lists_that_stand_in_the_script() -> None:
    listing = QUERYLIST.listing(Page(COLUMN, embedded(range(30)).encode()))
    assert [entry.url for entry in listing.entries] == [HOST + article(n) for n in range(30)]
    assert listing.entries[3].attachments == (f"{HOST}/f/3.pdf",)
    assert listing.next == ()


@pytest.mark.parametrize(
    "files",
    [
        "articleFiles: [{fileName:'年报.docx', filePath:'/x/1.docx', domainName:'http://f.gov.cn'}]",
        """articleFiles: '[{"fileName":"年报.docx","filePath":"http://f.gov.cn/x/1.docx"}]'""",
    ],
)
def test_files_that_only_the_article_s_script_names(files: str) -> None:
    page = Page(
        HOST + article(1), f"<div id='zoomcon'>见附件</div><script>{files}</script>".encode()
    )
    assert QUERYLIST.article(page).attachments == ("http://f.gov.cn/x/1.docx",)


def test_an_article_is_known_by_its_number() -> None:
    other = article(1).replace("zfxxgknb/pc", "gk/wap")
    assert QUERYLIST.identity(HOST + article(1)) == QUERYLIST.identity(HOST + other)
