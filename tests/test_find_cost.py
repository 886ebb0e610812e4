"""What a fetched page costs beside bare Scrapy: the measurement runs and gives figures."""

import gzip
from pathlib import Path

import pytest

from bench import find_cost
from bench.find_cost_world import NotingLand, padded
from gkcrawl.demo.land import Land
from gkcrawl.demo.wire import Page, encode

URL = "https://www.zunyi.gov.cn/"


@pytest.mark.timeout(200)
def test_both_crawls_fetch_the_same_pages(tmp_path: Path) -> None:
    land = NotingLand(["zunyi"], small=True)
    portals = tmp_path / "portals.yml"
    portals.write_text(land.portals_file(given=True, family=True), "utf-8")
    found = find_cost.way(land, portals, tmp_path / "all", 1, unread=False)
    asked = found["pages"]["asked"]
    assert asked > 10
    assert found["pages"] == {"asked": asked, "ours": [asked], "bare": [asked]}
    assert found["ratio"] > 0
    (processes,) = found["processes_ms_a_page"]
    assert processes["reading_process"] > processes["read"] > 0
    assert {"scrapy", "warc", "catalog", "families"} <= found[
        "crawl_process_ms_a_page_by_stage"
    ].keys()


def test_portals_that_need_a_browser_are_left_out() -> None:
    rendered = {key for key, p in Land().portals.items() if p.spec.option.get("render")}
    assert rendered
    assert not rendered & set(find_cost.static([]))


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_becomes_as_large_as_real_ones(charset: str, zipped: bool) -> None:
    page = Page("<html><body><p>年度报告</p></body></html>", charset=charset, zipped=zipped)
    response = padded(encode(page, accepts_gzip=True), URL, 40)
    body = gzip.decompress(response.body) if zipped else response.body
    text = body.decode("gb18030" if charset == "gb2312" else charset)
    assert "年度报告" in text
    assert 20_000 < len(body) < 80_000
    assert text.endswith("</body></html>")
    assert dict(response.headers)["Content-Length"] == str(len(response.body))


def test_what_is_no_page_stays_as_it_is() -> None:
    file = encode(Page(data=b"%PDF-1.4", media_type="application/pdf"))
    assert padded(file, URL, 40) is file
    framed = encode(Page("<body></body>", chunked=True))
    assert padded(framed, URL, 40) is framed
