"""拓尔思 TRS WCM: folders, articles named by date and number, many ways to page."""

import base64
import json
import re
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote

from gkcrawl.demo.land.records import Asked, Column, Doc, Row
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page


class Trs(System):
    """The second page is ``index_1.html``; the pager is ``createPageHTML(count, 0, …)``."""

    family = "trs"
    template = "trs"
    pager: ClassVar[str] = 'createPageHTML({last}, {at}, "{prefix}", "{ext}");'
    prefix: ClassVar[str] = "index"
    ext: ClassVar[str] = "html"
    first: ClassVar[int] = 0
    """The number that the first page has in the pager's eyes."""

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the folder, then ``index_1.html`` and so on."""
        at = number - 1 + self.first
        return self.column_path(column) if number == 1 else f"{self.stem(column)}_{at}.{self.ext}"

    def stem(self, column: Column) -> str:
        """Return the address of a further page up to its number."""
        return f"{self.folder(column)}{self.prefix}"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``…/202501/t20250113_2042365.html``."""
        day = doc.published.replace("-", "")
        return f"{self.folder(column)}{day[:6]}/t{day}_{doc.id}.{self.ext}"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return ``…/202501/P020250113000009103540.docx``."""
        day = doc.published.replace("-", "")
        return f"{self.folder(column)}{day[:6]}/P0{day}{doc.id:012}.{ending}"

    def row(self, column: Column, doc: Doc) -> Row:
        """Return a row whose address is relative to the folder."""
        row = super().row(column, doc)
        return replace(row, url=re.sub(f"^{self.folder(column)}", "./", row.url))

    def list_of(self, column: Column, number: int, docs: Any, **more: Any) -> Page:
        """Return a page of a column with the call that draws its pager."""
        script = self.pager.format(
            last=self.last(column),
            at=number - 1 + self.first,
            prefix=self.prefix,
            ext=self.ext,
            total=len(column.docs),
        )
        return super().list_of(column, number, docs, script=script, **more)


class Ningxia(Trs):
    """宁夏: ``list.html``, ``list_2.html``; a vendor's pager that begins with a block's id."""

    prefix = "list"
    pager = "createPageHTML('page_div',{last},{at},'{prefix}','{ext}',{total});"
    first = 1

    def column_path(self, column: Column) -> str:
        """Return ``…/list.html``."""
        return f"{self.folder(column)}list.html"


class Counted(Trs):
    """``countPage`` and ``currentPage`` as variables, the addresses put together by a script."""

    pager = (
        "var countPage = {last}//共多少页\n"
        "var currentPage = {at};//所在页从0开始\n"
        "var recordCount = {total};"
    )


class Shtml(Trs):
    """``createPage(count, 0, 'index', 'shtml')``."""

    pager = "createPage({last},{at},'{prefix}','{ext}');"
    ext = "shtml"


class Hunan(Trs):
    """湖南: the list is ``wjk_glrb.html``, its second page ``wjk_glrb_1.html``."""

    prefix = "wjk_glrb"
    pager = 'createPageHTML({last}, {at}, "{prefix}", "{ext}");'

    def column_path(self, column: Column) -> str:
        """Return ``…/wjk_glrb.html``."""
        return f"{self.folder(column)}wjk_glrb.html"


class Kunming(Trs):
    """昆明: ``index_2.shtml`` is the second page; numbers without a way to the next one."""

    ext = "shtml"
    first = 1
    pager = ""

    def folder(self, column: Column) -> str:
        """Return ``/zfxxgk/zfxxgknb/`` and, below it, the folders of the streets."""
        return f"/zfxxgk/{column.slug}/{column.part and column.part + '/'}"


class Yunnan(Trs):
    """云南: the pager's HTML rides in the page as base64 of its percent-encoded text."""

    pager = ""

    def list_of(self, column: Column, number: int, docs: Any, **more: Any) -> Page:
        """Return a page of a column whose pager only a script unfolds."""
        last = self.last(column)
        paths = {n: self.list_path(column, n, last) for n in range(1, last + 1)}
        html = render("land/pager.html", spec=self.spec, paths=paths, number=number, last=last)
        folded = base64.b64encode(quote(str(html)).encode()).decode()
        return super().list_of(column, number, docs, folded=folded, **more)


class Neimenggu(Trs):
    """内蒙古: ``?gk=3&cid=…`` is a shell; the list is where a link's ``data-url`` says."""

    def column_path(self, column: Column) -> str:
        """Return the address of the shell."""
        part = f"{column.part}/" if column.part else ""
        return f"/zwgk/zfxxgk/{part}?gk=3&cid={column.number}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the address of the real list."""
        folder = self.folder(column)
        return folder if number == 1 else f"{folder}index_{number - 1}.html"

    def folder(self, column: Column) -> str:
        """Return the folder of the real list."""
        part = f"{column.part}/" if column.part else ""
        return f"/zwgk/zfxxgk/{part}{column.slug}/"

    def list_routes(self, column: Column) -> Routes:
        """Yield the shell and the pages of the list."""
        yield self.column_path(column), partial(self.shell, column)
        yield from super().list_routes(column)

    def shell(self, column: Column, asked: Asked) -> Page | None:
        """Return the shell of a column."""
        if asked.parameters.get("cid") != str(column.number):
            return None
        extra = render("land/shell.html", column=column, url=self.folder(column))
        return self.links_page("政府信息公开", (), extra=extra)


class Fjdzapp(Trs):
    """福建: the list comes as JSON from 电子政务应用; the page has no row."""

    family = "fjdzapp"
    template = "fjdzapp"
    ext = "htm"
    path: ClassVar[str] = "/fjdzapp/data"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page: it has but one."""
        return self.column_path(column)

    def list_routes(self, column: Column) -> Routes:
        """Yield the page and the data behind it."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield self.path, partial(self.data, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page, which asks for its rows."""
        return self.list_of(column, 1, (), path=self.path, channel=self.channel(column))

    def channel(self, column: Column) -> int:
        """Return the number of the column in the application."""
        return column.number

    def data(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of the list as JSON; no more than a hundred rows are granted."""
        channel = str(self.channel(column))
        asked_for = asked.parameters.get("classsql", asked.parameters.get("channelid", ""))
        if not asked_for.endswith(channel):
            return None
        size = min(asked.number("prepage", 15), 100)
        page = asked.number("page")
        shown = self.piece(column, page, size)
        answer = {
            "error": False,
            "page": page,
            "prepage": size,
            "pageCount": -(-len(column.docs) // size),
            "recordCount": len(column.docs),
            "data": [self.entry(column, doc) for doc in shown],
        }
        return self.page(json.dumps(answer, ensure_ascii=False), media_type="application/json")

    def entry(self, column: Column, doc: Doc) -> dict[str, Any]:
        """Return a document as the application tells it."""
        url = self.origin + (doc.link or self.article_path(column, doc))
        ending = self.ending(doc)
        files = []
        if ending:
            href = self.origin + self.file_path(column, doc, ending)
            name = href.rpartition("/")[2]
            files.append({"appfile": name, "appdesc": f"{doc.title}.{ending}", "fileext": ending,
                          "_src": f"/protect/{name}", "_href": href})  # fmt: skip
        return {
            "docid2": doc.id,
            "chnl": column.name,
            "chnldocurl": doc.link or url,
            "content": "　　根据《中华人民共和国政府信息公开条例》编制。",
            "docreltime": f"{doc.published.replace('-', '.')} 14:48:00",
            "doctitle": doc.title,
            "sourcename": self.spec.name,
            "pics": [],
            "files": files,
            "_docpuburl": url.rpartition("/")[0] + "/",
            "rels": [],
        }


class Search(Fjdzapp):
    """莆田: the same application, asked through its search."""

    path = "/fjdzapp/search"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``…/202601/t20260113_2042365.htm``."""
        return super().article_path(column, doc)
