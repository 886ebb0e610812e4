"""广东: the platform gkmlpt (lists as JSON, a tree in a script) and NFCMS's ordinary columns."""

import json
from functools import partial
from typing import Any

from gkcrawl.demo.land.papers import organ_line
from gkcrawl.demo.land.records import Asked, Column, Doc, Organ
from gkcrawl.demo.land.systems.base import Routes, System, where
from gkcrawl.demo.wire import Page


class Gkmlpt(System):
    """Each organ has its own platform below a prefix, with its own SID and tree."""

    family = "gkmlpt"
    template = "gkmlpt"

    def prefix(self, part: str) -> str:
        """Return the path before ``/gkmlpt``; empty for the portal itself."""
        return f"/{part}" if part else ""

    def sid(self, part: str) -> str:
        """Return the site id of the portal or of one of its organs."""
        return str(int(self.spec.sid) + 1 + self.stable(part)) if part else self.spec.sid

    def organ_path(self, organ: Organ) -> str:
        """Return the organ's platform."""
        return f"{self.prefix(organ.slug)}/gkmlpt/index"

    def column_path(self, column: Column) -> str:
        """Return the fixed route of annual reports with the category behind it."""
        return f"{self.prefix(column.part)}/gkmlpt/annualreport#{column.number}"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return the platform's page: lists have no pages of their own."""
        return self.column_path(column)

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/gkmlpt/content/9/9103/post_9103540.html``."""
        where = f"{self.prefix(column.part)}/gkmlpt/content"
        return f"{where}/{doc.id // 10**6}/{doc.id // 1000}/post_{doc.id}.html"

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return ``/attachment/0/608/608193/4863927.pdf``."""
        return f"/attachment/0/{doc.id // 10**4}/{doc.id // 10}/{doc.id}.{ending}"

    def organ_page(self, organ: Organ, column: Column, tabs: Any) -> Routes:
        """Yield the organ's platform; its index also stands at the bare prefix."""
        make = partial(self.platform, column, "政府信息公开平台")
        yield self.organ_path(organ), where(self.organ_path(organ), make)

    def list_routes(self, column: Column) -> Routes:
        """Yield the routes of a platform and the list behind a category."""
        prefix = self.prefix(column.part)
        pages = {
            "annualreport": column.name,
            "guide": "政府信息公开指南",
            "policy": "政府信息公开制度",
        }
        if not prefix:
            pages["index"] = "政府信息公开平台"
        for name, title in pages.items():
            address = f"{prefix}/gkmlpt/{name}"
            yield address, where(address, partial(self.platform, column, title))
        for before in {prefix, ""}:
            yield f"{before}/gkmlpt/api/all/{column.number}", partial(self.data, column)

    def platform(self, column: Column, title: str) -> Page:
        """Return a page of a platform, which carries its whole tree."""
        tree = [
            {"id": 1001, "name": "政府信息公开指南", "children": []},
            {"id": 1002, "name": "政府信息公开制度", "children": []},
            {"id": 1003, "name": "法定主动公开内容", "children": [
                {"id": 1004, "name": "机构职能", "children": []},
                {"id": 1005, "name": "财政预决算", "children": []},
            ]},
            {"id": column.number, "name": column.name, "children": []},
        ]  # fmt: skip
        sid, area = self.sid(column.part), self.spec.code
        text = json.dumps(tree, ensure_ascii=False)
        prefix = self.prefix(column.part)
        return self.print(
            "links",
            title=title,
            groups=(),
            tabs=(),
            extra="",
            tree=text,
            sid=sid,
            area=area,
            prefix=prefix,
        )

    def data(self, column: Column, asked: Asked) -> Page | None:
        """Return a page of a category: a hundred rows, pages 0 and 1 the same."""
        if asked.parameters.get("sid") != self.sid(column.part):
            return None
        docs = self.piece(column, max(1, asked.number("page")), 100)
        answer = {
            "classify": {"id": column.number, "name": column.name, "post_count": len(column.docs)},
            "total": len(column.docs),
            "articles": [self.entry(column, doc) for doc in docs],
        }
        return self.page(json.dumps(answer, ensure_ascii=False), media_type="application/json")

    def entry(self, column: Column, doc: Doc) -> dict[str, Any]:
        """Return a document as the list tells it."""
        url = doc.link or self.origin + self.article_path(column, doc)
        ending = self.ending(doc)
        files = []
        if ending:
            href = self.origin + self.file_path(column, doc, ending)
            files.append({"id": doc.id, "name": f"{doc.title}.{ending}", "type": "", "mime": "",
                          "size": 0, "url": href})  # fmt: skip
        return {
            "id": doc.id,
            "title": doc.title,
            "document_number": "",
            "publisher": organ_line(doc.organ, self.spec.name),
            "date": doc.published,
            "create_time": 1700000000,
            "created_at": f"{doc.published} 09:30:00",
            "display_publish_time": 1700000000,
            "identifier": "",
            "url": url,
            "post_url": url,
            "attachment": files,
            "abstract": "",
            "is_expired": 0,
        }


class Nfcms(System):
    """NFCMS: ``index.html``, ``index_2.html``; articles ``content/post_N.html`` and their twins."""

    family = "nfcms"
    template = "nfcms"

    def list_path(self, column: Column, number: int, last: int) -> str:
        """Return ``index.html``, then ``index_2.html``."""
        return f"{self.folder(column)}index{f'_{number}' if number > 1 else ''}.html"

    def column_path(self, column: Column) -> str:
        """Return the folder's ``index.html``."""
        return f"{self.folder(column)}index.html"

    def folder(self, column: Column) -> str:
        """Return ``/zwgk/xxgknb/`` or, for an organ, ``/czj/zwgk/xxgknb/``."""
        part = f"/{column.part}" if column.part else ""
        return f"{part}/zwgk/{column.slug}/"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/zwgk/xxgknb/content/post_2147681.html``."""
        return f"{self.folder(column)}content/post_{doc.id}.html"

    def copies(self, column: Column, doc: Doc) -> list[str]:
        """Return the page for telephones."""
        return [self.twin(column, doc)]

    def twin(self, column: Column, doc: Doc) -> str:
        """Return the page for telephones."""
        return self.article_path(column, doc).replace("post_", "mpost_")

    def file_path(self, column: Column, doc: Doc, ending: str) -> str:
        """Return ``/attachment/0/608/608193/4863927.pdf``."""
        return f"/attachment/0/{doc.id // 10**4}/{doc.id // 10}/{doc.id}.{ending}"

    def article_routes(self, column: Column) -> Routes:
        """Yield the articles and their twins."""
        yield from super().article_routes(column)
        for doc in column.docs:
            if not doc.link:
                yield self.twin(column, doc), partial(self.article_page, column, doc)
