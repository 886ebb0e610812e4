"""Portals on which no link leads to a column: their search finds them, or the map for machines."""

from functools import partial

from gkcrawl.demo.land.front import front
from gkcrawl.demo.land.organs import in_order
from gkcrawl.demo.land.portal import Portal
from gkcrawl.demo.land.records import Asked, Column, Link
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page

MOST_FOUND = 20
"""Rows of a search's answer."""


def searched(portal: Portal) -> None:
    """The page of disclosure only has a form to search with."""
    columns = _published(portal)
    portal.add(portal.system, "/search", partial(_answer, portal, columns))
    front(portal, [], render("land/search_form.html"), tabs=_without_column(portal))


def mapped(portal: Portal) -> None:
    """The columns stand in ``/sitemap.xml`` alone."""
    columns = _published(portal)
    portal.add(portal.system, "/sitemap.xml", partial(_map, portal, columns))
    front(portal, [], tabs=_without_column(portal))


def _published(portal: Portal) -> list[Column]:
    columns = [portal.own, *portal.organ_columns()]
    for column in columns:
        portal.publish(column)
    return columns


def _without_column(portal: Portal) -> list[Link]:
    return portal.tabs(portal.own)[:-1]


def _answer(portal: Portal, columns: list[Column], asked: Asked) -> Page | None:
    """Return the newest documents in whose titles the first words stand that were asked for."""
    words = asked.parameters.get("keyword", "")[:6]
    docs = in_order([doc for column in columns for doc in column.docs])
    places = {doc.id: portal.system.article_path(c, doc) for c in columns for doc in c.docs}
    hits = [doc for doc in docs if words and words in doc.title]
    rows = [Link(places[doc.id], doc.title) for doc in hits[:MOST_FOUND]]
    return portal.system.links_page("搜索结果", [(f"共 {len(hits)} 条", rows)])


def _map(portal: Portal, columns: list[Column], asked: Asked) -> Page | None:
    system = portal.system
    paths = ["/", system.page_path("zfxxgk"), system.page_path("bsfw")]
    paths += [system.column_path(column) for column in columns]
    paths += [system.article_path(column, doc) for column in columns for doc in column.docs[:2]]
    text = render("land/sitemap.xml", urls=[system.origin + path for path in paths])
    return Page(text, media_type="application/xml")
