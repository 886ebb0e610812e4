"""Asks the pages of one archive through Datasette's own client, and holds JSON against CSV."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any, Self

import lxml.html
from datasette.app import Datasette

from gkcrawl.web.serve import build_datasette


class Site:
    """The pages over a home."""

    def __init__(self, home: Path, **options: Any) -> None:
        self.home = home
        self.datasette: Datasette = build_datasette(home, **options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.datasette.databases["catalog"].close()

    def get(self, path: str, status: int = 200, **options: Any) -> Any:
        """Return the answer to a GET."""
        # Datasette 1.0 sends queries on to an address of their own.
        options = {"follow_redirects": status < 300} | options
        answer = asyncio.run(self.datasette.client.get(path, **options))
        assert answer.status_code == status, answer.text[:500]
        return answer

    def page(self, path: str, status: int = 200) -> lxml.html.HtmlElement:
        """Return a page as a tree, having checked what holds for every page."""
        tree = lxml.html.document_fromstring(self.get(path, status).content.decode("utf-8"))
        assert tree.get("lang") in ("zh-CN", "en")
        assert len(tree.xpath("//h1")) == 1
        assert tree.xpath("//title")[0].text_content().strip()
        assert not tree.xpath("//script[not(@src)] | //*[@style] | //style")
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")} <= set(ids)
        for scrolling in tree.xpath('//*[contains(@class, "scroll")]'):
            assert scrolling.get("tabindex") == "0"
            assert scrolling.get("aria-label") or scrolling.get("aria-labelledby") in ids
        for table in tree.xpath("//main//table"):
            assert table.xpath("caption")
            assert all(head.get("scope") for head in table.xpath(".//th"))
        for control in tree.xpath("//main//select | //main//input"):
            labelled = control.xpath("ancestor::label | @aria-label | self::*[@type='submit']")
            hidden = control.get("type") == "hidden"
            assert labelled or hidden or control.get("id") in tree.xpath("//@for")
        return tree

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a page's JSON, having held its CSV against them."""
        path, _, query = path.partition("?")
        found = self.get(f"{path}.json?{query}").json()
        assert found["ok"] is True
        written = self.get(f"{path}.csv?{query}").content.decode("utf-8")
        assert written.startswith("\ufeff")
        lines = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
        assert lines == [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in found["rows"]
        ]
        rows: list[dict[str, Any]] = found["rows"]
        return rows


def text(element: Any) -> str:
    """Return the text of an element, blanks made one."""
    return " ".join(element.text_content().split())
