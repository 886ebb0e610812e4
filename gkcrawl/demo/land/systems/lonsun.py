"""龙讯: every organ has a number and the same tree; further pages are fragments of HTML."""

from functools import partial
from typing import Any

from gkcrawl.demo.land.records import Asked, Column, Doc, Organ
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page


class Lonsun(System):
    """龙讯: every organ has a number and a tree; further pages come as fragments of HTML."""

    family = "lonsun"
    template = "lonsun"

    def number(self, column: Column) -> int:
        """Return the number of the organ whose column it is."""
        return 1000 + column.number % 8999

    def organ_number(self, organ: Organ) -> int:
        """Return the number of an organ."""
        return 1000 + self.stable(organ.slug, least=10000, most=99999) % 8999

    def organ_path(self, organ: Organ) -> str:
        """Return the organ's page, with the tree that all organs have."""
        return f"/public/column/{self.organ_number(organ)}"

    def column_path(self, column: Column) -> str:
        """Return the organ's list of one category."""
        return (
            f"/public/column/{self.number(column)}?type=4&catId={column.number}&action=list&nav=3"
        )

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page: the others are fragments."""
        return self.column_path(column)

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/public/1681/1234567.html``."""
        return f"/public/{self.number(column)}/{doc.id}.html"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return ``/group6/M00/0A/1B/<name>.docx`` as FastDFS has it."""
        return f"/group6/M00/0A/1B/{doc.hex.upper()}.{ending}"

    def organ_page(self, organ: Organ, column: Column, tabs: Any) -> Routes:
        """Yield the organ's page, which stands where its lists stand too."""

        def page(asked: Asked) -> Page | None:
            return None if asked.query else self.links_page(f"{organ.name}信息公开", (), tabs)

        yield self.organ_path(organ), page

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the label that gives further ones."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield "/site/label/8888", partial(self.fragment, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page with its first rows."""
        if asked.parameters.get("catId") != str(column.number):
            return None
        call = (
            f"/site/label/8888?IsAjax=1&dataType=html&labelName=publicInfoList&siteId={self.stable('site')}"
            f"&pageSize={self.spec.per_page}&pageIndex=1&action=list&isDate=true&dateFormat=yyyy-MM-dd&length=80"
            f"&organId={self.number(column)}&type=4&catId={column.number}&cId=&result=暂无相关信息&file=/xxgk/publicInfoList_newest2020"
        )
        return self.list_of(column, 1, self.piece(column, 1), call=call)

    def fragment(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of rows; all that the page's own call names must be there."""
        form = asked.form
        own = {
            "catId": str(column.number),
            "organId": str(self.number(column)),
            "labelName": "publicInfoList",
        }
        if any(form.get(name) != value for name, value in own.items()) or "file" not in form:
            return None
        number, size = asked.number("pageIndex"), asked.number("pageSize", 15)
        html = render(
            "land/lonsun_rows.html", rows=self.rows(column, self.piece(column, number, size)),
            number=number, last=-(-len(column.docs) // size),
        )  # fmt: skip
        return self.page(html)
