"""The pages of a portal on which a visitor begins: home, news, the section on disclosure."""

from collections.abc import Iterable, Sequence

from gkcrawl.demo.land import organs
from gkcrawl.demo.land.portal import Portal
from gkcrawl.demo.land.records import Link
from gkcrawl.demo.land.systems.base import System


def front(
    portal: Portal,
    below: Sequence[tuple[str, Sequence[Link]]],
    extra: str = "",
    tabs: Sequence[Link] | None = None,
) -> None:
    """Put home, news and the pages of disclosure on the portal's host."""
    system, spec = portal.system, portal.spec
    news = organs.news_column(spec)
    law = organs.other_column(spec, "rule_of_law", "fzzfnb", "法治政府建设年度报告")
    budget = organs.other_column(spec, "budget", "czyjs", "财政预决算")
    counts = organs.other_column(spec, "statistics", "tjnb", "统计年报")
    sites = organs.other_column(spec, "website", "wznb", "政府网站年度工作报表")
    portal.others = [news, law, budget, counts, sites]
    for column in portal.others:
        portal.show(column)
    gk, statutory = system.page_path("zfxxgk"), system.page_path("fdzdgknr")
    tabs = portal.tabs(portal.own) if tabs is None else tabs
    home = [
        ("新闻动态", [Link(row.url, row.title) for row in system.rows(news, news.docs)]),
        ("政务公开", [Link(gk, "政府信息公开"), Link(system.column_path(news), "要闻")]),
        ("专题", [Link(system.column_path(budget), "财政预决算")]),
    ]
    portal.links("/", f"{spec.name}人民政府门户网站", home)
    portal.links(system.page_path("zwgk"), "政务公开", [("政务公开", [Link(gk, "政府信息公开")])])
    portal.links(
        gk,
        "政府信息公开",
        [("公开内容", [Link(statutory, "法定主动公开内容")]), *below],
        tabs,
        extra,
    )
    other = [Link(system.column_path(c), c.name) for c in (law, budget, counts, sites)]
    portal.links(statutory, "法定主动公开内容", [("法定主动公开内容", other)], tabs)
    leaflets(portal, tabs, system)
    for slug, name in (("bsfw", "办事服务"), ("hdjl", "互动交流")):
        portal.links(system.page_path(slug), name, [])


def leaflets(portal: Portal, tabs: Iterable[Link], system: System) -> None:
    """Put guide and rules on a host."""
    for slug, name in (("zfxxgkzn", "政府信息公开指南"), ("zfxxgkzd", "政府信息公开制度")):
        portal.links(system.page_path(slug), name, [], list(tabs), system=system)
