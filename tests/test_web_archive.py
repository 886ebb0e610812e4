"""What portals lost and web archives have: CDX answers, questions, and two archives on loopback."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_web import SmallWeb, crawl, html, report, row, small_web

from archive.catalog import Catalog
from archive.index import index_archive
from gkcrawl.crawl.cdx import best, cdx_url, snapshots
from gkcrawl.crawl.lost import below
from gkcrawl.portals import PortalError, all_portal_rows, load_portals, read_portals

WAYBACK = [
    ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
    [
        "cn,gov,a)/1.htm",
        "20190301000000",
        "http://a.gov.cn/1.htm",
        "text/html",
        "200",
        "AA",
        "9000",
    ],
    [
        "cn,gov,a)/1.htm",
        "20200301000000",
        "http://a.gov.cn/1.htm",
        "text/html",
        "200",
        "AA",
        "9004",
    ],
    [
        "cn,gov,a)/1.htm",
        "20240301000000",
        "https://www.a.gov.cn/1.htm",
        "text/html",
        "200",
        "S",
        "7",
    ],
    ["cn,gov,a)/2.htm", "20190301000000", "http://a.gov.cn/2.htm", "text/html", "404", "N", "400"],
    [
        "cn,gov,a)/2.htm",
        "20180301000000",
        "http://a.gov.cn/2.htm",
        "warc/revisit",
        "-",
        "AA",
        "400",
    ],
]
LINE = {
    "urlkey": "cn,gov,a)/1.htm",
    "timestamp": "20190301000000",
    "url": "http://a.gov.cn/1.htm",
    "mime": "text/html",
    "status": "200",
    "digest": "AA",
    "length": "900",
    "offset": "17",
    "filename": "crawl-data/x.warc.gz",
}
SEVEN = "cn,gov,a)/1.htm 20190301000000 http://a.gov.cn/1.htm text/html 200 AA 900"


def test_of_the_contents_of_a_page_the_largest_and_of_equal_ones_the_newest() -> None:
    chosen = best(snapshots(json.dumps(WAYBACK)))
    assert [(one.url, one.timestamp) for one in chosen] == [
        ("http://a.gov.cn/1.htm", "20200301000000")
    ]
    assert chosen[0].taken_at == "2020-03-01T00:00:00Z"


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps(LINE),
        f"cn,gov,a)/1.htm 20190301000000 {json.dumps(LINE)}\n\n",
        SEVEN,
        SEVEN.replace(" AA 900", " AA - - 900 17 crawl-data/x.warc.gz"),
    ],
    ids=["JSON lines", "CDXJ", "CDX 7", "CDX 11"],
)
def test_every_form_of_answer_says_the_same(answer: str) -> None:
    (found,) = snapshots(answer)
    assert (found.url, found.timestamp) == ("http://a.gov.cn/1.htm", "20190301000000")
    assert (found.status, found.length) == (200, 900)


@pytest.mark.parametrize("answer", ["", "[]", '{"message": "No Captures found"}', "<html></html>"])
def test_an_answer_without_captures(answer: str) -> None:
    assert list(snapshots(answer)) == []


@given(
    st.text()
    | st.recursive(
        st.none() | st.text(max_size=16) | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(LINE)), inner),
    ).map(json.dumps)
)
def test_whatever_a_service_answers_gives_sound_captures_or_none(answer: str) -> None:
    for snapshot in best(snapshots(answer)):
        assert snapshot.url.startswith("http")
        assert len(snapshot.taken_at) == 20


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": "20191332000000"},
        {"timestamp": 1},
        {"url": "dns:a.gov.cn"},
        {"url": "http://a.gov.cn:x/"},
        {"url": "http://[/"},
    ],
)
def test_a_capture_that_can_be_none_is_left_out(change: dict[str, Any]) -> None:
    assert list(snapshots(json.dumps(LINE | change))) == []


def test_the_address_is_one_value_of_the_question() -> None:
    asked = cdx_url("http://i.example/cdx?url={url}&output=json", "http://a.cn/x?id=1&b=#2")
    assert asked == "http://i.example/cdx?url=http://a.cn/x%3Fid%3D1%26b%3D%232&output=json"


@pytest.mark.parametrize(
    ("column", "asked"),
    [
        ("http://a.cn/zfxxgk/zfxxgknb/", "http://a.cn/zfxxgk/zfxxgknb/*"),
        ("http://a.cn/zfxxgk/zfxxgknb/index.html", "http://a.cn/zfxxgk/zfxxgknb/*"),
        ("http://a.cn/zfxxgk/zfxxgknb.htm", "http://a.cn/zfxxgk/zfxxgknb/*"),
    ],
)
def test_what_stands_below_a_column(column: str, asked: str) -> None:
    assert below(column) == asked


def test_the_shipped_archives_and_a_mistake_in_them(tmp_path: Path) -> None:
    assert [bool(api.replay) for api in load_portals("web_archive").apis] == [True, False]
    file = tmp_path / "web_archive.yml"
    file.write_text('apis:\n  - {name: x, cdx: "http://a.example/?u={url}"}\n', "utf-8")
    with pytest.raises(PortalError, match="api 1: expected one of 'replay'"):
        read_portals(file)


COLUMN = "http://www.kmgd.gov.cn/zfxxgk/zfxxgknb/"
GONE = f"{COLUMN}202001/t20200120_1.html"
OLDER = f"{COLUMN}201901/t20190120_2.html"
PORTALS = f"""province: "530000"
name: 云南省
portals:
  - {{code: "530111", name: 官渡区, url: "http://www.kmgd.gov.cn/", columns: ["{COLUMN}"]}}
"""
APIS = """apis:
  - name: 甲馆
    cdx: "http://cdx.wayback.example/cdx?url={url}&output=json"
    replay: "http://web.wayback.example/web/{timestamp}id_/{url}"
  - name: 乙馆
    cdx: "http://index.crawl.example/index?url={url}&output=json"
    data: "http://data.crawl.example/{filename}"
"""


def asks(api: str, url: str) -> str:
    host = {"甲": "cdx.wayback.example/cdx", "乙": "index.crawl.example/index"}[api]
    return f"http://{host}?url={quote(url, safe=':/*')}&output=json"


def member(url: str, body: bytes, date: str) -> bytes:
    """Return a WARC record as Common Crawl keeps it."""
    message = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: {date}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Record-ID: <urn:uuid:11111111-1111-4111-8111-111111111111>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(message)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + message + b"\r\n\r\n", mtime=0)


def ranged(data: bytes) -> Any:
    def answer(headers: Mapping[str, str]) -> tuple[int, bytes]:
        first, last = headers["Range"].removeprefix("bytes=").split("-")
        return 206, data[int(first) : int(last) + 1]

    return answer


@pytest.fixture(scope="module")
def web() -> Iterator[SmallWeb]:
    """A portal that lost two reports: one archive has the first, the other one the second."""
    kept = member(OLDER, report("官渡区", 2018), "2019-03-01T00:00:00Z")
    stored = LINE | {"url": OLDER, "offset": "5", "length": str(len(kept))}
    pages = {
        COLUMN: html(
            row(GONE, "官渡区2019年政府信息公开工作年度报告"),
            row(OLDER, "官渡区2018年政府信息公开工作年度报告"),
        ),
        asks("甲", GONE): json.dumps(
            [WAYBACK[0], ["-", "20200301000000", GONE, "text/html", "200", "AA", "900"]]
        ).encode(),
        f"http://web.wayback.example/web/20200301000000id_/{GONE}": report("官渡区", 2019),
        asks("甲", OLDER): b"[]",
        asks("乙", OLDER): json.dumps(stored).encode(),
        "http://data.crawl.example/crawl-data/x.warc.gz": ranged(b"other" + kept + b"other"),
    }
    with small_web(pages) as web:
        yield web


@pytest.fixture(scope="module")
def archive(web: SmallWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a crawl of the portal and of one of the archives."""
    tmp_path = tmp_path_factory.mktemp("web-archive")
    for name, text in (("portals.yml", PORTALS), ("apis.yml", APIS)):
        (tmp_path / name).write_text(text, "utf-8")
    crawl(web, tmp_path / "home", "yunnan", tmp_path / "portals.yml")
    crawl(web, tmp_path / "home", "web_archive", tmp_path / "apis.yml")
    return tmp_path / "home"


def rows(home: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(f"file:{home / 'catalog.db'}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_lost_reports_come_from_the_archives_under_their_own_addresses(archive: Path) -> None:
    found = rows(archive, "select year, url, trust from reports order by year desc")
    assert found == [(2019, GONE, "official"), (2018, OLDER, "official")]


def test_where_they_come_from_stays_visible(archive: Path) -> None:
    sql = """select c.url, s.captured_at from sources s join captures c on c.id = s.capture_id
      order by s.url desc"""
    (replayed, first), (taken_over, second) = rows(archive, sql)
    assert replayed == f"http://web.wayback.example/web/20200301000000id_/{GONE}"
    assert (taken_over, second[:10]) == (OLDER, "2019-03-01")
    assert first[:10] == "2020-03-01"


def test_the_catalog_made_anew_from_the_files_is_the_same(archive: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(archive, home)
    with Catalog(home / "catalog.db") as catalog:
        before = list(catalog.dump())
        index_archive(home, catalog, rebuild=True, jobs=0, portals=all_portal_rows())
        assert list(catalog.dump()) == before


def test_what_was_asked_is_not_asked_again_for_a_month(web: SmallWeb, archive: Path) -> None:
    web.asked.clear()
    log = crawl(web, archive, "web_archive", archive.parent / "apis.yml")
    assert web.documents() == []
    assert "gk/queries'" not in log


def test_a_run_asks_no_more_than_it_may(web: SmallWeb, tmp_path: Path) -> None:
    for name, text in (("portals.yml", PORTALS), ("apis.yml", APIS)):
        (tmp_path / name).write_text(text, "utf-8")
    crawl(web, tmp_path / "home", "yunnan", tmp_path / "portals.yml")
    web.asked.clear()
    crawl(web, tmp_path / "home", "web_archive", tmp_path / "apis.yml", "-aqueries=1")
    assert len([url for url in web.documents() if "?url=" in url]) == 1
