"""From a home page to the columns: which pages are asked, in which order, and which never."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walking import HOME, anchors, report_rows, walk

from gkcrawl.crawl import noticing
from gkcrawl.crawl.frontier import FIRST_PAGES, Frontier
from gkcrawl.crawl.steps import Step
from gkcrawl.crawl.visit import Visit
from gkcrawl.crawl.ways import SEARCH, Known
from gkcrawl.families import Lead, Page
from gkcrawl.families.addresses import clean, desktop, is_government, key, registrable, same_site
from gkcrawl.families.article import moved_to
from gkcrawl.families.condition import ailment, needs_browser
from gkcrawl.families.discovery import leads
from gkcrawl.families.page import script_target
from gkcrawl.families.rows import Listing, Next, rows
from gkcrawl.families.sitesearch import SiteSearch, offered
from gkcrawl.portals import Portal

LAST_WAYS = 7
"""What is tried where no link leads to a column: ``sitemap.xml`` and six paths."""


def test_the_column_first_then_the_directory_and_its_organs() -> None:
    asked = walk(
        {
            "/": anchors(新闻="/xw/", 政务公开="/zwgk/", 政府信息公开="/zfxxgk/"),
            "/zfxxgk/": anchors(政府信息公开指南="zn/", 部门="bm/", 政府信息公开年报="nb/"),
            "/zfxxgk/nb/": report_rows(2024, 2025),
            "/zfxxgk/bm/": anchors(财政局="czj/", 教育局="jyj/", 机构职能="/jg/"),
            "/zfxxgk/bm/czj/": anchors(信息公开年报="nb/", 政府信息公开="gk/"),
            "/zfxxgk/bm/czj/nb/": report_rows(2025, organ="财政局"),
            "/zfxxgk/bm/jyj/": anchors(信息公开年报="nb/"),
            "/zfxxgk/bm/jyj/nb/": report_rows(2025, organ="教育局"),
        }
    )
    assert asked == [
        "/",
        "/zfxxgk/",
        "/zfxxgk/nb/",
        "/zfxxgk/bm/",
        "/zfxxgk/bm/czj/",
        "/zfxxgk/bm/czj/nb/",
        "/zfxxgk/bm/jyj/",
        "/zfxxgk/bm/jyj/nb/",
    ]


def test_known_columns_are_read_and_the_home_page_is_left_alone() -> None:
    columns = (f"{HOME}zfxxgk/nb/", f"{HOME}bm/czj/nb/")
    pages = {
        "/zfxxgk/nb/": anchors(政府信息公开="/zfxxgk/") + report_rows(2024),
        "/bm/czj/nb/": report_rows(2025),
    }
    visit = Visit(Portal("530111", "官渡区", HOME, columns=columns))
    assert walk(pages, visit) == ["/zfxxgk/nb/", "/bm/czj/nb/"]


def test_a_column_that_is_gone_is_looked_for_where_its_link_stood() -> None:
    trail = (("", HOME), ("政府信息公开", f"{HOME}zfxxgk/"))
    memory = (Known(f"{HOME}zfxxgk/old/", "政府信息公开年报", trail, "links"),)
    pages = {
        "/zfxxgk/": anchors(政府信息公开年报="new/"),
        "/zfxxgk/new/": report_rows(2024, 2025),
        "/": anchors(政府信息公开="/zfxxgk/"),
    }
    visit = Visit(Portal("530111", "官渡区", HOME), memory=memory)
    assert walk(pages, visit) == ["/zfxxgk/old/", "/zfxxgk/", "/zfxxgk/new/"]


def test_paths_are_tried_only_where_links_lead_nowhere_and_no_further_than_needed() -> None:
    pages = {
        "/": anchors(新闻="/xw/") + "<p>建设中</p>",
        "/zfxxgk/zfxxgknb/": "<p>您访问的页面不存在或已删除</p>",
        "/zwgk/zfxxgk/zfxxgknb/": report_rows(2024),
        "/zwgk/zfxxgknb/": report_rows(2023),
    }
    assert walk(pages) == [
        "/",
        "/sitemap.xml",
        "/zfxxgk/zfxxgknb/",
        "/zwgk/zfxxgk/zfxxgknb/",
    ]


def test_never_more_than_six_guesses() -> None:
    assert len(walk({"/": "<p>欢迎</p>"})) <= LAST_WAYS + 1


def test_a_map_for_machines_is_asked_before_paths_are_tried() -> None:
    place = f"<url><loc>{HOME[:-1]}{{}}</loc></url>"
    paths = ("/xw/", "/a/xxgknb/index.html", "/bm/czj/gknb/202501/t20250120_2025.html")
    pages = {
        "/": anchors(新闻="/xw/"),
        "/sitemap.xml": f"<urlset>{''.join(map(place.format, paths))}</urlset>",
        "/a/xxgknb/index.html": report_rows(2024, 2025),
        "/bm/czj/gknb/": report_rows(2025, organ="财政局"),
    }
    assert walk(pages) == ["/", "/sitemap.xml", "/a/xxgknb/index.html", "/bm/czj/gknb/"]


def test_the_columns_of_what_a_search_finds_are_read() -> None:
    results = report_rows(2024, folder="/a/gknb/") + report_rows(2025, folder="/bm/czj/xxgknb/")
    pages = {
        "/a/gknb/": report_rows(2023, 2024, 2025),
        "/bm/czj/xxgknb/": report_rows(2024, 2025, organ="财政局"),
    }

    def site(url: str) -> str | None:
        if url == "/":
            return '<form action="/search"><input type="text" name="keyword"></form>'
        return results if url.startswith("/search?") else pages.get(url)

    asked = walk(site)
    assert asked[-2:] == ["/a/gknb/", "/bm/czj/xxgknb/"]
    assert sum(url.startswith("/search") for url in asked) == 1


@pytest.mark.parametrize(
    ("name", "href"),
    [
        ("2023年镇乡街道", "zxjd2023/"),
        ("2024年各委办局", "wbj2024/"),
        ("2008-2018年", "old/"),
        ("2019年以前", "old/"),
        ("乡镇街道", "xzjd/"),
        ("2023年", "/gknb2023/"),
        ("市政府部门2023年政府信息公开年报", "/bm/2023/"),
    ],
)
def test_parts_of_a_column_by_years_and_by_kinds_of_organs(name: str, href: str) -> None:
    page = Page(f"{HOME}zfxxgk/list/", f'<a href="{href}">{name}</a>'.encode())
    assert [lead.kind for lead in leads(page, "column")] == ["branch"]


def test_four_hundred_known_columns_are_asked_and_nothing_else() -> None:
    memory = tuple(Known(f"{HOME}bm/o{n}/nb/", "信息公开年报", (("", HOME),)) for n in range(400))
    visit = Visit(Portal("530111", "官渡区", HOME), memory=memory)
    asked = walk(lambda url: report_rows(2024, 2025, folder=url), visit, most=1000)
    assert len(asked) == 400
    assert "/" not in asked


def test_a_column_that_shows_its_newest_report_is_fetched_as_what_may_be_one() -> None:
    memory = (Known(f"{HOME}c1/zfxxgk_gknbz.shtml", "年报", (), "links", shows_report=True),)
    (step,) = Visit(Portal("530111", "官渡区", HOME), memory=memory).next_steps()
    assert step.lead.page_class == "other"


@pytest.mark.parametrize(
    ("script", "target"),
    [
        ("javascript:openUrl('/bm/czj/')", "/bm/czj/"),
        (r"javascript:openUrl(\'/bm/czj/\')", "/bm/czj/"),
        ("openUrl('财政局', '/bm/czj/')", "/bm/czj/"),
        ("window.open('./a.html')", "./a.html"),
        ("location.href='/a/'", "/a/"),
        ("show('财政局')", None),
    ],
)
def test_where_a_click_leads(script: str, target: str | None) -> None:
    assert script_target(script) == target


def test_a_search_that_helped_is_asked_again_as_what_it_is() -> None:
    memory = (Known(f"{HOME}search?keyword=x", SEARCH, (), "search"),)
    visit = Visit(Portal("530111", "官渡区", HOME), memory=memory)
    (step,) = visit.next_steps()
    assert (step.reader, step.mixed, step.known) == ("search", True, True)


def papers(organ: str, *years: int) -> str:
    """Return a list of all an organ's papers with a report for each of the years."""
    other = "".join(
        f'<li><a href="./202405/t2024050{n}_{n}.html">{organ}公告第{n}号</a>2024-05-01</li>'
        for n in range(6)
    )
    return other + report_rows(*years, organ=organ)


NEXT = '<div class="page"><a href="{}">下一页</a></div>'


def test_a_list_of_all_papers_is_read_on_where_the_organ_has_no_column() -> None:
    pages = {
        "/": anchors(部门信息公开="/bm/", 政府信息公开年报="/nb/"),
        "/nb/": report_rows(2024, 2025),
        "/bm/": anchors(财政局="czj/", 教育局="jyj/", 公安局="gaj/"),
        "/bm/czj/": papers("财政局", 2025) + NEXT.format("index_1.html"),
        "/bm/czj/index_1.html": papers("财政局", 2024),
        "/bm/jyj/": papers("教育局", 2025) + NEXT.format("index_1.html") + anchors(年报="nb/"),
        "/bm/jyj/nb/": report_rows(2024, 2025, organ="教育局"),
        "/bm/gaj/": papers("公安局") + NEXT.format("index_1.html"),
    }
    asked = walk(pages)
    assert "/bm/czj/index_1.html" in asked
    assert "/bm/jyj/nb/" in asked
    assert not {"/bm/jyj/index_1.html", "/bm/gaj/index_1.html"} & set(asked)


def test_the_rest_of_a_list_of_all_papers_says_nothing_of_its_first_page() -> None:
    visit = Visit(Portal("530111", "官渡区", HOME))
    first = Step(Lead(f"{HOME}bm/czj/", "财政局", "organ"))
    rest = first.rest(Next(f"{HOME}bm/czj/index_1.html"))
    visit.more(rest, Listing(rows(Page(HOME, report_rows(2024).encode()))), 1)
    assert list(noticing.column_read(visit, rest, [f"{HOME}bm/czj/202501/t20250120_9.html"])) == []
    assert rest.name != first.name


def test_a_host_that_refuses_three_pages_is_left_alone_whatever_status_it_gives() -> None:
    stub = "<html><script>document.cookie='a=1';location.reload();</script></html>"
    columns = tuple(f"{HOME}{n}/nb/" for n in range(9))
    visit = Visit(Portal("530111", "官渡区", HOME, columns=columns))
    assert len(walk(lambda url: stub, visit)) == 3


def test_a_column_that_moved_is_asked_for_once() -> None:
    visit = Visit(Portal("530111", "官渡区", HOME))
    visit.frontier.stands_at(f"{HOME}bm/czj/nb/")
    lead = Lead(f"{HOME}bm/czj/nb/", "财政局政府信息公开年报", "column")
    assert not visit.frontier.push(Step(lead, scope="czj"))
    assert "czj" in visit.frontier.satisfied


@pytest.mark.parametrize(
    ("column", "link", "name"),
    [
        ("nb/", "nb/1_wap.html", "手机版"),
        ("nb/", "/m/nb/1.html", "手机版"),
        ("index.php?m=content&a=lists&catid=12", "/xw/a1b2.html", "官渡区人民政府"),
        ("index.html", "/xw/a1b2.html", "官渡区人民政府"),
    ],
)
def test_what_is_no_part_of_a_column(column: str, link: str, name: str) -> None:
    page = Page(HOME + column, f'<a href="{link}">{name}</a>'.encode())
    assert [lead for lead in leads(page, "column") if lead.kind == "branch"] == []


@pytest.mark.parametrize(
    "menu",
    [
        '<select><option value="">部门</option><option value="/bm/a/">财政局</option>'
        '<option value="/bm/b/">教育局</option></select>',
        "<script>var zNodes=[{id:1,pId:0,name:'部门',open:true},"
        "{id:2,pId:1,name:'财政局',url:'/bm/a/'},{id:3,pId:1,name:'教育局',url:'/bm/b/'}];</script>",
        '<script>var tree={"title":"部门","children":[{"title":"\\u8d22\\u653f\\u5c40",'
        '"href":"\\/bm\\/a\\/"},{"title":"教育局","href":"/bm/b/"}]};</script>',
        '<li data-url="/bm/a/">财政局</li><li onclick="window.open(\'/bm/b/\')">教育局</li>',
        "<a href=\"javascript:openUrl('/bm/a/')\">财政局</a>"
        '<a href="javascript:;" data-url="/bm/b/">教育局</a>',
    ],
    ids=["select", "zTree", "json", "elements", "javascript:"],
)
def test_organs_in_menus_and_trees(menu: str) -> None:
    pages = {
        "/": anchors(部门信息公开="/bm/"),
        "/bm/": menu,
        "/bm/a/": anchors(信息公开年报="nb/"),
        "/bm/b/": anchors(信息公开年报="nb/"),
        "/bm/a/nb/": report_rows(2024),
        "/bm/b/nb/": report_rows(2024),
    }
    assert {"/bm/a/nb/", "/bm/b/nb/"} <= set(walk(pages))


def test_a_directory_whose_organs_have_no_column_is_left() -> None:
    organs = {f"{chr(0x4E00 + n)}川水管所": f"/jg/{n}/" for n in range(60)}
    pages = {"/": anchors(直属单位="/jg/"), "/jg/": anchors(**organs)}
    pages |= {f"/jg/{n}/": "<p>机构职能</p>" for n in range(60)}
    asked = walk(pages)
    assert sum(url.startswith("/jg/") for url in asked) <= 10


def test_four_hundred_columns_are_all_read() -> None:
    signs = "东西南北上下前后左右山水田林湖海江河桥"
    organs = {f"{a}{b}{c}街道": "" for a in signs for b in signs for c in "城关"}
    organs = {name: f"/jd/{n}/" for n, name in enumerate(list(organs)[:400])}
    pages = {"/": anchors(街道="/jd/"), "/jd/": anchors(**organs)}
    pages |= {f"/jd/{n}/": anchors(信息公开年报="nb/") for n in range(400)}
    pages |= {f"/jd/{n}/nb/": report_rows(2024, 2025) for n in range(400)}
    asked = walk(pages, most=2000)
    assert sum(url.endswith("/nb/") for url in asked) == 400
    assert len(asked) <= 802 + LAST_WAYS


def test_a_calendar_without_end_is_left() -> None:
    def calendar(url: str) -> str | None:
        if url == "/":
            return anchors(政府信息公开年报="/nb/?y=2024")
        year = int(url.rpartition("=")[2]) if "=" in url else 0
        return anchors(**{f"{y}年": f"/nb/?y={y}" for y in range(year - 3, year + 4)})

    assert len(walk(calendar)) <= 41


def test_a_wandering_site_costs_little() -> None:
    def maze(url: str) -> str | None:
        return anchors(**{f"{c}区政府信息公开": f"{url}{n}/" for n, c in enumerate("甲乙丙丁戊")})

    assert len(walk(maze)) <= FIRST_PAGES + LAST_WAYS


def test_the_portal_of_a_county_is_not_the_prefecture_s_to_visit() -> None:
    visit = Visit(
        Portal("530100", "昆明市", "http://www.km.gov.cn/"),
        others=frozenset({"km.gov.cn", "lq.km.gov.cn"}),
    )
    assert visit.belongs("http://rsj.km.gov.cn/zfxxgk/")
    assert not visit.belongs("http://lq.km.gov.cn/zfxxgk/")
    assert not visit.belongs("http://www.kmgd.gov.cn/")


def test_a_column_on_the_upper_portal_s_host_is_read_and_nothing_else_there() -> None:
    upper = "http://www.km.gov.cn/zfxxgk/gdq/nb/"
    pages = {
        "/": f'<a href="{upper}">政府信息公开年报</a><a href="http://www.gov.cn/">中国政府网</a>',
        upper: report_rows(2024) + anchors(政府信息公开="/zfxxgk/"),
    }
    assert walk(pages) == ["/", upper]


def test_a_host_is_asked_as_it_wants_to_be() -> None:
    visit = Visit(Portal("530111", "官渡区", HOME))
    visit.spellings.learn(f"{HOME}zfxxgk/", "https://www.kmgd.gov.cn/zfxxgk/")
    visit.spellings.learn("http://rsj.kmgd.gov.cn/a/", "https://www.kmgd.gov.cn/b/")
    assert visit.spellings.of(f"{HOME}nb/?n=1") == "https://www.kmgd.gov.cn/nb/?n=1"
    assert visit.spellings.of("http://rsj.kmgd.gov.cn/a/") == "http://rsj.kmgd.gov.cn/a/"


def test_strangers_are_never_asked() -> None:
    strangers = ("http://10.0.0.1/", "http://www.example.com/nb/", "http://localhost/nb/")
    pages = {"/": "".join(f'<a href="{url}">政府信息公开年报</a>' for url in strangers)}
    assert not set(strangers) & set(walk(pages))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_web_of_links_ends_and_nothing_is_asked_twice(data: st.DataObject) -> None:
    names = [
        "政府信息公开",
        "部门",
        "财政局",
        "政府信息公开年报",
        "2024年",
        "乡镇",
        "城关镇",
        "年报",
    ]
    urls = [f"/p{n}/" for n in range(12)]
    link = st.tuples(st.sampled_from(names), st.sampled_from(urls))
    pages = {
        url: "".join(f'<a href="{to}">{name}</a>' for name, to in data.draw(st.lists(link)))
        for url in ["/", *urls]
    }
    asked = walk(pages)
    assert len(asked) == len(set(asked)) <= len(urls) + 1 + LAST_WAYS


def test_the_frontier_gives_the_best_lead_whose_host_is_free() -> None:
    frontier = Frontier()
    home = Step(Lead(HOME, "", "parent"), way="home")
    for url, anchor, kind in (
        ("http://a.gov.cn/x/", "财政局", "organ"),
        ("http://b.gov.cn/y/", "政府信息公开", "parent"),
        ("http://a.gov.cn/z/", "政府信息公开年报", "column"),
    ):
        frontier.push(home.follow(Lead(url, anchor, kind)))  # type: ignore[arg-type]
    first = frontier.pop()
    assert first is not None
    assert first.lead.anchor == "政府信息公开年报"
    second = frontier.pop(busy={"b.gov.cn"})
    assert second is not None
    assert second.lead.anchor == "财政局"


def test_addresses_of_one_page() -> None:
    same = ("http://www.x.gov.cn/nb/", "https://x.gov.cn/nb/index.html", "http://x.gov.cn/nb")
    assert len({key(url) for url in same}) == 1
    assert key("http://x.gov.cn/c.html?number=1") != key("http://x.gov.cn/c.html?number=2")


@pytest.mark.parametrize(
    ("url", "cleaned"),
    [
        ("http://x.gov.cn/a;jsessionid=0F2A?id=3", "http://x.gov.cn/a?id=3"),
        ("http://x.gov.cn/a?id=3&_t=1732245000123", "http://x.gov.cn/a?id=3"),
        ("http://x.gov.cn/a?PHPSESSID=abc", "http://x.gov.cn/a"),
        ("http://x.gov.cn/a?sid=9f86d081884c7d659a2feaa0", "http://x.gov.cn/a"),
        ("http://x.gov.cn/gkmlpt/api/all/1?page=1&sid=766001", None),
        ("http://x.gov.cn/col/col1/index.html?vc_xxgkarea=11370800004312466C-ZF&number=B03", None),
    ],
)
def test_the_number_of_a_visit_is_no_part_of_an_address(url: str, cleaned: str | None) -> None:
    assert clean(url) == (cleaned or url)


def test_twins_for_telephones_are_one_document() -> None:
    assert desktop("http://m.x.gov.cn/a/1.html") == desktop("http://www.x.gov.cn/a/1.html")
    assert desktop("http://x.gov.cn/m/a/1.html") == desktop("http://x.gov.cn/a/1.html")
    assert desktop("http://x.gov.cn/a/1_wap.html") == desktop("http://x.gov.cn/a/1.html")


def test_whose_host_it_is() -> None:
    assert registrable("rsj.km.gov.cn") == "km.gov.cn"
    assert same_site("http://rsj.km.gov.cn/", "http://www.km.gov.cn/")
    assert not same_site("http://www.kmgd.gov.cn/", "http://www.km.gov.cn/")
    assert not is_government("http://gov.cn.example.com/")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<title>404</title><p>您访问的页面不存在或已删除</p>", "soft_404"),
        ("<script>$_ts=window['$_ts'];document.cookie='a'</script>", "blocked"),
        ("<title>澳门葡京娱乐城</title><p>开户送彩金，百家乐</p>" + "<p>投注</p>" * 99, "hijacked"),
        ("<p>网站标识码：5301110001</p><p>严打赌博和彩票诈骗</p>" + "<p>要闻</p>" * 99, None),
        ("<script>location.href='/zfxxgk/'</script>", None),
    ],
)
def test_what_ails_a_page(body: str, reason: str | None) -> None:
    assert ailment(Page(HOME, body.encode())) == reason


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ("<script>top.location='/a.html'</script>", f"{HOME}a.html"),
        ('<script>window.location.replace("./b.html")</script>', f"{HOME}b.html"),
        (
            "<script>document.write('<script>location=\"/c.html\"<\\/script>')</script>",
            f"{HOME}c.html",
        ),
        ('<meta http-equiv="refresh" content="0;url=/d.html"><p>正在跳转</p>', f"{HOME}d.html"),
        ("<script>document.cookie='k=1';location.href='/'</script>", None),
        ("<script>location.reload()</script>", None),
        (f"<script>location.href='/x'</script><p>{'正文' * 60}</p>", None),
    ],
)
def test_pages_that_only_send_on(body: str, target: str | None) -> None:
    assert moved_to(Page(HOME, body.encode())) == target


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("<ul id='list'></ul><script>$.ajax({url:'/api'})</script>", True),
        ("<div id='app'></div><script>new Vue({})</script>", True),
        ("<ul><li>{{ item.title }}</li></ul>", True),
        ("<p>暂无信息</p><script>$.ajax({url:'/api'})</script>", False),
        ("<p>本栏目没有脚本</p>", False),
        ("<script>document.write(unescape('%3Cspan'))</script>", False),
    ],
)
def test_which_empty_columns_need_a_browser(body: str, needed: bool) -> None:
    assert needs_browser(Page(HOME, body.encode()), Listing()) is needed


def test_a_table_of_organs_by_years() -> None:
    table = (
        "<table><tr><th>序号</th><th>单位</th><th>2023年</th><th>2024年</th></tr>"
        "<tr><td>1</td><td>财政局</td><td><a href='/info/1/11.htm'>查看</a></td>"
        "<td><a href='/files/12.pdf'>下载</a></td></tr></table>"
    )
    found = [(entry.title, entry.url) for entry in rows(Page(HOME, table.encode()))]
    assert found == [
        ("财政局2023年", f"{HOME}info/1/11.htm"),
        ("财政局2024年", f"{HOME}files/12.pdf"),
    ]


def test_frames_of_a_section_and_of_a_column() -> None:
    page = Page(HOME, b'<iframe src="/list.html"></iframe><iframe src="http://t.cn/a"></iframe>')
    assert [(lead.url, lead.kind) for lead in leads(page, "column")] == [
        (f"{HOME}list.html", "branch")
    ]
    assert [lead.kind for lead in leads(page, "parent")] == ["directory"]


SEARCHES = {
    "hanweb": "<script>var url='/jsearchfront/interfaces/cateSearch.do';"
    "var websiteid='370800000000000';</script>",
    "igs": "<form action='/igs/front/search.jhtml' method='post'><input name='siteId' value='54' "
    "type='hidden'><input name='code' value='ab12' type='hidden'></form>",
    "form": "<form action='/search'><input name='keyword'><input type='submit'></form>",
    "token": "<form action='/search'><input name='keyword'><input name='token'></form>",
    "other host": "<form action='http://www.baidu.com/s'><input name='wd'></form>",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hanweb", ("POST", "/jsearchfront/interfaces/cateSearch.do")),
        ("igs", ("GET", "/igs/front/search.jhtml?pageNumber=1&pageSize=20&siteId=54&code=ab12")),
        ("form", ("GET", "/search?keyword=")),
        ("token", None),
        ("other host", None),
    ],
)
def test_the_search_that_a_page_shows(name: str, expected: tuple[str, str] | None) -> None:
    found = offered(Page(HOME, SEARCHES[name].encode()))
    told = [(ask.method, ask.url.removeprefix(HOME.rstrip("/"))) for ask in found]
    if expected is None:
        assert told == []
    else:
        assert told[0][0] == expected[0]
        assert told[0][1].startswith(expected[1])


def test_answers_of_searches_are_read_wherever_titles_stand() -> None:
    answer = (
        '{"page":{"content":[{"title":"官渡区<em>2024年政府信息公开</em>年报",'
        '"url":"/a/1.html?x=1&amp;y=2"}]},'
        '"result":["<div><a href=\'/a/2.html\'>2023年年报</a></div>"]}'
    )
    listing = SiteSearch().listing(
        Page(HOME, answer.encode(), {"content-type": "application/json"})
    )
    assert listing.mixed
    assert [(entry.title, entry.url) for entry in listing.entries] == [
        ("官渡区2024年政府信息公开年报", f"{HOME}a/1.html?x=1&y=2"),
        ("2023年年报", f"{HOME}a/2.html"),
    ]
