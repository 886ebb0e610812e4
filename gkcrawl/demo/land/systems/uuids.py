"""The UUID columns of 河北: everything is named by a UUID."""

from functools import partial
from uuid import UUID

from gkcrawl.demo.land.records import Asked, Column, Doc, Row
from gkcrawl.demo.land.systems.base import Routes, System
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page


class UuidColumns(System):
    """河北: everything is named by a UUID; further pages are fragments of a block."""

    family = "uuidcolumns"
    template = "uuid"

    def uuid(self, *parts: object) -> str:
        """Return the UUID of something of the site."""
        return str(UUID(int=self.stable(*parts, least=10**8, most=10**9) * 3 * 10**28))

    def page_path(self, slug: str) -> str:
        """Return ``/columns/<uuid>/index.html``."""
        return f"/columns/{self.uuid(slug)}/index.html"

    def folder(self, column: Column) -> str:
        """Return ``/columns/<uuid>/``."""
        return f"/columns/{self.uuid(column.number)}/"

    def column_path(self, column: Column) -> str:
        """Return ``/columns/<uuid>/index.html``."""
        return f"{self.folder(column)}index.html"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the column's page, then the block with the page in its query."""
        return (
            self.column_path(column) if number == 1 else f"{self.block(column)}?page={number}&fix=0"
        )

    def block(self, column: Column) -> str:
        """Return the block of the column's template that holds the list."""
        return f"{self.folder(column)}templates/{self.uuid('template')}/blocks/{self.uuid('block')}"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/columns/<uuid>/202402/22/<uuid>.html``."""
        day = doc.published.replace("-", "")
        return f"{self.folder(column)}{day[:6]}/{day[6:]}/{UUID(doc.hex)}.html"

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and its block."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield self.block(column), partial(self.fragment, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page with its first rows."""
        return self.list_of(column, 1, self.piece(column, 1), block=self.block(column))

    def fragment(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of the block; the last one for all behind it."""
        number = min(asked.number("page"), self.last(column))
        rows: list[Row] = self.rows(column, self.piece(column, number))
        return self.page(render("land/uuid_rows.html", rows=rows))
