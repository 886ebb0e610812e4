"""The embedded world: a small web of portals whose truth is known.

Every page is built from ``data/`` and ``templates/``; nothing is fetched and no clock is read, so
that the same request always gets the same bytes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from gkcrawl.demo.documents import Article, load_articles
from gkcrawl.demo.sites import Route, Site, load_sites
from gkcrawl.demo.systems import FAMILIES
from gkcrawl.demo.wire import Page, Response, encode

_TABLES = ("active_disclosure", "requests", "review_litigation")
_STATUS = {"text": "read", "flat": "recovered", "picture": "absent", "none": "absent"}
# Rows of the table of requests that are no results.
_FLOW = ("new_requests", "carried_over_in", "handled_total", "carried_over_out")
_MISSING = "<html><head><title>404</title></head><body><h1>404 Not Found</h1></body></html>"


class World:
    """The sites, ready to answer.

    ``documents``: a folder whose files ``000.txt`` … ``004.txt`` replace the bodies of the five
    main pages; those that are missing stay as they are.
    """

    def __init__(self, documents: Path | None = None) -> None:
        self._articles = load_articles(documents)
        self._sites = {site.key: site for site in load_sites()}
        self._origins: dict[str, str] = {}
        self._routes: dict[tuple[str, str], Route] = {}
        self._urls: list[str] = []
        for site in self._sites.values():
            self._add(site)

    def _add(self, site: Site) -> None:
        parts = urlsplit(site.url)
        self._origins[parts.netloc] = f"{parts.scheme}://{parts.netloc}"
        own = [article for article in self._articles if article.site == site.key]
        for address, route in FAMILIES[site.family](site, own).routes():
            self._routes[parts.netloc, address.partition("?")[0]] = route
            self._urls.append(self._origins[parts.netloc] + quote(address, safe="/?&=%"))

    def hosts(self) -> tuple[str, ...]:
        """Return the names of the hosts that answer, by http and by https."""
        return tuple(self._origins)

    def urls(self) -> tuple[str, ...]:
        """Return every address at which the world has something."""
        return tuple(self._urls)

    def respond(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        """Return the answer to a request; names of ``headers`` are in lower case.

        A host asked by the scheme that is not its own redirects to the other.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        origin = self._origins.get(host)
        route = self._routes.get((host, parts.path or "/"))
        if origin is not None and not origin.startswith(f"{parts.scheme}:"):
            target = parts._replace(scheme=origin.partition(":")[0]).geturl()
            page = Page(status=301, location=target)
        elif route is None:
            page = Page(_MISSING, status=404)
        else:
            page = route(dict(parse_qsl(parts.query)))
        gzip = "gzip" in headers.get("accept-encoding", "")
        return encode(page, head=method == "HEAD", accepts_gzip=gzip)

    def truth(self) -> dict[str, Any]:
        """Return what a crawl of the whole world must find.

        ``reports``: one object per report with ``title, issuer, kind, scope, division_code,
        township_code, year, form, published, url, trust, tables_status, tables, copies, document``
        (what a replaced document leaves open is None); ``outcomes``: outcome -> number of article
        pages; ``pages``: url, outcome and whether a crawl opens it at all (``followed``).
        """
        documents = [article for article in self._articles if article.outcome == "report"]
        official: dict[tuple[str, str], list[Article]] = {}
        for article in documents:
            official.setdefault((article.document or "", article.title), []).append(article)
        pages = [
            {"url": self._url(a), "outcome": a.outcome, "followed": a.followed}
            for a in self._articles
        ]
        opened = [page["outcome"] for page in pages if page["followed"]]
        return {
            "reports": [self._report(*group) for group in official.values()],
            "outcomes": {name: opened.count(name) for name in dict.fromkeys(opened)},
            "pages": pages,
        }

    def _url(self, article: Article) -> str:
        return self._sites[article.site].url.rstrip("/") + article.path

    def _report(self, article: Article, *copies: Article) -> dict[str, Any]:
        report = article.report
        shared = article.site == "wenku"
        replaced = article.lines is not None
        facts = ("issuer", "kind", "scope", "division_code", "township_code", "year")
        return {
            "title": article.title,
            **{name: getattr(report, name, None) for name in facts},
            "form": None if replaced else getattr(report, "form", None),
            "published": None if shared or replaced else article.published,
            "url": self._url(article),
            "trust": "document_site" if shared else "official",
            "tables_status": None if replaced else _tables_status(article),
            "tables": None if replaced or report is None else report.figures,
            "copies": [self._url(copy) for copy in copies],
            "document": article.document,
        }


def _tables_status(article: Article) -> dict[str, str] | None:
    """Return the status of each table as the page presents it; None: not known."""
    report = article.report
    if report is None:
        return None
    status = dict.fromkeys(_TABLES, _STATUS[report.tables])
    if requests := report.figures.get("requests"):
        results = sum(cells["total"] or 0 for row, cells in requests.items() if row not in _FLOW)
        if results != requests["handled_total"]["total"]:
            status["requests"] = "inconsistent"
    return status
