"""Portals without an end, one shape after the other: all of their reports are found, and they cost
little more than without. Each page of the portal leads into the shape, and nothing leads back."""

import re
from collections.abc import Callable, Iterator
from hashlib import md5
from itertools import count

import pytest
from walking import HOME, anchors, report_rows, walk

_NAMES = ("财政", "教育", "民政", "水务", "林业", "统计", "审计", "司法", "商务")
DEPARTMENTS = tuple(f"{name}局" for name in _NAMES)
TOWNS = ("六甲街道", "小板桥街道", "官渡街道", "金马街道", "关上街道", "阿拉街道")
SECTION = "/zwgk/zfxxgk/"
_FURTHER = ("公安", "交通运输", "农业农村", "卫生健康", "体育", "医疗保障")
SERVICES = (*DEPARTMENTS, *(f"{name}局" for name in _FURTHER))

NUMBERS = count()
Links = Iterator[tuple[str, str]]
"""Addresses with their words."""


def portal() -> dict[str, str]:
    """Return the pages of a portal with the columns of sixteen organs, by their paths."""
    pages = {
        "/": anchors(新闻="/xw/", 政务公开="/zwgk/", 政府信息公开=SECTION),
        "/zwgk/": anchors(政府信息公开=SECTION),
        SECTION: anchors(政府信息公开年报="nb/", 部门信息公开="bm/", 街道信息公开="jd/"),
        f"{SECTION}nb/": report_rows(2023, 2024, 2025),
    }
    for kind, organs in (("bm", DEPARTMENTS), ("jd", TOWNS)):
        names = {organ: f"{SECTION}{kind}/{kind[0]}{n}/" for n, organ in enumerate(organs)}
        pages[f"{SECTION}{kind}/"] = anchors(**names)
        for organ, place in names.items():
            pages[place] = anchors(政府信息公开指南="zn/", 政府信息公开年报=f"{place}nb/")
            pages[f"{place}nb/"] = report_rows(2024, 2025, organ=organ)
    return pages


PORTAL = portal()
REPORTS = {
    f"{HOME[:-1]}{path}{href[2:]}"
    for path, text in PORTAL.items()
    for href in re.findall(r'href="(\./[^"]+)"', text)
}
Shape = Callable[[str], str | None]
"""What a portal answers to a path; None: that there is no such page."""


def drawn(*parts: object) -> int:
    return int.from_bytes(md5(repr(parts).encode(), usedforsecurity=False).digest()[:4], "big")


def links(pairs: Links) -> str:
    return "".join(f'<li><a href="{url}">{words}</a></li>' for url, words in pairs)


def beside(*places: str) -> Shape:
    """Return a portal whose pages all lead to places, of which each address is answered."""

    def answer(url: str) -> str | None:
        for place in places:
            if url.startswith(place):
                return links(PLACES[place](url))
        page = PORTAL.get(url)
        return page and page + "".join(links(PLACES[place](place)) for place in places)

    return answer


def calendar(url: str) -> Links:
    """Days behind days, in the query."""
    day = int(url.rpartition("=")[2] or 0) if "=" in url else 0
    for other in (day + 1, day + 7, day + 30, day + 365):
        yield f"/rili/?d={other}", f"{2000 + other % 25}年{other % 12 + 1}月政府信息公开"
        yield f"/rili/?d={other}&bm=1", f"{2000 + other % 25}年各部门信息公开"


def days(url: str) -> Links:
    """The same, in the path."""
    day = int(re.sub(r"\D", "", url) or 20_000_101)
    for other in (day + 1, day + 100, day + 10_000):
        text = f"{other:08d}"
        yield f"/ri/{text[:4]}/{text[4:6]}/{text[6:]}/", f"{text[:4]}年各部门信息公开"
        yield f"/ri/{text[:4]}/{text[4:6]}/", f"{text[:4]}年{text[4:6]}月政府信息公开"


def facets(url: str) -> Links:
    """Filters in all orders, one more on each page."""
    chosen = url.partition("?")[2].split("&") if "?" in url else []
    for name in ("bm", "nf", "zt", "lx", "xz"):
        more = "&".join([*chosen[-5:], f"{name}={drawn(url, name) % 99}"])
        yield f"/chaxun/?{more}", "部门信息公开目录" if name == "bm" else "政府信息公开目录"


def tags(url: str) -> Links:
    """A cloud of words, each of which leads to others."""
    for number in range(12):
        organ = SERVICES[drawn(url, number) % len(SERVICES)]
        yield f"/biaoqian/{organ}{drawn(url, organ) % 9**6}/", organ


def nested(url: str) -> Links:
    """Directories of organs in directories of organs, in folders that nothing tells of."""
    for number in range(8):
        name = "".join(chr(97 + drawn(url, number, place) % 26) for place in range(6))
        yield f"{url}{name}/", SERVICES[number]
    yield f"{url}mulu/", "政府部门"


def growing(url: str) -> Links:
    """Relative links that make the path longer."""
    yield "bm/", "政府部门"
    yield "zfxxgk/", "政府信息公开"
    yield "nb/", "政府信息公开年报"


def more_lists(url: str) -> Links:
    """Columns of columns, which list what is no report."""
    for number in range(3):
        yield f"/nianbao/{drawn(url, number)}/", "政府信息公开年报"
        yield f"/nianbao/t20240115_{drawn(url, number)}.html", "会议纪要"


def baits(url: str) -> Links:
    """A list that goes on for ever, of papers that are named like reports and are none."""
    for number in range(10):
        paper = drawn(url, number)
        yield f"/gongzuo/t20240115_{paper}.html", f"第{paper}号政府信息公开工作情况"
    page = int(url.rpartition("=")[2]) if "=" in url else 1
    yield f"/gongzuo/?page={page + 1}", "下一页"
    yield f"/gongzuo/{drawn(url)}/", "政府信息公开年报"


def back(url: str) -> str | None:
    """Each page leads to one of its own that leads back: another one for each page."""
    if url.startswith("/denglu/"):
        return links((f"/denglu/?hui={drawn(url, n)}", SERVICES[n]) for n in range(8)) + links(
            iter([(f"/denglu/?hui={drawn(url)}", "政府信息公开")])
        )
    page = PORTAL.get(url)
    own = [
        (f"/denglu/?hui={drawn(url)}", "各部门信息公开"),
        (f"/denglu/?h={drawn(url)}", "信息公开"),
    ]
    return page and page + links(iter(own))


def calendars_everywhere(url: str) -> str | None:
    """Each page has a calendar, by which it leads to itself."""
    path, _, query = url.partition("?")
    day = int(query.rpartition("=")[2] or 0) if query else 0
    page = PORTAL.get(path)
    other = [(f"{path}?ri={day + n}", f"{2000 + day + n}年各部门信息公开") for n in (1, 2, 3)]
    return page and page + links(iter(other))


def every_path(url: str) -> str | None:
    """There is an answer to all addresses, if only that of a page above."""
    while url not in PORTAL:
        url = url.rstrip("/").rpartition("/")[0] + "/"
    return PORTAL[url] + links(growing(url))


def same_list(url: str) -> str | None:
    """Lists have a next page for ever, which is the same one."""
    path, _, query = url.partition("?")
    page = PORTAL.get(path)
    number = int(query.rpartition("=")[2]) if query else 1
    return page and page + f'<div><a href="{path}?page={number + 1}">下一页</a></div>'


def visits_in_query(url: str) -> str | None:
    """All links have the number of the visit, by a name that no rule knows."""
    page = PORTAL.get(url.partition("?")[0])
    number = f"?fangke={next(NUMBERS)}a{drawn(url):x}"
    menu = anchors(政府信息公开=SECTION, 部门信息公开=f"{SECTION}bm/", 财政局=f"{SECTION}bm/b0/")
    return page and re.sub(r'(href="[^"]*/)"', rf'\1{number}"', page + menu)


def visits_in_path(url: str) -> str | None:
    """The same in the path, where each visit has a folder of its own."""
    page = PORTAL.get(re.sub(r"^/\(S\(\w+\)\)", "", url))
    number = f"/(S({next(NUMBERS)}a{drawn(url):08x}))"
    menu = anchors(政府信息公开=SECTION, 部门信息公开=f"{SECTION}bm/", 财政局=f"{SECTION}bm/b0/")
    return page and re.sub(r'href="/', f'href="{number}/', page + menu)


PLACES: dict[str, Callable[[str], Links]] = {
    "/rili/": calendar,
    "/ri/": days,
    "/chaxun/": facets,
    "/biaoqian/": tags,
    "/jigou/": nested,
    "/x/": growing,
    "/nianbao/": more_lists,
    "/gongzuo/": baits,
}
SHAPES: dict[str, Shape] = {
    **{place: beside(place) for place in PLACES},
    "each page leads to another one of the kind": back,
    "each page has a calendar": calendars_everywhere,
    "all paths are answered": every_path,
    "all next pages are the same": same_list,
    "visits in the query": visits_in_query,
    "visits in the path": visits_in_path,
    "all places": beside(*PLACES),
}
MOST = {"all paths are answered": 800, "all places": 300}
"""Pages that a portal costs which has thirty-five; others cost fewer."""


def real(url: str) -> str:
    """Return the address of a document without the number of the visit."""
    return re.sub(r"/\(S\(\w+\)\)", "", url).partition("?")[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_all_reports_of_a_portal_without_an_end_are_found(shape: str) -> None:
    read = set()

    def outcome_of(url: str) -> str:
        read.add(real(url))
        return "report" if real(url) in REPORTS else "unrelated"

    asked = walk(SHAPES[shape], most=2000, outcome_of=outcome_of)
    assert read >= REPORTS
    assert len(asked) <= MOST.get(shape, 200)
