"""What a web archive says it has: answers of CDX services, and which capture to take. Pure.

The forms in use: JSON lists under a head (Wayback), a JSON object on each line (pywb, Common
Crawl), CDXJ lines (key, timestamp, JSON), and CDX lines of 7 or 11 fields. See
https://github.com/webrecorder/pywb/wiki/CDX-Server-API and
https://archive.org/developers/wayback-cdx-server.html.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

# The names of one thing in the services' answers.
_NAMES = {
    "original": "url",
    "statuscode": "status",
    "mimetype": "mime",
    "file": "filename",
}
# The fields of CDX lines without a head, by their number.
_FIELDS: Mapping[int, Sequence[str]] = {
    7: ("urlkey", "timestamp", "url", "mime", "status", "digest", "length"),
    11: (
        *("urlkey", "timestamp", "url", "mime", "status", "digest", "redirect", "robotflags"),
        *("length", "offset", "filename"),
    ),
}
_LINE = re.compile(r"^\S+ (\d{14}) (\{.*\})$")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One capture in a web archive."""

    url: str
    """The original address."""
    timestamp: str
    """UTC, fourteen digits."""
    status: int | None = None
    """None: not said, or a reference to an equal capture (revisit)."""
    media_type: str = ""
    digest: str = ""
    length: int = 0
    """Bytes of its record, compressed; 0: not said."""
    offset: int | None = None
    filename: str = ""
    """The WARC file where it stands; empty: not said."""

    @property
    def taken_at(self) -> str:
        """When it was taken, as ISO 8601."""
        moment = datetime.strptime(self.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def key(self) -> str:
        """What is the same for all addresses of a page: without scheme, www., usual port."""
        parts = urlsplit(self.url)
        host = (parts.hostname or "").removeprefix("www.")
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
        query = f"?{parts.query}" if parts.query else ""
        return f"{host}{port}{parts.path or '/'}{query}"


def cdx_url(template: str, url: str) -> str:
    """Return the address that asks a service for the captures of ``url`` (``…*``: below it)."""
    return template.replace("{url}", quote(url, safe=":/*"))


def snapshots(text: str) -> Iterator[Snapshot]:
    """Yield what an answer lists, whatever its form; what is no capture is left out."""
    for row in _rows(text):
        fields = {_NAMES.get(name, name): value for name, value in row.items()}
        snapshot = Snapshot(
            url=str(fields.get("url")),
            timestamp=str(fields.get("timestamp")),
            status=_number(fields.get("status")),
            media_type=str(fields.get("mime") or ""),
            digest=str(fields.get("digest") or ""),
            length=_number(fields.get("length")) or 0,
            offset=_number(fields.get("offset")),
            filename=str(fields.get("filename") or ""),
        )
        if _is_sound(snapshot):
            yield snapshot


def best(found: Iterable[Snapshot]) -> list[Snapshot]:
    """Return one capture of each page that was there (status 200), in the order of the list.

    Of the different contents of a page the largest: what replaces a report on its address, and
    refusals of archives' crawlers, are smaller than a report. Of equal ones the newest.
    """
    pages: dict[str, list[Snapshot]] = {}
    for snapshot in found:
        if snapshot.status == 200:
            pages.setdefault(snapshot.key, []).append(snapshot)
    return [_best_of(versions) for versions in pages.values()]


def _best_of(versions: Sequence[Snapshot]) -> Snapshot:
    sizes: dict[str, int] = {}
    for one in versions:
        sizes[one.digest] = max(sizes.get(one.digest, 0), one.length)
    return max(versions, key=lambda one: (sizes[one.digest], one.timestamp))


def _is_sound(snapshot: Snapshot) -> bool:
    """Tell whether address and time are what they should be."""
    try:
        return bool(
            snapshot.url.startswith(("http://", "https://")) and snapshot.key and snapshot.taken_at
        )
    except ValueError:
        return False


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    text = text.strip()
    table = _json(text) if text.startswith("[") else None
    if isinstance(table, list):
        lists = [row for row in table if isinstance(row, list)]
        yield from (dict(zip(map(str, lists[0]), row, strict=False)) for row in lists[1:])
        return
    for line in text.splitlines():
        cdxj = _LINE.match(line)
        found = _json(cdxj[2] if cdxj else line) if "{" in line else None
        if isinstance(found, dict):
            yield found | ({"timestamp": cdxj[1]} if cdxj else {})
        elif names := _FIELDS.get(len(line.split())):
            yield dict(zip(names, line.split(), strict=True))


def _json(text: str) -> Any:
    """Return what a text means as JSON; None: it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None
