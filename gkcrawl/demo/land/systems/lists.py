"""Lists and articles as files, as some generator of one's own wrote them."""

from typing import ClassVar

from gkcrawl.demo.land.records import Column, Doc
from gkcrawl.demo.land.systems.base import System


class Static(System):
    """``index.html``, ``index_2.html`` with 下一页; articles by number."""

    template = "static"
    pager: ClassVar[str] = "next"
    """``next`` (下一页), ``numbers`` (and none for the next), ``select`` or ``script``."""

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``index.html``, then ``index_2.html``."""
        return f"{self.folder(column)}index{f'_{number}' if number > 1 else ''}.html"

    def column_path(self, column: Column) -> str:
        """Return the folder."""
        return self.list_path(column, 1, 1)

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``…/content_1234567.html``."""
        return f"{self.folder(column)}content_{doc.id}.html"


class Numbered(Static):
    """渭南: the column itself ends ``/1.html``; numbers, and none for the next page."""

    pager = "numbers"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``1.html``, ``2.html``."""
        return f"{self.folder(column)}{number}.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/info/2025/1234567.html``."""
        return f"/info/{doc.published[:4]}/{doc.id}.html"


class Slugs(Static):
    """吉安: ``xxgk-list-xxgknb.html``, ``…-2.html``; articles ``xxgk-show-N.html``."""

    pager = "next"

    def page_path(self, slug: str) -> str:
        """Return ``/govopen/zfxxgk.html``."""
        return f"/govopen/{slug.replace('/', '-')}.html"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the list by its slug."""
        slug = "-".join(part for part in (column.part, column.slug) if part)
        return f"/xxgk-list-{slug}{f'-{number}' if number > 1 else ''}.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/xxgk-show-1234567.html``."""
        return f"/xxgk-show-{doc.id}.html"


class Channels(Static):
    """昭通: ``/channels/3125.html``, ``3125_2.html``; articles ``/contents/3125/1.html``."""

    pager = "select"

    def page_path(self, slug: str) -> str:
        """Return ``/channels/1234.html``."""
        return f"/channels/{self.stable(slug)}.html"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the channel with its page."""
        return f"/channels/{column.number}{f'_{number}' if number > 1 else ''}.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/contents/3125/1234567.html``."""
        return f"/contents/{column.number}/{doc.id}.html"


class HexChannels(Static):
    """济南市中: ``/gongkai/channel_<24 digits>/``, articles ``doc_<24 digits>.html``."""

    def channel(self, *parts: object) -> str:
        """Return the folder of a channel."""
        return f"/gongkai/channel_{self.stable(*parts):024x}/"

    def page_path(self, slug: str) -> str:
        """Return the folder of a page."""
        return self.channel(slug)

    def folder(self, column: Column) -> str:
        """Return the folder of a column."""
        return f"/gongkai/channel_{column.number:024x}/"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the folder, then ``index_2.html``."""
        return f"{self.folder(column)}{f'index_{number}.html' if number > 1 else ''}"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``…/doc_<24 digits>.html``."""
        return f"{self.folder(column)}doc_{doc.hex[:24]}.html"


class Cms(Static):
    """南平: ``/cms/html/npszf/zfxxgknb/index.html``, articles in a folder for every day."""

    def folder(self, column: Column) -> str:
        """Return the folder of a column below the site's own."""
        return f"/cms/html/{self.spec.key}/{column.part and column.part + '-'}{column.slug}/"

    def page_path(self, slug: str) -> str:
        """Return the index of a page's folder."""
        return f"/cms/html/{self.spec.key}/{slug.replace('/', '-')}/index.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/cms/html/npszf/2025-01-13/1234567.html``."""
        return f"/cms/html/{self.spec.key}/{doc.published}/{doc.id}.html"


class More(Static):
    """雄县: ``zwgkwzlist-888888035-more.html``."""

    pager = "script"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the list, its page behind the number of the column."""
        page = f"-{number}" if number > 1 else ""
        return f"/zwgkwzlist-8888{column.number:05}{page}-more.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/content-888-1234567.html``."""
        return f"/content-888-{doc.id}.html"


class Standard(Static):
    """曲靖: ``/gov/public/standard/files/zfxxgknb.html``."""

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the file of a list."""
        name = f"{column.part}{column.slug}{number if number > 1 else ''}"
        return f"/gov/public/standard/files/{name}.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/gov/public/detail/1234567.html``."""
        return f"/gov/public/detail/{doc.id}.html"


class Block(Static):
    """秦皇岛: ``__sys_block__/zfxxgknb.html``."""

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the block of a list."""
        page = f"_{number}" if number > 1 else ""
        return f"/{column.part and column.part + '/'}__sys_block__/{column.slug}{page}.html"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/home/details?id=<24 digits>``-like static files."""
        return f"/home/{doc.published[:4]}/{doc.hex[:24]}.html"
