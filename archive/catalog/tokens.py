"""What the full-text index holds: pairs of neighbouring characters, and each character once.

SQLite's tokenizers take a run of Chinese for one word, and trigrams do not find words of two
characters (诉讼). Here a word of the query becomes the phrase of its pairs, 行政诉 that of 行政 and
政诉, which stands wherever LIKE would find the word in the folded text (see
``archive.catalog.fold``). A single character is a token of its own.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from archive.catalog.fold import BREAK, MARK, fold

LONGEST = 200
"""Characters of a query that count; what stands behind them is not looked for."""
NO_WORDS = '""'
"""The FTS5 query that finds nothing."""

# Every character that is no blank is part of a token; fold() has made the rest small and plain.
TOKENIZER = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_{|}~'"

_WORD = re.compile(r'"([^"]*)"|“([^”]*)”|([^\s"“”]+)')
_NO_VALUE = re.compile(r"[\s\"'`\x00-\x1f\x7f]+")


def words(query: str) -> list[str]:
    """Return the folded words of what a person typed, each once, in order.

    Blanks part words; quotation marks ("…", “…”) keep them together.
    """
    said = ("".join(groups) for groups in _WORD.findall(query[:LONGEST]))
    return list(dict.fromkeys(filter(None, map(fold, said))))


def text_tokens(texts: Iterable[str | None]) -> str:
    """Return the tokens of several texts of one report; no pair goes across two of them."""
    whole = BREAK.join(fold(text) for text in texts if text)
    return " ".join((*sorted(set(whole)), *map("".join, pairwise(whole))))


def name_tokens(names: Iterable[str | None]) -> str:
    """Return the same tokens with a mark before each, so that names can be asked for alone."""
    return " ".join(MARK + token for token in text_tokens(names).split(" ") if token)


def tag(name: str, value: object) -> str:
    """Return the one token that says that a report has this value."""
    return f"{name}={_NO_VALUE.sub('', str(value))}".lower()


def tags(values: Mapping[str, object]) -> str:
    """Return the tokens for all values but None."""
    return " ".join(tag(name, value) for name, value in values.items() if value is not None)


def text_query(found: Iterable[str]) -> str:
    """Return the FTS5 query for reports that hold all of these folded words."""
    return " ".join(f'"{" ".join(_tokens(word))}"' for word in found)


def name_query(found: Iterable[str]) -> str:
    """Return the FTS5 query for reports whose names hold all of these folded words."""
    return " ".join(f'"{" ".join(MARK + token for token in _tokens(word))}"' for word in found)


def tag_query(values: Mapping[str, object]) -> str:
    """Return the FTS5 query for reports that have all values but None."""
    return " ".join(f'"{each}"' for each in tags(values).split())


def fts_query(query: str) -> str:
    """Return the FTS5 query for what a person typed: ``诉讼 不予公开 -> "诉讼" "不予 予公 公开"``.

    Every word must occur; a query that finds nothing where there is no word.
    """
    return text_query(words(query)) or NO_WORDS


def _tokens(word: str) -> list[str]:
    return [word] if len(word) == 1 else [word[n : n + 2] for n in range(len(word) - 1)]
