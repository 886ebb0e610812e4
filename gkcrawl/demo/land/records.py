"""What the land is made of: organs, documents, columns, and what a server is asked."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5
from urllib.parse import parse_qsl

from gkcrawl.demo.wire import Page


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a server of the land sees it."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the query, the last of a name counting."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """Return the fields of an urlencoded body, with those of the query where it has none."""
        return {**self.parameters, **dict(parse_qsl(self.body.decode(), keep_blank_values=True))}

    def number(self, name: str, default: int = 1) -> int:
        """Return a parameter as a number; ``default`` where it is none."""
        text = self.form.get(name, "")
        return int(text) if text.isascii() and text.isdigit() else default


Route = Callable[[Asked], Page | None]
"""None: the site has no such page."""


@dataclass(frozen=True, slots=True)
class Organ:
    """An office that publishes annual reports."""

    slug: str
    name: str
    short: str
    """As menus name it."""
    kind: str
    """``government``, ``department``, ``county`` or ``township``."""


@dataclass(frozen=True, slots=True)
class Doc:
    """One document in a column: a report, or what only looks like one."""

    id: int
    title: str
    published: str
    """ISO date."""
    label: str = "report"
    """``report``, or the name of the decoy."""
    organ: Organ | None = None
    year: int | None = None
    form: str = "page"
    """How it stands: ``page``, ``docx``, ``pdf``, ``both`` (page and file), ``viewer`` (a page
    round a file), ``script`` or ``refresh`` (a page that only leads to another one)."""
    link: str = ""
    """Where the row leads instead of to the document's own page."""

    @property
    def hex(self) -> str:
        """Return 32 hexadecimal digits that belong to this document alone."""
        return md5(f"{self.id} {self.title}".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Column:
    """A column (栏目): its documents, newest first, and the columns below it."""

    slug: str
    name: str
    organ: Organ | None
    docs: tuple[Doc, ...]
    number: int
    """The number that most systems give a column."""
    children: tuple["Column", ...] = ()
    part: str = ""
    """Slug of the organ or year that it belongs to; empty: the portal's own column."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list."""

    url: str
    title: str
    date: str
    year: int | None = None
    """What it reports on; None: it is no report."""


def stable(*parts: object, least: int, most: int) -> int:
    """Return a number between ``least`` and ``most`` that hangs on ``parts`` alone."""
    return least + zlib.crc32(" ".join(map(str, parts)).encode()) % (most - least + 1)
