"""拓尔思 TRS: pagers that are scripts, lists that are JSON, files that only a script names."""

import base64
import json
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

TRS = family("trs")
COLUMN = "http://www.kmgd.gov.cn/zfxxgk/zfxxgknb/"
PAGES = st.integers(1, 12)


def article(number: int, ext: str = "html") -> str:
    return f"202501/t202501{number % 28 + 1:02}_{4800000 + number}.{ext}"


def rows(numbers: Sequence[int], ext: str = "html") -> str:
    return "".join(
        f'<li><a href="./{article(n, ext)}">第{n}局政府信息公开年度报告</a>'
        "<span>2025-01-20</span></li>"
        for n in numbers
    )


def zero_based(count: int, current: int) -> str:
    return f'<script>createPageHTML({count}, {current}, "index", "shtml");</script>'


def zero_based_with_names(count: int, current: int) -> str:
    return (
        "<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}"
        f"var countPage = {count}; var currentPage = {current};\n"
        'createPageHTML(countPage, currentPage, "index", "shtml", 60);</script>'
    )


def one_based(count: int, current: int) -> str:
    return f"<script>createPageHTML({count},{current + 1},'index','shtml')</script>"


def clone(count: int, current: int) -> str:
    return f"<script>createPageHTML('page_div',{count}, {current + 1},'index','shtml',90);</script>"


def clone_from_zero(count: int, current: int) -> str:
    return f"<script>createPageHTML('page_div',{count},{current},'index','.shtml',90);</script>"


def older(count: int, current: int) -> str:
    return (
        f"<script>var currentPage = {current};//从0开始\nvar countPage = {count}//共多少页\n"
        "var nextPage = currentPage+1;\n"
        'if(nextPage<countPage) document.write("<a href=\\"index_" + nextPage + ".shtml\\">");'
        "</script>"
    )


def of_records(count: int, current: int) -> str:
    return f"<script>var recordCount = {count * 10 - 3}; var pageSize = 10;</script>"


def box(count: int, current: int) -> str:
    return f"<input id='ele'><script>if(ele.value>{count}){{ele.value={count};}}</script>"


def hidden(count: int, current: int) -> str:
    links = (
        f'<a href="index_{current - 1}.shtml">上一页</a>' if current else '<a href="./">首页</a>'
    )
    links += f'<a href="index_{current + 1}.shtml">下一页</a>' if current + 1 < count else ""
    code = base64.b64encode(quote(links).encode()).decode()
    return f"<div id='pages' data-html='{code}'></div><script>window.atob(x)</script>"


# Pager -> the number in the file name of the second page.
PAGERS = {
    zero_based: 1,
    zero_based_with_names: 1,
    one_based: 2,
    clone: 2,
    clone_from_zero: 1,
    older: 1,
    of_records: 1,
    box: 2,
    hidden: 1,
}


@pytest.mark.parametrize("pager", PAGERS, ids=lambda pager: pager.__name__)
@FEW
@given(count=PAGES)
def test_every_page_is_asked_for_once(pager: object, count: int) -> None:
    assert callable(pager)
    names = ["", *(f"index_{n + PAGERS[pager]}.shtml" for n in range(count - 1))]

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        name = path.removeprefix("/zfxxgk/zfxxgknb/")
        if name not in names:
            return None
        place = names.index(name)
        shown = rows(range(place * 10, place * 10 + 10), "shtml")
        return f"<html><ul>{shown}</ul>{pager(count, place)}</html>"

    found = walk(TRS, serve, COLUMN)
    assert sorted(found.urls) == sorted(COLUMN + article(n, "shtml") for n in range(count * 10))
    assert (len(found.asked), found.missing) == (count, [])


@pytest.mark.parametrize(
    ("script", "page", "following"),
    [
        ("createPageHTML(15, 0, 'index', 'html')", "", ["index_1.html"]),
        ("createPageHTML(15,13,'index','shtml')", "index_13.shtml", ["index_14.shtml"]),
        ("createPageHTML(15,14,'index','html')", "index_14.html", []),
        ("createPageHTML(1, 0, 'index', 'html')", "", []),
        ("createPage(3,0,'list','html')", "list.html", ["list_1.html"]),
        ("createPageHTML(2,0,'wjk_glrb','html')", "wjk_glrb.html", ["wjk_glrb_1.html"]),
        ("createPageHTML('p',3,1,'list','html')", "list.html", ["list_2.html", "list_3.html"]),
        ("createPageHTML('page_div',2,2,'list','html',90)", "list_2.html", []),
        ("var countPage = 4; var currentPage = 3;", "index_3.html", []),
        ("if (ele.value>3) {}", "index_3.shtml", []),
        ("createPageHTML(${PAGE_COUNT}, 0, 'index', 'html')", "", []),
        (
            "createPageHTML(90000, 1, 'index', 'html')",
            "",
            [f"index_{n}.html" for n in range(2, 201)],
        ),
    ],
)
def test_the_next_pages_that_a_script_names(script: str, page: str, following: list[str]) -> None:
    body = f"<html><script>{script}</script></html>".encode()
    found = TRS.listing(Page(COLUMN + page, body)).next
    assert [request.url for request in found] == [COLUMN + name for name in following]


def test_a_base_address_holds_for_the_pager_too() -> None:
    body = f'<base href="/zfxxgk/nb/"><ul>{rows([1])}</ul>{zero_based(2, 0)}'.encode()
    found = TRS.listing(Page("http://www.x.gov.cn/?gk=1", body))
    assert found.next[0].url == "http://www.x.gov.cn/zfxxgk/nb/index_1.shtml"
    assert found.entries[0].url == f"http://www.x.gov.cn/zfxxgk/nb/{article(1)}"


@pytest.mark.parametrize(
    "stub", ["<html></html>", "<html><body><!-- igs --><div id='app'></div></body></html>"]
)
def test_a_stub_in_place_of_a_page_ends_the_list(stub: str) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        return stub if "index_" in path else f"<ul>{rows(range(10))}</ul>{zero_based(9, 0)}"

    assert len(walk(TRS, serve, COLUMN).asked) == 2


FRAME = """<ul class="menu">
<li><a href="?gk=1&cid=16278" data-url="/zwgk/zfxxgkzn/index.html">政府信息公开指南</a></li>
<li class="on"><a href="?gk=3&cid=16280" data-url="/zwgk/zfxxgknb/index.html">政府信息公开年报</a>
</li></ul><div id="list"></div>"""


@pytest.mark.parametrize("query", ["?gk=3&cid=16280", "?gk=3"])
def test_a_frame_shows_the_list_of_its_address(query: str) -> None:
    found = TRS.listing(Page("https://www.wuhai.gov.cn/zwgk/" + query, FRAME.encode()))
    assert [more.url for more in found.next] == [
        "https://www.wuhai.gov.cn/zwgk/zfxxgknb/index.html"
    ]


def test_a_lead_to_a_frame_leads_to_the_list_in_it() -> None:
    leads = TRS.columns(Page("https://www.wuhai.gov.cn/zwgk/", FRAME.encode()))
    assert leads[0].url == "https://www.wuhai.gov.cn/zwgk/zfxxgknb/index.html"


@pytest.mark.parametrize(
    "appendix",
    [
        'var file_appendix = "./P020260601322559475097.docx";',
        "var file_appendix='<a href=\"./P020260601322559475097.docx\">附件</a>';",
        'var file_appendix = [{"appfile":"P020260601322559475097.docx","appdesc":"年报.docx"}];',
        'var file_appendix = "<a href=\\"./P020260601322559475097.docx\\">附件</a>";',
        "</script><a OLDSRC='/protect/P0202606/P020260601322559475097.docx'>附件</a><script>",
    ],
)
def test_files_that_stand_in_no_link(appendix: str) -> None:
    url = COLUMN + "202601/t20260113_2042365.html"
    page = Page(url, f"<div class=TRS_Editor></div><script>{appendix}</script>".encode())
    files = TRS.article(page).attachments
    assert files == (COLUMN + "202601/P020260601322559475097.docx",)


def test_a_document_keeps_its_number_in_every_column() -> None:
    names = ("zfxxgk/zfxxgknb/202601/t20260113_2042365.htm", "ptcg/nb/202601/t20260113_2042365.htm")
    assert len({TRS.identity(f"http://www.putian.gov.cn/{name}") for name in names}) == 1
    assert TRS.identity(COLUMN + "a/t20250101_1.html") != TRS.identity(
        COLUMN + "b/t20250101_1.html"
    )


SCRIPTS = {
    "whole": "$.get('/fjdzapp/data?channelid=100000&classsql=chnlid=4022&prepage=15&page=1', f)",
    "object": "$.ajax({url:'/fjdzapp/data',data:{channelid:100000,classsql:'chnlid=4022',"
    "prepage:15,page:page}})",
    "joined": "var chnlid=4022; "
    "load('/fjdzapp/data?channelid=100000&classsql=chnlid='+chnlid+'&page='+n)",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@FEW
@given(total=st.integers(0, 230))
def test_the_list_service_of_fujian(script: str, total: int) -> None:
    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path != "/fjdzapp/data":
            return f"<html><div ms-controller='list'></div><script>{script}</script></html>"
        assert (query["channelid"], query["classsql"]) == ("100000", "chnlid=4022")
        size, number = int(query["prepage"]), int(query["page"])
        data = [
            {
                "chnldocurl": f"https://www.sm.gov.cn/zfxxgkndbg/{article(n, 'htm')}",
                "doctitle": f"三明市第{n}局政府信息公开工作年度报告",
                "docreltime": "2026.03.05 14:48:00",
                "content": "　　根据《中华人民共和国政府信息公开条例》",
                "files": [{"appfile": "P1.docx", "_href": "https://www.sm.gov.cn/P1.docx"}],
                "rels": [],
            }
            for n in range(total)[(number - 1) * size : number * size]
        ]
        pages = -(-total // size)
        return json.dumps(
            {"error": False, "page": number, "pageCount": pages, "recordCount": total, "data": data}
        )

    found = walk(family("fjdzapp"), serve, "https://www.sm.gov.cn/zfxxgkndbg/")
    assert len(found.urls) == total
    assert len(found.asked) == 1 + max(-(-total // 100), 1)


def test_rows_that_stand_in_the_page_need_no_service() -> None:
    body = f"<ul>{rows([1])}</ul><script>{SCRIPTS['whole']}</script>".encode()
    assert TRS.listing(Page(COLUMN, body)).next == ()
