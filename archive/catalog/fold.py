"""What counts as the same when a person looks for words: the folding of the full-text index.

Traditional characters are their simplified ones (OpenCC), full-width forms (全角) and capitals
their plain ones. Quotation marks, marks of titles (《》) and invisible characters are left out, and
so is white space, which in these texts is where a line happened to end; between Latin letters or
digits it parts them (``12 34`` is not ``1234``). All other punctuation counts.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from opencc import OpenCC

BLANK = "\u2423"
"""Stands for white space between Latin letters or digits."""
BREAK = "\u2424"
"""Stands between two texts; no word goes across it. It cannot come out of a text."""
MARK = "\u241f"
"""Likewise; begins the words of names in the index."""

_QUOTES = "\"'`´“”‘’„‟〝〞「」『』《》〈〉«»‹›﹁﹂﹃﹄·•・‧"
_ALNUM = "0-9a-z"
_BLANKS = re.compile(f"((?<=[{_ALNUM}]) +(?=[{_ALNUM}]))| +")
_SURROGATES = range(0xD800, 0xE000)
# Where characters stand that have a plainer form, and where Chinese ones do.
_FORMS = (range(0x3400), range(0xA000, 0xAC00), range(0xD7A4, 0x10000), range(0x2F800, 0x2FA20))
_HAN = (range(0x3400, 0xA000), range(0x20000, 0x32400))


def fold(text: str) -> str:
    """Return ``text`` as it is compared: two texts that fold to one are found by one another."""
    plain = text.translate(_table())
    return _BLANKS.sub(lambda blank: BLANK if blank[1] else "", plain) if " " in plain else plain


def pattern(folded: str) -> str:
    """Return a regular expression for what folds to ``folded`` in a text as it was published."""
    return "".join(_steps(folded))


def _steps(folded: str) -> Iterator[str]:
    before = ""
    for character in folded:
        if character == BLANK:
            yield f"[{_left_out()}]*\\s[\\s{_left_out()}]*"
        else:
            if before not in ("", BLANK):
                # Between two digits white space would be a BLANK.
                white = "" if _is_alnum(before) and _is_alnum(character) else "\\s"
                yield f"[{white}{_left_out()}]*"
            yield _originals().get(character) or re.escape(character)
        before = character


def _is_alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()


@cache
def _table() -> dict[int, str | None]:
    """Return character -> what it counts as, a blank for white space, None if it is left out."""
    table: dict[int, str | None] = {}
    for codes in _FORMS:
        for code in codes:
            plain = _plain(chr(code))
            if plain != chr(code):
                table[code] = plain
    han = [chr(code) for codes in _HAN for code in codes]
    # Line by line, so that no word of several characters is seen.
    simplified = OpenCC("t2s").convert("\n".join(han)).split("\n")
    table |= {ord(a): b for a, b in zip(han, simplified, strict=True) if a != b and len(b) == 1}
    for code, plain in table.items():
        if plain is not None:
            table[code] = table.get(ord(plain), plain)
    return table


def _plain(character: str) -> str | None:
    if ord(character) in _SURROGATES or character in (BLANK, BREAK, MARK):
        return None
    form = unicodedata.normalize("NFKC", character).lower()
    form = form if len(form) == 1 else character
    if form.isspace() or character.isspace():
        return " "
    left_out = form in _QUOTES or unicodedata.category(form) in ("Cc", "Cf")
    return None if left_out else form


@cache
def _originals() -> dict[str, str]:
    """Return character -> a class of all those that count as it; only where there are several."""
    found: dict[str, list[str]] = {}
    for code, plain in _table().items():
        if plain not in (None, " "):
            found.setdefault(plain, []).append(chr(code))
    return {plain: f"[{re.escape(plain + ''.join(others))}]" for plain, others in found.items()}


@cache
def _left_out() -> str:
    """Return, for use inside a class, the characters that are left out."""
    gone = (code for code, plain in _table().items() if plain is None)
    return re.escape("".join(chr(code) for code in gone if code not in _SURROGATES))
