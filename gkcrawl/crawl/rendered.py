"""Pages that only a browser shows: Chromium through scrapy-playwright, kept as rendered records.

A request with ``meta["playwright"] = True`` goes here, every other one to the wire handler. What
is kept is the document after its scripts ran and a picture of it; a browser gives no wire bytes.
The browser is the one the machine has: none is ever downloaded. It is started at the first such
request, since most runs need none.
"""

import asyncio
import os
import shutil
from contextlib import suppress
from typing import Any, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, NotSupported
from scrapy.http import Response, TextResponse

from gkcrawl.crawl import exchanges
from gkcrawl.crawl.doors import ForbiddenAddressError, check_address
from gkcrawl.crawl.handler import WireHandler
from gkcrawl.crawl.replay import ReplayHandler

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

BUSY_AT_MOST = 10.0
"""Seconds that a page's scripts may go on asking after it was loaded; some never cease."""

# Nothing but the page is to go over the network, and all of it through HTTP.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--no-first-run",
)


class Handler(WireHandler):
    """The handler of http and https: the wire, or a browser for requests that ask for one.

    Raises NotSupported, with what to install, when a browser is asked for and there is none.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Handler":
        """Return the handler; one that answers from an archive where GKCRAWL_REPLAY names one."""
        if crawler.settings.get("GKCRAWL_REPLAY"):
            return cast(Handler, ReplayHandler(crawler))
        return cls(crawler)

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: Any = None
        self._starting = asyncio.Lock()

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        try:
            await self.check_door(request.url)
            return await self._render(request)
        except (Exception, asyncio.CancelledError) as error:
            proxied = self.proxy is not None
            self._record(request, exchanges.not_rendered(request, error, proxied=proxied))
            raise

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        await super().close()

    async def _render(self, request: Request) -> Response:
        browser = await self._start()
        from scrapy_playwright.page import PageMethod

        answers: list[Any] = []
        picture = PageMethod("screenshot", full_page=True, type="png")
        inspection = PageMethod(self._inspect, answers)
        quiet = PageMethod(_until_quiet)
        methods = [quiet, *request.meta.get("playwright_page_methods", ()), picture, inspection]
        meta = {
            "playwright_context_kwargs": self._context(),
            **request.meta,
            "playwright_page_methods": methods,
            # Playwright keeps notes on its listeners, which a bound builtin does not take.
            "playwright_page_event_handlers": {"response": lambda answer: answers.append(answer)},
        }
        response: Response = await browser.download_request(request.replace(meta=meta))
        if not isinstance(response, TextResponse):
            raise NotSupported(f"{request.url} is no page that a browser shows")
        capture = self.recorder.record_rendered(
            exchanges.rendered(
                request,
                response.url,
                response.text,
                response.status,
                screenshot=picture.result,
                browser=f"Chromium/{browser.browser.version}",
            )
        )
        request.meta["capture_id"] = capture.id
        return response.replace(request=request)

    async def _start(self) -> Any:
        """Return the browser's handler, started once."""
        async with self._starting:
            if self._browser is None:
                browser = self._make()
                # Scrapy's engine, which would do this, has started long ago.
                await browser._launch()
                self._browser = browser
        return self._browser

    def _make(self) -> Any:
        try:
            from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
        except ImportError as error:
            raise NotSupported(
                "this page needs a browser: install gkcrawl[browser] and Chromium"
            ) from error
        browser = ScrapyPlaywrightDownloadHandler(self.crawler)
        browser.config.launch_options = {
            "executable_path": find_browser(self.crawler.settings["GKCRAWL_CHROMIUM"]),
            "args": list(FLAGS),
            # Chromium's sandbox cannot run as root, which is who runs in most containers.
            "chromium_sandbox": os.geteuid() != 0,
        }
        browser.abort_request = self._is_shut
        return browser

    def _context(self) -> dict[str, Any]:
        context: dict[str, Any] = {
            "user_agent": self.crawler.settings["USER_AGENT"],
            "locale": "zh-CN",
            "ignore_https_errors": not self.crawler.settings.getbool(
                "DOWNLOAD_VERIFY_CERTIFICATES"
            ),
            "accept_downloads": False,
            # A worker's requests would not pass the doors.
            "service_workers": "block",
        }
        if self.proxy is not None:
            proxy = {
                "server": self.proxy.url,
                "username": self.proxy.user,
                "password": self.proxy.password,
                # Chromium goes to loopback directly unless told otherwise.
                "bypass": "<-loopback>",
            }
            context["proxy"] = {name: value for name, value in proxy.items() if value}
        return context

    async def _is_shut(self, asked: Any) -> bool:
        """Return whether a request of a page is to be refused: the doors hold for its parts too."""
        if not asked.url.startswith(("http:", "https:")):
            return not asked.url.startswith(("data:", "blob:"))
        try:
            await self.check_door(asked.url)
        except (ForbiddenAddressError, CannotResolveHostError):
            self.crawler.stats.inc_value("gk/rendered/refused")
            return True
        return False

    async def _inspect(self, page: Any, answers: list[Any]) -> None:
        """Raise ForbiddenAddressError when a part of the page came from a private address.

        Chromium asks nobody before it follows a redirect, and resolves names by itself.
        """
        if not self.guarded or self.proxy is not None:
            return
        for answer in answers:
            server = await answer.server_addr()
            if server is not None:
                check_address(server["ipAddress"], answer.url)


async def _until_quiet(page: Any) -> None:
    """Wait until a page has asked for nothing for half a second: lists come after the page."""
    from playwright.async_api import TimeoutError as Busy

    with suppress(Busy):
        await page.wait_for_load_state("networkidle", timeout=1000 * BUSY_AT_MOST)


def find_browser(configured: str = "") -> str:
    """Return the path of the Chromium to use; raises NotSupported when there is none."""
    for name in [configured] if configured else BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    raise NotSupported(
        f"this page needs a browser, but {configured or 'no Chromium'} was found: install the "
        "package chromium, or set GKCRAWL_CHROMIUM to its path"
    )
