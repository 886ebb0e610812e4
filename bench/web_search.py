"""Full-text search, ours beside what SQLite brings: FTS5 trigram, single characters, and LIKE.

All parties hold the same folded texts, contentless, merged into one piece, and are asked the same
random pieces of these texts.
"""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from archive.catalog.fold import BLANK, BREAK, fold
from archive.catalog.search import Question, search
from archive.catalog.tokens import TOKENIZER, text_query, text_tokens

LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8)
_LIKE_AT_ONCE = 20


def folded(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Yield address and folded title, issuer and text of every report."""
    for docid, *texts in connection.execute(
        "select docid, title, issuer, text from reports order by docid"
    ):
        yield docid, BREAK.join(fold(text) for text in texts if text)


def pieces(connection: sqlite3.Connection, count: int, seed: int = 7) -> list[str]:
    """Return random pieces of random texts, folded, of 1 to 8 characters by turns: across
    punctuation, ends of lines, digits and Latin letters as they come."""
    rng = random.Random(seed)
    (least, most) = connection.execute("select min(rowid), max(rowid) from reports").fetchone()
    found: list[str] = []
    while len(found) < count:
        at = rng.randint(least, most)
        row = connection.execute(
            "select text from reports where rowid >= ? order by rowid limit 1", [at]
        ).fetchone()
        text, length = fold(row[0] or ""), LENGTHS[len(found) % len(LENGTHS)]
        begin = rng.randrange(max(1, len(text) - length))
        piece = text[begin : begin + length]
        # White space at an end would be cut off what a visitor types.
        if len(piece) == length and piece == piece.strip(BLANK):
            found.append(piece)
    return found


def ours(connection: sqlite3.Connection, queries: Sequence[str], **asked: Any) -> dict[str, Any]:
    """Return milliseconds of whole answers by length: twenty reports with snippets, and counts."""
    return _by_length(queries, lambda query: search(connection, Question(typed(query), **asked)))


def typed(piece: str) -> str:
    """Return a piece as a visitor types it."""
    return f'"{piece.replace(BLANK, " ")}"'


def counted(connection: sqlite3.Connection, queries: Sequence[str]) -> list[int]:
    """Return how many reports our index says hold each piece."""
    sql = "select count(*) from report_fts where report_fts match ?"
    return [connection.execute(sql, [text_query([q])]).fetchone()[0] for q in queries]


class Peer:
    """A contentless FTS5 index of the folded texts with another tokenizer."""

    def __init__(self, path: Path, tokenizer: str, tokens: Callable[[str], str]) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("pragma journal_mode = off")
        self.connection.execute(
            f"create virtual table f using fts5(text, content='', tokenize=\"{tokenizer}\")"
        )
        self._tokens = tokens

    def fill(self, texts: Iterable[tuple[int, str]]) -> dict[str, float]:
        """Take in the texts; return CPU seconds and bytes."""
        began = time.process_time()
        self.connection.execute("begin")
        self.connection.executemany(
            "insert into f (rowid, text) values (?, ?)",
            ((docid, self._tokens(text)) for docid, text in texts),
        )
        self.connection.execute("insert into f (f) values ('optimize')")
        self.connection.execute("commit")
        return {
            "cpu_seconds": time.process_time() - began,
            "bytes": index_bytes(self.connection, "f"),
        }

    def ask(self, queries: Sequence[str]) -> tuple[dict[str, Any], list[int]]:
        """Return milliseconds by length of count and first twenty, and the counts."""
        found: list[int] = []

        def ask(query: str) -> None:
            phrase = '"' + self._tokens(query).replace('"', '""') + '"'
            sql = "select count(*) from f where f match ?"
            found.append(self.connection.execute(sql, [phrase]).fetchone()[0])
            sql = "select rowid from f where f match ? order by rowid desc limit 20"
            self.connection.execute(sql, [phrase]).fetchall()

        return _by_length(queries, ask), found


def peers(folder: Path) -> dict[str, Peer]:
    """Return the other indexes, empty."""
    return {
        "trigram": Peer(folder / "trigram.db", "trigram", lambda text: text),
        "single_characters": Peer(folder / "single.db", TOKENIZER, " ".join),
    }


class Like:
    """The folded texts in a plain table."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("pragma journal_mode = off")
        self.connection.execute("create table plain (docid integer primary key, text text)")

    def fill(self, texts: Iterable[tuple[int, str]]) -> None:
        """Take in the texts."""
        self.connection.execute("begin")
        self.connection.executemany("insert into plain values (?, ?)", texts)
        self.connection.execute("commit")

    def counted(self, queries: Sequence[str]) -> tuple[list[int], float]:
        """Return how many texts each query is LIKE, and the median milliseconds of one query."""
        found: list[int] = []
        took: list[float] = []
        for start in range(0, len(queries), _LIKE_AT_ONCE):
            part = [_like(query) for query in queries[start : start + _LIKE_AT_ONCE]]
            sums = ", ".join(["sum(text like ? escape '\\')"] * len(part))
            began = time.process_time()
            found += self.connection.execute(f"select {sums} from plain", part).fetchone()
            took.append((time.process_time() - began) * 1000 / len(part))
        return found, round(statistics.median(took), 1)


def index_bytes(connection: sqlite3.Connection, table: str) -> int:
    """Return what an index holds, without the free room of its pages."""
    blocks, sizes = (
        connection.execute(f"select sum(length({column})) from {table}_{part}").fetchone()[0] or 0
        for part, column in (("data", "block"), ("docsize", "sz"))
    )
    return int(blocks + sizes)


def built_anew(connection: sqlite3.Connection) -> float:
    """Return the CPU seconds of making our tokens of all texts and taking them in."""
    target = sqlite3.connect(":memory:")
    target.execute(f"create virtual table f using fts5(text, content='', tokenize=\"{TOKENIZER}\")")
    rows = connection.execute("select docid, title, issuer, text from reports order by docid")
    began = time.process_time()
    target.executemany(
        "insert into f (rowid, text) values (?, ?)",
        ((docid, text_tokens(texts)) for docid, *texts in rows),
    )
    took = time.process_time() - began
    target.close()
    return took


def timed(call: Callable[[], object], rounds: int = 3) -> float:
    """Return the CPU milliseconds of the quickest of several calls."""
    return min(_once(call) for _ in range(rounds))


def spread(times: Sequence[float]) -> dict[str, float]:
    """Return median, 95th percentile and largest."""
    ordered = sorted(times)
    return {
        "p50": round(ordered[len(ordered) // 2], 2),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
        "max": round(ordered[-1], 2),
    }


def _once(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return (time.process_time() - began) * 1000


def _by_length(queries: Sequence[str], ask: Callable[[str], object]) -> dict[str, Any]:
    times: dict[int, list[float]] = {}
    for query in queries:
        times.setdefault(len(query), []).append(_once(lambda q=query: ask(q)))
    return {str(length): spread(found) for length, found in sorted(times.items())}


def _like(query: str) -> str:
    for character in "\\%_":
        query = query.replace(character, "\\" + character)
    return f"%{query}%"
