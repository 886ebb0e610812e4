"""The land as a world that never ends: each of its pages leads into places that go on for ever.

Calendars, numbers of visits that no rule knows, lists whose next page always exists, parameters in
all orders, articles that name further articles, folders in folders. What stands at an address
hangs on the address alone, so that nothing is kept of what was asked. No report is there: those of
the land are all that is to be found.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import md5
from html import escape
from itertools import cycle

from gkcrawl.demo.land import Land
from gkcrawl.demo.land.records import Asked
from gkcrawl.demo.land.world import answer
from gkcrawl.demo.wire import Page, Response, encode

KEYS = ("zunyi", "dingxi", "hegang", "honghe", "weinan", "dali", "xuzhou", "zhengxiang")
"""Portals of eight systems; one of them has the numbers of visits in its own links, too."""
_PLACE = re.compile(r"/endless/(calendar|visit|list|tempting|choice|article|deep)/(.*)")
_END = re.compile(r"</body>", re.I)
_WORDS = ["公开工作安排", "会议纪要", "政策解读", "通知公告", "工作动态"]
_ORGANS = [
    "财政局",
    "教育局",
    "民政局",
    "水务局",
    "林业局",
    "统计局",
    "审计局",
    "司法局",
    "商务局",
    "卫生健康局",
]
_SECTIONS = ["政府信息公开目录", "各部门信息公开", "乡镇街道信息公开"]
Links = Iterator[tuple[str, str]]
"""Addresses with their words."""


class Endless(Land):
    """Portals of the land, without an end.

    ``apart``: each of them leads into one of the places only, so that none hides the others from
    who asks for the likeliest first.
    """

    def __init__(self, keys: Sequence[str] = KEYS, *, small: bool = False, apart: bool = False):
        super().__init__(keys, small=small)
        doors = cycle(_DOORS.items())
        self._doors = {key: dict([next(doors)]) if apart else _DOORS for key in self.portals}

    def respond_to(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Return the answer to a request; names of ``headers`` are in lower case."""
        scheme, _, rest = url.partition("://")
        host, slash, tail = rest.partition("/")
        portal = self._hosts[host]
        path, _, query = (slash + tail).partition("?")
        if scheme != portal.spec.scheme:
            return super().respond_to(method, url, headers, body)
        if place := _PLACE.match(path):
            page = Page(_page(place[1], Place(host, place[2], query)))
        else:
            asked = Asked(method, host, path or "/", query, headers, body)
            page = _open(answer(portal, asked), self._doors[portal.spec.key])
        gzip = "gzip" in headers.get("accept-encoding", "")
        return encode(page, head=method == "HEAD", accepts_gzip=gzip)


@dataclass(frozen=True, slots=True)
class Place:
    """An address in one of the places."""

    host: str
    path: str
    """Behind the name of the place."""
    query: str

    def drawn(self, *parts: object) -> int:
        """Return a number of up to nine digits that hangs on the address and ``parts`` alone."""
        text = " ".join(map(str, (self.host, self.path, self.query, *parts)))
        digest = md5(text.encode(), usedforsecurity=False).digest()
        return int.from_bytes(digest[:4], "big") % 10**9

    @property
    def number(self) -> int:
        """Return the number with which the query ends; 1: with none."""
        digits = re.search(r"\d+$", self.query)
        return int(digits[0]) if digits else 1


def _open(page: Page, doors: Mapping[str, str]) -> Page:
    """Return a page of the land with the ways that lead out of it, and never back."""
    if page.media_type != "text/html" or page.data is not None or page.status != 200:
        return page
    links = "".join(_link(f"/endless/{kind}/", words) for kind, words in doors.items())
    return replace(page, text=_END.sub(f"<div>{links}</div></body>", str(page.text), count=1))


def _page(kind: str, at: Place) -> str:
    """Return the page of a place."""
    links = "".join(f"<li>{_link(url, words)}</li>" for url, words in _PLACES[kind](at))
    title = f"{_WORDS[at.drawn() % len(_WORDS)]}（{at.drawn(0)}）"
    text = "演示数据：本页没有尽头，也没有年度报告。" * 4
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<h1>{title}</h1><ul>{links}</ul><p>{text}</p></body></html>"
    )


def _calendar(at: Place) -> Links:
    """Months after months, and years of all departments."""
    month = at.number
    for other in (month + 1, month + 2, 10_000 + month):
        words = f"{2000 + other // 12 % 100}年{other % 12 + 1}月政府信息公开"
        yield f"/endless/calendar/?month={other}", words
    for other in (month + 12, 2 * month + 13, 3 * month + 14):
        year = 2000 + other // 12 % 100
        yield f"/endless/calendar/?month={other}", f"{year}年各部门信息公开"


def _visit(at: Place) -> Links:
    """A few pages under the number of the visit, which is another one on every page; some name it
    as no rule can know."""
    visit = f"{at.drawn('visit'):x}{at.drawn('visitor'):08x}"
    for number in range(5):
        yield f"/endless/visit/{number}.html?visitor={visit}", _SECTIONS[number % 3]
        yield f"/endless/visit/{number}.html;jsessionid={visit.upper()}", _SECTIONS[number % 3]


def _list(at: Place) -> Links:
    """A list with other rows on each page, and always a next page."""
    for row in range(8):
        number = at.drawn(row)
        yield f"/endless/article/t20240115_{number}.html", f"{_WORDS[row % 5]}（{number}）"
    yield f"/endless/list/{at.path}?page={at.number + 1}", "下一页"
    for row in range(2):
        yield f"/endless/list/{at.drawn(row)}/", "信息公开年报"


def _tempting(at: Place) -> Links:
    """The same, where each row may be a report by its name."""
    for row in range(8):
        number = at.drawn(row)
        yield f"/endless/article/t20240115_{number}.html", f"第{number}号政府信息公开工作情况"
    yield f"/endless/tempting/{at.path}?page={at.number + 1}", "下一页"
    yield f"/endless/tempting/{at.drawn('list')}/", "信息公开年报"


def _article(at: Place) -> Links:
    """An article that names others, one of them as a report would be named."""
    for row in range(5):
        number = at.drawn(row)
        words = f"相关文章（{number}）" if row else f"第{number}号政府信息公开工作情况"
        yield f"/endless/article/t20240115_{number}.html", words
    yield f"/endless/tempting/{at.drawn('list')}/", "政府信息公开年报"


def _choice(at: Place) -> Links:
    """Filters that can be set in all orders, one more on each page."""
    chosen = at.query.split("&") if at.query else []
    for number, name in enumerate(("bm", "nbh", "zt", "lb", "xh")):
        one = f"{name}={at.drawn(name) % 10**5}"
        yield f"/endless/choice/?{'&'.join([*chosen[-2:], one])}", _SECTIONS[number % 3]


def _deep(at: Place) -> Links:
    """Directories of organs in directories of organs."""
    above = "".join(f"{folder}/" for folder in at.path.strip("/").split("/")[-8:] if folder)
    for organ in _ORGANS:
        yield f"/endless/deep/{above}{at.drawn(organ) % 10**6}/", organ
    yield f"/endless/deep/{above}bm{at.drawn('bm') % 10**6}/", "政府部门"


_PLACES: Mapping[str, Callable[[Place], Links]] = {
    "calendar": _calendar,
    "visit": _visit,
    "list": _list,
    "tempting": _tempting,
    "choice": _choice,
    "article": _article,
    "deep": _deep,
}
_DOORS = {
    "calendar": "2024年各部门信息公开",
    "visit": "乡镇街道信息公开",
    "list": "信息公开年报",
    "tempting": "政府信息公开年报",
    "choice": "部门信息公开目录",
    "deep": "政府部门",
}


def _link(url: str, words: str) -> str:
    # In ASCII, so that it stands in a page of any charset.
    written = words.encode("ascii", "xmlcharrefreplace").decode()
    return f'<a href="{escape(url)}">{written}</a> '
