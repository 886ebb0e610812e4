"""博达 Visual SiteBuilder: static lists that count down, dynamic ones, 依申请 content pages."""

from functools import partial

from gkcrawl.demo.land.records import Asked, Column, Doc, Organ
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.wire import Page


class Vsb(System):
    """``zfxxgknb.htm``, then ``zfxxgknb/2.htm`` and last ``zfxxgknb/1.htm``."""

    family = "vsb"
    template = "vsb"
    server = "VWebServer"

    def page_path(self, slug: str) -> str:
        """Return ``/zwgk.htm``."""
        return f"/{slug}.htm"

    def folder(self, column: Column) -> str:
        """Return the folder beside the column's page."""
        part = f"{column.part}/" if column.part else ""
        return f"/zfxxgk/{part}{column.slug}/"

    def column_path(self, column: Column) -> str:
        """Return ``/zfxxgk/zfxxgknb.htm``."""
        return self.folder(column).rstrip("/") + ".htm"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page, then the numbers that count down to 1."""
        if number == 1:
            return self.column_path(column)
        return f"{self.folder(column)}{last - number + 1}.htm"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/info/1234/5678.htm``."""
        return f"/info/{self.tree(column)}/{doc.id % 1_000_000}.htm"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return ``/__local/A/BC/…/hash_size.pdf``."""
        name = doc.hex.upper()
        return f"/__local/{name[0]}/{name[1:3]}/{name[3:5]}/{name}_1A2B.{ending}"

    def tree(self, column: Column) -> int:
        """Return the number of the column in the site's tree."""
        return 1000 + column.number % 9000


class Dynamic(Vsb):
    """``gkml_list.jsp?…&wbtreeid=1066``: the number of pages and the page stand in the query."""

    unit = "ainfolist1813"

    def organ_path(self, organ: Organ) -> str:
        """Return the organ's page, which a script of the server makes."""
        return f"/gkml.jsp?urltype=tree.TreeTempUrl&wbtreeid={self.stable(organ.slug)}"

    def column_path(self, column: Column) -> str:
        """Return the list without a word on pages."""
        return f"/gkml_list.jsp?urltype=egovinfo.EgovTreeURl&wbtreeid={self.tree(column)}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the list with the number of pages, the page and the size of a page."""
        if number == 1:
            return self.column_path(column)
        pages = {"t": last, "p": number, "c": self.spec.per_page}
        query = "&".join(f"{self.unit}{name}={value}" for name, value in pages.items())
        path, _, own = self.column_path(column).partition("?")
        return f"{path}?{query}&{own}"

    def list_routes(self, column: Column) -> Routes:
        """Yield the one address that all pages of all columns share."""
        yield self.column_path(column), partial(self.list_page, column, 1)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the page that the query asks for."""
        if asked.parameters.get("wbtreeid") != str(self.tree(column)):
            return None
        number = min(asked.number(f"{self.unit}p"), self.last(column))
        return self.list_of(column, number, self.piece(column, number))


class Egovinfo(Dynamic):
    """楚雄: articles of the module 依信息公开."""

    unit = "a"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/info/egovinfo/1016/xxgkcontent/cxs001-/2023-1026015.htm``."""
        day = doc.published.replace("-", "")
        where = f"/info/egovinfo/{self.tree(column)}/xxgkcontent/{self.spec.key}001-"
        return f"{where}/{day[:4]}-{day[4:]}{doc.id % 1000:03}.htm"
