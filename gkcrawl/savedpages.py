"""Saved pages: a page of a site with what must be read from it, which is a test for ever after.

``tests/pages/<spider>/<slug>/`` holds ``page.html``, ``page.json`` (url, family, headers, and what
the page is) and ``expected.json``.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gkcrawl.families import Kind, Page, family, recognise

# The headers that say how to read a page.
_HEADERS = ("content-type", "server")


def described(page: Page, name: str, inside: Kind | None = None) -> dict[str, Any]:
    """Return what the family ``name`` reads in a page, in the shape of ``expected.json``."""
    reader = family(name)
    listing, article = reader.listing(page), reader.article(page)
    leads = reader.columns(page, inside=inside)
    found = {
        "recognised": recognise(page),
        "entries": [
            {key: value for key, value in asdict(entry).items() if value}
            for entry in listing.entries
        ],
        "next": [request.url for request in listing.next],
        "columns": [
            f"{lead.kind} {lead.anchor} {lead.url}{'#' if lead.fragment else ''}{lead.fragment}"
            for lead in leads
        ],
        "title": article.title,
        "published": article.published,
        "attachments": list(article.attachments),
        "moved": article.moved_to,
    }
    # As JSON has it: no tuples.
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def save_page(folder: Path, page: Page, name: str, inside: Kind | None = None) -> None:
    """Write a page, what it is, and what is read in it now; a person has yet to look at that.

    Raises FileExistsError where the folder is there: a saved page is never replaced by a new one.
    """
    folder.mkdir(parents=True)
    about: dict[str, Any] = {"url": page.url, "family": name}
    if inside:
        about["inside"] = inside
    kept = {key.title(): page.headers[key] for key in _HEADERS if key in page.headers}
    (folder / "page.html").write_bytes(page.body)
    _write(folder / "page.json", about | {"headers": kept})
    _write(folder / "expected.json", described(page, name, inside))


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
