"""The sites of the embedded world.

A site is a set of routes: path -> function from the query to the page. Here is what is the same
everywhere: home, disclosure pages, articles and their faults; `systems.py` adds how the columns of
each publishing system list and page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from gkcrawl.demo.documents import Article
from gkcrawl.demo.forms import read_data
from gkcrawl.demo.pictures import ruled_table
from gkcrawl.demo.rendering import body_context, render
from gkcrawl.demo.wire import Page

Query = Mapping[str, str]
Route = Callable[[Query], Page]

_PICTURED = ("active_disclosure", "requests", "review_litigation")

# What a web application firewall answers in place of the page: a script that sets a cookie.
_WAF = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><script>$_ts=window['$_ts'];"
    "if(!$_ts)$_ts={};document.cookie='demo_T=1';location.reload();</script></head>"
    "<body></body></html>"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column (栏目) of a site."""

    key: str
    name: str
    path: str
    per_page: int
    parent: str | None = None
    query: str = ""
    unit: str = ""

    @property
    def address(self) -> str:
        """Return the path with the query that selects the column."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True, slots=True)
class Site:
    """One host and what is to be known of it."""

    key: str
    family: str
    url: str
    name: str
    site_id: str
    office: str
    encoding: Mapping[str, Any]
    disclosure: str
    columns: tuple[Column, ...]
    rules: str = ""
    code: str = ""
    sid: str = ""
    server: str = "nginx"


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a column's list."""

    number: int
    last: int
    total: int
    entries: Sequence[Article]
    next: str = ""
    end: str = ""


def load_sites() -> tuple[Site, ...]:
    """Return the sites of the world."""
    return tuple(
        Site(**{**site, "columns": tuple(Column(**column) for column in site["columns"])})
        for site in read_data("sites.yml")
    )


@dataclass(frozen=True, slots=True)
class Portal:
    """One site with its articles; subclasses know the publishing system."""

    site: Site
    articles: Sequence[Article]
    robots: ClassVar[str] = "User-agent: *\nDisallow: /search/\n"
    prefix: ClassVar[str] = "/news/"

    def routes(self) -> Iterator[tuple[str, Route]]:
        """Yield every address of the site (path and query) with what answers at its path."""
        yield "/robots.txt", always(self.page(self.robots, media_type="text/plain"))
        yield "/", always(self.home())
        yield from self.disclosure()
        for column in self.site.columns:
            yield from self.column(column)
        for article in [*self.articles, *self.news()]:
            yield article.path, always(self.article(article))
        if self.pictures():
            yield from self.picture_routes()

    def page(self, text: str, **changes: Any) -> Page:
        """Return a page in the manner of this site's server."""
        return replace(Page(server=self.site.server, **self.site.encoding), text=text, **changes)

    def render(self, template: str, **context: Any) -> Page:
        """Return a template of this site as a page."""
        charset = self.site.encoding.get("charset", "utf-8")
        return self.page(render(template, site=self.site, charset=charset, **context))

    def news(self) -> tuple[Article, ...]:
        """Return the two pages of news that the home page shows."""
        texts = (
            ("0410", "2026-11-16", "召开政务公开工作推进会"),
            ("0387", "2026-11-09", "组织开展“政府开放日”活动"),
        )
        return tuple(
            Article(
                self.site.key,
                "news",
                self.news_path(number, date),
                f"{self.site.name}{title}",
                date,
                outcome="not_a_report",
                followed=False,
                paragraphs=(f"近日，{self.site.office}{title}，本条新闻为演示数据。",),
            )
            for number, date, title in texts
        )

    def news_path(self, number: str, date: str) -> str:
        """Return the address of an article that is in no column."""
        return f"/info/1007/{number}.htm"

    def home(self) -> Page:
        """Return the home page: news, notices, the way to 政府信息公开."""
        notices = [article for article in self.articles if article.outcome == "notice"]
        return self.render("home.html", news=self.news(), notices=notices)

    def disclosure(self) -> Iterator[tuple[str, Route]]:
        """Yield guide and rules, the pages that carry the box 指南 | 制度 | 年报."""
        site = self.site
        for path, heading, text in (
            (site.disclosure, "政府信息公开指南", "申请人可以当面、邮寄或者在线提出申请。"),
            (site.rules, "政府信息公开制度", "本机关执行《中华人民共和国政府信息公开条例》。"),
        ):
            yield path, always(self.render("info.html", heading=heading, paragraphs=(text,)))

    def entries(self, column: Column) -> list[Article]:
        """Return what the column lists, newest first."""
        own = [article for article in self.articles if article.column == column.key]
        return sorted(own, key=lambda article: article.published, reverse=True)

    def listings(self, column: Column) -> list[Listing]:
        """Return the column cut into pages."""
        entries = self.entries(column)
        last = max(1, -(-len(entries) // column.per_page))
        return [
            Listing(
                number,
                last,
                len(entries),
                entries[(number - 1) * column.per_page : number * column.per_page],
                self.page_path(column, number + 1, last) if number < last else "",
                self.page_path(column, last, last),
            )
            for number in range(1, last + 1)
        ]

    def page_path(self, column: Column, number: int, last: int) -> str:
        """Return the address of page ``number`` (1-based) of ``last``."""
        raise NotImplementedError

    def column(self, column: Column) -> Iterator[tuple[str, Route]]:
        """Yield the pages of a column; here: one file per page."""
        children = [other for other in self.site.columns if other.parent == column.key]
        template = f"{self.site.family}/column.html"
        for listing in self.listings(column):
            page = self.render(
                template,
                column=column,
                children=children,
                **{name: getattr(listing, name) for name in Listing.__slots__},
            )
            yield self.page_path(column, listing.number, listing.last), always(page)

    def article(self, article: Article) -> Page:
        """Return the page of an article, or the fault that stands in its place."""
        template = f"{self.site.family}/article.html"
        context = body_context(article, self.pictures() if _is_pictured(article) else {})
        whole = self.render(template, related=self.related(article), **context)
        faults: dict[str, Page] = {
            "page": whole,
            "truncated": replace(whole, zipped=False, fault="truncated"),
            "not_found": self.page("<html><body><h1>404 Not Found</h1></body></html>", status=404),
            "broken": self.page("<html><body>服务器内部错误</body></html>", status=500),
            "empty": self.page(""),
            # Bytes that are neither UTF-8 nor GB 18030, with no mark of anything else.
            "garbage": self.page("", data=bytes(range(0xFF, 0x7F, -1)) * 12),
            "waf": self.page(_WAF, status=412, zipped=False),
            "soft_404": self.render(
                "info.html", heading="提示信息", paragraphs=("您访问的页面不存在或已删除！",)
            ),
        }
        return faults[article.answer]

    def related(self, article: Article) -> Sequence[Article]:
        """Return the articles that the page of an article also links to."""
        return ()

    def pictures(self) -> dict[str, str]:
        """Return section key -> address of the images of tables; empty where there are none."""
        if not any(_is_pictured(article) for article in self.articles):
            return {}
        return {key: f"/images/{key}.png" for key in _PICTURED}

    def picture_routes(self) -> Iterator[tuple[str, Route]]:
        """Yield the images of tables."""
        shapes = {"active_disclosure": (4, 11), "requests": (9, 28), "review_litigation": (15, 4)}
        for key, path in self.pictures().items():
            data = ruled_table(*shapes[key], width=80 if key != "review_litigation" else 48)
            yield path, always(Page(data=data, media_type="image/png", server=self.site.server))


def always(page: Page) -> Route:
    """Return the route that gives ``page`` whatever the query says."""
    return lambda query: page


def _is_pictured(article: Article) -> bool:
    return article.report is not None and article.report.tables == "picture"
