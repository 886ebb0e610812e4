"""开普云: static lists, lists as JSON, the template of annual reports; 江苏's own lists."""

import json
from functools import partial
from typing import ClassVar

from gkcrawl.demo.land.papers import organ_line
from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.wire import Page


class Kaipuyun(System):
    """``/hegang/c100186/zfxxgk_list.shtml``, ``…_2.shtml``."""

    family = "kaipuyun"
    template = "kaipuyun"
    list_name: ClassVar[str] = "zfxxgk_list"

    def code(self, slug: str) -> str:
        """Return the code of a column, such as c100186."""
        return f"c{100000 + self.stable(slug, least=0, most=89999)}"

    def page_path(self, slug: str) -> str:
        """Return ``/hegang/c100186/zfxxgk.shtml``."""
        return f"/{self.spec.key}/{self.code(slug)}/zfxxgk.shtml"

    def folder(self, column: Column) -> str:
        """Return ``/hegang/c112345/``."""
        return f"/{self.spec.key}/c1{column.number:05}/"

    def column_path(self, column: Column) -> str:
        """Return the first page of the list."""
        return f"{self.folder(column)}{self.list_name}.shtml"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``zfxxgk_list.shtml``, then ``zfxxgk_list_2.shtml``."""
        suffix = f"_{number}" if number > 1 else ""
        return f"{self.folder(column)}{self.list_name}{suffix}.shtml"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/hegang/c112345/202609/<32 digits>.shtml``."""
        return f"{self.folder(column)}{doc.published[:7].replace('-', '')}/{doc.hex}.shtml"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return a path beside the article."""
        path, _, name = self.article_path(column, doc).rpartition("/")
        return f"{path}/files/{name.removesuffix('.shtml')}.{ending}"


class KaipuyunDays(Kaipuyun):
    """四川: ``common_list.shtml``; articles in a folder for every day."""

    list_name = "common_list"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/scsjgj/c104475/2026/1/15/<32 digits>.shtml``."""
        year, month, day = (int(part) for part in doc.published.split("-"))
        return f"{self.folder(column)}{year}/{month}/{day}/{doc.hex}.shtml"


class KaipuyunJson(Kaipuyun):
    """The list has no row: a script asks ``/common/search/<channelId>``."""

    template = "kaipuyun_json"
    list_name = "common_list"

    def channel(self, column: Column) -> str:
        """Return the id of the channel behind a column."""
        return f"{column.number:032x}"

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the search behind it."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield f"/common/search/{self.channel(column)}", partial(self.search, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page, which asks for its rows."""
        return self.list_of(column, 1, (), channel=self.channel(column))

    def search(self, column: Column, asked: Asked) -> Page | None:
        """Return rows as JSON, no more than a hundred at once."""
        size = min(asked.number("_pageSize", 20), 100)
        rows = [
            {
                "title": doc.title,
                "url": self.absolute(self.row(column, doc).url),
                "publishedTimeStr": f"{doc.published} 17:18:49",
                "channelCodeName": self.folder(column).split("/")[2],
                "channelName": column.name,
            }
            for doc in self.piece(column, asked.number("page"), size)
        ]
        data = {"channelId": self.channel(column), "total": len(column.docs), "rows": size,
                "page": asked.number("page"), "results": rows}  # fmt: skip
        return self.page(
            json.dumps({"data": data}, ensure_ascii=False), media_type="application/json"
        )


class Gknbz(Kaipuyun):
    """The template of annual reports: the newest one on the column's page, the years as tabs."""

    template = "kaipuyun_gknbz"
    list_name = "zfxxgk_gknbz"

    def list_routes(self, column: Column) -> Routes:
        """Yield the one page of the column."""
        yield self.column_path(column), partial(self.list_page, column, 1)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page with the newest report and the years as tabs."""
        newest = self.newest(column)
        if newest is None:
            return self.list_of(column, 1, column.docs)
        others = [doc for doc in column.docs if doc is not newest]
        return self.list_of(
            column, 1, others, newest=newest, inline=self.content(newest),
            source=organ_line(newest.organ, self.spec.name),
        )  # fmt: skip

    def newest(self, column: Column) -> Doc | None:
        """Return the report that stands on the column's page."""
        return next((doc for doc in column.docs if doc.label == "report"), None)

    def copies(self, column: Column, doc: Doc) -> list[str]:
        """Return the column's page for the report that stands on it."""
        return [self.column_path(column)] if doc == self.newest(column) else []


class Jiangsu(System):
    """江苏: ``/cnsq/xxgknb/xxgk_list.shtml``, ``xxgk_list_2.shtml``."""

    template = "jiangsu"

    def page_path(self, slug: str) -> str:
        """Return ``/cnsq/zfxxgk/zfxxgk.shtml``."""
        return f"/cnsq/{slug}/{slug.rpartition('/')[2]}.shtml"

    def folder(self, column: Column) -> str:
        """Return ``/cnsq/gknb/`` or ``/scz/gknb/``."""
        return f"/{column.part or 'cnsq'}/{column.slug}/"

    def column_path(self, column: Column) -> str:
        """Return the first page of the list."""
        return f"{self.folder(column)}xxgk_list.shtml"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``xxgk_list.shtml``, then ``xxgk_list_2.shtml``."""
        return f"{self.folder(column)}xxgk_list{f'_{number}' if number > 1 else ''}.shtml"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/cnsq/gknb/202601/<32 digits>.shtml``."""
        return f"{self.folder(column)}{doc.published[:7].replace('-', '')}/{doc.hex}.shtml"
