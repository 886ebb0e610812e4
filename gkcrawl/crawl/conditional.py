"""Asking a server only whether a page has changed (RFC 9110, section 13), where that is wanted.

``GKCRAWL_CONDITIONAL=1``. The request quotes what the last answer said of its own version; a
server that answers 304 sends no page, and the crawl goes on with the archived one. Not the default:
some servers say so of pages that did change, and a 304 is thin evidence of what was shown.
"""

from typing import Any, Self
from urllib.parse import urldefrag

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from archive.records import StoredExchange
from gkcrawl.crawl.history import ArchiveHistory
from gkcrawl.crawl.recorder import Recorder
from gkcrawl.crawl.responses import archived

# Header of the answer -> header of the request that quotes it.
QUOTED = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_ASKED = "unmodified_since"


class Conditional:
    """Scrapy downloader middleware: conditional requests, and archived pages for 304 answers."""

    def __init__(self, history: ArchiveHistory, stats: Any) -> None:
        self.history = history
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        # An archive that must stand alone cannot answer with what another run fetched.
        if settings.getbool("GKCRAWL_SELF_CONTAINED") or not settings.getbool(
            "GKCRAWL_CONDITIONAL"
        ):
            raise NotConfigured
        recorder = crawler.get_extension(Recorder)
        if recorder is None:
            raise RuntimeError("Conditional needs the Recorder: see EXTENSIONS in gkcrawl.settings")
        return cls(ArchiveHistory(recorder.catalog, recorder.directory), crawler.stats)

    def process_request(self, request: Request) -> None:
        """Make a request conditional where its page is in the archive with what can be quoted."""
        # A redirect inherits headers and meta, which are of another address.
        request.meta.pop(_ASKED, None)
        for name in QUOTED.values():
            request.headers.pop(name, None)
        if request.method != "GET" or request.meta.get("playwright"):
            return
        stored = self.history.settled(urldefrag(request.url)[0])
        quoted = _quoted(stored) if stored else {}
        if stored and quoted:
            request.meta[_ASKED] = stored.capture
            request.headers.update(quoted)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the archived page for an answer that it was not modified."""
        asked = request.meta.get(_ASKED)
        stored = self.history.read(asked) if asked and response.status == 304 else None
        if stored is None:
            return response
        self.stats.inc_value("gk/not_modified")
        return archived(stored, request).replace(
            url=response.url,
            status=200,
            flags=[*response.flags, "not modified"],
            ip_address=response.ip_address,
        )


def _quoted(stored: StoredExchange) -> dict[str, str]:
    """Return the headers that make a request conditional on this answer; none: it gives nothing."""
    told = {name.lower(): value for name, value in reversed(stored.headers)}
    return {header: told[name] for name, header in QUOTED.items() if told.get(name)}
