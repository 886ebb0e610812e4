"""A small web under real host names: a forward proxy on this machine, filled by a test."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import forked
from loopback import served

Answer = tuple[int, bytes]
Page = bytes | int | Callable[[Mapping[str, str]], Answer]
"""A body, a status, or what makes an answer of a request's headers."""


@dataclass
class SmallWeb:
    """Pages by their address (http), and what was asked."""

    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    proxy: str = ""

    def answer(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Return status and body; an address with a query that is not listed gives that without."""
        self.asked.append(url)
        page = self.pages.get(url, self.pages.get(url.partition("?")[0], 404))
        if isinstance(page, int):
            return page, b""
        return (200, page) if isinstance(page, bytes) else page(headers)

    def documents(self) -> list[str]:
        """Return what was asked beside robots.txt."""
        return [url for url in self.asked if not url.endswith("/robots.txt")]


@contextmanager
def small_web(pages: Mapping[str, Page]) -> Iterator[SmallWeb]:
    """Give a web whose pages a crawl reaches through ``proxy``."""
    web = SmallWeb(dict(pages))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = web.answer(self.path, dict(self.headers))
            self.send_response(status)
            kind = "application/json" if body[:1] in (b"[", b"{") else "text/html; charset=utf-8"
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    with served(Handler) as address:
        web.proxy = address
        yield web


def html(*rows: str, title: str = "演示") -> bytes:
    """Return a page of these rows."""
    return f"<html><head><title>{title}</title></head><body>{''.join(rows)}</body></html>".encode()


def row(href: str, title: str, date: str = "2025-01-20") -> str:
    """Return one row of a list."""
    return f'<ul><li><a href="{href}">{title}</a><span>{date}</span></li></ul>'


def report(organ: str, year: int) -> bytes:
    """Return a page with a short report."""
    title = f"{organ}{year}年政府信息公开工作年度报告"
    parts = (
        *("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"),
        *("四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况"),
        "六、其他需要报告的事项",
    )
    text = "".join(f"<p>{part}</p><p>{year}年{organ}依法公开，此处从略。</p>" for part in parts)
    return html(f"<h1>{title}</h1><p>发布时间：{year + 1}-01-20</p>{text}", title=title)


def crawl(web: SmallWeb, home: Path, spider: str, portals: Path, *options: str) -> str:
    """Run ``scrapy crawl`` through the web's proxy and return its log."""
    quick = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}
    command = ["crawl", spider, f"-aportals={portals}"]
    command += [f"-s{name}={value}" for name, value in quick.items()]
    env = {**os.environ, "GKCRAWL_HOME": str(home), "GKCRAWL_PROXY": web.proxy}
    done = forked.run("scrapy", *command, *options, env=env)
    assert done.returncode == 0, done.stderr
    return done.stderr
