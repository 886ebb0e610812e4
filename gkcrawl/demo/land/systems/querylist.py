"""queryList: a template and parameters on the page, rows as JSON by POST or in the page."""

import json
from functools import partial
from typing import Any, ClassVar

from gkcrawl.demo.land.papers import body_of
from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.wire import Page


class QueryList(System):
    """The page has a template and parameters; rows come by ``POST /queryList``."""

    family = "querylist"
    template = "querylist"
    brackets: ClassVar[bool] = True
    """Whether the names of the form's lists end with ``[]``."""

    def code(self, column: Column) -> str:
        """Return the code of a column, such as col42150."""
        return f"col{column.number}"

    def page_path(self, slug: str) -> str:
        """Return ``/dlzwz/zfxxgk/index.html``."""
        return f"/{self.spec.key}/{slug.replace('/', '_')}/index.html"

    def folder(self, column: Column) -> str:
        """Return ``/dlzwz/col42150/``."""
        return f"/{self.spec.key}/{self.code(column)}/"

    def column_path(self, column: Column) -> str:
        """Return ``/dlzwz/col42150/pc/list.html``."""
        return f"{self.folder(column)}pc/list.html"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page: it has but one."""
        return self.column_path(column)

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/dlzwz/col42150/pc/content/content_<19 digits>.html``."""
        return f"{self.folder(column)}pc/content/content_{self.snowflake(doc)}.html"

    def snowflake(self, doc: Doc) -> int:
        """Return the number of a document, nineteen digits long."""
        return 2_100_000_000_000_000_000 + doc.id * 1_000_003

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the request behind it."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield "/queryList", partial(self.data, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page, which asks for its rows."""
        return self.list_of(
            column, 1, (), unit=380000 + column.number % 9999, code=self.code(column)
        )

    def data(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of the rows that a form asks for."""
        if asked.method != "POST":
            return Page("<html><body>405</body></html>", status=405)
        chosen = self.chosen(column, asked)
        if chosen is None:
            return None
        number, size = chosen
        docs = self.piece(column, number, min(size, 100))
        results = [{"source": self.entry(column, doc)} for doc in docs]
        data = {"total": len(column.docs), "results": results}
        return self.page(
            json.dumps({"data": data}, ensure_ascii=False), media_type="application/json"
        )

    def chosen(self, column: Column, asked: Asked) -> tuple[int, int] | None:
        """Return page and size that are asked for; None: of another column."""
        end = "[]" if self.brackets else ""
        form = asked.form
        if form.get(f"channelCode{end}") != self.code(column):
            return None
        if form.get(f"webSiteCode{end}") != self.spec.key:
            return None
        return asked.number("current"), asked.number("pageSize", 15)

    def entry(self, column: Column, doc: Doc) -> dict[str, Any]:
        """Return a document as the list tells it: JSON inside of JSON."""
        path = doc.link or self.article_path(column, doc)
        return {
            "id": str(self.snowflake(doc)),
            "title": doc.title,
            "showTitle": doc.title,
            "pubDate": f"{doc.published} 09:21:00",
            "urls": json.dumps({"pc": path, "mobile": path.replace("/pc/", "/wap/")}),
            "content": {"content": str(body_of(doc))[:400]},
            "metadata": json.dumps({"author": self.spec.name}, ensure_ascii=False),
            "images": "[]",
        }


class QueryListJson(QueryList):
    """The request is JSON and names the channel by its number."""

    template = "querylist_json"

    def channel(self, column: Column) -> str:
        """Return the number of a channel, nineteen digits long."""
        return str(1_996_000_000_000_000_000 + column.number)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page, which asks for its rows."""
        return self.list_of(column, 1, (), unit=380000, channel=self.channel(column))

    def chosen(self, column: Column, asked: Asked) -> tuple[int, int] | None:
        """Return page and size that the body asks for; None: of another column."""
        body = json.loads(asked.body or b"{}")
        channels = body.get("channelId")
        if channels not in ([self.channel(column)], self.channel(column)):
            return None
        return int(body.get("current", 1)), int(body.get("pageSize", 15))


class QueryListInline(QueryList):
    """自贡: no request; the page carries ``articleList`` as JSON."""

    template = "querylist_inline"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``list.html``, then ``list_2.html``."""
        return f"{self.folder(column)}pc/list{f'_{number}' if number > 1 else ''}.html"

    def list_routes(self, column: Column) -> Routes:
        """Yield the pages of the list."""
        yield from System.list_routes(self, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return a page with its rows as JSON."""
        docs = self.piece(column, number)
        entries = [
            {name: value for name, value in self.entry(column, doc).items() if name != "content"}
            | {"articleFiles": []}
            for doc in docs
        ]
        return self.list_of(column, number, (), entries=json.dumps(entries, ensure_ascii=False))
