"""Redirects by ``<meta http-equiv="refresh">``, looked for only where the word stands."""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

SEARCHED = 4 * 4096
"""Bytes: Scrapy looks at 4,096 characters, each of four bytes at most."""


class MetaRefresh(MetaRefreshMiddleware):
    """As Scrapy's, which decodes each page as a whole first; most have no such element."""

    def process_response(
        self, request: Request, response: Response, *args: Any
    ) -> Request | Response:
        """Return the page, or the request for where it sends on."""
        # In UTF-16 there is a zero in each letter.
        start = response.body[:SEARCHED].replace(b"\0", b"").lower()
        if b"refresh" not in start:
            return response
        found: Request | Response = super().process_response(request, response, *args)
        return found
