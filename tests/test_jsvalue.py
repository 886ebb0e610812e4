"""Values of JavaScript that can be told without running it, and the calls that scripts make."""

import json
from typing import Any

import pytest
from family_walk import FEW
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page
from gkcrawl.families.calls import calls, objects
from gkcrawl.families.jsvalue import UNKNOWN, Json, read_arguments, read_value

NAMES: dict[str, Any] = {
    "page": 1,
    "base": "/zfxxgk",
    "siteInfo": {"siteGuid": "7eb5", "projectName": "/EWB-FRONT"},
    "categorynum": "003002",
    "pageNo": "7",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{SID:'7', \"a\":[1,-2.5,true,undefined, ], b:'it\\'s \\u5e74', /*c*/ c:{},}; y()",
         {"SID": "7", "a": [1, -2.5, True, None], "b": "it's 年", "c": {}}),
        ("base + '/list_' + (page + 1) + '.html'", "/zfxxgk/list_2.html"),
        ("`${base}/list_${page}.html`", "/zfxxgk/list_1.html"),
        ("siteInfo.projectName + '/rest/x'", "/EWB-FRONT/rest/x"),
        ("getQueryString('categorynum')", "003002"),
        ("getQueryString('nothing')", ""),
        ("$('#pageNo').val()", "7"),
        ("document.getElementById('pageNo').value", "7"),
        ("nothing || 'other'", "other"),
        ("encodeURIComponent('年报')", "年报"),
        ("JSON.stringify({a: 1})", Json({"a": 1})),
        ("'a'\nvar b = 2", "a"),
        ("'a' // why\n", "a"),
        ("{a: function (x) { return {b: 1}; }, c: 2}", {"c": 2}),
        ("{a: nothing, 'b[]': [nothing, 2]}", {"b[]": [2]}),
        ("'x' + Math.random()", "x0"),
    ],
)  # fmt: skip
def test_what_has_a_value(text: str, value: object) -> None:
    assert read_value(text, 0, NAMES) == value


@pytest.mark.parametrize(
    "text", ["nothing", "page > 1 ? 'a' : 'b'", "function(){}", "f(1)", "", "'a", "(" * 90, "a.b.c"]
)
def test_what_has_none(text: str) -> None:
    assert read_value(text, 0, NAMES) is UNKNOWN


@FEW
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_json_has_its_own_value(value: Any) -> None:
    assert read_value(json.dumps([value])) == [value]


@FEW
@given(st.text("{}[]()'\"`,:+.;a1$ \n/*\\", max_size=60))
def test_no_text_stops_the_reader(text: str) -> None:
    read_value(text, 0, NAMES)
    read_arguments(text, 0, NAMES)
    page = Page("http://x.gov.cn/", f"<script>var a={text};$.get({text});</script>".encode())
    assert isinstance(calls(page), tuple)
    list(objects(page, "a"))


URL = "http://www.x.gov.cn/zwgk/index.html?catId=9"


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("$.get('/a.json', {page: pageNo}, show)", "GET /a.json?page=1"),
        ("$.getJSON('list.json')", "GET /zwgk/list.json"),
        ("$('#x').load('/box.html #rows')", "GET /box.html"),
        ("$.post('/q', {a: [1, 2], b: 'x'})", "POST /q a%5B%5D=1&a%5B%5D=2&b=x"),
        ("$.post('/q', 'a=1&b=')", "POST /q a=1&b="),
        ("$.ajax({url: '/q', type: 'post', data: {a: getUrlParam('catId')}})", "POST /q a=9"),
        ("$.ajax({url: '/q', method: 'POST', contentType: 'application/json', data: "
         "JSON.stringify({a: 1})})", 'POST /q {"a":1}'),
        ("$.ajax({url: '/q', data: params}); var params = {a: 1}", "GET /q?a=1"),
        ("axios.post('/q', {a: 1})", 'POST /q {"a":1}'),
        ("axios.get('/q', {params: {a: 1}})", "GET /q?a=1"),
        ("fetch('/q?page=' + page).then(show)", "GET /q?page=1"),
        ("fetch('/q', {method: 'POST', body: JSON.stringify({a: 1})})", 'POST /q {"a":1}'),
        ("var xhr = new XMLHttpRequest(); xhr.open('GET', '/q?a=1', true)", "GET /q?a=1"),
    ],
)  # fmt: skip
def test_calls(script: str, asked: str) -> None:
    page = Page(URL, f"<html><script>{script}</script></html>".encode())
    (call,) = calls(page)
    request = call.request()
    text = f"{request.method} {request.url.removeprefix('http://www.x.gov.cn')}"
    assert f"{text} {request.body.decode()}".strip() == asked


@pytest.mark.parametrize(
    "script",
    ["$.get('http://other.example/a')", "$.get(nothing)", "location.reload()", "load('x')"],
)
def test_what_is_no_call_to_this_host(script: str) -> None:
    assert calls(Page(URL, f"<script>{script}</script>".encode())) == ()
