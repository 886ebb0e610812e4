"""Pagers that send a form by script, and records whose fields have names of their own."""

import json
from urllib.parse import parse_qs

import pytest

from gkcrawl.families import Page, family
from gkcrawl.families.titles import is_column_name, is_organ_name

COLUMN = "http://www.x.gov.cn/list.do?cid=7"
ROW = '<li><a href="/view.do?id=1">某区财政局2024年政府信息公开工作年度报告</a> 2025-01-20</li>'
FORM = (
    "<form name='pageForm' method='post' action='/list.do'><input type=hidden name=cid value=7>"
    "<input type='hidden' id='no' name='pageNo' value='{number}'><input type=submit></form>"
)
SCRIPTS = (
    "function go(n) {{ document.getElementById('no').value = n; document.pageForm.submit(); }}",
    'function go(n) {{ $("#no").val(n); $("form[name=pageForm]").submit(); }}',
    "var go = function(n) {{ document.pageForm.pageNo.value=n; document.forms[0].submit() }}",
)


def listed(number: int, script: str, target: int, method: str = "post") -> Page:
    form = FORM.format(number=number).replace("post", method)
    pager = f'<a href="javascript:go({target})">下一页</a><script>{script.format()}</script>'
    return Page(COLUMN, f"<html><body><ul>{ROW}</ul>{form}{pager}</body></html>".encode())


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_pager_that_sends_a_form_is_followed(script: str) -> None:
    [request] = family("static").listing(listed(1, script, 2)).next
    assert (request.method, request.url) == ("POST", "http://www.x.gov.cn/list.do")
    assert parse_qs(request.body.decode()) == {"cid": ["7"], "pageNo": ["2"]}


@pytest.mark.parametrize("script", SCRIPTS)
def test_on_the_last_page_the_form_asks_for_nothing_new(script: str) -> None:
    assert not family("static").listing(listed(3, script, 3)).next


def test_a_form_that_is_got_is_an_address() -> None:
    [request] = family("static").listing(listed(1, SCRIPTS[0], 2, "get")).next
    assert (request.method, request.url) == ("GET", "http://www.x.gov.cn/list.do?cid=7&pageNo=2")


def test_records_whose_titles_stand_in_a_field_of_an_unknown_name() -> None:
    records = [
        {
            "publisher": "某区财政局",
            "headline": "某区财政局2024年政府信息公开年报",
            "link": "/d/1.html",
        },
        {
            "publisher": "某区财政局",
            "headline": "某区财政局2023年政府信息公开年报",
            "link": "/d/2.html",
        },
    ]
    answer = json.dumps({"data": {"records": records, "total": "2"}}).encode()
    found = family("static").listing(Page("http://www.x.gov.cn/api/page?pageNum=1", answer)).entries
    assert [(entry.url, entry.title) for entry in found] == [
        ("http://www.x.gov.cn/d/1.html", "某区财政局2024年政府信息公开年报"),
        ("http://www.x.gov.cn/d/2.html", "某区财政局2023年政府信息公开年报"),
    ]


def test_a_title_with_its_year_in_chinese_numerals_names_no_column() -> None:
    assert not is_column_name("某区人民政府二〇一五年政府信息公开年度报告")
    assert is_column_name("某区人民政府政府信息公开年度报告")


@pytest.mark.parametrize("name", ["某市良种场", "青山茶场", "白沙牧场", "红星园艺场"])
def test_farms_that_rank_as_townships_are_organs(name: str) -> None:
    assert is_organ_name(name)
    assert not is_organ_name("菜市场")
