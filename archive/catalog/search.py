"""Finds reports by words and by what they are, quickly at any size.

Every question is one FTS5 query over single tokens (see ``archive.catalog.tokens``), filters
included; addresses come newest first without sorting, so that reading stops when there are enough.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from archive.catalog import tokens
from archive.catalog.fulltext import PROVINCES, TAGS, addresses, province_of, year_of
from archive.catalog.schema import FTS_TABLE
from archive.catalog.snippet import Snippet, mark, marked, snippet

Order = Literal["relevance", "newest"]

ENOUGH = 5_000
"""Reports that are counted and can be leafed through unless all are asked for."""
_RANKED = 1_000
"""Up to so many reports stand in the order of how often they hold the words; to weigh more of them
takes longer than anybody should wait, and says little."""
_SPAN = re.compile(r"(\d{4})?(?:\s*(-|–|—|至|到)\s*(\d{4})?)?", re.ASCII)
_AT_ONCE = 500
"""Rows fetched by one statement."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody looks for; None: any."""

    words: str = ""
    """All of them must occur; in quotation marks, as they stand."""
    first_year: int | None = None
    last_year: int | None = None
    province: str | None = None
    level: str | None = None
    kind: str | None = None
    scope: str | None = None
    form: str | None = None
    trust: str | None = None
    status: str | None = None
    order: Order = "relevance"

    @property
    def values(self) -> dict[str, str | None]:
        """The filters that are tokens of the index, by name."""
        return {name: getattr(self, name) for name in TAGS}


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found."""

    report_id: str
    title: str | None
    issuer: str | None
    issuer_kind: str | None
    level: str | None
    year: int | None
    province: str | None
    published: str | None
    url: str | None
    form: str | None
    trust: str | None
    status: str | None
    snippet: Snippet
    marked_title: Snippet

    def as_dict(self) -> dict[str, Any]:
        """Return the hit for JSON and CSV: ``snippet`` as one text with 【】 around what was
        found."""
        told = asdict(self) | {"snippet": mark(self.snippet)}
        del told["marked_title"]
        return told


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a question."""

    hits: list[Hit]
    total: int = 0
    """How many reports fit; the least that do where ``more``."""
    more: bool = False
    """Counting stopped at ``ENOUGH``."""
    ranked: bool = False
    """Whether the order is by how often the words occur; else newest first. Reports that hold the
    words in their names come before both."""
    by_year: Mapping[int | None, int] = field(default_factory=dict)
    """Newest first; None: year unknown. Empty where ``more``."""
    by_province: Mapping[str | None, int] = field(default_factory=dict)
    """In the order of the codes of GB/T 2260, None (central or unknown) last. Empty where
    ``more``."""


def span(text: str) -> tuple[int | None, int | None] | None:
    """Return the years that ``2024``, ``2020-2024``, ``2020-`` or ``-2024`` name (None within:
    open, as both are for no text); None where the text is none of these."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return None
    first, dash, last = match.groups()
    ends = (first, last if dash else first)
    return (int(ends[0]) if ends[0] else None), (int(ends[1]) if ends[1] else None)


def search(
    connection: sqlite3.Connection,
    question: Question,
    limit: int = 20,
    *,
    offset: int = 0,
    enough: int | None = ENOUGH,
) -> Found:
    """Return ``limit`` reports that fit, after the first ``offset``, and how many there are.

    Reports whose title or issuer holds all the words come first. ``enough``: how many are counted
    at most; None: all.
    """
    found = tokens.words(question.words)
    if question.words.strip() and not found:
        return Found([])
    tags = tokens.tag_query(question.values)
    text = f"{tokens.text_query(found)} {tags}".strip()
    span = addresses(question.first_year, question.last_year)
    every = _addresses(connection, text, span, enough)
    more = enough is not None and len(every) > enough
    every = every[:enough]
    ordered, ranked = every, False
    if found and question.order == "relevance":
        named = _addresses(connection, f"{tokens.name_query(found)} {tags}", span, enough)[:enough]
        ranked = not more and len(every) <= _RANKED
        rest = _by_rank(connection, text, span) if ranked else every
        ordered = list(dict.fromkeys((*named, *rest)))[:enough]
    hits = _hits(connection, ordered[offset : offset + limit], question.words)
    if more:
        return Found(hits, len(every), more, ranked)
    years = dict(Counter(map(year_of, every)))
    provinces = Counter(map(province_of, every))
    in_order = {name: provinces[name] for name in (*PROVINCES, None) if name in provinces}
    return Found(hits, len(every), more, ranked, years, in_order)


def _addresses(
    connection: sqlite3.Connection, query: str, span: tuple[int, int], enough: int | None
) -> list[int]:
    """Return the addresses of the reports that fit, newest first, at most one over ``enough``."""
    limit = -1 if enough is None else enough + 1
    if query:
        sql = f"""select rowid from {FTS_TABLE} where {FTS_TABLE} match ?
            and rowid between ? and ? order by rowid desc limit ?"""
        rows = connection.execute(sql, [query, *span, limit])
    else:
        sql = "select docid from reports where docid between ? and ? order by docid desc limit ?"
        rows = connection.execute(sql, [*span, limit])
    return [address for (address,) in rows]


def _by_rank(connection: sqlite3.Connection, query: str, span: tuple[int, int]) -> list[int]:
    """Return the addresses of the reports that fit, those first that hold the words most often."""
    sql = f"""select rowid from {FTS_TABLE} where {FTS_TABLE} match ? and rowid between ? and ?
        order by bm25({FTS_TABLE}, 1, 0, 0), rowid desc"""
    return [address for (address,) in connection.execute(sql, [query, *span])]


def _hits(connection: sqlite3.Connection, chosen: Sequence[int], query: str) -> list[Hit]:
    """Return the reports at these addresses, in this order."""
    return [
        hit
        for start in range(0, len(chosen), _AT_ONCE)
        for hit in _fetched(connection, chosen[start : start + _AT_ONCE], query)
    ]


def _fetched(connection: sqlite3.Connection, chosen: Sequence[int], query: str) -> Iterable[Hit]:
    marks = ", ".join("?" * len(chosen))
    cursor = connection.execute(
        f"""select docid, text, id as report_id, title, issuer, issuer_kind, level, year, province,
              published, url, form, trust, status
            from reports where docid in ({marks})""",
        chosen,
    )
    names = [column[0] for column in cursor.description]
    rows = {row[0]: dict(zip(names[2:], row[2:], strict=True)) | {"text": row[1]} for row in cursor}
    for address in chosen:
        if row := rows.get(address):
            text = row.pop("text") or ""
            title = marked(row["title"] or "", query)
            yield Hit(**row, snippet=snippet(text, query), marked_title=title)
