"""大汉 jpaas: a gateway builds the blocks of a page, and on some sites the articles too."""

import json
from functools import partial
from typing import ClassVar
from urllib.parse import quote, urlencode

from gkcrawl.demo.land.records import Asked, Column, Doc
from gkcrawl.demo.land.systems.base import Routes
from gkcrawl.demo.land.systems.hanweb import Jpage
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page


class Jpaas(Jpage):
    """jpaas: the block's HTML comes in JSON from a gateway, page by page."""

    template = "jpaas"
    gateway: ClassVar[str] = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    parse_type: ClassVar[str] = "buildstatic"
    tag: ClassVar[str] = "当前栏目list"

    def article_path(self, column: Column, doc: Doc) -> str:
        """Return ``/art/2026/art_<32 digits>.html``."""
        return f"/art/{doc.published[:4]}/art_{doc.hex}.html"

    def list_routes(self, column: Column) -> Routes:
        """Yield the column's page and the gateway."""
        yield self.column_path(column), partial(self.list_page, column, 1)
        yield self.gateway, partial(self.unit_page, column)

    def list_page(self, column: Column, number: int, asked: Asked) -> Page | None:
        """Return the column's page, whose block is built by a script."""
        return self.list_of(column, 1, (), block=self.block(column, "column", str(column.number)))

    def block(self, column: Column, kind: str, page: str) -> dict[str, str]:
        """Return the parameters of a block."""
        return {
            "parseType": self.parse_type,
            "webId": f"{self.stable('web'):032x}",
            "tplSetId": f"{self.stable('tpl'):032x}",
            "pageType": kind,
            "tagId": self.tag,
            "editType": "null",
            "pageId": page,
        }

    def unit_page(self, column: Column, asked: Asked) -> Page | None:
        """Return a block; without its tag or its type nothing is built."""
        given = asked.parameters
        own = self.block(column, "column", str(column.number))
        if given.get("pageId") != own["pageId"]:
            return None
        if any(given.get(name) != own[name] for name in ("parseType", "webId", "tagId")):
            return self.page('{"success":false,"code":"500"}', media_type="application/json")
        asked_for = json.loads(given.get("paramJson") or "{}")
        size = min(int(asked_for.get("pageSize", self.spec.per_page)), 50)
        number = int(asked_for.get("pageNo", 1))
        html = render(
            "land/jpaas_rows.html", rows=self.rows(column, self.piece(column, number, size)),
            number=number, total=len(column.docs), size=size,
        )  # fmt: skip
        text = json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False)
        return self.page(text, media_type="application/json")


class JpaasBuilt(Jpaas):
    """jpaas where the type is misspelt and the articles are built by scripts too."""

    parse_type = "bulidstatic"
    tag = "内容区域"

    def copies(self, column: Column, doc: Doc) -> list[str]:
        """Return the address at the gateway that gives the text."""
        query = urlencode(self.block(column, "article", str(doc.id)), quote_via=quote)
        return [f"{self.gateway}?{query}"]

    def article_routes(self, column: Column) -> Routes:
        """Yield the articles and the gateway that gives their text."""
        yield from super().article_routes(column)
        for doc in column.docs:
            yield self.gateway, partial(self.text, column, doc)

    def article_page(
        self, column: Column, doc: Doc, asked: Asked, *, whole: bool = False
    ) -> Page | None:
        """Return the frame of an article."""
        if doc.form != "page":
            return super().article_page(column, doc, asked, whole=whole)
        block = self.block(column, "article", str(doc.id))
        return self.print(
            "article", title=doc.title, column=column, doc=doc, content="", block=block,
            source=doc.organ.name if doc.organ else self.spec.name,
            url=self.origin + self.article_path(column, doc),
        )  # fmt: skip

    def text(self, column: Column, doc: Doc, asked: Asked) -> Page | None:
        """Return the text of an article as the gateway gives it."""
        if asked.parameters.get("pageId") != str(doc.id):
            return None
        text = json.dumps(
            {"success": True, "data": {"html": self.content(doc)}}, ensure_ascii=False
        )
        return self.page(text, media_type="application/json")
