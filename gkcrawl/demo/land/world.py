"""The land: many portals on every publishing system, what a visitor finds there, and its truth."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import yaml

from gkcrawl.demo.land.portal import Portal
from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.shapes import SHAPES
from gkcrawl.demo.land.spec import Spec, load_specs
from gkcrawl.demo.land.systems import System
from gkcrawl.demo.land.traps import changed, instead, known, missing
from gkcrawl.demo.wire import Page, Response, encode


class Land:
    """The portals, ready to answer: what `proxy.serve_world` serves.

    ``keys``: only these portals, by key, system or family; none: all. ``small``: every portal has
    one department, one town and five years of its own, for a quick look. ``later``: a day later, on
    which every portal's own column has one report more and lists another one no more.
    """

    def __init__(
        self, keys: Iterable[str] = (), *, small: bool = False, later: bool = False
    ) -> None:
        wanted = set(keys)
        specs = [s for s in load_specs() if not wanted or wanted & {s.key, s.system, family_of(s)}]
        if not specs:
            raise ValueError(f"the land has no portal {', '.join(sorted(wanted))}")
        if small:
            specs = [replace(spec, departments=1, towns=1, oldest=2020) for spec in specs]
        self.portals = {spec.key: _built(spec, later) for spec in specs}
        self._hosts = {host: p for p in self.portals.values() for host in p.systems}

    def hosts(self) -> tuple[str, ...]:
        """Return the names of the hosts that answer, by http and by https."""
        return tuple(self._hosts)

    def addresses(self) -> Iterator[str]:
        """Yield scheme, host and path of everything that answers."""
        for portal in self.portals.values():
            for host, path in portal.paths():
                yield f"{portal.spec.scheme}://{host}{path}"

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        """Return the answer to a request that brings nothing along."""
        return self.respond_to(method, url, headers, b"")

    def respond_to(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """Return the answer to a request; names of ``headers`` are in lower case."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        portal = self._hosts[host]
        asked = Asked(method, host, parts.path or "/", parts.query, headers, body)
        if parts.scheme != portal.spec.scheme:
            target = parts._replace(scheme=portal.spec.scheme).geturl()
            page = Page(status=301, location=target)
        else:
            page = answer(portal, asked)
        gzip = "gzip" in headers.get("accept-encoding", "")
        return encode(page, head=method == "HEAD", accepts_gzip=gzip)

    def truth(self) -> dict[str, Any]:
        """Return what is to be found, and what only looks like it.

        An organ's report on a year is one, on however many portals it stands.

        ``reports``: title, organ, kind, year, portal (key), family, system, ``urls`` (the page
        first, then where else it stands), ``columns`` (addresses), ``hidden`` (why a well-behaved
        visitor does not get it; empty: it counts). ``decoys``: url, title, label, portal.
        """
        reports: dict[tuple[str, int | None], dict[str, Any]] = {}
        decoys: list[dict[str, Any]] = []
        for portal in self.portals.values():
            for system, column, address in _shown(portal):
                for doc in column.docs:
                    if doc.label == "report":
                        found = _report(portal, system, column, doc, address)
                        kept = reports.setdefault((found["organ"], found["year"]), found)
                        kept["urls"] += [url for url in found["urls"] if url not in kept["urls"]]
                        kept["hidden"] = kept["hidden"] and found["hidden"]
                        kept["columns"].append(system.origin + address)
                    else:
                        decoys.append(_decoy(portal, system, column, doc))
            for column in portal.others:
                decoys += [_decoy(portal, portal.system, column, doc) for doc in column.docs]
        return {"reports": list(reports.values()), "decoys": decoys}

    def portals_file(self, *, given: bool, family: bool) -> str:
        """Return the portals as a portals file (YAML), with or without what is known of them: the
        columns, where ``given``, and the family."""
        entries = []
        for portal in self.portals.values():
            spec = portal.spec
            entry: dict[str, Any] = {"code": spec.code, "name": spec.name, "url": spec.entrance}
            if spec.option.get("render"):
                entry["render"] = True
            if family:
                entry["family"] = portal.system.family
            if given:
                gathered = [portal.system.origin + address for address, _ in portal.gathered]
                columns = known(portal, [*(p.url for p in portal.published), *gathered])
                entry["columns"] = list(dict.fromkeys(columns))
            entries.append(entry)
        head = {"province": "100000", "name": "内置演示世界", "portals": entries}
        return yaml.safe_dump(head, allow_unicode=True, sort_keys=False)


def answer(portal: Portal, asked: Asked) -> Page:
    """Return what a portal answers: a page, what its traps make of it, or that there is none."""
    if (page := instead(portal, asked)) is not None:
        return page
    page = portal.answer(asked)
    return missing(portal.spec) if page is None else changed(portal, asked, page)


def family_of(spec: Spec) -> str:
    """Return the name of a portal's family without the dialect that the land gives it."""
    return re.split(r"[-.]", spec.system)[0]


def _built(spec: Spec, later: bool) -> Portal:
    portal = Portal(spec, later=later)
    SHAPES[spec.shape](portal)
    return portal


def _shown(portal: Portal) -> Iterator[tuple[System, Column, str]]:
    for published in portal.published:
        column = published.column
        yield published.system, column, published.system.column_path(column)
    for address, columns in portal.gathered:
        for column in columns:
            yield portal.system, column, address


def _decoy(portal: Portal, system: System, column: Column, doc: Doc) -> dict[str, Any]:
    url = doc.link or system.origin + system.article_path(column, doc)
    return {"url": url, "title": doc.title, "label": doc.label, "portal": portal.spec.key}


def _report(
    portal: Portal, system: System, column: Column, doc: Doc, address: str
) -> dict[str, Any]:
    urls = [doc.link or system.origin + system.article_path(column, doc)]
    if doc.form in ("script", "refresh"):
        urls.append(system.origin + system.target_path(column, doc))
    if ending := system.ending(doc):
        urls.append(system.origin + system.file_path(column, doc, ending))
    urls += [system.origin + path for path in system.copies(column, doc)]
    return {
        "title": doc.title,
        "organ": doc.organ.name if doc.organ else "",
        "kind": doc.organ.kind if doc.organ else "",
        "year": doc.year,
        "portal": portal.spec.key,
        "system": portal.spec.system,
        "family": system.family,
        "urls": urls,
        "columns": [],
        "hidden": portal.hidden(urls[0], system.origin + address),
    }
