"""How the columns of a portal's organs are reached from its home page."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from markupsafe import Markup

from gkcrawl.demo.land import organs
from gkcrawl.demo.land.front import front, leaflets
from gkcrawl.demo.land.hiddenshapes import mapped, searched
from gkcrawl.demo.land.portal import Portal
from gkcrawl.demo.land.records import Column, Doc, Link, stable
from gkcrawl.demo.rendering import render

_DEPARTMENTS = ("部门信息公开", "市直部门", "部门（单位）", "政府部门信息公开目录", "政府工作部门")
_BELOW = ("县区乡镇信息公开", "乡镇（街道）", "区县政府信息公开", "镇街信息公开")


def tree(portal: Portal) -> None:
    """Departments and towns on lists of their own, each with its page of disclosure."""
    portal.publish(portal.own)
    departments: list[Link] = []
    others: list[Link] = []
    for column in portal.organ_columns():
        portal.publish(column)
        into = departments if column.organ and column.organ.kind == "department" else others
        into.append(portal.organ_page(column))
    system = portal.system
    below = []
    names = _DEPARTMENTS, _BELOW
    for slug, words, found in zip(("bmxxgk", "xzxxgk"), names, (departments, others), strict=True):
        if found:
            name = words[stable(portal.spec.key, slug, least=0, most=len(words) - 1)]
            portal.links(system.page_path(slug), name, [(name, found)])
            below.append(Link(system.page_path(slug), name))
    front(portal, [("政府信息公开目录", below)] if below else [])


def deep(portal: Portal) -> None:
    """As a tree, but home leads to 政务公开 and an organ's page only to its own 政府信息公开."""
    portal.publish(portal.own)
    system = portal.system
    found = []
    for column in portal.organ_columns():
        portal.publish(column)
        inside = portal.organ_page(column)
        if column.organ:
            address = system.page_path(f"jg/{column.organ.slug}")
            portal.links(address, column.organ.name, [("栏目", [Link(inside.url, "政府信息公开")])])
            found.append(Link(address, column.organ.short))
    address = system.page_path("jgsz")
    portal.links(address, "组织机构", [("组成部门", found)])
    front(portal, [("机构", [Link(address, "组织机构")])])


def upstairs(portal: Portal) -> None:
    """The columns stand on the host of the upper government, which the page of disclosure names."""
    system = portal.house(f"xxgk.{portal.spec.host.removeprefix('www.')}", portal.own.organ)
    portal.publish(portal.own, system)
    found = []
    for column in portal.organ_columns():
        portal.publish(column, system)
        if column.organ:
            found.append(Link(system.origin + system.column_path(column), column.organ.short))
    address = system.page_path("bmnb")
    portal.links(address, "部门年报", [("各部门政府信息公开年报", found)], system=system)
    link = Link(system.origin + address, "各部门政府信息公开年报")
    front(portal, [("年报", [link])], tabs=portal.tabs(portal.own, system))


def nested(portal: Portal) -> None:
    """The portal's own column lists the columns of the organs beneath its head."""
    columns = [_named(column) for column in portal.organ_columns()]
    portal.publish(replace(portal.own, children=tuple(columns)))
    front(portal, [])


def unified(portal: Portal) -> None:
    """One column has the reports of all organs (年报集中展示)."""
    docs = [doc for column in portal.organ_columns() for doc in column.docs]
    portal.publish(replace(portal.own, docs=organs.in_order([*portal.own.docs, *docs])))
    front(portal, [])


def grid(portal: Portal) -> None:
    """One page has a table of organs and years; the organs have no columns."""
    portal.publish(portal.own)
    system = portal.system
    columns = portal.organ_columns()
    for column in columns:
        for address, route in system.article_routes(column):
            portal.add(system, address, route)
    years = range(organs.NEWEST, organs.NEWEST - 8, -1)
    lines = [
        (column.organ.short, [_of_year(portal, column, year) for year in years])
        for column in columns
        if column.organ
    ]
    table = render("land/grid.html", years=years, lines=lines)
    address = system.page_path("nbjzzs")
    portal.links(address, "政府信息公开年报集中展示", [], extra=table)
    portal.gathered.append((address, columns))
    front(portal, [("年报", [Link(address, "部门年报集中展示")])])


def menu(portal: Portal) -> None:
    """The organs stand in a drop-down whose values are the addresses of their pages."""
    portal.publish(portal.own)
    options = []
    for column in portal.organ_columns():
        portal.publish(column)
        options.append(portal.organ_page(column))
    front(portal, [], render("land/menu.html", options=options))


def ztree(portal: Portal) -> None:
    """The organs stand in the nodes of a tree that a script draws."""
    portal.publish(portal.own)
    nodes: list[dict[str, object]] = [{"id": 1, "pId": 0, "name": "部门和乡镇", "open": True}]
    for number, column in enumerate(portal.organ_columns(), 2):
        portal.publish(column)
        link = portal.organ_page(column)
        node = {"id": number, "pId": 1, "name": link.text, "url": link.url, "target": "_self"}
        nodes.append(node)
    text = json.dumps(nodes, ensure_ascii=False)
    address = portal.system.page_path("xxgkml")
    portal.links(address, "信息公开目录", [], extra=render("land/ztree.html", nodes=Markup(text)))
    front(portal, [("目录", [Link(address, "各部门信息公开目录")])])


def years(portal: Portal) -> None:
    """The own column has a column for every year, in which all organs' reports stand."""
    found: dict[int, list[Doc]] = {}
    for column in [portal.own, *portal.organ_columns()]:
        for doc in column.docs:
            found.setdefault(doc.year or 0, []).append(doc)
    children = tuple(
        Column(f"gknb{year}", f"{year}年", None, organs.in_order(docs), _number(portal, year))
        for year, docs in sorted(found.items(), reverse=True)
    )
    portal.publish(replace(portal.own, docs=(), children=children))
    front(portal, [])


def subhosts(portal: Portal) -> None:
    """Departments have hosts of their own, with a home page, a page of disclosure, a column."""
    portal.publish(portal.own)
    domain = portal.spec.host.removeprefix("www.")
    houses = []
    for column in portal.organ_columns():
        if column.organ is None:
            continue
        system = portal.house(f"{column.organ.slug}.{domain}", column.organ)
        own = replace(column, part="")
        portal.publish(own, system)
        gk = system.page_path("zfxxgk")
        portal.links("/", column.organ.name, [("栏目", [Link(gk, "政府信息公开")])], system=system)
        portal.links(gk, "政府信息公开", [], portal.tabs(own, system), system=system)
        leaflets(portal, portal.tabs(own, system), system)
        houses.append(Link(f"{system.origin}/", column.organ.short))
    address = portal.system.page_path("bmwz")
    portal.links(address, "政府部门网站", [("政府部门", houses)])
    front(portal, [("政府信息公开目录", [Link(address, "部门信息公开")])])


def frame(portal: Portal) -> None:
    """The page of disclosure shows the list of organs in a frame."""
    portal.publish(portal.own)
    found = []
    for column in portal.organ_columns():
        portal.publish(column)
        found.append(portal.organ_page(column))
    address = portal.system.page_path("bmlist")
    portal.links(address, "部门", [("部门信息公开", found)])
    inside = Markup('<iframe id="bm" src="{}" width="100%" frameborder="0"></iframe>')
    front(portal, [], inside.format(address))


SHAPES: Mapping[str, Callable[[Portal], None]] = {
    "tree": tree,
    "nested": nested,
    "unified": unified,
    "grid": grid,
    "menu": menu,
    "ztree": ztree,
    "years": years,
    "subhosts": subhosts,
    "frame": frame,
    "deep": deep,
    "upstairs": upstairs,
    "searched": searched,
    "mapped": mapped,
}


def _named(column: Column) -> Column:
    """Return an organ's column under the organ's name, as sub-columns are called."""
    return replace(column, name=column.organ.short) if column.organ else column


def _number(portal: Portal, year: int) -> int:
    return portal.system.stable("year", year, least=10000, most=99999)


def _of_year(portal: Portal, column: Column, year: int) -> Link | None:
    for doc in column.docs:
        if doc.year == year and doc.label == "report":
            return Link(portal.system.article_path(column, doc), "查看")
    return None
