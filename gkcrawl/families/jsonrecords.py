"""Records of JSON answers: what has a title and an address, whatever its fields are called.

Texts that are JSON again (queryList's ``urls`` and ``metadata``) are opened, and a record may lie
one level deeper (``source``, ``data``).
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from archive.deadlines import CHINA
from gkcrawl.families.page import Page, content, find_date, parse, squeeze
from gkcrawl.families.paths import DOCUMENT_NAME
from gkcrawl.families.rows import Entry, url_date
from gkcrawl.families.titles import may_be_report

# In lower case, best first.
_TITLES = (
    "realtitle",
    "title",
    "showtitle",
    "infotitle",
    "doctitle",
    "articletitle",
    "name",
    "subject",
    "mc",
)
_ADDRESSES = (
    "infourl",
    "url",
    "linkurl",
    "urls",
    "arturl",
    "articleurl",
    "viewurl",
    "pcurl",
    "chnldocurl",
    "docpuburl",
    "visiturl",
    "href",
    "link",
    "pageurl",
    "staticurl",
)
_DATES = (
    "infodate",
    "pubdate",
    "publishdate",
    "publishedtimestr",
    "publishedtime",
    "publishtime",
    "pubtime",
    "releasetime",
    "docreltime",
    "showdate",
    "updatetime",
    "createtime",
    "createdate",
    "adddate",
    "date",
    "time",
    "rq",
    "fbrq",
)
_FILES = (
    "articlefiles",
    "files",
    "attachments",
    "attachment",
    "attachlist",
    "filelist",
    "reslist",
    "appendix",
)
_FILE_ADDRESSES = (
    "url",
    "filepath",
    "_href",
    "href",
    "attachurl",
    "attachpath",
    "path",
    "downloadurl",
    "src",
)
LONGEST_TITLE = 100
"""Characters; what has more is a summary or the text itself."""
_INNER = frozenset({"source", "_source", "fields", "article", "info", "data", "record"})


def opened(value: Any) -> Any:
    """Return what a text that is JSON holds; every other value as it is."""
    if isinstance(value, str) and value[:1] in ("{", "[") and value[-1:] in ("}", "]"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def entry_of(page: Page, record: Mapping[str, Any]) -> Entry | None:
    """Return a record as a row, None if it names no title or no address."""
    fields = {name.lower(): value for name, value in record.items()}
    for name in _INNER & fields.keys():
        inner = opened(fields[name])
        if isinstance(inner, dict):
            fields = {**{key.lower(): value for key, value in inner.items()}, **fields}
            fields |= {key.lower(): value for key, value in inner.items()}
    title = max((_title(fields.get(name)) for name in _TITLES), key=_worth)
    title = title or _telling(fields)
    url = next(filter(None, (_address(page, fields.get(name)) for name in _ADDRESSES)), None)
    if not title or url is None:
        return None
    if page.url.startswith("https:") and urlsplit(url).hostname == urlsplit(page.url).hostname:
        # Records keep the address from before the site had https; it would only redirect.
        url = url.replace("http:", "https:", 1)
    dates = (_date(fields[name]) for name in _DATES if name in fields)
    date = next(filter(None, dates), None) or url_date(url)
    files = tuple(dict.fromkeys(found for name in _FILES for found in _files(page, fields, name)))
    return Entry(url, title, date, files)


def _telling(fields: Mapping[str, Any]) -> str:
    """Return what can only be the title of a report, in a field that nobody else has."""
    told = (_title(value) for value in fields.values() if isinstance(value, str))
    return next((text for text in told if len(text) <= LONGEST_TITLE and may_be_report(text)), "")


def _title(value: Any) -> str:
    """Return a title as text; results of searches mark words in it."""
    if not isinstance(value, str):
        return ""
    return content(parse(f"<p>{value}</p>")) if re.search(r"[<&]", value) else squeeze(value)


def _worth(title: str) -> tuple[bool, int]:
    """Rank titles: one that is cut short says less than a whole one."""
    return bool(title) and not re.search(r"(?:…|\.{2,})$", title), len(title)


def _address(page: Page, value: Any) -> str | None:
    """Return an address from a field; ``{"pc": …, "wap": …}`` holds the page for screens first."""
    value = opened(value)
    if isinstance(value, dict):
        value = value.get("pc") or next((v for v in value.values() if isinstance(v, str)), None)
    if not isinstance(value, str):
        return None
    # Services lie in folders of their own; what they name lies below the root.
    is_bare = re.match(r"(?:[./?#]|\w+:)", value.strip()) is None
    return page.resolve(f"/{value.strip()}" if is_bare and value.strip() else value)


def _date(value: Any) -> str | None:
    """Return the day in China of a text, or of seconds or milliseconds since 1970."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 10**8:
        seconds = value / 1000 if value > 10**11 else value
        return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).date().isoformat()
    return find_date(str(value)) if isinstance(value, str) else None


def _files(page: Page, fields: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the addresses of the documents that a field of a record lists."""
    listed = opened(fields.get(name))
    for item in listed if isinstance(listed, list) else [listed]:
        if isinstance(item, dict) and (found := file_address(page, item)):
            yield found


def file_address(page: Page, item: Mapping[str, Any]) -> str | None:
    """Return the address of a file that a record describes, None if it is no document."""
    fields = {str(key).lower(): value for key, value in item.items()}
    path = next((str(fields[name]) for name in _FILE_ADDRESSES if fields.get(name)), None)
    if path is None:
        return None
    named = " ".join(str(fields.get(name, "")) for name in ("filename", "name", "appdesc"))
    host = str(fields.get("domainname") or "")
    if host and not path.startswith(("http:", "https:", "//")):
        path = urljoin(host if "//" in host else f"//{host}", path)
    is_document = DOCUMENT_NAME.search(path.split("?", 1)[0]) or DOCUMENT_NAME.search(named)
    return page.resolve(path) if is_document else None
