"""新点: rows by POST with the site's id from a script file, or static lists in a frame."""

import json
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote
from uuid import UUID

from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page


class Epoint(System):
    """新点: rows by ``POST getgovinfolist``; what names the site stands in a script file."""

    family = "epoint"
    template = "epoint"
    web: ClassVar[str] = "EWB-FRONT"
    wrapped: ClassVar[bool] = False
    """The request is ``{"params": {…}}``."""

    def category(self, column: Column) -> str:
        """Return the number of a category, such as 009001002."""
        return f"009{column.number % 1000:03}{column.number // 100:03}"

    def page_path(self, slug: str) -> str:
        """Return ``/009001/secondpage.html``."""
        return f"/00{self.stable(slug, least=1000, most=9999)}/secondpage.html"

    def folder(self, column: Column) -> str:
        """Return ``/009001/009001002/``."""
        number = self.category(column)
        return f"/{number[:6]}/{number}/"

    def column_path(self, column: Column) -> str:
        """Return ``/009001/009001002/list.html``."""
        return f"{self.folder(column)}list.html?categorynum={self.category(column)}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page: it has but one."""
        return self.column_path(column)

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/009001/009001002/20250113/<uuid>.html``."""
        return f"{self.folder(column)}{doc.published.replace('-', '')}/{UUID(doc.hex)}.html"

    def guid(self) -> str:
        """Return the id of the site."""
        return str(UUID(int=self.stable("site", least=10**6, most=10**9) * 10**20))

    def site_routes(self) -> Routes:
        """Yield the script file that names the site."""
        text = render("land/site_script.js", guid=self.guid(), web=self.web)
        yield "/js/webBuilderCommon.js", lambda asked: self.page(text, media_type="text/javascript")

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the request behind it."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield f"/{self.web}/rest/lightfrontaction/getgovinfolist", partial(self.data, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page, which asks for its rows."""
        return self.list_of(
            column, 1, (), category=self.category(column), dept=f"{column.number:09}"
        )

    def data(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of rows; without the id of the site there is none."""
        given: dict[str, Any] = dict(asked.form)
        text = asked.body.lstrip()
        if text.startswith(b"{"):
            given = json.loads(text)
        if self.wrapped:
            given = given.get("params", {})
            given = json.loads(given) if isinstance(given, str) else given
        if given.get("categorynum") != self.category(column):
            return None
        if given.get("siteGuid") != self.guid():
            return self.page('{"custom":{"total":0,"data":[]}}', media_type="application/json")
        size = min(int(given.get("pageSize", 20)), 100)
        docs = self.piece(column, int(given.get("pageIndex", 0)) + 1, size)
        rows = [
            {
                "infourl": doc.link or self.article_path(column, doc),
                "title": doc.title,
                "realtitle": doc.title,
                "infodate": doc.published,
            }
            for doc in docs
        ]
        answer = {"custom": {"total": len(column.docs), "data": rows}, "status": {"code": 1}}
        return self.page(json.dumps(answer, ensure_ascii=False), media_type="application/json")


class EpointYingkou(Epoint):
    """营口: another name of the application, the request wrapped in ``params``."""

    web = "EWB_YK_Mid"
    wrapped = True


class EpointFrames(Epoint):
    """许昌: ``openSubPage.html?specialurl=…``, a frame round a static list; ``2.html`` pages it."""

    template = "epoint_static"

    def uscc(self, column: Column) -> str:
        """Return the 统一社会信用代码 of the organ whose column it is."""
        return f"11411000{column.number:09}X"

    def folder(self, column: Column) -> str:
        """Return ``/govxxgk/<USCC>/category/035/035001/``."""
        return f"/govxxgk/{self.uscc(column)}/category/035/035001/"

    def column_path(self, column: Column) -> str:
        """Return the page with the frame."""
        where = f"{self.folder(column)}govlist.html"
        page = f"/govxxgk/{self.uscc(column)}/openSubPage.html"
        return f"{page}?specialurl={where}&righttitle={quote(column.name)}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``govlist.html``, then ``2.html``."""
        return f"{self.folder(column)}{f'{number}.html' if number > 1 else 'govlist.html'}"

    def list_routes(self, column: Column) -> Routes:
        """Yield the page with the frame, and the list."""
        yield self.column_path(column), partial(self.around, column)
        yield from System.list_routes(self, column)

    def around(self, column: Column, asked: Asked) -> Page | None:
        """Return the page with the frame that the query names."""
        extra = render("land/epoint_frame.html", url=asked.parameters.get("specialurl", ""))
        return self.links_page(column.name, (), extra=extra)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return a page of the static list."""
        return System.list_page(self, column, number, asked)
