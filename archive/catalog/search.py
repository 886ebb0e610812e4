"""Full-text search in Chinese: one token per character, a phrase per word.

SQLite's tokenizer takes a run of Chinese characters for one word, and its trigrams do not find
words of two characters (诉讼). So the index holds each character as a token of its own, and a
word of the query becomes a phrase of its characters, which finds exactly what a person expects.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from archive.catalog.schema import FTS_COLUMNS, FTS_TABLE

Snippet = tuple[tuple[str, bool], ...]
"""Pieces of the original text in order; True marks what was found."""

_CJK = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CJK_RUN = re.compile(f"[{_CJK}]+")
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_WORD = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
# Full-width forms (全角) are the same characters; one for one, so that positions stay.
_FOLD = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}

_WEIGHTS = {"title": 8.0, "issuer": 4.0, "text": 1.0}
_RANK = f"bm25({FTS_TABLE}, {', '.join(str(_WEIGHTS[column]) for column in FTS_COLUMNS)})"


@dataclass(frozen=True, slots=True)
class Hit:
    """A report that was found, best first."""

    report_id: str
    title: str | None
    issuer: str | None
    year: int | None
    province: str | None
    published: str | None
    url: str | None
    trust: str | None
    status: str | None
    snippet: Snippet

    def as_dict(self) -> dict[str, Any]:
        """Return the hit for JSON: ``snippet`` as one text with 【】 around what was found."""
        return asdict(self) | {"snippet": mark(self.snippet)}


def fts_text(text: str | None) -> str:
    """Return ``text`` as the index takes it in: a blank on both sides of every CJK character."""
    return _CJK_RUN.sub(lambda run: f" {' '.join(run[0])} ", _fold(text or ""))


def fts_query(text: str) -> str:
    """Return the FTS5 query for what a person typed: 诉讼 不予公开 -> ``"诉 讼" "不 予 公 开"``.

    Every word must occur; quotation marks keep blanks inside a phrase. ``""`` (which finds
    nothing) when no word holds a letter, digit or character.
    """
    return " ".join(f'"{" ".join(tokens)}"' for tokens in _phrases(text)) or '""'


def search(
    connection: sqlite3.Connection,
    query: str,
    limit: int = 20,
    *,
    offset: int = 0,
    year: int | None = None,
    province: str | None = None,
) -> list[Hit]:
    """Return the reports that hold every word of ``query``, best first, ties by id."""
    if not _phrases(query):
        return []
    cursor = connection.execute(
        f"""select r.id as report_id, r.title, r.issuer, r.year, r.province,
              r.published, r.url, r.trust, r.status, r.text
            from {FTS_TABLE} f join reports r on r.docid = f.rowid
            where {FTS_TABLE} match :match
              and (:year is null or r.year = :year)
              and (:province is null or r.province = :province)
            order by {_RANK}, r.id limit :limit offset :offset""",
        {
            "match": fts_query(query),
            "year": year,
            "province": province,
            "limit": limit,
            "offset": offset,
        },
    )
    names = [column[0] for column in cursor.description[:-1]]
    return [
        Hit(**dict(zip(names, found, strict=True)), snippet=snippet(text or "", query))
        for *found, text in cursor
    ]


def snippet(text: str, query: str, width: int = 80) -> Snippet:
    """Return about ``width`` characters of ``text`` around the first hit of ``query``.

    Cut ends carry …; where nothing is found (the hit is in the title) the beginning is returned.
    """
    found = list(_find(text, query))
    begin = max(0, found[0][0] - width // 3) if found else 0
    end = min(len(text), begin + width)
    pieces: list[tuple[str, bool]] = [("…", False)] if begin else []
    position = begin
    for start, stop in found:
        if start < position or stop > end:
            continue
        pieces += [(text[position:start], False), (text[start:stop], True)]
        position = stop
    pieces.append((text[position:end], False))
    if end < len(text):
        pieces.append(("…", False))
    return tuple((re.sub(r"\s+", " ", piece), hit) for piece, hit in pieces if piece)


def mark(pieces: Snippet, before: str = "【", after: str = "】") -> str:
    """Return the pieces as one text with ``before`` and ``after`` around what was found."""
    return "".join(f"{before}{piece}{after}" if hit else piece for piece, hit in pieces)


def _fold(text: str) -> str:
    return text.translate(_FOLD)


def _phrases(query: str) -> list[list[str]]:
    """Return the tokens of each word of ``query``, words without tokens left out."""
    words = ("".join(groups) for groups in _WORD.findall(_fold(query)))
    return [tokens for word in words if (tokens := _TOKEN.findall(word))]


def _find(text: str, query: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of every hit in ``text``, in order, longer words first at one place."""
    phrases = sorted(_phrases(query), key=len, reverse=True)
    if not phrases:
        return
    pattern = "|".join(_pattern(tokens) for tokens in phrases)
    for match in re.finditer(pattern, _fold(text), re.IGNORECASE):
        yield match.span()


def _pattern(tokens: list[str]) -> str:
    """Return a pattern of the tokens as FTS5 sees them: whatever is no token may stand between."""
    return r"[\W_]*".join(
        token if _CJK_RUN.fullmatch(token) else rf"(?<![^\W_{_CJK}]){token}(?![^\W_{_CJK}])"
        for token in map(re.escape, tokens)
    )
