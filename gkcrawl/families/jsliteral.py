"""Object literals of JavaScript, as pages keep their configuration in them."""

import json
import re
from typing import Any

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)"""
    r"""|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<mark>[{}\[\]:,])""",
    re.S,
)
_WORDS = {"true": "true", "false": "false", "null": "null", "undefined": "null"}
_ESCAPE = re.compile(r"""\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))""", re.S)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}

DEEPEST = 100
"""Levels of nesting; a configuration has five."""


def read_literal(text: str, start: int = 0) -> Any:
    """Return the value of the literal that begins at ``start`` of a script.

    Keys may be bare, quotes single or double, commas left over; whatever follows the literal is
    not looked at. ValueError if it is no literal (it calls a function, say) or does not end.
    """
    parts: list[str] = []
    depth = 0
    position = start
    while (match := _TOKEN.match(text, position)) and depth <= DEEPEST:
        position = match.end()
        kind, token = match.lastgroup, match[0]
        if kind == "blank":
            continue
        if kind == "mark":
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(token, 0)
            if token in "}]" and parts and parts[-1] == ",":
                parts.pop()
        parts.append(_as_json(kind, token))
        if depth <= 0:
            break
    try:
        if depth == 0:
            return json.loads("".join(parts))
    except ValueError:
        pass  # Told below, with the place.
    raise ValueError(f"no JavaScript literal before {position}: {text[start : start + 40]!r}")


def _as_json(kind: str | None, token: str) -> str:
    if kind == "string":
        return json.dumps(_ESCAPE.sub(_unescape, token[1:-1]))
    if kind == "word":
        return _WORDS.get(token, json.dumps(token))
    return token


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])
