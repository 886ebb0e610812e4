"""广东: the tree of gkmlpt, its listing, and NFCMS columns beside it."""

import json

import pytest
from family_walk import FEW, walk
from hypothesis import given
from hypothesis import strategies as st

from gkcrawl.families import Page, family

GKMLPT = family("gkmlpt")
HOST = "http://www.yunfu.gov.cn"
COUNTS = st.integers(0, 450)


def config(tree: object, sid: str = "766001", **more: str) -> str:
    extra = "".join(f",{name}:{value}" for name, value in more.items())
    return (
        f"<html><script>window._CONFIG = {{SID:'{sid}',IS_MOBILE:false,"
        f"TREE:{json.dumps(tree, ensure_ascii=False)}{extra}}};</script></html>"
    )


def columns(page: str, url: str = f"{HOST}/gkmlpt/index") -> list[str]:
    return [
        f"{lead.kind} {lead.url}{'#' if lead.fragment else ''}{lead.fragment}"
        for lead in GKMLPT.columns(Page(url, page.encode()), inside="parent")
    ]


def row(number: int, **more: object) -> dict[str, object]:
    path = f"/gkmlpt/content/{number // 10**6}/{number // 10**3}/post_{number}.html"
    title = f"云浮市第{number}局政府信息公开工作年度报告"
    return {"id": number, "title": title, "url": f"https://www.yunfu.gov.cn{path}", **more}


@FEW
@given(total=COUNTS, size=st.sampled_from([20, 100]), zero=st.booleans())
def test_a_category_page_by_page(total: int, size: int, zero: bool) -> None:
    """Pages 0 and 1 are the same; 100 rows are usual, and other servers grant fewer."""

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        assert (path, query["sid"]) == ("/gkmlpt/api/all/2629", "766001")
        number = max(int(query["page"]), 1)
        rows = [row(1900000 + n) for n in range(total)[(number - 1) * size : number * size]]
        return json.dumps({"classify": {"post_count": total}, "total": total, "articles": rows})

    start = f"{HOST}/gkmlpt/api/all/2629?page={1 - zero}&sid=766001"
    found = walk(GKMLPT, serve, start)
    assert len(found.urls) == total
    # A last page that is not full is not seen to be the last.
    assert len(found.asked) <= max(-(-total // size), 1) + (total > size)


def test_a_service_that_ignores_the_page_is_left_after_one_repetition() -> None:
    answer = json.dumps({"total": 900, "articles": [row(1900000 + n) for n in range(100)]})
    found = walk(GKMLPT, lambda *_: answer, f"{HOST}/gkmlpt/api/all/1?page=1&sid=2")
    assert len(found.asked) == 2


def test_the_tree_names_categories_columns_elsewhere_and_empty_ones() -> None:
    tree = [
        {"id": 3300, "name": "政府信息公开指南", "children": []},
        {"id": 3310, "name": "法定主动公开内容", "children": [
            {"id": 3350, "name": "政府信息公开年报", "children": [
                {"id": 3351, "name": "市直部门", "children": [], "post_count": 9},
                {"id": 3352, "name": "镇街", "children": [], "post_count": 0},
            ]},
        ]},
        {"id": 3360, "name": "政府信息公开年度报告", "jump_url": "/zwgk/xxgknb/", "children": []},
    ]  # fmt: skip
    assert columns(config(tree)) == [
        f"column {HOST}/gkmlpt/api/all/3350?page=1&sid=766001",
        f"column {HOST}/gkmlpt/api/all/3351?page=1&sid=766001",
        f"column {HOST}/zwgk/xxgknb/",
    ]


def test_a_tree_beside_functions_and_longer_than_usual() -> None:
    tree = [{"id": n, "name": f"栏目{n}", "children": []} for n in range(3000)]
    tree.append({"id": 9999, "name": "年报", "children": []})
    page = config(tree, DETAIL="decode('\\u003Cp\\u003E')", AREA="window.area || 1")
    assert columns(page) == [f"column {HOST}/gkmlpt/api/all/9999?page=1&sid=766001"]


def test_the_route_of_a_portal_tells_the_category() -> None:
    url = "http://whly.gd.gov.cn/gkmlpt/annualreport#2629"
    page = Page(url, config([], "175").encode())
    api = "http://whly.gd.gov.cn/gkmlpt/api/all/2629?page=1&sid=175"
    assert [more.url for more in GKMLPT.listing(page).next] == [api]
    assert GKMLPT.columns(page, inside="column") == ()
    assert [lead.url for lead in GKMLPT.columns(page, inside="parent")] == [api]


def test_one_page_shows_the_categories_of_several_links() -> None:
    links = '<a href="/gkmlpt/annualreport#1">年报</a><a href="/gkmlpt/annualreport#2">镇街年报</a>'
    known: dict[str, str] = {}
    home = Page(f"{HOST}/", links.encode(), known=known)
    (lead,) = GKMLPT.columns(home)
    assert (lead.url, lead.fragment) == (f"{HOST}/gkmlpt/annualreport", "1")
    shown = Page(f"{lead.url}#1", config([], "766001").encode(), known=known)
    assert [more.url for more in GKMLPT.listing(shown).next] == [
        f"{HOST}/gkmlpt/api/all/1?page=1&sid=766001",
        f"{HOST}/gkmlpt/api/all/2?page=1&sid=766001",
    ]


def test_organs_below_have_platforms_of_their_own() -> None:
    page = (
        '<a href="/gkmlpt/index">政府信息公开</a><a href="/gkmlpt/annualreport#7">年报</a>'
        '<a href="/yfsthjj/gkmlpt/index">市生态环境局</a>'
        "<script>var organs=[{name:'市财政局',"
        "url:'http:\\/\\/czj.yunfu.gov.cn\\/gkmlpt\\/index'}];</script>"
    )
    assert columns(page, f"{HOST}/") == [
        f"column {HOST}/gkmlpt/annualreport#7",
        f"parent {HOST}/yfsthjj/gkmlpt/index",
        "parent http://czj.yunfu.gov.cn/gkmlpt/index",
    ]


def test_rows_keep_to_the_scheme_that_answers() -> None:
    files = [{"name": "年报.pdf", "url": "https://www.yunfu.gov.cn/attachment/0/608/1.pdf"}]
    answer = json.dumps({"total": 1, "articles": [row(1900001, attachment=files)]})
    page = Page(f"{HOST}/gkmlpt/api/all/1?page=1&sid=2", answer.encode())
    (entry,) = GKMLPT.listing(page).entries
    assert entry.url == f"{HOST}/gkmlpt/content/1/1900/post_1900001.html"
    assert entry.attachments == (f"{HOST}/attachment/0/608/1.pdf",)


@pytest.mark.parametrize("linked", [True, False])
@FEW
@given(count=st.integers(1, 9))
def test_columns_of_nfcms(linked: bool, count: int) -> None:
    names = ["", *(f"index_{n}.html" for n in range(2, count + 1))]

    def serve(path: str, query: dict[str, str], form: dict[str, str]) -> str | None:
        name = path.removeprefix("/zwgk/xxgknb/")
        if name not in names:
            return None
        place = names.index(name)
        rows = "".join(
            f'<li><a href="{HOST}/zwgk/xxgknb/content/mpost_{2147000 + n}.html">年报</a></li>'
            for n in range(place * 5, place * 5 + 5)
        )
        more = f'<a href="{names[place + 1]}">下一页</a>' if place + 1 < count and linked else ""
        script = "<script>NFCMS_SITE_ID=2; NFCMS_PUB_TYPE='page';</script>"
        return f"<html>{script}<ul>{rows}</ul><div>共{count}页{more}</div></html>"

    found = walk(family("nfcms"), serve, f"{HOST}/zwgk/xxgknb/")
    assert found.urls == [
        f"{HOST}/zwgk/xxgknb/content/post_{2147000 + n}.html" for n in range(count * 5)
    ]
    assert (len(found.asked), found.missing) == (count, [])


def test_one_document_has_one_identity_under_all_its_paths() -> None:
    paths = ("gkmlpt/content/9/9103/post_91.html", "zwgk/xxgknb/content/mpost_91.html")
    assert len({GKMLPT.identity(f"https://www.x.gov.cn/{path}") for path in paths}) == 1
