"""Which system made a page: a snippet of each, and pages of one system that link to others."""

import pytest

from gkcrawl.families import Page, family, recognise
from gkcrawl.portals import FAMILIES

HOST = "http://www.x.gov.cn"
ID = "b1b59c8c-81a3-4cf2-b876-8618919c0049"
HEX = "12cf558e0011223344556677889900aa"

SNIPPETS = [
    ("gkmlpt", "<script>window._CONFIG = {SID:'755001', TREE:[]}</script>"),
    ("gkmlpt", '<a href="/gkmlpt/annualreport">政府信息公开年报</a>'),
    ("nfcms", '<script>var NFCMS_SITE_ID = "2";</script>'),
    ("nfcms", '<a href="/zwgk/xxgknb/content/post_2147681.html">年报</a>'),
    ("hanweb", "<script src='/script/unitbuild.js?v=3' queryData=\"{'parseType':'x'}\"></script>"),
    ("hanweb", '<script type="text/xml"><datastore></datastore></script>'),
    ("hanweb", '<a href="/art/2022/1/20/art_12377_1486865.html">年报</a>'),
    ("hanweb", "<!--<$[信息内容]>begin-->"),
    ("querylist", "<script>var params={webSiteCode: ['x'],channelCode:['y']}</script>"),
    ("querylist", '<a href="/x/y/pc/content/content_2101533797931110400.html">年报</a>'),
    ("querylist", "<script>$.post('/queryList', params)</script>"),
    ("kaipuyun", "<ucapcontent><p>一、总体情况</p></ucapcontent>"),
    ("kaipuyun", '<a href="/xinyuan/xxgknb2024n/zfxxgk_gknbz.shtml">2024年</a>'),
    ("kaipuyun", f'<a href="/klmys/c100186/202609/{HEX}.shtml">年报</a>'),
    ("kaipuyun", '<meta name="channelId" content="77">'),
    ("vsb", '<script src="/_sitegray/_sitegray.js"></script>'),
    ("vsb", "<!--Announced by Visual SiteBuilder 9-->"),
    ("vsb", '<a href="/info/1234/5678.htm">年报</a>'),
    ("lonsun", '<a href="/public/column/1681?type=4&amp;catId=77&amp;action=list">年报</a>'),
    ("lonsun", "<script>$.get('/site/label/8888?IsAjax=1')</script>"),
    ("lonsun", '<a href="/group6/M00/01/2A/wKg.pdf">附件</a>'),
    ("trs", '<div class="TRS_Editor">一、总体情况</div>'),
    ("trs", '<script>createPageHTML(15, 0, "index", "html");</script>'),
    ("trs", '<a href="./202601/t20260113_2042365.htm">年报</a>'),
    ("epoint", '<script src="/js/webBuilderCommon.js"></script>'),
    ("epoint", '<a href="/zw/009001/009001002/2.html">2</a>'),
    ("epoint", '<a href="/govxxgk/11411024/openSubPage.html?specialurl=/a.html">年报</a>'),
    ("uuidcolumns", f'<a href="/columns/{ID}/index.html">年报</a>'),
    ("easysite", '<a href="/eportal/ui?pageId=30&currentPage=2">下一页</a>'),
    ("easysite", "<script>var u='/portlet/xxgkml!queryList.portlet?pageNo=1'</script>"),
    ("openness", '<a href="/OpennessContent/showList/483/10100/page_1.html">年报</a>'),
    ("openness", '<a href="/openness/">信息公开</a>'),
    ("jeecms", '<a href="/yxgovfront/newzfxxgk.jspx?path=yxszfxxgk&pageNo=2">年报</a>'),
    ("jeecms", '<a href="/2025nysxxgk.jhtml">信息公开</a>'),
    ("thtml", '<a href="/ndbg.thtml?id=14198">年度报告</a>'),
    ("nw", '<a href="/txxgknb_17198/20200617/t0035_1372758.html">年报</a>'),
    ("nw", '<a href="/nw12344/index.html">年报</a>'),
    ("hunan", '<a href="/37584/38154/index.htm">年报</a>'),
    ("static", '<a href="/zfxxgknb/1.html">年报</a>'),
    ("static", '<a href="/xxgk-list-xxgknb.html">年报</a>'),
    ("static", '<a href="/index.php?m=content&c=index&a=lists&catid=12">年报</a>'),
]


def page(markup: str, url: str = f"{HOST}/zwgk/", server: str = "") -> Page:
    html = f"<html><head><title>某市人民政府</title></head><body>{markup}</body></html>"
    return Page(url, html.encode(), {"Server": server})


@pytest.mark.parametrize(("name", "markup"), SNIPPETS)
def test_a_mark_of_the_system(name: str, markup: str) -> None:
    assert recognise(page(markup)) == name


@pytest.mark.parametrize(("name", "markup"), [s for s in SNIPPETS if 'href="/' in s[1]])
def test_links_to_other_hosts_say_nothing(name: str, markup: str) -> None:
    abroad = markup.replace('href="/', 'href="http://www.other.gov.cn/')
    assert recognise(page(abroad)) == "static"
    below = markup.replace('href="/', 'href="http://zwgk.x.gov.cn/')
    # 上海's folders count on its own hosts and where the page writes them without a host.
    assert recognise(page(below)) == name or "/nw" in markup


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.yunfu.gov.cn/gkmlpt/annualreport", "gkmlpt"),
        ("http://www.rencheng.gov.cn/col/col37641/index.html?number=RCA07", "hanweb"),
        ("https://www.hlj.gov.cn/hlj/c108417/zfxxgk.shtml", "kaipuyun"),
        ("https://www.ah.gov.cn/public/column/1681?type=4&catId=1", "lonsun"),
        ("https://www.shanghai.gov.cn/nw12344/index.html", "nw"),
        (f"http://www.sjz.gov.cn/columns/{ID}/index.html", "uuidcolumns"),
        ("https://www.xz.gov.cn/dynamic/zwgk/govInfoPub.html?categorynum=003001", "epoint"),
        ("http://www.bjdx.gov.cn/eportal/ui?pageId=302272", "easysite"),
        ("http://www.fxhz.gov.cn/ndbg.thtml?id=14198", "thtml"),
    ],
)
def test_an_address_says_it_too(url: str, name: str) -> None:
    assert recognise(page("<p>建设中</p>", url)) == name


def test_the_header_of_the_server() -> None:
    assert recognise(page("", server="VWebServer/6.0")) == "vsb"


@pytest.mark.parametrize(
    ("first", "second"),
    [("gkmlpt", "hanweb"), ("hanweb", "trs"), ("querylist", "kaipuyun"), ("kaipuyun", "trs")],
)
def test_the_sharper_mark_comes_first(first: str, second: str) -> None:
    marks = dict(reversed(SNIPPETS))
    assert recognise(page(marks[second] + marks[first])) == first


def test_every_system_can_be_declared_and_has_a_reader() -> None:
    names = {name for name, _ in SNIPPETS}
    assert names <= set(FAMILIES)
    for name in set(FAMILIES) - {"static"}:
        assert family(name) is not family("static"), name
