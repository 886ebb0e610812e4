"""Lists and articles as files, whose addresses tell the system or the place."""

from gkcrawl.demo.land.records import Column, Doc, Organ
from gkcrawl.demo.land.systems.lists import Static


class Hunan(Static):
    """湖南: folders of numbers, ``default.htm`` and ``index_2.htm``."""

    family = "hunan"

    def page_path(self, slug: str) -> str:
        """Return ``/37584/38154/default.htm``."""
        number = self.stable(slug, least=30000, most=39999)
        return f"/37584/{number}/default.htm"

    def folder(self, column: Column) -> str:
        """Return ``/37584/38154/``."""
        return f"/37584/{30000 + column.number % 9000}/{column.number}/"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``index.htm``, then ``index_2.htm``."""
        return f"{self.folder(column)}index{f'_{number}' if number > 1 else ''}.htm"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``…/content_1234567.html``."""
        return f"{self.folder(column)}content_{doc.id}.html"


class Jhtml(Static):
    """孝感: ``/zfxxgknb.jhtml``, ``/zfxxgknb_2.jhtml``, articles ``/zfxxgknb/1234567.jhtml``."""

    family = "jeecms"
    template = "jspx"

    def page_path(self, slug: str) -> str:
        """Return ``/zfxxgk.jhtml``."""
        return f"/{slug.replace('/', '')}.jhtml"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the list, then ``_2``."""
        page = f"_{number}" if number > 1 else ""
        return f"/{column.part}{column.slug}{page}.jhtml"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/zfxxgknb/1234567.jhtml``."""
        return f"/{column.part}{column.slug}/{doc.id}.jhtml"


class Openness(Static):
    """铜陵: ``/OpennessContent/showList/483/10100/page_1.html``; organ and category by number."""

    family = "openness"
    template = "openness"

    def organ_path(self, organ: Organ) -> str:
        """Return ``/openness/index/483.html``."""
        return f"/openness/index/{self.stable(organ.slug, least=100, most=9999)}.html"

    def page_path(self, slug: str) -> str:
        """Return ``/Special/showList/443.html``."""
        return f"/Special/showList/{self.stable(slug, least=100, most=9999)}.html"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the list of organ and category with its page."""
        return f"/OpennessContent/showList/{column.number}/10100/page_{number}.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/OpennessContent/show/1234567.html``."""
        return f"/OpennessContent/show/{doc.id}.html"


class Shanghai(Static):
    """上海: ``/nw12344/index.html``, ``index_2.html``; articles by day and 32 digits."""

    family = "nw"
    template = "shanghai"
    pager = "numbers"

    def page_path(self, slug: str) -> str:
        """Return ``/nw11494/index.html``."""
        return f"/nw{self.stable(slug, least=10000, most=19999)}/index.html"

    def folder(self, column: Column) -> str:
        """Return ``/nw12344/``."""
        return f"/nw{20000 + column.number % 9999}/"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/nw12344/20250321/<32 digits>.html``."""
        return f"{self.folder(column)}{doc.published.replace('-', '')}/{doc.hex}.html"


class ShanghaiBureaus(Shanghai):
    """上海's bureaus: ``/txxgknb_17198/20200617/t0035_1372758.html``."""

    family = "static"

    def folder(self, column: Column) -> str:
        """Return ``/txxgknb_17198/``."""
        return f"/txxgknb_{column.number}/"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``…/20200617/t0035_1372758.html``."""
        return f"{self.folder(column)}{doc.published.replace('-', '')}/t0035_{doc.id}.html"
