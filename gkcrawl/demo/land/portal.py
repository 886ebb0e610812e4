"""One portal of the land: its hosts, its columns, and every address that answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from protego import Protego

from gkcrawl.demo.land import organs
from gkcrawl.demo.land.planted import planted
from gkcrawl.demo.land.records import Asked, Column, Link, Organ, Route
from gkcrawl.demo.land.spec import Spec
from gkcrawl.demo.land.systems import SYSTEMS
from gkcrawl.demo.land.systems.base import System, where
from gkcrawl.demo.wire import Page

AGENT = "gkcrawl"
"""The name under which robots.txt knows us."""
Groups = Sequence[tuple[str, Sequence[Link]]]


@dataclass(frozen=True, slots=True)
class Published:
    """A 年报 column with the host on which it stands."""

    system: System
    column: Column

    @property
    def url(self) -> str:
        """Return the whole address of the column."""
        return self.system.origin + self.system.column_path(self.column)


class Portal:
    """The sites of one portal; the shape of its navigation is added by `shapes.SHAPES`."""

    def __init__(self, spec: Spec, *, later: bool = False) -> None:
        self.spec = spec
        self.system = SYSTEMS[spec.system](spec)
        self.systems: dict[str, System] = {}
        """Host -> what runs there."""
        self.organs = organs.organs_of(spec)
        self.published: list[Published] = []
        self.others: list[Column] = []
        """Columns that are none of annual reports on disclosure."""
        self.gathered: list[tuple[str, list[Column]]] = []
        """Pages that show the reports of several organs, with what columns they stand for."""
        self.stumbled: set[str] = set()
        """Addresses that a flaky server failed to answer once."""
        self._routes: dict[tuple[str, str], list[Route]] = {}
        self._open(self.system)
        if old := spec.option.get("moved_from"):
            self.systems[old] = self.system
        own = organs.own_column(spec)
        if later:
            own = organs.a_day_later(spec, own)
        self.own = self._spread(planted(spec, own))

    def organ_columns(self) -> list[Column]:
        """Return the column of every organ."""
        columns = (organs.organ_column(self.spec, organ) for organ in self.organs)
        return [self._mixed(planted(self.spec, column)) for column in columns]

    def answer(self, asked: Asked) -> Page | None:
        """Return the page at an address; None: there is none."""
        for route in self._routes.get((asked.host, asked.path), ()):
            if (page := route(asked)) is not None:
                return page
        return None

    def hidden(self, url: str, column: str) -> str:
        """Return why a visitor who keeps the rules does not get a document; empty: it is free."""
        option = self.spec.option
        if option.get("robots_status", 200) >= 500:
            return "robots.txt cannot be had"
        rules = Protego.parse(self.spec.robots)
        if not rules.can_fetch(url, AGENT) or not rules.can_fetch(column, AGENT):
            return "robots"
        if "refusal" in option:
            return "refused"
        house = (urlsplit(url).hostname or "").partition(".")[0]
        return "hijacked" if house in option.get("hijacked", ()) else ""

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield host and path of everything that answers."""
        yield from self._routes

    def add(self, system: System, address: str, route: Route) -> None:
        """Let ``route`` answer at an address; where several do, the first that knows the query."""
        path = address.partition("#")[0].partition("?")[0]
        self._routes.setdefault((system.host, path), []).append(route)

    def publish(self, column: Column, system: System | None = None) -> None:
        """Put a 年报 column and those below it on a host."""
        system = system or self.system
        self.show(column, system)
        self.published.append(Published(system, column))
        for child in column.children:
            self.publish(child, system)

    def show(self, column: Column, system: System | None = None) -> None:
        """Put a column on a host that is none of annual reports."""
        system = system or self.system
        for address, route in system.routes(column):
            self.add(system, address, route)

    def links(
        self,
        address: str,
        title: str,
        groups: Groups,
        tabs: Sequence[Link] = (),
        extra: str = "",
        system: System | None = None,
    ) -> None:
        """Put a page of navigation at an address."""
        system = system or self.system
        make = partial(system.links_page, title, groups, tabs, extra)
        self.add(system, address, where(address, make))

    def tabs(self, column: Column, system: System | None = None) -> list[Link]:
        """Return the box of three that pages of disclosure carry (指南, 制度, 年报)."""
        system = system or self.system
        return [
            Link(self.on(system, system.page_path("zfxxgkzn")), "政府信息公开指南"),
            Link(self.on(system, system.page_path("zfxxgkzd")), "政府信息公开制度"),
            Link(self.on(system, system.column_path(column)), column.name),
        ]

    def on(self, system: System, address: str) -> str:
        """Return an address as the portal's own pages name it: whole, where it is elsewhere."""
        return address if system is self.system else system.origin + address

    def organ_page(self, column: Column) -> Link:
        """Put the page of disclosure of a column's organ on the host and return the way to it."""
        organ = column.organ
        if organ is None:
            raise ValueError(f"{column.slug} is no organ's column")
        address = self.system.organ_path(organ)
        pages = self.system.organ_page(organ, column, self.tabs(column))
        for path, route in pages:
            self.add(self.system, path, route)
        return Link(address, organ.short)

    def house(self, host: str, organ: Organ | None) -> System:
        """Return the site of an organ on a host of its own, which runs the portal's system."""
        title = organ.name if organ else self.spec.site_name
        system = type(self.system)(replace(self.spec, title=title), host)
        return self._open(system)

    def _mixed(self, column: Column) -> Column:
        """Return an organ's column, where ``upper`` with a report of the upper organ in it."""
        if "upper" not in self.spec.traps:
            return column
        newest = next(doc for doc in self.own.docs if doc.label == "report")
        link = self.system.origin + self.system.article_path(self.own, newest)
        return replace(column, docs=organs.in_order([*column.docs, replace(newest, link=link)]))

    def _spread(self, column: Column) -> Column:
        """Return the own column, where ``second_host`` with its older documents on another host."""
        if "second_host" not in self.spec.traps:
            return column
        host = f"zwgk.{self.spec.host.removeprefix('www.')}"
        house = self._open(type(self.system)(self.spec, host))
        older = tuple(doc for doc in column.docs if not doc.link and doc.published < "2018")
        for address, route in house.article_routes(replace(column, docs=older)):
            self.add(house, address, route)
        linked = [
            replace(doc, link=house.origin + house.article_path(column, doc))
            if doc in older
            else doc
            for doc in column.docs
        ]
        return replace(column, docs=tuple(linked))

    def _open(self, system: System) -> System:
        self.systems[system.host] = system
        for address, route in system.site_routes():
            self.add(system, address, route)
        return system
