"""A web that lives for a year: the portals of the demo with reports of twelve years, which change.

Everything is drawn by the demo's own templates; what changes here are the documents, and what
stands between them and a visitor: outages, firewalls, redirects, and answers that are wrong once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gkcrawl.demo.documents import Article, _article, _invented_report
from gkcrawl.demo.sites import _WAF, Route, Site, load_sites
from gkcrawl.demo.systems import FAMILIES
from gkcrawl.demo.wire import Page, Response, encode

FIRST, LAST = 2014, 2025
"""Years on which the organs report; the last one comes out during the simulated year."""
# Site -> the organs that report there: name, kind, first year; and how articles are addressed.
_ORGANS: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "puershi": (("普洱市人民政府", "government", 2014), ("普洱市财政局", "department", 2019)),
    "kmgd": (("昆明市官渡区人民政府", "government", 2014), ("官渡区财政局", "department", 2019)),
    "cxs": (("楚雄市人民政府", "government", 2014), ("楚雄市财政局", "department", 2019)),
    "yunfu": (("云浮市人民政府", "government", 2014), ("云浮市财政局", "department", 2019)),
    "rencheng": (
        ("济宁市任城区人民政府", "government", 2014),
        ("任城区财政局", "department", 2019),
    ),
    "jimo": (("青岛市即墨区人民政府", "government", 2014), ("即墨区财政局", "department", 2019)),
}
_ADDRESSES = {
    "puershi": "/info/1231/{n}.htm",
    "kmgd": "/zfxxgk/zfxxgknb/{y}{m}/t{y}{m}{d}_{n}.html",
    "cxs": "/info/9025/{n}.htm",
    "yunfu": "/gkmlpt/content/1/1{n:.3}/post_1{n}.html",
    "rencheng": "/art/{y}/{im}/{id}/art_37641_{n}.html",
    "jimo": "/zfxxgk/zfxxgknb/{y}{m}/t{y}{m}{d}_{n}.shtml",
}
_TOOLS = "【打印本页】【关闭窗口】分享到微信，扫一扫在手机打开当前页。"
_GONE = "<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>"


@dataclass(slots=True)
class Doc:
    """One report as it stands on its site today."""

    site: str
    issuer: str
    kind: str
    year: int
    published: str
    path: str
    figures: dict[str, Any]
    """As the demo's data has them, before the sums."""
    added: list[str] = field(default_factory=list)
    """Sentences that were put into its text."""
    answer: str = "page"
    """``page``, ``not_found`` or ``soft_404``."""
    listed: bool = True

    @property
    def title(self) -> str:
        """Return what it is called."""
        return f"{self.issuer}{self.year}年政府信息公开工作年度报告"

    def raise_requests(self, by: int) -> None:
        """Let more requests have been made and granted than it said."""
        requests = self.figures["requests"]
        for row in ("new_requests", "granted"):
            requests[row] = [requests[row][0] + by, *requests[row][1:]]


class YearWorld:
    """The sites, ready to answer; what is changed of a site shows after ``touch``."""

    def __init__(self, sites: int = 6) -> None:
        wanted = list(_ORGANS)[:sites]
        self.sites = {site.key: _widened(site) for site in load_sites() if site.key in wanted}
        self.docs = [doc for key in wanted for doc in _documents(self.sites[key])]
        self.moved: dict[tuple[str, str], str] = {}
        """Host and path -> the path to which it sends on."""
        self.renamed: dict[str, str] = {}
        """Host -> the host that has its place."""
        self.trouble: dict[str, str] = {}
        """Site -> ``refusing``, ``broken`` or ``firewall``."""
        self.swapped: set[str] = set()
        """Sites with another template."""
        self.once: dict[str, Page] = {}
        """Address without scheme -> what one visitor gets there instead."""
        self._routes: dict[str, dict[str, Route]] = {}
        for key in wanted:
            self.touch(key)

    def hosts(self) -> tuple[str, ...]:
        """Return every name under which a site stands or will stand."""
        names = [urlsplit(site.url).netloc for site in self.sites.values()]
        return (*names, *(renamed_host(name) for name in names))

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        """Return the answer to a request; names of ``headers`` are in lower case."""
        page = self._page(url)
        gzip = "gzip" in headers.get("accept-encoding", "")
        return encode(page, head=method == "HEAD", accepts_gzip=gzip)

    def touch(self, key: str) -> None:
        """Draw a site anew."""
        site = self.sites[key]
        listed = [doc for doc in self.docs if doc.site == key]
        portal = FAMILIES[site.family](site, [self._article(d) for d in listed if d.listed])
        hidden = [self._article(doc) for doc in listed if not doc.listed]
        routes = {path.partition("?")[0]: route for path, route in portal.routes()}
        for article in hidden:
            page = portal.article(article)
            routes[article.path] = lambda query, page=page: page  # type: ignore[misc]
        self._routes[key] = routes

    def drawn(self, doc: Doc) -> Page:
        """Return the page of a document, whatever its site makes of it."""
        site = self.sites[doc.site]
        return FAMILIES[site.family](site, [self._article(doc)]).article(self._article(doc))

    def url(self, doc: Doc) -> str:
        """Return where a document stands now."""
        return self.sites[doc.site].url.rstrip("/") + doc.path

    def _page(self, url: str) -> Page:
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path or "/"
        if host in self.renamed:
            target = parts._replace(netloc=self.renamed[host]).geturl()
            return self._in_trouble(host) or Page(status=301, location=target)
        site = next((s for s in self.sites.values() if urlsplit(s.url).netloc == host), None)
        if site is None:
            return Page(_GONE, status=404)
        if trouble := self._in_trouble(host):
            return trouble
        origin = urlsplit(site.url)
        if parts.scheme != origin.scheme:
            return Page(status=301, location=parts._replace(scheme=origin.scheme).geturl())
        if (host, path) in self.moved:
            target = parts._replace(path=self.moved[host, path]).geturl()
            return Page(status=301, location=target)
        if page := self.once.pop(host + path, None):
            return page
        route = self._routes[site.key].get(path)
        return route(dict(parse_qsl(parts.query))) if route else Page(_GONE, status=404)

    def _in_trouble(self, host: str) -> Page | None:
        name = self.renamed.get(host, host)
        keys = (key for key, site in self.sites.items() if urlsplit(site.url).netloc == name)
        return _TROUBLES.get(self.trouble.get(next(keys, ""), ""))

    def _article(self, doc: Doc) -> Article:
        form = "2021" if doc.year >= 2021 else "2019" if doc.year >= 2019 else "pre2019"
        facts = {
            "issuer": doc.issuer,
            "kind": doc.kind,
            "scope": "aggregate" if doc.kind == "government" else "own",
            "division_code": self.sites[doc.site].code,
            "year": doc.year,
            "form": form,
            "tables": "text" if doc.figures else "none",
        }
        data: dict[str, Any] = {
            "site": doc.site,
            "column": self.sites[doc.site].columns[0].key,
            "path": doc.path,
            "title": doc.title,
            "published": doc.published,
            "report": facts,
        }
        if doc.figures:
            data["figures"] = doc.figures
        else:
            count = doc.year % 100
            data["indicators"] = [
                ["一、主动公开情况", "—", ""],
                ["（一）主动公开政府信息数", "条", 8000 + 13 * count],
                ["三、依申请公开情况", "—", ""],
                ["（一）收到申请数", "件", 40 + count],
            ]
        report = _invented_report(data)
        tools = [_TOOLS] if doc.site in self.swapped else []
        last = list(report.sections)[-1]
        sections = {**report.sections, last: [*report.sections[last], *doc.added, *tools]}
        told = _article(data, replace(report, sections=sections), "")
        return replace(told, answer=doc.answer)


def renamed_host(host: str) -> str:
    """Return the name that a host takes when it is renamed."""
    return host.replace("www.", "new.", 1)


def first_host(place: str) -> str:
    """Return a place with the name that its host had at first."""
    return place.replace("new.", "www.", 1) if place.startswith("new.") else place


def address(site: str, published: str, number: int) -> str:
    """Return the path of a document of a site."""
    year, month, day = published.split("-")
    return _ADDRESSES[site].format(
        n=str(number), y=year, m=month, d=day, im=int(month), id=int(day)
    )


def _widened(site: Site) -> Site:
    """Return a site with its one column, as long as they are elsewhere."""
    return replace(site, columns=(replace(site.columns[0], per_page=20),))


def _documents(site: Site) -> Iterator[Doc]:
    number = 200000 + 1000 * sorted(_ORGANS).index(site.key)
    for organ, (issuer, kind, first) in enumerate(_ORGANS[site.key]):
        for year in range(first, LAST):
            number += 7
            yield document(
                site.key, issuer, kind, year, number, f"{year + 1}-0{organ + 1}-2{year % 7}"
            )


def next_documents(site: str) -> Iterator[Doc]:
    """Yield the reports that a site will bring in the season, without their day."""
    number = 300000 + 1000 * sorted(_ORGANS).index(site)
    for issuer, kind, _ in _ORGANS[site]:
        number += 7
        yield document(site, issuer, kind, LAST, number, f"{LAST + 1}-01-01")


def document(site: str, issuer: str, kind: str, year: int, number: int, published: str) -> Doc:
    """Return a report as it first came out."""
    size = 3 + number % 41
    figures: dict[str, Any] = {}
    if year >= 2019:
        figures = {
            "active_disclosure": {"normative_docs": [size, 1, 90 + size]},
            "requests": {
                "new_requests": [40 + size, 3, 0, 0, 1],
                "carried_over_in": [2],
                "granted": [20 + size, 2, 0, 0, 1],
                "partially_granted": [5],
                "unavailable_not_held": [11, 1],
            },
            "review_litigation": {"review": [1, size % 3]},
        }
    return Doc(site, issuer, kind, year, published, address(site, published, number), figures)


_TROUBLES = {
    "refusing": Page("<html><body>503 Service Unavailable</body></html>", status=503),
    "broken": Page("<html></html>" * 9, fault="reset"),
    "firewall": Page(_WAF, status=412),
}
