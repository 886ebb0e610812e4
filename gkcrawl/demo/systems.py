"""How the columns of each publishing system list and page, and what else is peculiar to it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gkcrawl.demo.documents import Article
from gkcrawl.demo.rendering import render
from gkcrawl.demo.sites import Column, Listing, Portal, Query, Route, always
from gkcrawl.demo.wire import Page


class Vsb(Portal):
    """博达 Visual SiteBuilder: the number of a page counts down to 1, the last."""

    robots = "User-agent: *\nDisallow: /system/\n"

    def page_path(self, column: Column, number: int, last: int) -> str:
        """Return ``a/zfxxgknb.htm``, then ``a/zfxxgknb/2.htm``, then ``a/zfxxgknb/1.htm``."""
        if number == 1:
            return column.path
        return f"{column.path.removesuffix('.htm')}/{last - number + 1}.htm"


class Trs(Portal):
    """拓尔思 TRS WCM: the second page is ``index_1.html``, the pager a script."""

    def page_path(self, column: Column, number: int, last: int) -> str:
        """Return the folder, then ``index_1.html`` and so on."""
        return column.path if number == 1 else f"{column.path}index_{number - 1}.html"

    def news_path(self, number: str, date: str) -> str:
        """Return ``/xwzx/202611/t20261116_410.html``."""
        return f"/xwzx/{date[:4]}{date[5:7]}/t{date.replace('-', '')}_{number}.html"


class Static(Portal):
    """Lists and articles as files that some generator of one's own wrote."""

    def page_path(self, column: Column, number: int, last: int) -> str:
        """Return ``list.shtml``, then ``list_2.shtml`` and so on."""
        return column.path if number == 1 else column.path.replace(".shtml", f"_{number}.shtml")

    def news_path(self, number: str, date: str) -> str:
        """Return ``/xwzx/202611/0410.shtml``."""
        return f"/xwzx/{date[:4]}{date[5:7]}/{number}.shtml"


class Gkmlpt(Portal):
    """广东政府信息公开平台: the tree in a script, the lists as JSON."""

    def news_path(self, number: str, date: str) -> str:
        """Return ``/xwzx/content/post_410.html``."""
        return f"/xwzx/content/post_{number}.html"

    def disclosure(self) -> Iterator[tuple[str, Route]]:
        """Yield the pages of the platform; each carries the tree of categories."""
        column = self.site.columns[0]
        tree = [
            {"id": 2601, "name": "政府信息公开指南", "children": []},
            {"id": 2602, "name": "政府信息公开制度", "children": []},
            {
                "id": 2610,
                "name": "法定主动公开内容",
                "children": [{"id": 2611, "name": "机构职能", "children": []}],
            },
            {"id": int(column.key), "name": column.name, "children": []},
        ]
        for path, heading in (
            ("/gkmlpt/index", "政府信息公开平台"),
            (self.site.disclosure, "政府信息公开指南"),
            (self.site.rules, "政府信息公开制度"),
            (column.path, column.name),
        ):
            page = self.render("gkmlpt/platform.html", heading=heading, tree=tree, paragraphs=())
            yield path, always(page)

    def column(self, column: Column) -> Iterator[tuple[str, Route]]:
        """Yield the list as JSON; pages 0 and 1 are the same, what is behind the last is empty."""
        path = f"/gkmlpt/api/all/{column.key}"

        def answer(query: Query) -> Page:
            shown = self.entries(column) if int(query.get("page", "0")) <= 1 else []
            text = json.dumps(self._answer(column, shown), ensure_ascii=False)
            return self.page(text, media_type="application/json")

        yield f"{path}?page=1&sid={self.site.sid}", answer

    def _answer(self, column: Column, shown: Sequence[Article]) -> dict[str, Any]:
        total = len(self.entries(column))
        return {
            "classify": {"id": int(column.key), "name": column.name, "post_count": total},
            "total": total,
            "articles": [self._entry(article) for article in shown],
        }

    def _entry(self, article: Article) -> dict[str, Any]:
        url = self.site.url.rstrip("/") + article.path
        return {
            "id": int(article.path.rsplit("_", 1)[1].removesuffix(".html")),
            "title": article.listed_as,
            "document_number": "",
            "publisher": self.site.office,
            "keywords": "",
            "date": article.published,
            "created_at": f"{article.published} 10:26:00",
            "identifier": "",
            "url": url,
            "post_url": url,
            "attachment": [],
            "abstract": "",
            "is_expired": 0,
        }


class Hanweb(Portal):
    """大汉 JCMS: the list rides in the column page as XML, further pages come from dataproxy."""

    def column(self, column: Column) -> Iterator[tuple[str, Route]]:
        """Yield the column page (the catalogue number counts) and the further groups of records."""
        path = "/module/web/jpage/dataproxy.jsp"
        query = f"appid=1&webid=73&path=/&columnid={column.key}&unitid={column.unit}"
        listings = self.listings(column)

        def records(number: int) -> str:
            listing = listings[number - 1] if number <= len(listings) else Listing(number, 0, 0, ())
            following = f"{path}?page={number + 1}&{query}" if number < len(listings) else ""
            fields = {name: getattr(listing, name) for name in Listing.__slots__}
            return render("hanweb/records.xml", **{**fields, "next": following})

        def column_page(query: Query) -> Page:
            chosen = "&".join(f"{name}={value}" for name, value in query.items())
            shown = records(1 if chosen == column.query else len(listings) + 1)
            return self.render("hanweb/column.html", column=column, records=shown)

        def group(query: Query) -> Page:
            number = int(query.get("page", "1"))
            return self.page(records(number), media_type="text/xml")

        yield column.address, column_page
        for number in range(2, len(listings) + 1):
            yield f"{path}?page={number}&{query}", group

    def page_path(self, column: Column, number: int, last: int) -> str:
        """Return the column page itself: the pages have no addresses of their own."""
        return column.address

    def news_path(self, number: str, date: str) -> str:
        """Return ``/art/2026/11/16/art_1007_410.html``."""
        year, month, day = date.split("-")
        return f"/art/{year}/{int(month)}/{int(day)}/art_1007_{number}.html"


class Wenku(Portal):
    """A document-sharing site (文库): a list, a search, pages with the whole text for engines."""

    robots = "User-agent: *\nDisallow: /download\nDisallow: /vip\n"

    def news(self) -> tuple[Article, ...]:
        """Return nothing: such a site has no news."""
        return ()

    def home(self) -> Page:
        """Return the home page, which is the list."""
        return self._list("最新文档", self.entries(self.site.columns[0]))

    def disclosure(self) -> Iterator[tuple[str, Route]]:
        """Yield nothing: such a site discloses nothing."""
        return iter(())

    def column(self, column: Column) -> Iterator[tuple[str, Route]]:
        """Yield the category's list and the search, which finds what holds a word of the query."""
        entries = self.entries(column)

        def search(query: Query) -> Page:
            words = query.get("q", "").split()
            first = query.get("page", "1") == "1"
            found = [e for e in entries if first and any(word in e.title for word in words)]
            return self._list("搜索结果", found)

        yield column.path, always(self._list(column.name, entries))
        yield "/search?q=政府信息公开工作年度报告&page=1", search

    def related(self, article: Article) -> Sequence[Article]:
        """Return other documents, unless the body is a given text that they could contradict."""
        others = [other for other in self.articles if other.path != article.path]
        return () if article.lines is not None else others[:3]

    def _list(self, heading: str, entries: Sequence[Article]) -> Page:
        column = self.site.columns[0]
        return self.render("wenku/column.html", heading=heading, column=column, entries=entries)


FAMILIES: Mapping[str, type[Portal]] = {
    "vsb": Vsb,
    "trs": Trs,
    "gkmlpt": Gkmlpt,
    "hanweb": Hanweb,
    "static": Static,
    "wenku": Wenku,
}
