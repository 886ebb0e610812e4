"""What all publishing systems do alike: pages by number, articles, files, pages of navigation."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote

from gkcrawl.demo.land import files
from gkcrawl.demo.land.papers import body_of, organ_line, report_of
from gkcrawl.demo.land.records import Asked, Column, Doc, Link, Organ, Route, Row, stable
from gkcrawl.demo.land.spec import Spec
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page

Routes = Iterator[tuple[str, Route]]


def where(address: str, make: Callable[[], Page]) -> Route:
    """Return the route that gives a page to whom the query of ``address`` leads."""
    wanted = dict(parse_qsl(address.partition("#")[0].partition("?")[2]))

    def route(asked: Asked) -> Page | None:
        given = asked.parameters
        return make() if all(given.get(name) == value for name, value in wanted.items()) else None

    return route


class System:
    """A publishing system on one host; subclasses say where things stand and how lists page."""

    family: ClassVar[str] = "static"
    """The name that a portals file gives it."""
    template: ClassVar[str]
    """Its file under ``templates/land``."""
    server: ClassVar[str] = "nginx"

    def __init__(self, spec: Spec, host: str = "") -> None:
        self.spec = spec
        self.host = host or spec.host
        self.origin = f"{spec.scheme}://{self.host}"

    # Where things stand.

    def page_path(self, slug: str) -> str:
        """Return the path of a page of navigation."""
        return f"/{slug}/"

    def organ_path(self, organ: Organ) -> str:
        """Return the address of an organ's page of disclosure."""
        return self.page_path(f"bmxxgk/{organ.slug}")

    def folder(self, column: Column) -> str:
        """Return the folder of a column, with the slash at its end."""
        part = f"bmxxgk/{column.part}/" if column.part else ""
        return f"/zwgk/zfxxgk/{part}{column.slug}/"

    def column_path(self, column: Column) -> str:
        """Return the address of a column, as links name it."""
        return self.folder(column)

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the path of page ``number`` (from 1) of ``last``."""
        raise NotImplementedError

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return the address of a document's page."""
        raise NotImplementedError

    def target_path(self, column: Column, doc: Doc) -> str:
        """Return where the page of a document of form ``script`` or ``refresh`` leads."""
        path, dot, ending = self.article_path(column, doc).rpartition(".")
        return f"{path}0{dot}{ending}"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return the address of a file that belongs to a document."""
        return f"/files/{doc.published[:4]}/{doc.hex}.{ending}"

    def copies(self, column: Column, doc: Doc) -> Sequence[str]:
        """Return the addresses at which a document stands besides its own."""
        return ()

    # What answers.

    def routes(self, column: Column) -> Routes:
        """Yield the pages of a column and of its documents."""
        yield from self.list_routes(column)
        yield from self.article_routes(column)

    def list_routes(self, column: Column) -> Routes:
        """Yield the pages of a column's list, one path each."""
        last = self.last(column)
        for number in range(1, last + 1):
            yield self.list_path(column, number, last), partial(self.list_page, column, number)

    def article_routes(self, column: Column) -> Routes:
        """Yield the pages of a column's documents and their files."""
        for doc in column.docs:
            if doc.link:
                continue
            yield self.article_path(column, doc), partial(self.article_page, column, doc)
            if doc.form in ("script", "refresh"):
                path = self.target_path(column, doc)
                yield path, partial(self.article_page, column, doc, whole=True)
            if ending := self.ending(doc):
                yield self.file_path(column, doc, ending), partial(self.file_page, doc, ending)

    def organ_page(self, organ: Organ, column: Column, tabs: Sequence[Link]) -> Routes:
        """Yield the page of disclosure of an organ, with the box of three."""
        make = partial(self.links_page, f"{organ.name}信息公开", (), tabs)
        yield self.organ_path(organ), where(self.organ_path(organ), make)

    def site_routes(self) -> Routes:
        """Yield what the host has besides columns and pages of navigation."""
        yield from ()

    # How it looks.

    def last(self, column: Column) -> int:
        """Return the number of pages of a column."""
        return max(1, -(-len(column.docs) // self.spec.per_page))

    def piece(self, column: Column, number: int, size: int = 0) -> Sequence[Doc]:
        """Return the documents of page ``number`` (from 1) of a column."""
        size = size or self.spec.per_page
        return column.docs[(number - 1) * size : number * size] if number > 0 else ()

    def row(self, column: Column, doc: Doc) -> Row:
        """Return a document as a list shows it."""
        url = doc.link or self.article_path(column, doc)
        if "http_rows" in self.spec.traps and url.startswith("/"):
            url = f"http://{self.host}{url}"
        return Row(url, doc.title, doc.published, doc.year if doc.label == "report" else None)

    def absolute(self, url: str) -> str:
        """Return an address with scheme and host."""
        return f"{self.origin}{url}" if url.startswith("/") else url

    def rows(self, column: Column, docs: Sequence[Doc]) -> list[Row]:
        """Return documents as a list shows them."""
        return [self.row(column, doc) for doc in docs]

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return page ``number`` of a column's list."""
        return self.list_of(column, number, self.piece(column, number))

    def list_of(self, column: Column, number: int, docs: Sequence[Doc], **more: Any) -> Page:
        """Return a page of a column that shows ``docs``."""
        last = self.last(column)
        paths = {n: self.list_path(column, n, last) for n in range(1, last + 1)}
        return self.print(
            "column",
            title=column.name,
            column=column,
            rows=self.rows(column, docs),
            children=[Link(self.column_path(c), c.name) for c in column.children],
            number=number,
            last=last,
            total=len(column.docs),
            paths=paths,
            **more,
        )

    def article_page(
        self, column: Column, doc: Doc, asked: Asked, *, whole: bool = False
    ) -> Page | None:
        """Return the page of a document; ``whole``: the page that its own one leads to."""
        if doc.form in ("script", "refresh") and not whole:
            url = self.origin + self.target_path(column, doc)
            return self.page(render(f"land/odd/moved_{doc.form}.html", url=url, title=doc.title))
        ending = self.ending(doc)
        address = self.file_path(column, doc, ending) if ending else ""
        return self.print(
            "article",
            title=doc.title,
            column=column,
            doc=doc,
            content=self.content(doc, address),
            source=organ_line(doc.organ, self.spec.name),
            url=self.origin + self.article_path(column, doc),
        )

    def content(self, doc: Doc, file: str = "") -> str:
        """Return what a document's page holds: the text, or the way to the file."""
        body = "" if file and doc.form != "both" else body_of(doc)
        return render(
            "land/content.html",
            body=body,
            file=file,
            viewer=doc.form == "viewer",
            appendix="appendix" in self.spec.traps,
            title=doc.title,
        )

    def file_page(self, doc: Doc, ending: str, asked: Asked) -> Page | None:
        """Return a document as a file."""
        report = report_of(doc)
        data, media_type = files.MAKERS[ending](doc.title, report)
        return Page(data=data, media_type=media_type, server=self.server)

    def links_page(
        self,
        title: str,
        groups: Sequence[tuple[str, Sequence[Link]]],
        tabs: Sequence[Link] = (),
        extra: str = "",
    ) -> Page:
        """Return a page of navigation: headings with links, and the box 指南 | 制度 | 年报."""
        return self.print("links", title=title, groups=groups, tabs=tabs, extra=extra)

    def print(self, kind: str, **context: Any) -> Page:
        """Return the system's template filled in."""
        html = render(
            f"land/{self.template}.html", kind=kind, spec=self.spec, system=self, **context
        )
        return self.page(html)

    def page(self, text: str, **changes: Any) -> Page:
        """Return a page in the manner of this host."""
        charset = self.spec.charset
        said = charset == "utf-8"
        return Page(text, charset=charset, charset_said=said, server=self.server, **changes)

    def ending(self, doc: Doc) -> str:
        """Return the ending of the file that holds the report; empty: the page itself does."""
        return {"docx": "docx", "both": "docx", "pdf": "pdf", "viewer": "pdf"}.get(doc.form, "")

    def stable(self, *parts: object, least: int = 100_000, most: int = 999_999) -> int:
        """Return a number that hangs on the portal and on ``parts`` alone."""
        return stable(self.spec.key, *parts, least=least, most=most)

    def quoted(self, text: str) -> str:
        """Return ``text`` as a part of an address."""
        return quote(text, safe="")
