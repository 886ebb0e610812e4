"""The land: that its sites are as its truth says, and odd where they shall be."""

import html
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest
from w3lib.url import safe_url_string

from archive.records import Report
from archive.report import read
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import Exchange, serve_world

FAMILIES = {
    "trs", "fjdzapp", "hanweb", "gkmlpt", "nfcms", "kaipuyun", "vsb", "querylist", "lonsun",
    "epoint", "uuidcolumns", "easysite", "openness", "jeecms", "thtml", "nw", "hunan", "static",
}  # fmt: skip
LINK = re.compile(
    r"""(?:href|src|value|data-url)=["']([^"']+) | "url":\ "([^"]+)"
    | location\.href\ ?=\ ?"([^"]+) | url=([^"]+)""",
    re.VERBOSE,
)


@pytest.fixture(scope="module")
def land() -> Land:
    return Land()


@pytest.fixture(scope="module")
def truth(land: Land) -> dict[str, Any]:
    return land.truth()


def text_of(land: Land, url: str) -> str:
    body = land.respond("GET", url, {}).body
    return body.decode("gb18030" if b"charset=gb" in body else "utf-8")


def report(truth: dict[str, Any], key: str, ending: str = "") -> list[str]:
    """Return the addresses of the first report of a portal that has one with this ending."""
    reports = (r["urls"] for r in truth["reports"] if r["portal"] == key)
    urls: list[str] = next(urls for urls in reports if any(u.endswith(ending) for u in urls))
    return urls


def test_the_land_is_large_and_has_every_family(land: Land, truth: dict[str, Any]) -> None:
    assert len(land.portals) >= 60
    assert {portal.system.family for portal in land.portals.values()} == FAMILIES
    assert len(truth["reports"]) > 4000
    assert len(truth["decoys"]) > 400


def test_a_report_is_in_the_truth_once(truth: dict[str, Any]) -> None:
    addresses = Counter(report["urls"][0] for report in truth["reports"])
    assert [url for url, count in addresses.items() if count > 1] == []


def test_the_land_is_the_same_every_time(truth: dict[str, Any]) -> None:
    assert Land().truth() == truth


def test_every_free_report_answers_with_its_title(land: Land, truth: dict[str, Any]) -> None:
    for found in truth["reports"][::40]:
        flaky = "flaky" in land.portals[found["portal"]].spec.traps
        if not found["hidden"] and len(found["urls"]) == 1 and not flaky:
            assert found["title"] in text_of(land, found["urls"][0]), found["urls"]


HIDDEN = ("searched", "mapped")
"""Shapes in which no link leads to a column."""


def addresses(base: str, page: str) -> Iterator[str]:
    for match in LINK.finditer(page):
        found = next(filter(None, match.groups()))
        if not found.startswith(("javascript:", "#", "{", "$", "<")):
            address = urljoin(base, html.unescape(found))
            yield safe_url_string(re.sub(";jsessionid=[0-9A-F]+", "", address))


def walked(land: Land, truth: dict[str, Any], key: str) -> set[str]:
    """Return what a visitor of a portal reaches who clicks on everything but documents."""
    portal = land.portals[key]
    documents = {url for r in truth["reports"] for url in r["urls"]}
    documents -= {url for r in truth["reports"] for url in r["columns"]}
    seen: set[str] = set()
    waiting = deque([portal.spec.entrance])
    while waiting and len(seen) < 1000:
        url = re.sub(r"[?&]_t=\d+", "", waiting.popleft())
        parts = urlsplit(url)
        if url in seen or url in documents or parts.hostname not in portal.systems:
            continue
        seen.add(url)
        if parts.path.startswith(("/m/", "/calendar/", "/go/")):
            continue
        response = land.respond("GET", url, {})
        moved = dict(response.headers).get("Location")
        page = f'<a href="{moved}">' if moved else text_of(land, url)
        base = "/" if "<base " in page else url.partition("?")[0]
        waiting += addresses(urljoin(url, base), page)
    return {url.partition("#")[0] for url in seen}


@pytest.fixture(scope="module")
def few() -> tuple[Land, dict[str, Any]]:
    land = Land(small=True)
    return land, land.truth()


@pytest.mark.parametrize("key", list(Land(small=True).portals))
def test_every_column_is_reached_from_the_home_page(
    few: tuple[Land, dict[str, Any]], key: str
) -> None:
    land, truth = few
    free = [r for r in truth["reports"] if r["portal"] == key and not r["hidden"]]
    columns = {safe_url_string(url.partition("#")[0]) for r in free for url in r["columns"]}
    columns = {url for url in columns if urlsplit(url).hostname in land.portals[key].systems}
    if land.portals[key].system.family == "gkmlpt":
        # The pages of its organs name their columns only in the tree of a script.
        columns = {re.sub(r"(/\w+/gkmlpt/)annualreport", r"\1index", url) for url in columns}
    reached = walked(land, truth, key)
    if land.portals[key].spec.shape in HIDDEN:
        assert not columns & reached
    elif columns:
        assert sorted(columns - reached) == []


@pytest.mark.parametrize(("key", "ending"), [("zunyi", ".docx"), ("qujing", ".pdf")])
def test_a_report_as_a_file_is_read_as_the_report_that_it_is(
    land: Land, truth: dict[str, Any], key: str, ending: str
) -> None:
    page, file = report(truth, key, ending)
    response = land.respond("GET", file, {})
    found = read(response.body, url=file, media_type=dict(response.headers)["Content-Type"])
    wanted = next(r for r in truth["reports"] if r["urls"][0] == page)
    assert isinstance(found, Report)
    assert (found.year, found.issuer.name) == (wanted["year"], wanted["organ"])


def test_a_list_that_comes_by_post_hangs_on_the_body() -> None:
    land = Land(["yichun"])
    channel = "1996000000000000000"
    page = text_of(land, next(iter(land.truth()["reports"]))["columns"][0])
    channel = re.search(r'channelId": \["(\d+)"', page)[1]  # type: ignore[index]
    body = json.dumps({"current": 1, "pageSize": 5, "channelId": [channel]}).encode()
    url = "https://www.yichun.gov.cn/queryList"
    response = land.respond_to("POST", url, {}, body)
    assert len(json.loads(response.body)["data"]["results"]) == 5
    assert land.respond("GET", url, {}).status == 405


def test_sessions_change_at_every_visit() -> None:
    land = Land(["weinan"])
    first, second = (text_of(land, "http://www.weinan.gov.cn/") for _ in range(2))
    assert first != second
    assert ";jsessionid=" in first


def test_what_is_missing_is_said_in_three_ways() -> None:
    def absent(key: str, host: str) -> int:
        return Land([key]).respond("GET", f"{host}/absent.html", {}).status

    assert absent("taiyuan", "https://www.taiyuan.gov.cn") == 404
    assert absent("zunyi", "https://www.zunyi.gov.cn") == 200
    assert absent("dingxi", "https://www.dingxi.gov.cn") == 302


@pytest.mark.parametrize(
    ("key", "status"), [("huangshan", 412), ("hefei", 521), ("guangyuan", 468), ("huichang", 200)]
)
def test_a_refusal_has_no_link_and_its_reports_do_not_count(key: str, status: int) -> None:
    land = Land([key])
    (portal,) = land.portals.values()
    response = land.respond("GET", portal.spec.home, {})
    assert response.status == status
    assert b"<a " not in response.body
    assert {report["hidden"] for report in land.truth()["reports"]} == {"refused"}


def test_reports_behind_robots_do_not_count() -> None:
    hidden = Counter(r["hidden"] for r in Land(["suixi", "shunyi", "zhangye"]).truth()["reports"])
    assert set(hidden) == {"", "robots", "robots.txt cannot be had"}


def test_rows_lead_to_private_networks_at_once_and_by_redirect() -> None:
    land = Land(["jining"])
    links = {d["url"] for d in land.truth()["decoys"] if d["label"] == "private"}
    assert {"/go/0", "http://127.0.0.1/zfxxgknb/2011.html"} <= links
    response = land.respond("GET", "https://www.jining.gov.cn/go/1", {})
    assert dict(response.headers)["Location"] == "http://169.254.169.254/latest/meta-data/"


def test_a_flaky_server_fails_once_and_asks_for_a_pause() -> None:
    land = Land(["sjz"])
    urls = [report["urls"][0] for report in land.truth()["reports"]]
    first = [land.respond("GET", url, {}) for url in urls]
    failed = [response for response in first if response.status == 503]
    assert 1 <= len(failed) < len(urls) / 4
    assert ("Retry-After", "1") in failed[0].headers
    assert {land.respond("GET", url, {}).status for url in urls} == {200}


def test_a_report_on_two_portals_is_one(truth: dict[str, Any]) -> None:
    found = [
        r for r in truth["reports"] if (r["organ"], r["year"]) == ("玉溪市红塔区人民政府", 2024)
    ]
    assert len(found) == 1
    assert {urlsplit(url).hostname for url in found[0]["urls"]} == {
        "www.yuxi.gov.cn",
        "xxgk.hongta.gov.cn",
    }


def test_a_report_that_was_put_up_twice_is_one(truth: dict[str, Any]) -> None:
    newest = [r for r in truth["reports"] if (r["portal"], r["year"]) == ("deyang", 2024)]
    assert len({report["organ"] for report in newest}) == len(newest)
    assert any(len(report["urls"]) == 2 for report in newest)


def test_a_calendar_has_no_end() -> None:
    land = Land(["zunyi"])
    assert "/calendar/?m=900002" in text_of(land, "https://www.zunyi.gov.cn/calendar/?m=900001")


def test_a_portal_that_moved_redirects_from_its_old_host() -> None:
    land = Land(["longnan"])
    response = land.respond("GET", "https://www.ln-gov.gov.cn/public/column/1", {})
    assert dict(response.headers)["Location"] == "https://www.longnan.gov.cn/public/column/1"


def test_a_portals_file_has_what_is_said_to_be_known() -> None:
    land = Land(["zunyi", "hegang"])
    assert "columns" not in land.portals_file(given=False, family=False)
    known = land.portals_file(given=True, family=True)
    assert "family: trs" in known
    assert "https://www.zunyi.gov.cn/zwgk/zfxxgk/gknb/" in known
    assert "https://www.hegang.gov.cn/old2018/" in known


def test_the_proxy_notes_what_was_asked_and_when() -> None:
    traffic: list[Exchange] = []
    with serve_world(Land(["honghe"]), traffic) as proxy:
        opener = build_opener(ProxyHandler({"http": proxy}))
        with opener.open("http://www.hh.gov.cn/", timeout=20) as answer:
            assert answer.status == 200
        with pytest.raises(OSError, match="502"):
            opener.open("http://10.0.0.1/", timeout=20)
    assert [(e.method, e.url, e.status) for e in traffic] == [
        ("GET", "http://www.hh.gov.cn/", 200),
        ("GET", "http://10.0.0.1/", 502),
    ]
    assert traffic[0].came <= traffic[0].gone <= traffic[1].came
