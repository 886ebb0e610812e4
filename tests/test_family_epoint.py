"""新点: frames around a list, shells that post for their rows, and static lists."""

import json

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Next, Page, family

EPOINT = family("epoint")
HOST = "https://ws.xz.gov.cn"
SHELL = f"{HOST}/dynamic/zwgk/govInfoPub.html?categorynum=003002&deptcode=001"
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
COUNTS = st.integers(0, 90)


def article(number: int) -> str:
    return f"/zwgk/003/003002/20240120/{number:08x}-0000-4000-8000-000000000000.html"


def rows(start: int, end: int) -> str:
    items = (
        f'<li><a href="{article(n)}">第{n}局2023年政府信息公开工作年度报告</a>'
        "<span>2024-01-20</span></li>"
        for n in range(start, end)
    )
    return f"<ul id='govinfolist'>{''.join(items)}</ul>"


def answer(total: int, number: int, size: int, packed: bool) -> str:
    data = [
        {
            "infourl": article(n),
            "title": f"第{n}局2023年政府…",
            "realtitle": f"第{n}局2023年政府信息公开工作年度报告",
            "infodate": "2024-01-20",
        }
        for n in range(total)[number * size : (number + 1) * size]
    ]
    custom: object = {"data": data, "total": str(total)}
    return json.dumps({"custom": json.dumps(custom) if packed else custom, "status": {"code": 200}})


SITES = {
    "/js/webBuilderCommon.js": (
        f'var siteInfo = {{"siteGuid":"{GUID}","projectName":"/EWB-FRONT"}};',
        "/EWB-FRONT/rest/lightfrontaction/getgovinfolist",
    ),
    "/js/ajaxReq.js": (
        "function list(d){Util.ajax({url:'/EWB_YK_Mid/rest/lightfrontaction/getgovinfolist',"
        f"data:{{params:{{siteGuid:'{GUID}'}}}}}})}}",
        "/EWB_YK_Mid/rest/lightfrontaction/getgovinfolist",
    ),
}


@pytest.mark.parametrize("script", SITES)
@FEW
@given(total=COUNTS, packed=st.booleans())
def test_a_shell_posts_for_its_rows_with_what_a_script_knows(
    script: str, total: int, packed: bool
) -> None:
    text, service = SITES[script]

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        if path == script:
            return text
        if path != service:
            return f'<html><script src="{script}"></script><ul id="govinfolist"></ul></html>'
        asked = json.loads(next(iter(form)))
        asked = asked.get("params", asked)
        assert (asked["siteGuid"], asked["categorynum"], asked["deptcode"]) == (
            GUID,
            "003002",
            "001",
        )
        return answer(total, int(asked["pageIndex"]), int(asked["pageSize"]), packed)

    found = walk(EPOINT, serve, SHELL)
    assert found.urls == [HOST + article(number) for number in range(total)]
    assert len(found.asked) == 2 + max(-(-total // 20), 1)


def test_the_script_is_asked_once_a_site() -> None:
    known = {
        f"epoint {HOST[8:]}": json.dumps({"siteGuid": GUID, "url": f"{HOST}/x", "form": "json"})
    }
    shell = b'<html><script src="/js/webBuilderCommon.js"></script></html>'
    (request,) = EPOINT.listing(Page(SHELL, shell, known=known)).next
    assert (request.method, request.url) == ("POST", f"{HOST}/x")


def test_a_service_that_wants_a_form_gets_one() -> None:
    sent = json.dumps({"categorynum": "003002", "pageIndex": 0, "siteGuid": GUID}).encode()
    refused = Page(f"{HOST}/x", b'{"status":{"code":500,"text":"bad"}}', request_body=sent)
    (request,) = EPOINT.listing(refused).otherwise
    assert request.body == f"categorynum=003002&pageIndex=0&siteGuid={GUID}".encode()


def test_an_empty_list_is_not_asked_for_again() -> None:
    sent = json.dumps({"categorynum": "003002", "pageIndex": 0, "pageSize": 20}).encode()
    listing = EPOINT.listing(Page(f"{HOST}/x", answer(0, 0, 20, False).encode(), request_body=sent))
    assert (listing.next, listing.otherwise) == ((), ())


FRAME = (
    "http://www.yanling.gov.cn/govxxgk/114110240057660135/openSubPage.html?specialurl="
    "/govxxgk/114110240057660135/category/035/035001/govlist.html&righttitle=信息公开年度报告"
)
SHOWN = "http://www.yanling.gov.cn/govxxgk/114110240057660135/category/035/035001/govlist.html"


def test_a_frame_is_passed_over() -> None:
    assert EPOINT.entrance(FRAME) == SHOWN
    assert [request.url for request in EPOINT.listing(Page(FRAME, b"<html></html>")).next] == [
        SHOWN
    ]
    link = f'<a href="{FRAME}">政府信息公开年报</a>'
    page = Page("http://www.yanling.gov.cn/", link.encode())
    assert [lead.url for lead in EPOINT.columns(page)] == [SHOWN]


@FEW
@given(count=st.integers(1, 8), words=st.booleans())
def test_static_lists_with_numbers_for_pages(count: int, words: bool) -> None:
    folder = "/zw/009001/009001002/"

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        name = path.removeprefix(folder).removesuffix(".html")
        number = int(name) if name.isdigit() else 1
        pager = f'<a href="{folder}{number + 1}.html">下页 &gt;</a>' if number < count else ""
        if not words:
            links = (
                f'<a href="{folder}{n}.html">{n}</a>' for n in range(1, count + 1) if n != number
            )
            pager = f"<div><span class='on'>{number}</span>{''.join(links)}</div>"
        return f"<html>{rows(number * 3, number * 3 + 3)}{pager}</html>"

    found = walk(EPOINT, serve, f"{HOST}{folder}specification.html")
    assert (len(found.urls), len(found.asked)) == (3 * count, count)


def test_the_request_of_the_second_page_keeps_the_first_one_s_form() -> None:
    sent = json.dumps({"params": {"categorynum": "1", "pageIndex": "0", "pageSize": 1}}).encode()
    page = Page(f"{HOST}/x", answer(2, 0, 1, False).encode(), request_body=sent)
    (request,) = EPOINT.listing(page).next
    assert isinstance(request, Next)
    assert json.loads(request.body)["params"]["pageIndex"] == "1"


def test_the_script_is_asked_once_for_all_columns_of_a_host_and_by_its_own_address() -> None:
    known: dict[str, str] = {}
    shell = b'<script src="/js/webBuilderCommon.js"></script><ul id="govinfolist"></ul>'
    columns = [SHELL, SHELL.replace("003002", "003003")]
    asked = [EPOINT.listing(Page(url, shell, known=known)).next for url in columns]
    assert asked == [(Next(f"{HOST}/js/webBuilderCommon.js"),), ()]
    text = SITES["/js/webBuilderCommon.js"][0].encode()
    told = EPOINT.listing(Page(f"{HOST}/js/webBuilderCommon.js", text, known=known))
    bodies = [json.loads(request.body) for request in told.otherwise]
    assert [body["categorynum"] for body in bodies] == ["003002", "003003"]
