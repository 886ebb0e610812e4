"""Pagers: the address of the next page, as far as the page shows it."""

import json
from collections.abc import Callable

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family
from gkcrawl.families.pagecounts import created, page_count
from gkcrawl.families.pagers import following

FOLDER = "http://www.x.gov.cn/nb/"
GO = '<a href="javascript:goPage(2)">下一页</a><script>%s</script>'


@pytest.mark.parametrize(
    ("here", "markup", "there"),
    [
        ("", '<a href="index_2.html">下一页</a>', "index_2.html"),
        ("", '<a href="index_2.html">下页&gt;</a>', "index_2.html"),
        ("", '<a href="index_2.html" title="下一页"><img src="a.png"></a>', "index_2.html"),
        ("", '<a href="index_2.html"><img src="a.png" alt="下一页"></a>', "index_2.html"),
        ("", '<a class="page-next" href="index_2.html"></a>', "index_2.html"),
        ("", '<link rel="next" href="index_2.html">', "index_2.html"),
        ("", '<div><b>1</b><a href="a2.html">2</a><a href="a2.html">&gt;</a></div>', "a2.html"),
        ("", '<div><a href="/zwgk/">&gt;&gt;</a></div>', None),
        ("", '<a href="javascript:;">下一页</a>', None),
        ("", '<a href="#" class="disabled">下一页</a>', None),
        ("", '<a href="/nb/index.html">下一页</a>', None),
        ("", '<a href="javascript:;">下一页</a><a href="a2.html">2</a>', "a2.html"),
        ("", '<span>1</span><a href="a2.html">2</a><a href="a3.html">3</a>', "a2.html"),
        ("a2.html", '<p><a href="index.html">1</a> 2 <a href="a3.html">3</a></p>', "a3.html"),
        ("a2.html", '<ul><li><a href="/nb/">1</a></li><li><a href="a2.html">2</a></li>'
         '<li><a href="a3.html">[3]</a></li></ul>', "a3.html"),
        ("a3.html", '<p><a href="index.html">1</a> <a href="a2.html">2</a> 3</p>', None),
        ("", '<ul><li class="active"><a href="javascript:;">1</a></li>'
         '<li><a href="a2.html">2</a></li></ul>', "a2.html"),
        ("", '<a href="2024/">2024</a><a href="2023/">2023</a>', None),
        ("", '<select><option value="index.html">1</option><option value="a2.html">2</option>'
         "</select>", "a2.html"),
        ("a2.html", '<select><option value="index.html">第1页</option><option value="a2.html" '
         'selected>第2页</option></select>', None),
        ("", '<select><option value="1">1</option><option value="2">2</option></select>', None),
        ("", '<select><option value="/a/">财政局</option><option value="/b/">教育局</option>'
         "</select>", None),
        ("", "<a href='#' onclick=\"location.href='index_2.html'\">下页</a>", "index_2.html"),
        ("", "<span onclick=\"location.href='index_2.html'\">下一页</span>", "index_2.html"),
        ("", GO % "function goPage(n){if(n==1){location.href='index.html'}"
         "else{location.href='index_'+n+'.html'}}", "index_2.html"),
        ("", GO % "var goPage = function (n) { window.location.href = '?page=' + n; }", "?page=2"),
        ("", GO % "function goPage(n){var u='list_'+n+'.html';document.forms[0].action=u;}",
         "list_2.html"),
        ("", "<a href=\"javascript:;\" onclick=\"turn(this,'/nb/ui?id=3&page=2')\">下一页</a>",
         "ui?id=3&page=2"),
        ("", '<a tagname="/nb/ui?page=2" onclick="turn(this)">下一页</a>', "ui?page=2"),
        ("", GO % "function other(n){location.href='/'+n}", None),
        ("", GO % "function goPage(n){load(n)} function b(n){location.href='/'+n}", None),
    ],
)  # fmt: skip
def test_the_next_page(here: str, markup: str, there: str | None) -> None:
    found = following(Page(FOLDER + here, f"<html><body>{markup}</body></html>".encode()))
    assert found == (FOLDER + there if there else None)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("共12页", 12),
        ("共 <b>12</b> 页", 12),
        ("<span>1/12页</span>", 12),
        ("var pageCount = 12;", 12),
        ("totalPages: '12'", 12),
        ("2024/12/05 共12条", None),
    ],
)
def test_how_many_pages_there_are(text: str, count: int | None) -> None:
    assert page_count(Page(FOLDER, text.encode())) == count


def test_a_pager_of_a_script_that_is_over() -> None:
    call = "<script>createPageHTML('page_div',3,3,'list','shtml',9)</script>"
    assert created(Page(FOLDER + "list_3.shtml", call.encode())) is None


COLUMNS = {
    "numbers": ("http://www.xa.gov.cn/zfxxgknb/1.html", "/zfxxgknb/{}.html"),
    "slug": ("http://www.jian.gov.cn/xxgk-list-xxgknb.html", "/xxgk-list-xxgknb-{}.html"),
    "phpcms": (
        "http://www.tslb.gov.cn/index.php?m=content&c=index&a=lists&catid=12",
        "/index.php?m=content&c=index&a=lists&catid=12&page={}",
    ),
    "aspx": (
        "https://hrss.yn.gov.cn/InfoPublic.aspx?cid=1019&pid=971&page=1&kw=",
        "/InfoPublic.aspx?cid=1019&pid=971&page={}&kw=",
    ),
    "jsp": (
        "https://www.mz.gov.cn/info/iList.jsp?cat_id=15971&cur_page=1",
        "/info/iList.jsp?cat_id=15971&cur_page={}",
    ),
    "dir": ("http://public.zhengzhou.gov.cn/?a=dir&p=D0104X", "/?a=dir&p=D0104X&page={}"),
    "channel": ("https://www.zt.gov.cn/channels/3125.html", "/channels/3125_{}.html"),
}

Pager = Callable[[int, int, str], str]


def by_words(number: int, count: int, form: str) -> str:
    return f'<a href="{form.format(number + 1)}">下一页</a>' if number < count else "下一页"


def by_numbers(number: int, count: int, form: str) -> str:
    shown = range(max(1, number - 4), min(count, number + 4) + 1)
    return "".join(
        f'<strong>{n}</strong>' if n == number else f'<a href="{form.format(n)}">{n}</a>'
        for n in shown
    )  # fmt: skip


def by_menu(number: int, count: int, form: str) -> str:
    options = "".join(
        f'<option value="{form.format(n)}"{" selected" * (n == number)}>{n}</option>'
        for n in range(1, count + 1)
    )
    return f'<select onchange="location=this.value">{options}</select>'


def by_function(number: int, count: int, form: str) -> str:
    head, tail = form.split("{}")
    script = f"function go(p){{window.location.href='{head}'+p+'{tail}';}}"
    link = f'<a href="javascript:go({number + 1})">下一页</a>' if number < count else ""
    return f"{link}<script>{script}</script>"


@pytest.mark.parametrize("name", COLUMNS)
@FEW
@given(
    count=st.integers(1, 12),
    pager=st.sampled_from([by_words, by_numbers, by_menu, by_function]),
    wraps=st.booleans(),
)
def test_every_row_is_met_with_one_request_a_page(
    name: str, count: int, pager: Pager, wraps: bool
) -> None:
    """``wraps``: behind its last page the server shows the last again."""
    column, form = COLUMNS[name]
    head, tail = form.split("{}")

    def serve(path: str, query: dict[str, str], asked: dict[str, str]) -> str | None:
        text = path + ("?" if query else "") + "&".join(f"{k}={v}" for k, v in query.items())
        middle = text[len(head) : len(text) - len(tail)] if text.startswith(head) else ""
        number = int(middle) if middle.isdigit() else 1
        if number > count and not wraps:
            return None
        number = min(number, count)
        rows = "".join(
            f'<li><a href="/t20240120_{n}.html">第{n}局年度报告</a></li>' for n in (number, -number)
        )
        return f"<html><ul>{rows}</ul><div>{pager(number, count, form)}</div></html>"

    found = walk(family("static"), serve, column)
    assert len(found.urls) == 2 * count
    assert (len(found.asked), found.missing) == (count, [])


@pytest.mark.parametrize("name", ["numbers", "aspx", "jsp"])
@FEW
@given(count=st.integers(1, 12))
def test_a_number_in_the_address_and_a_count_are_enough(name: str, count: int) -> None:
    column, form = COLUMNS[name]
    head, tail = form.split("{}")

    def serve(path: str, query: dict[str, str], asked: dict[str, str]) -> str | None:
        text = path + ("?" if query else "") + "&".join(f"{k}={v}" for k, v in query.items())
        number = int(text[len(head) : len(text) - len(tail)])
        rows = f'<a href="/t20240120_{number}.html">第{number}局年度报告</a>'
        return f"<html>{rows}<p>共{count}页</p></html>" if number <= count else None

    found = walk(family("static"), serve, column)
    assert (len(found.urls), len(found.asked), found.missing) == (count, count, [])


def test_a_server_that_ignores_the_number_is_left_after_one_repeat() -> None:
    def serve(path: str, query: dict[str, str], asked: dict[str, str]) -> str | None:
        number = int(query.get("page", 1))
        row = '<a href="/t20240120_1.html">2023年年度报告</a>'
        return f'<html>{row}<a href="?page={number + 1}">下一页</a></html>'

    assert len(walk(family("static"), serve, FOLDER).asked) == 2


@FEW
@given(count=st.integers(2, 9))
def test_a_second_page_that_is_the_first_again_hides_nothing(count: int) -> None:
    """``list_1.html`` is ``list.html`` once more (pages 0 and 1 are identical)."""

    def serve(path: str, query: dict[str, str], asked: dict[str, str]) -> str | None:
        name = path.removesuffix(".html").rpartition("_")[2]
        number = int(name) if name.isdigit() else 0
        row = f'<a href="/t20240120_{max(number, 1)}.html">第{max(number, 1)}局年度报告</a>'
        pager = f'<a href="list_{number + 1}.html">下一页</a>' if number < count else ""
        return f"<html>{row}{pager}</html>"

    found = walk(family("static"), serve, FOLDER + "list.html")
    assert (len(found.urls), len(found.asked)) == (count, count + 1)


@pytest.mark.parametrize("kind", ["json", "html", "wrapped"])
@FEW
@given(total=st.integers(0, 40))
def test_lists_that_a_plain_script_asks_for(kind: str, total: int) -> None:
    """No family knows the system; its script says enough."""

    def rows(numbers: range) -> str:
        return "".join(
            f'<li><a href="/t20240120_{n}.html">第{n}局年度报告</a></li>' for n in numbers
        )

    def serve(path: str, query: dict[str, str], asked: dict[str, str]) -> str | None:
        if path != "/api/list":
            script = (
                "$.get('/common/visitcount', {id: 1});"
                "function go(pageNo){$.getJSON('/api/list', {id: 7, pageNo: pageNo, pageSize: 10})}"
            )
            return f"<html><body><div id='rows'></div><script>{script}</script></body></html>"
        number = int(query["pageNo"])
        shown = range(total)[(number - 1) * 10 : number * 10]
        if kind == "html":
            return f"<ul>{rows(shown)}</ul><p>共{max(-(-total // 10), 1)}页</p>"
        if kind == "wrapped":
            return json.dumps({"code": 0, "total": total, "html": rows(shown)})
        records = [{"title": f"第{n}局年度报告", "linkUrl": f"/t20240120_{n}.html"} for n in shown]
        return json.dumps({"code": 0, "data": {"list": records, "totalPage": -(-total // 10)}})

    found = walk(family("static"), serve, "http://www.x.gov.cn/zfxxgknb/")
    assert (len(found.urls), len(found.asked)) == (total, 1 + max(-(-total // 10), 1))


@pytest.mark.parametrize("number", ["page=1", "page=0", "pageNo=1", "curpage=1"])
def test_a_pager_that_leads_to_the_first_page_leads_nowhere_from_it(number: str) -> None:
    here = "http://www.example.gov.cn/index.php?m=content&catid=890"
    body = f'<div><a href="{here}&{number}">上一页</a> 1 <a href="{here}&{number}">下一页</a></div>'
    assert following(Page(here, body.encode())) is None
    second = body.replace(f'{number}">下一页', f'{number[:-1]}2">下一页')
    assert following(Page(here, second.encode())) == f"{here}&{number[:-1]}2"
