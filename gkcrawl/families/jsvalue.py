"""Expressions of JavaScript, as far as their value can be told without running them.

Pages put the addresses of their lists together: ``base + '/list_' + page + '.html'``. What is made
of literals, of names that the page sets and of a few plain functions has a value here; everything
else is UNKNOWN, and nothing is ever run.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gkcrawl.families.jsstrings import STRING, unescaped

UNKNOWN: Final = object()
"""The value of what cannot be told."""


@dataclass(frozen=True, slots=True)
class Json:
    """What ``JSON.stringify`` was given."""

    value: Any


_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.S)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_KEY = re.compile(r"""\s*(?:(["'])(?P<quoted>[^"'\n]*)\1|(?P<bare>[\w$]+))\s*:""")
_HOLE = re.compile(r"\$\{([^{}]*)\}")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_ASKS_ADDRESS = re.compile(r"query|param|request|geturl", re.I)
_ELEMENT = re.compile(r"^(?:\$|jQuery|document\.getElementById|document\.querySelector)$")

_KEEPING = re.compile(
    r"^(?:(?:en|de)codeURI(?:Component)?|escape|String|Number|parseInt|[$]\.(?:trim|param)"
    r"|[qQ]s\.stringify)$"
)
"""Functions whose value is what they are given, as far as addresses go."""
_OPERATORS = "?*/%&|=<>+-(["

DEEPEST = 40
LONGEST = 20_000
"""Characters that one value may span; longer ones are libraries."""


def read_value(
    text: str,
    start: int = 0,
    names: Mapping[str, Any] | None = None,
    *,
    longest: int = LONGEST,
) -> Any:
    """Return the value of the expression that begins at ``start``, UNKNOWN where it has none.

    Strings, numbers, lists and objects are Python's; an object leaves out what is unknown in it.
    ``names`` are the variables; what a function finds in the page's address, or in a field of it,
    is looked up there too, by the name it asks for. ``longest``: characters that are looked at.
    """
    return _Reader(text[start : start + longest], names or {}).value()


def read_arguments(
    text: str,
    start: int,
    names: Mapping[str, Any] | None = None,
    *,
    longest: int = LONGEST,
) -> tuple[Any, ...]:
    """Return the values of a call's arguments; ``start`` is behind its opening bracket."""
    return tuple(_Reader(text[start : start + longest], names or {}).items(")"))


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, text: str, names: Mapping[str, Any]) -> None:
        self.text = text
        self.names = names
        self.position = 0
        self.depth = 0

    def value(self) -> Any:
        """Read up to a comma or closing bracket of the surroundings."""
        self.depth += 1
        found = UNKNOWN if self.depth > DEEPEST else self._sum()
        self.depth -= 1
        mark = self._next()
        is_over = mark in ("", *",)]};:") or self.text.startswith("</", self.position)
        if is_over or (mark not in _OPERATORS and self._is_new_line()):
            return found
        self._skip()
        return UNKNOWN

    def items(self, closing: str) -> list[Any]:
        """Read values parted by commas up to the closing bracket, and that."""
        found: list[Any] = []
        while self._next() not in ("", closing):
            before = self.position
            found.append(self.value())
            if self._next() == ",":
                self.position += 1
            elif self.position == before:
                break
        self.position += 1
        return found

    def _sum(self) -> Any:
        found = self._term()
        while (mark := self._next()) in ("+", "-", "|"):
            if mark == "|":
                self.position += 2
                other = self._sum()
                return other if found in (UNKNOWN, None, "") else found
            self.position += 1
            found = _joined(found, self._term(), mark)
        return found

    def _term(self) -> Any:
        mark = self._next()
        if match := STRING.match(self.text, self.position):
            self.position = match.end()
            return self._string(match)
        if match := _NUMBER.match(self.text, self.position):
            self.position = match.end()
            return float(match[0]) if "." in match[0] else int(match[0])
        if mark == "-":
            self.position += 1
            return _joined(0, self._term(), "-")
        if mark == "(":
            self.position += 1
            inner = self.items(")")
            return inner[-1] if inner else UNKNOWN
        if mark == "[":
            self.position += 1
            return [item for item in self.items("]") if item is not UNKNOWN]
        if mark == "{":
            return self._object()
        if match := _WORD.match(self.text, self.position):
            return self._name(match)
        return UNKNOWN

    def _object(self) -> dict[str, Any]:
        self.position += 1
        found: dict[str, Any] = {}
        while self._next() not in ("", "}"):
            key = _KEY.match(self.text, self.position)
            if key is None:
                self._skip()
            else:
                self.position = key.end()
                value = self.value()
                if value is not UNKNOWN:
                    found[key["quoted"] if key["bare"] is None else key["bare"]] = value
            if self._next() != ",":
                break
            self.position += 1
        self.position += 1
        return found

    def _name(self, match: re.Match[str]) -> Any:
        """Read a name with what hangs on it: ``siteInfo.siteGuid``, ``$('#id').val()``."""
        self.position = match.end()
        path = match[0]
        if path == "new":
            return self._term()
        found = _WORDS.get(path, self.names.get(path, UNKNOWN))
        while (mark := self._next()) in (".", "("):
            self.position += 1
            if mark == ".":
                self._next()
                part = _WORD.match(self.text, self.position)
                if part is None:
                    return UNKNOWN
                self.position = part.end()
                path = f"{path}.{part[0]}"
                keeps = part[0] in ("val", "value", "toString", "trim")
                if isinstance(found, dict):
                    found = found.get(part[0], UNKNOWN)
                elif not keeps:
                    found = self.names.get(path, UNKNOWN)
            else:
                found = self._called(path, found, self.items(")"))
        return found

    def _called(self, path: str, found: Any, given: list[Any]) -> Any:
        """Return what a function gives, where that is plain."""
        first = given[0] if given else None
        if path == "JSON.stringify" and given:
            return UNKNOWN if first is UNKNOWN else Json(first)
        if given and _KEEPING.match(path):
            return first
        if path.endswith((".val", ".toString", ".trim")):
            return found
        if path.startswith(("Math.random", "Date")):
            return 0
        if isinstance(first, str) and _ELEMENT.match(path):
            return self.names.get(first.lstrip("#"), UNKNOWN)
        if isinstance(first, str) and _ASKS_ADDRESS.search(path):
            return self.names.get(first, "")
        return UNKNOWN

    def _string(self, match: re.Match[str]) -> Any:
        raw = next(group for group in match.groups() if group is not None)
        if match[3] is None or "${" not in raw:
            return unescaped(raw)
        parts, end = list[str](), 0
        for hole in _HOLE.finditer(raw):
            value = read_value(hole[1], 0, self.names)
            if not isinstance(value, str | int):
                return UNKNOWN
            parts += [raw[end : hole.start()], str(value)]
            end = hole.end()
        return "".join(parts) + raw[end:]

    def _next(self) -> str:
        """Return the next mark that is no blank or comment, without passing it; '' at the end."""
        if blank := _BLANK.match(self.text, self.position):
            self.position = blank.end()
        return self.text[self.position : self.position + 1]

    def _is_new_line(self) -> bool:
        """Tell whether what comes next begins a line, and so a statement where none ended."""
        passed = self.text[max(self.position - 200, 0) : self.position]
        return "\n" in passed[len(passed.rstrip()) :]

    def _skip(self) -> None:
        """Pass what has no value here, up to the comma or bracket that ends it."""
        awaited: list[str] = []
        while mark := self._next():
            if match := STRING.match(self.text, self.position):
                self.position = match.end()
                continue
            if not awaited and mark in ",)]};":
                return
            if mark in _PAIRS:
                awaited.append(_PAIRS[mark])
            elif awaited and mark == awaited[-1]:
                awaited.pop()
            self.position += 1


def _joined(left: Any, right: Any, mark: str) -> Any:
    """Return what ``+`` or ``-`` makes of two values."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left + right if mark == "+" else left - right
    if mark == "+" and isinstance(left, str | int) and isinstance(right, str | int):
        return f"{left}{right}"
    return UNKNOWN
