"""The embedded world: what it serves, how the proxy serves it, and that its truth is true."""

import gzip
import html
import http.client
import json
import re
import ssl
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest

from archive.records import Tables
from archive.report.tables.checks import check_tables
from gkcrawl.demo.proxy import serve_world
from gkcrawl.demo.wire import Page, Response, encode
from gkcrawl.demo.world import World

MAIN = {
    "000": "https://www.puershi.gov.cn/info/1231/12024.htm",
    "001": "http://www.kmgd.gov.cn/zfxxgk/zfxxgknb/ljjd/202501/t20250120_4853317.html",
    "002": "https://www.360docs.net/doc/2021/88213046.html",
    "003": "https://www.yunfu.gov.cn/gkmlpt/content/1/1294/post_1294117.html",
    "004": "http://www.cxs.gov.cn/info/9025/20412.htm",
}


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def proxy(world: World) -> Iterator[str]:
    with serve_world(world) as url:
        yield url


class Door(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follow nothing: a redirect is an answer here."""


def fetch(proxy: str, url: str) -> tuple[int, Mapping[str, str], bytes]:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({"http": proxy, "https": proxy}),
        urllib.request.HTTPSHandler(context=context),
        Door(),
    )
    try:
        with opener.open(url, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def text_of(world: World, url: str) -> str:
    """Return the page at ``url`` as text, chunks put together."""
    response = world.respond("GET", url, {})
    body = response.body
    if ("Transfer-Encoding", "chunked") in response.headers:
        body = b"".join(chunks(body))
    return body.decode("gb18030" if "cxs.gov.cn" in url else "utf-8")


def chunks(body: bytes) -> Iterator[bytes]:
    while body:
        size, _, body = body.partition(b"\r\n")
        yield body[: int(size, 16)]
        body = body[int(size, 16) + 2 :]


def words_of(page: str) -> str:
    """Return what a visitor reads: text without style, script and markup."""
    tree = lxml.html.fromstring(page.replace("</td>", " </td>"))
    for element in tree.xpath("//style|//script"):
        element.getparent().remove(element)
    return str(tree.text_content())


def report(world: World, url: str) -> dict[str, Any]:
    return next(found for found in world.truth()["reports"] if found["url"] == url)


def test_every_address_answers_through_the_proxy(world: World, proxy: str) -> None:
    for url in world.urls():
        expected = world.respond("GET", url, {})
        if expected.ending == "keep":
            status, headers, body = fetch(proxy, url)
            assert status == expected.status, url
            if headers.get("Content-Length"):
                assert body == expected.body, url


def test_hosts_stand_on_http_and_on_https(world: World) -> None:
    assert {urlsplit(url).scheme for url in world.urls()} == {"http", "https"}
    assert {urlsplit(url).hostname for url in world.urls()} == set(world.hosts())


def test_a_host_asked_by_the_other_scheme_redirects_to_its_own(proxy: str) -> None:
    status, headers, _ = fetch(proxy, "http://www.puershi.gov.cn/zwgk/")
    assert (status, headers["Location"]) == (301, "https://www.puershi.gov.cn/zwgk/")
    status, headers, _ = fetch(proxy, "https://www.cxs.gov.cn/")
    assert (status, headers["Location"]) == (301, "http://www.cxs.gov.cn/")


def test_nothing_outside_of_the_world_is_contacted(proxy: str) -> None:
    status, _, body = fetch(proxy, "http://example.org/")
    assert status == 502
    assert b"'example.org'" in body
    with pytest.raises(urllib.error.URLError, match="502"):
        fetch(proxy, "https://example.org/")


def test_a_connection_serves_several_requests(proxy: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(proxy).netloc, timeout=20)
    try:
        for url in ("http://www.kmgd.gov.cn/", "http://www.kmgd.gov.cn/robots.txt"):
            connection.request("GET", url)
            answer = connection.getresponse()
            assert answer.read()
            assert not answer.will_close
    finally:
        connection.close()


def test_a_truncated_download_promises_more_than_it_gives(proxy: str) -> None:
    with pytest.raises(http.client.IncompleteRead):
        fetch(proxy, "https://www.yunfu.gov.cn/gkmlpt/content/1/1702/post_1702418.html")


class Breaking:
    """A web that breaks the connection in the middle of each answer."""

    def hosts(self) -> tuple[str, ...]:
        return ("broken.test",)

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        return encode(Page("0123456789" * 10, fault="reset"))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_reset_breaks_the_connection(scheme: str) -> None:
    with (
        serve_world(Breaking()) as proxy,
        pytest.raises((ConnectionError, http.client.HTTPException, ssl.SSLError, OSError)),
    ):
        fetch(proxy, f"{scheme}://broken.test/")


def test_the_same_request_always_gets_the_same_bytes(world: World) -> None:
    again = World()
    assert [again.respond("GET", u, {}).raw() for u in again.urls()] == [
        world.respond("GET", u, {}).raw() for u in world.urls()
    ]


def test_head_gives_the_headers_alone(world: World) -> None:
    url = "http://www.kmgd.gov.cn/"
    assert world.respond("HEAD", url, {}).headers == world.respond("GET", url, {}).headers
    assert world.respond("HEAD", url, {}).body == b""


def test_gzip_comes_only_to_who_accepts_it(world: World) -> None:
    url = "http://www.jimo.gov.cn/"
    plain = world.respond("GET", url, {})
    packed = world.respond("GET", url, {"accept-encoding": "gzip, deflate"})
    assert gzip.decompress(packed.body) == plain.body
    assert ("Content-Encoding", "gzip") in packed.headers
    assert "Content-Encoding" not in dict(plain.headers)


def test_an_old_site_says_its_charset_in_the_page_only(world: World) -> None:
    response = world.respond("GET", "http://www.cxs.gov.cn/", {})
    assert dict(response.headers)["Content-Type"] == "text/html"
    assert b"charset=gb2312" in response.body
    assert "楚雄市人民政府".encode("gb18030") in response.body


def test_the_catalogue_number_of_hanweb_decides_what_is_listed(world: World) -> None:
    column = "http://www.rencheng.gov.cn/col/col37641/index.html"
    assert "art_37641" in text_of(world, f"{column}?number=RCA07")
    assert "art_37641" not in text_of(world, column)


def test_gkmlpt_lists_the_same_on_pages_0_and_1_and_nothing_behind(world: World) -> None:
    api = "https://www.yunfu.gov.cn/gkmlpt/api/all/2629?sid=766001&page="
    first = json.loads(text_of(world, f"{api}1"))
    assert first["total"] == len(first["articles"]) == 4
    assert json.loads(text_of(world, f"{api}0")) == first
    assert json.loads(text_of(world, f"{api}2"))["articles"] == []


def test_every_document_is_reached_from_a_listing(world: World) -> None:
    documents = [page["url"] for page in world.truth()["pages"]]
    others = [url for url in world.urls() if url not in documents and not url.endswith(".png")]
    linked = "".join(text_of(world, url) for url in others)
    missing = [url for url in documents if urlsplit(url).path.rsplit("/", 1)[1] not in linked]
    assert missing == []


def test_every_page_says_that_it_is_a_demonstration(world: World) -> None:
    for url in world.urls():
        response = world.respond("GET", url, {})
        kind = dict(response.headers)["Content-Type"]
        if response.status == 200 and kind.startswith("text/html") and len(response.body) > 2000:
            page = text_of(world, url) if response.ending == "keep" else "演示数据"
            assert "演示数据" in page, url


def test_the_truth_counts_reports_and_what_only_looks_like_one(world: World) -> None:
    truth = world.truth()
    assert len(truth["reports"]) == 20
    assert truth["outcomes"] == {
        "report": 21,
        "not_found": 1,
        "http_error": 1,
        "other_report": 1,
        "empty": 1,
        "unreadable": 1,
        "truncated": 1,
        "soft_404": 1,
        "blocked": 1,
        "template": 1,
    }
    keys = [(found["issuer"], found["year"]) for found in truth["reports"]]
    assert len(set(keys)) == len(keys)


def test_a_copy_on_a_document_site_is_no_report_of_its_own(world: World) -> None:
    found = report(world, "http://www.rencheng.gov.cn/art/2023/1/31/art_37641_2719044.html")
    assert (found["trust"], found["copies"]) == (
        "official",
        ["https://www.360docs.net/doc/2023/90177258.html"],
    )


def test_all_identities_hold_but_in_the_report_that_fails_one(world: World) -> None:
    failed = {}
    for found in world.truth()["reports"]:
        if found["tables"]:
            tables = Tables(**found["tables"])
            checks = check_tables(tables, found["form"])
            failed[found["title"]] = [c.id for c in checks if c.status == "fail"]
    wrong = "昆明市官渡区人民政府太和街道办事处2024年政府信息公开工作年度报告"
    assert {title for title, ids in failed.items() if ids} == {wrong}
    assert set(failed[wrong]) == {
        "flow.natural_person",
        "flow.total",
        "handled.natural_person",
        "handled.total",
    }


def printed(page: str, table: int) -> list[list[str]]:
    """Return the texts of the cells of a table, row by row, without blanks."""
    rows = lxml.html.fromstring(page).xpath("//table")[table].iter("tr")
    return [["".join(cell.text_content().split()) for cell in row.iter("td")] for row in rows]


@pytest.mark.parametrize("name", ["001", "004"])
def test_the_tables_on_the_page_are_those_of_the_truth(world: World, name: str) -> None:
    page = text_of(world, MAIN[name])
    tables = report(world, MAIN[name])["tables"]
    values = [
        ["" if value is None else str(value) for value in cells.values()]
        for cells in tables["requests"].values()
    ]
    assert [row[-7:] for row in printed(page, 1)[3:]] == values
    cases = [
        "" if v is None else str(v)
        for c in tables["review_litigation"].values()
        for v in c.values()
    ]
    assert printed(page, 2)[-1] == cases


def test_the_old_form_shows_signs_units_and_blanks(world: World) -> None:
    rows = printed(text_of(world, MAIN["004"]), 0)
    assert ["行政许可", "178", "-71", "18370"] in rows
    assert ["政府集中采购", "95", "13015.02(万元)"] in rows
    assert ["行政强制", ""] in printed(text_of(world, MAIN["001"]), 0)


def test_the_document_site_flattens_the_tables_partly_by_columns(world: World) -> None:
    words = words_of(text_of(world, MAIN["002"]))
    assert "11 0 0 0 0 3 0 0 " + "0 " * 16 + "11 3 0 0" in words
    assert "111023 第二十条第（六）项 本年处理决定数量 13139 2948" in words
    assert "6.属于四类过程性信息 — 14 — 3.补正后" in words
    assert words.count("2021年政府信息公开工作年度报告.docx") >= 6


@pytest.mark.parametrize("name", ["000", "003"])
def test_tables_that_are_pictures_leave_no_figures_in_the_text(world: World, name: str) -> None:
    page = text_of(world, MAIN[name])
    assert page.count('.png"') == 3
    assert "本年处理决定数量" not in page
    assert report(world, MAIN[name])["tables_status"] == {
        "active_disclosure": "absent",
        "requests": "absent",
        "review_litigation": "absent",
    }


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("name", MAIN)
def test_every_figure_of_the_published_report_stands_on_its_page(
    world: World, name: str, seeds: Path
) -> None:
    words = words_of(text_of(world, MAIN[name]))
    assert numbers((seeds / f"{name}.txt").read_text("utf-8")) - numbers(words) == set()


@pytest.mark.parametrize("name", ["001", "002", "004"])
def test_the_truth_has_the_cells_of_the_published_report(
    world: World, name: str, seeds: Path
) -> None:
    expected = json.loads((seeds / "expected.json").read_text("utf-8"))["seeds"][name]
    for row in expected["table_ii"].values():
        row.pop("amount_raw", None)
    tables = report(world, MAIN[name])["tables"]
    assert tables["active_disclosure"] == expected["table_ii"]
    assert tables["requests"] == expected["table_iii"]
    cases = {f"{r}_{k}": v for r, c in tables["review_litigation"].items() for k, v in c.items()}
    assert cases == expected["table_iv"]


OWN = """楚雄市政务服务管理局2020年政府信息公开工作年度报告
一、总体情况
<b>共</b>公开 & 更新 12 条 | 3 |
|"""


def test_a_document_stands_line_by_line_in_place_of_the_body(tmp_path: Path, world: World) -> None:
    (tmp_path / "004.txt").write_text(OWN, encoding="utf-8")
    other = World(tmp_path)
    page = text_of(other, MAIN["004"])
    assert "\n".join(f"<p>{html.escape(line)}</p>" for line in OWN.splitlines()) in page
    assert "74933" not in page
    pairs = (
        (url, other.respond("GET", url, {}), world.respond("GET", url, {})) for url in world.urls()
    )
    assert [url for url, new, old in pairs if new != old] == [MAIN["004"]]


def test_a_replaced_page_keeps_a_title_that_is_still_true(tmp_path: Path) -> None:
    (tmp_path / "003.txt").write_text(
        "现公布云浮市人民政府办公室2019年政府信息公开工作年度报告。\n一、总体情况", "utf-8"
    )
    found = report(World(tmp_path), MAIN["003"])
    assert (found["issuer"], found["year"]) == ("云浮市人民政府办公室", 2019)
    assert (found["form"], found["tables"], found["published"]) == (None, None, None)


def test_a_page_names_nobody_else_than_the_document_in_it(tmp_path: Path) -> None:
    titled = "某市乙县丙镇人民政府2022年政府信息公开工作年度报告"
    (tmp_path / "001.txt").write_text(f"{titled}\n一、总体情况\n略。", "utf-8")
    (tmp_path / "003.txt").write_text("现公布丁市人民政府2021年的情况。\n一、总体情况", "utf-8")
    world = World(tmp_path)
    assert "六甲" not in text_of(world, MAIN["001"])
    assert f'content="{titled}"' in text_of(world, MAIN["001"])
    page = text_of(world, MAIN["003"])
    assert "云浮市人民政府办公室2019年" not in page
    assert '<h1 class="title">政府信息公开工作年度报告</h1>' in page
    found = report(world, MAIN["003"])
    assert (found["issuer"], found["year"], found["division_code"]) == (None, None, None)


def test_another_year_of_the_same_organ_is_another_report(tmp_path: Path) -> None:
    (tmp_path / "004.txt").write_text(
        "2021年，楚雄市政务服务管理局总结2020年的经验。\n2021年没有其他事项。", "utf-8"
    )
    world = World(tmp_path)
    assert report(world, MAIN["004"])["year"] is None
    assert "2020年政府信息公开工作年度报告" not in text_of(world, MAIN["004"])


@pytest.mark.parametrize("name", MAIN)
def test_a_real_document_is_still_the_report_of_its_organ_and_year(
    name: str, seeds: Path, world: World
) -> None:
    expected = report(world, MAIN[name])
    found = report(World(seeds), MAIN[name])
    assert (found["title"], found["issuer"]) == (expected["title"], expected["issuer"])


@pytest.mark.parametrize("name", MAIN)
def test_every_line_of_a_real_document_stands_on_the_page(
    name: str, seeds: Path, world: World
) -> None:
    page = text_of(World(seeds), MAIN[name])
    lines = (seeds / f"{name}.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if f"<p>{html.escape(line)}</p>" not in html_plain(page)] == []


def html_plain(page: str) -> str:
    """Undo the one difference between Jinja's and the library's way to escape quotes."""
    return page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def test_documents_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="no folder"):
        World(tmp_path / "absent")


def test_a_crawl_of_everything_stays_small(world: World) -> None:
    kinds = Counter(urlsplit(url).hostname for url in world.urls())
    assert sum(kinds.values()) <= 120
