"""The land as the measurement of costs sees it: its requests noted, its pages as large as real
ones."""

import gzip
import random
import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bench.testbed.chrome import Builder, Setting
from gkcrawl.demo.land import Land
from gkcrawl.demo.wire import Response

KEPT = ("referer", "content-type", "accept", "x-requested-with")
"""Headers that are part of what is asked for; the others are each crawler's own."""
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.I)
_END = re.compile(rb"</body>(?!.*</body>)", re.I | re.S)


class NotingLand(Land):
    """A land that notes each request; ``kilobytes``: what menus, styles and scripts add to each of
    its pages, as those of real portals have them."""

    def __init__(self, keys: list[str], *, small: bool = False, kilobytes: int = 0) -> None:
        super().__init__(keys, small=small)
        self.asked: list[dict[str, Any]] = []
        self.bytes = 0
        """Of all bodies that were sent, as they were sent."""
        self._kilobytes = kilobytes

    def respond_to(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Return the answer to a request; names of ``headers`` are in lower case."""
        kept = {name: headers[name] for name in KEPT if name in headers}
        told = {"method": method, "url": url, "headers": kept, "body": body.decode("latin-1")}
        self.asked.append(told)
        response = super().respond_to(method, url, headers, body)
        if self._kilobytes:
            response = padded(response, url, self._kilobytes)
        self.bytes += len(response.body)
        return response


def padded(response: Response, url: str, kilobytes: int) -> Response:
    """Return an HTML page with a portal's menus, styles and scripts in it; all else as it is."""
    headers = dict(response.headers)
    if "Transfer-Encoding" in headers or response.ending != "keep" or not response.body:
        return response
    is_zipped = headers.get("Content-Encoding") == "gzip"
    body = gzip.decompress(response.body) if is_zipped else response.body
    end = _END.search(body)
    if end is None or "html" not in headers.get("Content-Type", ""):
        return response
    said = _CHARSET.search(headers["Content-Type"].encode()) or _CHARSET.search(body)
    charset = said[1].decode() if said else "utf-8"
    codec = "gb18030" if charset.lower() in ("gb2312", "gbk") else charset
    added = chrome(url, kilobytes).encode(codec, "replace")
    body = body[: end.start()] + added + body[end.start() :]
    if is_zipped:
        body = gzip.compress(body, mtime=0)
    length = ("Content-Length", str(len(body)))
    fields = tuple(length if name == length[0] else (name, v) for name, v in response.headers)
    return replace(response, headers=fields, body=body)


def chrome(url: str, kilobytes: int) -> str:
    """Return what stands round a page of a portal, the same each time."""
    rng = random.Random(zlib.crc32(url.encode()))
    setting = Setting("", "政府门户网站", "", "2024-01-20", "530000", [])
    builder = Builder(rng, setting, kilobytes)
    return builder.menu() + builder._ballast(kilobytes // 3)
