"""A crawl that is killed in the middle and started again, and how that is measured."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import forked

from bench.find_killed import killed
from bench.find_scoring import catalog
from gkcrawl.demo.land import Land
from gkcrawl.demo.proxy import Web, serve_world
from gkcrawl.demo.wire import Page, Response, encode

KEYS = ("honghe", "tongling")
"""One has its reports in files of its pages."""
IN_FLIGHT = 0.05
"""Each of few hosts is asked again what it was asked at the kill."""


def test_a_crawl_that_is_killed_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    land = Land(KEYS, small=True)
    file = land.portals_file(given=True, family=True)
    told = killed(land, tmp_path, file, shares=[0.6])
    [kill] = told["kills"]
    assert (kill["exit"], kill["different"], kill["verify"]) == ([-9, 0], [], [])
    assert kill["violations"] == {}
    assert kill["repeats"] <= len(KEYS)
    assert told["wrong"] == 0
    assert told["most_twice"] <= IN_FLIGHT


def crawl(web: Web, home: Path, portals: Path, *options: str) -> tuple[int, str]:
    """Return exit status and log of a crawl."""
    with serve_world(web) as proxy:
        own = {"GKCRAWL_HOME": str(home), "GKCRAWL_PROXY": proxy}
        command = ["scrapy", "crawl", "yunnan", f"-aportals={portals}", "-sDOWNLOAD_DELAY=0.001"]
        done = forked.run(*command, *options, env={**os.environ, **own})
    return done.returncode, done.stderr


def test_a_crawl_goes_on_where_the_file_of_the_stopped_one_has_rotted(tmp_path: Path) -> None:
    """Once every request failed by it, and the portal was taken for visited."""
    land, portals = Land(["tongling"], small=True), tmp_path / "portals.yml"
    portals.write_text(land.portals_file(given=True, family=True), "utf-8")
    crawl(land, tmp_path, portals, "-sCLOSESPIDER_PAGECOUNT=12")
    [file] = tmp_path.glob("warc/*.warc.gz")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    status, log = crawl(land, tmp_path, portals)
    assert status == 0, log
    wanted = [one for one in land.truth()["reports"] if not one["hidden"]]
    assert len(catalog(tmp_path)) == len(wanted), log[-3000:]
    assert "is asked again" in log


YEARS = [2020, 2021, 2022, 2023, 2024]


class Bureau:
    """A portal whose column names a bureau's list as if that were a report."""

    HOME = "http://www.kmwh.gov.cn"
    COLUMN = "/zfxxgk/zfxxgknb/"
    BUREAU = f"{COLUMN}czj/t20260105_1.html"
    PARTS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")
    TEXT = "五华区财政局依法主动公开信息12条，收到政府信息公开申请3件，均已按期答复。"

    def hosts(self) -> tuple[str, ...]:
        return (urlsplit(self.HOME).netloc,)

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        path = urlsplit(url).path
        if path == self.COLUMN != self.BUREAU:
            return self.list_of({self.BUREAU: "五华区财政局年报"})
        years = {f"{self.COLUMN}czj/t20260106_{year}.html": year for year in YEARS}
        titles = {
            one: f"五华区财政局{year}年政府信息公开工作年度报告" for one, year in years.items()
        }
        if path == self.BUREAU:
            return self.list_of(titles)
        if path in titles:
            text = "".join(f"<p>{part}</p><p>{self.TEXT}</p>" for part in self.PARTS)
            return encode(Page(f"<title>{titles[path]}</title><h1>{titles[path]}</h1>{text}"))
        return encode(Page("<h1>404</h1>", status=404))

    def list_of(self, titles: Mapping[str, str]) -> Response:
        rows = (
            f'<li><a href="{one}">{title}</a><span>2026-01-05</span></li>'
            for one, title in titles.items()
        )
        return encode(Page(f"<title>政府信息公开年报</title><ul>{''.join(rows)}</ul>"))

    def portals_file(self) -> str:
        entry = f'{{code: "530102", name: 五华区, url: "{self.HOME}/", family: static,'
        column = f'columns: ["{self.HOME}{self.COLUMN}"]}}'
        return f'province: "530000"\nname: 云南省\nportals:\n  - {entry} {column}\n'


def test_a_list_that_was_taken_for_a_document_is_read_on_after_a_stop(tmp_path: Path) -> None:
    bureau, portals = Bureau(), tmp_path / "portals.yml"
    portals.write_text(bureau.portals_file(), "utf-8")
    stopped = crawl(bureau, tmp_path, portals, "-sCLOSESPIDER_PAGECOUNT=3")
    assert catalog(tmp_path) == {}, stopped[1]
    status, log = crawl(bureau, tmp_path, portals)
    assert status == 0, log
    assert sorted(row["year"] for row in catalog(tmp_path).values()) == YEARS, log[-3000:]


class Stumbling(Bureau):
    """The same; a report fails when it is asked for the first time."""

    BUREAU = Bureau.COLUMN

    def __init__(self) -> None:
        self.asked: list[str] = []

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        self.asked.append(url)
        if url.endswith(".html") and self.asked.count(url) == 1:
            return encode(Page("<h1>500</h1>", status=500))
        return super().respond(method, url, headers)


def test_what_failed_once_before_a_stop_is_tried_again_after_it(tmp_path: Path) -> None:
    web, portals = Stumbling(), tmp_path / "portals.yml"
    portals.write_text(web.portals_file(), "utf-8")
    crawl(web, tmp_path, portals, "-sCLOSESPIDER_PAGECOUNT=3")
    assert web.asked[-1].endswith(".html")
    status, log = crawl(web, tmp_path, portals)
    assert status == 0, log
    assert sorted(row["year"] for row in catalog(tmp_path).values()) == YEARS, log[-3000:]
