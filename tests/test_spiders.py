"""The spiders on a small web of portals on loopback, with the real engine, recorder and catalog."""

import importlib
import json
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import forked
import pytest
from scrapy.utils.test import get_crawler

from archive.catalog.database import Database
from gkcrawl.portals import PortalError


@dataclass
class Web:
    """Pages by path, and what was asked."""

    pages: dict[str, bytes | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            page = web.pages.get(self.path, 404)
            body = b"" if isinstance(page, int) else page
            self.send_response(page if isinstance(page, int) else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        web.url = f"http://127.0.0.1:{server.server_port}"
        yield web
        server.shutdown()
        thread.join()


def html(*rows: str, title: str = "演示") -> bytes:
    page = f"<html><head><title>{title}</title></head><body>{''.join(rows)}</body></html>"
    return page.encode()


def row(href: str, title: str, date: str = "2025-01-20") -> str:
    return f'<ul><li><a href="{href}">{title}</a><span>{date}</span></li></ul>'


def crawl(home: Path, spider: str, portals: str, *options: str) -> str:
    """Run ``scrapy crawl`` and return its log."""
    file = home.parent / f"{home.name}-portals.yml"
    file.write_text(portals, "utf-8")
    command = ["crawl", spider, f"-aportals={file}"]
    quick = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}
    command += [f"-s{name}={value}" for name, value in quick.items()]
    env = {**os.environ, "GKCRAWL_HOME": str(home), "GKCRAWL_ALLOW_PRIVATE": "1"}
    done = forked.run("scrapy", *command, *options, env=env)
    assert done.returncode == 0, done.stderr
    return done.stderr


def stat(log: str, name: str) -> int:
    match = re.search(rf"'{re.escape(name)}': (\d+)", log)
    return int(match[1]) if match else 0


def portal(url: str, **more: object) -> str:
    text = json.dumps({"code": "530111", "name": "官渡区", "url": f"{url}/", **more})
    return f'province: "530000"\nname: 云南省\nportals:\n  - {text}\n'


@pytest.fixture
def guandu(web: Web) -> Web:
    """A portal with a column of two pages, a sub-column, and things that are no reports."""
    web.pages |= {
        "/": html('<a href="/zfxxgk/">政府信息公开</a><a href="javascript:;">年报</a>'),
        "/zfxxgk/": html('<a href="zfxxgknb/">政府信息<br>公开年报</a><a href="zn/">指南</a>'),
        "/zfxxgk/zfxxgknb/": html(
            '<a href="./gsjd/">关上街道办事处</a>',
            row("./202501/t20250120_1.html", "官渡区2024年政府信息公开工作年度报告"),
            row("./202401/t20240120_2.html", "官渡区2023年政府信息公开工作年度报告"),
            row("./202501/t20250110_3.html", "官渡区2024年政府网站工作年度报表"),
            '<script>createPageHTML(2, 0, "index", "html");</script>',
        ),
        "/zfxxgk/zfxxgknb/index_1.html": html(
            row("./202301/t20230120_4.html", "官渡区2022年政府信息公开工作年度报告"),
            '<script>createPageHTML(2, 1, "index", "html");</script>',
        ),
        "/zfxxgk/zfxxgknb/gsjd/": html(
            row("./202501/t20250119_5.html", "2024年政府信息公开工作年度报告")
        ),
        "/zfxxgk/zfxxgknb/202501/t20250120_1.html": html(
            '<p>一、总体情况</p><a href="./P020250120000000000001.pdf">附件</a>'
        ),
        "/zfxxgk/zfxxgknb/202501/P020250120000000000001.pdf": b"%PDF-1.4 demo",
        "/zfxxgk/zfxxgknb/202401/t20240120_2.html": html("<p>演示</p>"),
        "/zfxxgk/zfxxgknb/202301/t20230120_4.html": html("<p>演示</p>"),
        "/zfxxgk/zfxxgknb/gsjd/202501/t20250119_5.html": html("<p>演示</p>"),
    }
    return web


def reports(web: Web) -> list[str]:
    return sorted(
        path.rsplit("/", 1)[-1] for path in web.asked if re.search(r"/t\d{8}_|\.pdf", path)
    )


def test_a_crawl_finds_column_pages_subcolumns_articles_and_files(
    guandu: Web, tmp_path: Path
) -> None:
    log = crawl(tmp_path / "home", "yunnan", portal(guandu.url, family="trs"))
    assert reports(guandu) == [
        "P020250120000000000001.pdf",
        "t20230120_4.html",
        "t20240120_2.html",
        "t20250119_5.html",
        "t20250120_1.html",
    ]
    assert stat(log, "gk/portal/530111/articles") == 4


def test_a_second_crawl_asks_for_navigation_only(guandu: Web, tmp_path: Path) -> None:
    for _ in range(2):
        guandu.asked.clear()
        log = crawl(tmp_path / "home", "yunnan", portal(guandu.url, family="trs"))
    assert reports(guandu) == []
    assert "/zfxxgk/zfxxgknb/index_1.html" in guandu.asked
    assert stat(log, "gk/not_due") == 5


def test_files_that_a_killed_crawl_left_out_are_fetched_by_the_next(
    guandu: Web, tmp_path: Path
) -> None:
    file = "/zfxxgk/zfxxgknb/202501/P020250120000000000001.pdf"
    body = guandu.pages.pop(file)
    crawl(tmp_path / "home", "yunnan", portal(guandu.url))
    catalog = Database(tmp_path / "home" / "catalog.db")
    catalog.execute("delete from captures where url = ?", [guandu.url + file])
    catalog.conn.commit()
    catalog.close()
    guandu.pages[file] = body
    guandu.asked.clear()
    crawl(tmp_path / "home", "yunnan", portal(guandu.url))
    assert reports(guandu) == ["P020250120000000000001.pdf"]


def test_an_article_that_moved_is_followed_but_not_in_circles(guandu: Web, tmp_path: Path) -> None:
    moved = b"<script>location.href='/info/1/77.htm'</script>"
    guandu.pages["/zfxxgk/zfxxgknb/202401/t20240120_2.html"] = moved
    back = "<script>location.href='/zfxxgk/zfxxgknb/202401/t20240120_2.html'</script>"
    guandu.pages["/info/1/77.htm"] = back.encode()
    for _ in range(2):
        crawl(tmp_path / "home", "yunnan", portal(guandu.url))
    assert guandu.asked.count("/info/1/77.htm") == 1


def test_only_the_year_that_was_asked_for(guandu: Web, tmp_path: Path) -> None:
    crawl(tmp_path / "home", "yunnan", portal(guandu.url), "-ayear=2024")
    assert [name for name in reports(guandu) if name.endswith("html")] == [
        "t20250119_5.html",
        "t20250120_1.html",
    ]


def test_a_column_that_is_gone_is_looked_for_from_the_home_page(
    guandu: Web, tmp_path: Path
) -> None:
    gone = f"{guandu.url}/old/zfxxgknb/"
    log = crawl(tmp_path / "home", "yunnan", portal(guandu.url, columns=[gone]))
    assert guandu.asked.count("/old/zfxxgknb/") == 1
    assert len(reports(guandu)) == 5
    assert stat(log, "gk/portal/530111/failed") == 1


def test_common_paths_are_tried_when_no_link_leads_to_a_column(guandu: Web, tmp_path: Path) -> None:
    guandu.pages["/"] = html("<p>建设中</p>")
    crawl(tmp_path / "home", "yunnan", portal(guandu.url, family="trs"))
    assert len(reports(guandu)) == 5


def test_a_portal_that_fails_does_not_stop_the_others(guandu: Web, tmp_path: Path) -> None:
    broken = {"code": "530112", "name": "西山区", "url": "http://127.0.0.1:9/"}
    broken["expect"] = {"reports": {"min": 1}}
    two = portal(guandu.url) + f"  - {json.dumps(broken)}\n"
    log = crawl(tmp_path / "home", "yunnan", two)
    assert len(reports(guandu)) == 5
    assert stat(log, "gk/portal/530112/failed") == 1
    assert stat(log, "gk/monitors/failed") == 1


def test_another_family_than_declared_is_a_finding(guandu: Web, tmp_path: Path) -> None:
    log = crawl(tmp_path / "home", "yunnan", portal(guandu.url, family="vsb"))
    assert stat(log, "gk/family_drift") == 1
    assert len(reports(guandu)) == 5


def test_seeds_are_fetched_as_articles_and_the_portal_is_left_alone(
    guandu: Web, tmp_path: Path
) -> None:
    seed = f"{guandu.url}/zfxxgk/zfxxgknb/202401/t20240120_2.html"
    crawl(tmp_path / "home", "yunnan", portal(guandu.url), f"-aseeds={seed}")
    assert [path for path in guandu.asked if path != "/robots.txt"] == [
        "/zfxxgk/zfxxgknb/202401/t20240120_2.html"
    ]


def test_document_sites_are_read_by_titles(web: Web, tmp_path: Path) -> None:
    web.pages |= {
        "/list.html": html(
            '<a href="/doc/1.html">2021年某区政府信息公开工作年度报告.doc</a>',
            '<a href="/doc/2.html">某公司年度报告</a><a href="/list_2.html">下一页</a>',
        ),
        "/list_2.html": html('<a href="/doc/3.html">某县政府信息公开2019年年度报告</a>'),
        "/doc/1.html": html('<p>演示</p><a href="/download/1.doc">立即下载</a>'),
        "/doc/3.html": html("<p>演示</p>"),
    }
    search = f"{web.url}/search?q={{q}}&page={{page}}"
    site = {"name": "演示文库", "url": f"{web.url}/", "search": search}
    site["list"] = f"{web.url}/list.html"
    crawl(tmp_path / "home", "wenku", f"sites:\n  - {json.dumps(site)}\n")
    assert sorted(path for path in web.asked if "/doc" in path) == ["/doc/1.html", "/doc/3.html"]
    assert any(path.startswith("/search?q=%E6%94%BF%E5%BA%9C") for path in web.asked)


def test_only_names_what_there_is() -> None:
    spider = importlib.import_module("spiders.yunnan").YunnanSpider
    assert [v.portal.name for v in spider(only="www.cxs.gov.cn").visits.values()] == ["楚雄市"]
    with pytest.raises(PortalError, match="530100 昆明市"):
        spider(only="110000")


def test_a_year_must_be_one() -> None:
    with pytest.raises(ValueError, match="a year such as 2024"):
        importlib.import_module("spiders.yunnan").YunnanSpider(year="24年")


def test_document_sites_are_asked_slowly_unless_told_otherwise() -> None:
    spider = importlib.import_module("spiders.wenku").WenkuSpider
    assert get_crawler(spider).settings.getint("DOWNLOAD_DELAY") == 10
