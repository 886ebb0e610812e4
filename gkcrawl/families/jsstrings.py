"""Texts of JavaScript: literals read, and values written as they stand in an address."""

import json
import re
from typing import Any

STRING = re.compile(r""""((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`""", re.S)
"""In double quotes, in single ones, or a template; what stands between is group 1, 2 or 3."""

_ESCAPE = re.compile(r"\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))", re.S)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


def unescaped(raw: str) -> str:
    """Return the text that stands between the quotes of a literal as ``raw``."""
    text = _ESCAPE.sub(_unescape, raw) if "\\" in raw else raw
    if not re.search("[\ud800-\udfff]", text):
        return text
    # Two escapes make one character.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def as_text(value: Any) -> str:
    """Return a value as it stands in an address or a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
