"""大汉: jpage with its dialects, the module 信息公开, truecms."""

import json
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote

from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page

MOST = 100
"""Rows that a data proxy grants at once."""


class Jpage(System):
    """The column holds three pages of rows as XML; the others come from the data proxy."""

    family = "hanweb"
    template = "hanweb"
    proxy: ClassVar[str] = "/module/web/jpage/dataproxy.jsp"
    record: ClassVar[str] = "li"
    """How a row is made: ``li``, ``tr`` or ``bare`` (a li without CDATA)."""

    def page_path(self, slug: str) -> str:
        """Return ``/col/col1234/index.html``."""
        return f"/col/col{self.stable(slug)}/index.html"

    def column_path(self, column: Column) -> str:
        """Return ``/col/col12377/index.html``."""
        return f"/col/col{column.number}/index.html"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page with the number of the list's page, as without scripts."""
        return f"{self.column_path(column)}?uid={self.unit(column)}&pageNum={number}"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/art/2022/1/20/art_12377_1486865.html``."""
        year, month, day = (int(part) for part in doc.published.split("-"))
        return f"/art/{year}/{month}/{day}/art_{column.number}_{doc.id}.html"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return the address at which the module gives files by their name alone."""
        return f"/module/download/downfile.jsp?classid=0&filename={doc.hex}.{ending}"

    def file_page(self, doc: Doc, ending: str, asked: Asked) -> Page | None:
        """Return the file whose name the query has, as the module sends all files."""
        if asked.parameters.get("filename") != f"{doc.hex}.{ending}":
            return None
        page = super().file_page(doc, ending, asked)
        return page and replace(page, media_type="application/octet-stream")

    def unit(self, column: Column) -> int:
        """Return the number of the block of the page that holds the list."""
        return 700000 + column.number % 90000

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the data proxy."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield self.proxy, partial(self.group, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page, or what it is without scripts."""
        size = self.spec.per_page
        docs = column.docs[: size * 3]
        if "pageNum" in asked.parameters:
            docs = tuple(self.piece(column, asked.number("pageNum")))
        records = self.records(column, docs, more=len(column.docs) > len(docs))
        return self.list_of(
            column, 1, docs, records=records, unit=self.unit(column), query=self.query(column)
        )

    def query(self, column: Column) -> str:
        """Return the part of the data proxy's query that names column and block."""
        name = quote(quote(f"{self.spec.name}人民政府"))
        return (
            f"col=1&appid=1&webid=110&path=/&columnid={column.number}&sourceContentType=1"
            f"&unitid={self.unit(column)}&webname={name}&permissiontype=0"
        )

    def records(self, column: Column, docs: Any, *, more: bool, following: int = 2) -> str:
        """Return the datastore with ``docs``."""
        address = f"{self.proxy}?page={following}&{self.query(column)}" if more else ""
        return render(
            "land/datastore.xml",
            rows=self.rows(column, docs),
            total=len(column.docs),
            last=self.last(column),
            next=address,
            record=self.record,
        )

    def group(self, column: Column, asked: Asked) -> Page | None:
        """Return the records that are asked for by number, else by page."""
        form = asked.form
        if form.get("columnid") != str(column.number) or form.get("unitid") != str(
            self.unit(column)
        ):
            return None
        docs, following = self.chosen(column, asked)
        more = following > 0
        return self.page(
            self.records(column, docs, more=more, following=following), media_type="text/xml"
        )

    def chosen(self, column: Column, asked: Asked) -> tuple[Any, int]:
        """Return the records asked for, and the number of the page behind them (0: none)."""
        size = self.spec.per_page * 3
        if "startrecord" in asked.form:
            start = asked.number("startrecord")
            end = min(asked.number("endrecord", start + size - 1), start + MOST - 1)
            return column.docs[start - 1 : end], 0
        page = asked.number("page")
        return self.piece(column, page, size), page + 1 if page * size < len(column.docs) else 0


class JpageRows(Jpage):
    """Rows of a table, addresses of 32 digits, records only by the number of the page."""

    record = "tr"
    proxy = "/module/jslib/jquery/jpage/dataproxy.jsp"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/col/col12377/art/2026/art_<32 digits>.html``."""
        return f"/col/col{column.number}/art/{doc.published[:4]}/art_{doc.hex}.html"

    def chosen(self, column: Column, asked: Asked) -> tuple[Any, int]:
        """Return the records of a page, whatever is said of their numbers."""
        size = self.spec.per_page * 3
        page = asked.number("page")
        return self.piece(column, page, size), page + 1 if page * size < len(column.docs) else 0


class Catalogue(Jpage):
    """One column serves all organs: which one, the query says (``vc_xxgkarea``, ``number``)."""

    record = "bare"

    def column_path(self, column: Column) -> str:
        """Return the column with the organ's area and the number in the catalogue."""
        area = f"1137{column.number:08}4312466C-ZF"
        return f"/col/col33381/index.html?vc_xxgkarea={area}&number=B0303&jh=263"

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page where the query names this organ."""
        own = dict(parse_qsl(self.column_path(column).partition("?")[2]))
        if any(asked.parameters.get(name) != own[name] for name in ("vc_xxgkarea", "number")):
            return None
        return super().list_page(column, number, asked)


class Module(Jpage):
    """The module 信息公开: rows come from ``search.jsp``, for the whole area of an organ."""

    template = "hanweb_module"
    script: ClassVar[str] = "/module/xxgk/search.jsp"

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the search."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield self.script, partial(self.search, column)

    def area(self, column: Column) -> str:
        """Return the number of the organ's area."""
        return f"{column.number:09}"

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page, whose rows a script asks for."""
        query = f"infotypeId=A0212&jdid=3096&area={self.area(column)}&divid=div{self.unit(column)}"
        return self.list_of(column, 1, (), query=query, unit=self.unit(column), script=self.script)

    def search(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of the area's rows as HTML."""
        if asked.form.get("area") != self.area(column):
            return None
        number = asked.number("currpage")
        docs = self.piece(column, number)
        html = render(
            "land/hanweb_rows.html", rows=self.rows(column, docs), number=number,
            last=self.last(column), total=len(column.docs),
        )  # fmt: skip
        return self.page(html)


class Truecms(Jpage):
    """truecms: JSONP with the records as XML in it, at most twenty at once, only with Referer."""

    template = "truecms"
    path: ClassVar[str] = "/truecms/messageController/getMessage.do"

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the controller."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield self.path, partial(self.message, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page, whose rows a script asks for."""
        return self.list_of(column, 1, (), path=self.path, unit=self.unit(column))

    def message(self, column: Column, asked: Asked) -> Page | None:
        """Return records; without Referer there is nothing."""
        given = asked.parameters
        if given.get("columnId") != str(column.number) or "referer" not in asked.headers:
            return None
        start = asked.number("startrecord")
        end = min(asked.number("endrecord", start + 14), start + 19)
        records = self.records(column, column.docs[start - 1 : end], more=False)
        name = given.get("callback", "cb")
        text = f"{name}({json.dumps({'result': str(records)}, ensure_ascii=False)})"
        return self.page(text, media_type="application/javascript")
