"""Columns whose rows come by request, crawled by the real spider: what is asked, what is found."""

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from small_web import Answer, SmallWeb, crawl, html, report, row, small_web

from archive.catalog.database import Database

HANWEB, TRS = "http://www.rencheng.gov.cn", "http://www.kmgd.gov.cn"
FUJIAN, GUANGDONG = "http://www.sm.gov.cn", "http://www.yunfu.gov.cn"
COLUMNS = {
    "hanweb": f"{HANWEB}/col/col37641/index.html?number=RCA07",
    "trs": f"{TRS}/zfxxgk/zfxxgknb/",
    "fjdzapp": f"{FUJIAN}/zfxxgkndbg/",
    "gkmlpt": f"{GUANGDONG}/gkmlpt/annualreport#3350",
}
PROXY = f"{HANWEB}/module/web/jpage/dataproxy.jsp?page=1&columnid=37641&unitid=764752"
DATA = f"{FUJIAN}/fjdzapp/data?channelid=100000&classsql=chnlid%3D26101&prepage=100&page=1"
API = f"{GUANGDONG}/gkmlpt/api/all/3350?page=1&sid=766001"
# What each host is asked for beside robots.txt; documents are reports of three years.
EXPECTED = {
    HANWEB: {
        COLUMNS["hanweb"],
        PROXY,
        *(
            f"{HANWEB}/art/{year + 1}/1/20/art_37641_{27000 + year}.html"
            for year in range(2022, 2025)
        ),
    },
    TRS: {
        COLUMNS["trs"],
        f"{COLUMNS['trs']}list_2.html",
        *(f"{COLUMNS['trs']}{y + 1}01/t{y + 1}0120_{48000 + y}.html" for y in range(2022, 2025)),
    },
    FUJIAN: {
        COLUMNS["fjdzapp"],
        DATA,
        *(f"{FUJIAN}/zfxxgkndbg/{y + 1}03/t{y + 1}0305_{21000 + y}.htm" for y in range(2022, 2025)),
    },
    GUANGDONG: {
        COLUMNS["gkmlpt"].partition("#")[0],
        API,
        *(f"{GUANGDONG}/gkmlpt/content/1/1900/post_{1900000 + y}.html" for y in range(2022, 2025)),
    },
}


def title(organ: str, year: int) -> str:
    return f"{organ}{year}年政府信息公开工作年度报告"


def data_island(years: range, more: str = "") -> bytes:
    rows = "".join(
        f"<record><![CDATA[<li><a href='/art/{year + 1}/1/20/art_37641_{27000 + year}.html' "
        f"title='{title('任城区人民政府', year)}'>…</a></li>]]></record>"
        for year in years
    )
    group = f"<nextgroup><![CDATA[<a href='{more}'></a>]]></nextgroup>" if more else ""
    return f"<datastore>{group}<recordset>{rows}</recordset></datastore>".encode()


def trs_list(years: range, number: int) -> bytes:
    rows = [
        row(f"./{y + 1}01/t{y + 1}0120_{48000 + y}.html", title("官渡区人民政府", y)) for y in years
    ]
    return html(*rows, f"<script>createPageHTML('page_div',2,{number},'list','html')</script>")


def only_from_the_column(headers: Mapping[str, str]) -> Answer:
    asked_from = {name.lower(): value for name, value in headers.items()}.get("referer", "")
    return (200, data_island(range(2022, 2024))) if asked_from == COLUMNS["hanweb"] else (404, b"")


def web_pages() -> dict[str, bytes]:
    island = data_island(range(2024, 2025), PROXY.removeprefix(HANWEB)).decode()
    script = (
        "var chnlid=26101; $.get('/fjdzapp/data?channelid=100000&classsql=chnlid='+chnlid,show)"
    )
    tree = [{"id": 3350, "name": "政府信息公开年报", "children": []}]
    rows = [
        {
            "chnldocurl": f"{FUJIAN}/zfxxgkndbg/{y + 1}03/t{y + 1}0305_{21000 + y}.htm",
            "doctitle": title("三明市人民政府", y),
            "docreltime": f"{y + 1}.03.05 14:48:00",
            "content": "　　根据《中华人民共和国政府信息公开条例》编制。",
            "files": [],
        }
        for y in range(2022, 2025)
    ]
    posts = [
        {
            "title": title("云浮市人民政府", y),
            "url": f"https://www.yunfu.gov.cn/gkmlpt/content/1/1900/mpost_{1900000 + y}.html",
            "attachment": [],
        }
        for y in range(2022, 2025)
    ]
    return {
        COLUMNS["hanweb"]: html(
            f'<div id="764752"><script type="text/xml">{island}</script></div>'
        ),
        COLUMNS["trs"]: trs_list(range(2023, 2025), 1),
        f"{COLUMNS['trs']}list_2.html": trs_list(range(2022, 2023), 2),
        COLUMNS["fjdzapp"]: html(f"<script>{script}</script>"),
        DATA: json.dumps({"page": 1, "pageCount": 1, "recordCount": 3, "data": rows}).encode(),
        COLUMNS["gkmlpt"].partition("#")[0]: html(
            f"<script>window._CONFIG = {{SID:'766001', TREE:{json.dumps(tree)}}}</script>"
        ),
        API: json.dumps({"total": 3, "articles": posts}).encode(),
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallWeb, Database]:
    """One crawl of four portals, their columns given."""
    folder = tmp_path_factory.mktemp("services")
    lines = ['province: "530000"', "name: 演示", "portals:"]
    documents: dict[str, bytes] = {}
    organs = ("任城区人民政府", "官渡区人民政府", "三明市人民政府", "云浮市人民政府")
    kept = web_pages()
    for n, (family, organ) in enumerate(zip(COLUMNS, organs, strict=True)):
        host = "{0.scheme}://{0.netloc}".format(urlsplit(COLUMNS[family]))
        found = sorted(EXPECTED[host] - kept.keys() - {PROXY})
        documents |= {url: report(organ, 2022 + place) for place, url in enumerate(found)}
        entry = {"code": f"53010{n + 1}", "name": organ, "url": f"{host}/"}
        entry |= {"family": family, "columns": [COLUMNS[family]]}
        lines.append(f"  - {json.dumps(entry, ensure_ascii=False)}")
    (folder / "portals.yml").write_text("\n".join(lines), "utf-8")
    with small_web({**kept, **documents, PROXY: only_from_the_column}) as web:
        crawl(web, folder / "home", "yunnan", folder / "portals.yml")
    return web, Database(folder / "home" / "catalog.db")


@pytest.mark.parametrize("host", EXPECTED)
def test_a_host_is_asked_for_lists_and_reports_only(
    host: str, crawled: tuple[SmallWeb, Database]
) -> None:
    asked = [url for url in crawled[0].documents() if url.startswith(host)]
    assert sorted(asked) == sorted(EXPECTED[host])


def test_every_report_is_in_the_catalog(crawled: tuple[SmallWeb, Database]) -> None:
    found = {(row["issuer"], row["year"]) for row in crawled[1]["reports"].rows}
    assert len(found) == 12, found
