"""中科汇联 EasySite: one script for every page, or a portlet that answers as JSON."""

import json
from functools import partial

from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.wire import Page


class EasySite(System):
    """中科汇联: ``/eportal/ui?pageId=…&currentPage=2&moduleId=…``."""

    family = "easysite"
    template = "easysite"

    def page_path(self, slug: str) -> str:
        """Return ``/eportal/ui?pageId=…``."""
        return f"/eportal/ui?pageId={self.stable(slug, least=100000, most=199999)}"

    def column_path(self, column: Column) -> str:
        """Return ``/eportal/ui?pageId=…`` of a column."""
        return f"/eportal/ui?pageId={200000 + column.number}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column with page and module."""
        module = self.uuid_module(column)
        return f"{self.column_path(column)}&currentPage={number}&moduleId={module}"

    def uuid_module(self, column: Column) -> str:
        """Return the id of the module that lists."""
        return f"{column.number:032x}"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/bjpg/zwgk/zfxxgk/123456/index.html``, a static mirror."""
        return f"/{self.spec.key}/zwgk/{column.slug}{column.part}/{doc.id}/index.html"

    def list_routes(self, column: Column) -> Routes:
        """Yield the one script that shows every page."""
        yield self.column_path(column), partial(self.list_page, column, 1)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page of a column that the query asks for."""
        if asked.parameters.get("pageId") != str(200000 + column.number):
            return None
        number = min(asked.number("currentPage"), self.last(column))
        return self.list_of(column, number, self.piece(column, number))


class EasySitePortlet(EasySite):
    """EasySite whose list a portlet gives as JSON."""

    template = "easysite_portlet"

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the portlet."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield "/portlet/xxgkml!queryList.portlet", partial(self.portlet, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page, which asks the portlet."""
        if asked.parameters.get("pageId") != str(200000 + column.number):
            return None
        return self.list_of(column, 1, (), module=self.uuid_module(column))

    def portlet(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of rows as JSON."""
        if asked.form.get("moduleId") != self.uuid_module(column):
            return None
        size = min(asked.number("pageSize", 20), 50)
        rows = [
            {
                "title": d.title,
                "url": d.link or self.article_path(column, d),
                "publishDate": d.published,
            }
            for d in self.piece(column, asked.number("pageNo"), size)
        ]
        text = json.dumps({"total": len(column.docs), "result": rows}, ensure_ascii=False)
        return self.page(text, media_type="application/json")
