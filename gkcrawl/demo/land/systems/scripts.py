"""Scripts of servers: which list and which page, the query says; and lists that need a browser."""

from functools import partial
from typing import ClassVar
from urllib.parse import parse_qsl

from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes
from gkcrawl.demo.land.systems.lists import Static
from gkcrawl.demo.wire import Page


class Queried(Static):
    """Lists made by a script of the server; which one and which page the query says."""

    script: ClassVar[str]
    query: ClassVar[str]
    """With ``{column}``: the query that names a column."""
    page_name: ClassVar[str] = "page"
    show: ClassVar[str]
    """With ``{id}`` and ``{column}``: the address of an article."""

    def column_path(self, column: Column) -> str:
        """Return the script with the query of the column."""
        return f"{self.script}?{self.query.format(column=column.number)}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column with its page."""
        return f"{self.column_path(column)}&{self.page_name}={number}"

    def list_routes(self, column: Column) -> Routes:
        """Yield the script that all columns share."""
        yield self.script, partial(self.list_page, column, 1)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page that the query asks for; the last one for all behind it."""
        own = dict(parse_qsl(self.query.format(column=column.number)))
        if any(asked.parameters.get(name) != value for name, value in own.items()):
            return None
        number = min(max(asked.number(self.page_name), 1), self.last(column))
        if "ignores_page" in self.spec.traps:
            return self.list_of(column, 1, column.docs)
        return self.list_of(column, number, self.piece(column, number))

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return the address that the script of articles answers."""
        return self.show.format(id=doc.id, column=column.number)

    def article_page(
        self, column: Column, doc: Doc, asked: Asked, *, whole: bool = False
    ) -> Page | None:
        """Return the article whose number the query has, where it stands there."""
        own = self.article_path(column, doc).partition("?")[2]
        if whole or not own or str(doc.id) in asked.parameters.values():
            return super().article_page(column, doc, asked, whole=whole)
        return None


class Phpcms(Queried):
    """唐山 路北: phpcms."""

    script = "/index.php"
    query = "m=content&c=index&a=lists&catid={column}"
    show = "/index.php?m=content&c=index&a=show&catid={column}&id={id}"


class Aspx(Queried):
    """云南: ``InfoPublic.aspx?cid=1019&pid=971&page=1&kw=``."""

    script = "/InfoPublic.aspx"
    query = "cid={column}&pid=971&kw="
    show = "/NewsView.aspx?NewsID={id}&cid={column}"


class Jsp(Queried):
    """绵竹: ``info/iList.jsp?node_id=GKmzs&cat_id=15971&cur_page=1``."""

    script = "/info/iList.jsp"
    query = "node_id=GKmzs&cat_id={column}"
    page_name = "cur_page"
    show = "/info/iIndex.jsp?node_id=GKmzs&cat_id={column}&info_id={id}"
    pager = "numbers"


class Dir(Queried):
    """郑州: ``?a=dir&p=D0104X``; the page beside it."""

    script = "/"
    query = "a=dir&d={column}"
    page_name = "p"
    show = "/{column}/{id}.jhtml"


class Thtml(Queried):
    """阜新, 日喀则: ``ndbg.thtml?id=14198``."""

    family = "thtml"
    script = "/ndbg.thtml"
    query = "id={column}"
    page_name = "cpage"
    show = "/content.thtml?id={id}"
    pager = "numbers"


class Jspx(Queried):
    """玉溪: JEECMS, ``newDepartmentContentds.jspx?path=ymxzfxxgk&channelId=8100&pageNo=1``."""

    family = "jeecms"
    template = "jspx"
    script = "/yxgovfront/newDepartmentContentds.jspx"
    query = "path=yxszfxxgk&channelId={column}"
    page_name = "pageNo"
    show = "/yxgovfront/newDepartmentContent.jspx?path=yxszfxxgk&contentId={id}&channelId={column}"


class Scripted(Static):
    """张家港: a shell for all columns; a script asks for rows and puts addresses together."""

    template = "scripted"

    def column_path(self, column: Column) -> str:
        """Return ``/zjg/fdgk/xxgkml.shtml?para=…``."""
        return f"/zjg/fdgk/xxgkml.shtml?para={column.slug}{column.number}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page: it has but one."""
        return self.column_path(column)

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/zjg/2025/1234567.shtml``."""
        return f"/zjg/{doc.published[:4]}/{doc.id}.shtml"

    def list_routes(self, column: Column) -> Routes:
        """Yield the shell and the rows behind it."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield f"/data/{column.number}.js", partial(self.data, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the shell of a column."""
        own = self.column_path(column).partition("=")[2]
        return self.list_of(column, 1, ()) if asked.parameters.get("para") == own else None

    def data(self, column: Column, asked: Asked) -> Page:
        """Return the rows in pieces that mean nothing without the page's script."""
        rows = "|".join(f"{d.id}~{d.published}~{d.title}" for d in column.docs)
        return self.page(rows, media_type="text/plain")
