"""Archived style sheets, their loads led into replay (CSS Syntax Level 3, by tinycss2)."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import tinycss2
from tinycss2 import ast

Lead = Callable[[str], str | None]
"""Leads an address to its replay; None: it is not loaded."""

LIMIT = 1_500_000
"""Characters of style in one page or one sheet; what comes behind them is left out. The sheets of
portals have a quarter of that."""
_DEEPEST = 50
# Old ways to run code, and functions that make an address of what is no url() here.
_FUNCTIONS_DROPPED = frozenset(
    {"expression", "src", "image", "image-set", "-webkit-image-set", "cross-fade"}
    | {"-webkit-cross-fade", "paint", "-webkit-canvas", "element", "-moz-element"}
)
_AT_RULES_DROPPED = frozenset({"charset", "namespace", "document", "-moz-document"})
# Declarations without an address, an escape or a function that could make one.
_HARMLESS = re.compile(
    r"(?:[^(\\@<{}]*(?<![\w-])(?:rgba?|hsla?|calc|rotate|scale|translate)\()*[^(\\@<{}]*",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[][(){}]")
_MARKUP = re.compile(r"<(?=[a-zA-Z/!?])")


class Styles:
    """Leads the loads of all style of one page, as long as that is not beyond reason."""

    def __init__(self, resource: Lead, style: Lead) -> None:
        """``resource`` leads what ``url()`` names, ``style`` what ``@import`` does."""
        self._resource, self._style = resource, style
        self._left = LIMIT
        self._known: dict[str, str] = {}

    def sheet(self, text: str) -> str:
        """Return a style sheet that loads nothing but what was led, without comments; it can stand
        in markup."""
        if not self._is_in_bounds(text):
            return ""
        nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        for node in nodes:
            if node.type == "at-rule" and node.lower_at_keyword == "import":
                _lead_import(node, self._style)
        return _written(_kept(nodes, self._resource))

    def value(self, text: str) -> str:
        """Return the declarations of a ``style`` attribute, or one value, led the same way."""
        if _HARMLESS.fullmatch(text):
            return text
        if text not in self._known:
            self._known[text] = self._led(text) if self._is_in_bounds(text) else ""
        return self._known[text]

    def _led(self, text: str) -> str:
        nodes = tinycss2.parse_component_value_list(text, skip_comments=True)
        return _written(_kept(nodes, self._resource))

    def _is_in_bounds(self, text: str) -> bool:
        self._left -= len(text)
        return self._left >= 0 and _depth(text) <= _DEEPEST


def _depth(text: str) -> int:
    """Return how deep brackets lie in one another, those in strings counted too."""
    deepest = depth = 0
    for bracket in _BRACKET.finditer(text):
        depth += 1 if bracket[0] in "([{" else -min(depth, 1)
        deepest = max(deepest, depth)
    return deepest


def _written(nodes: Iterable[Any]) -> str:
    return _MARKUP.sub(r"\\3c ", tinycss2.serialize(list(nodes))).replace("\x00", "")


def _kept(nodes: Iterable[Any], resource: Lead) -> list[Any]:
    """Return what is kept of a list of rules or component values."""
    made = (
        _HANDLERS[node.type](node, resource) if node.type in _HANDLERS else node for node in nodes
    )
    return [node for node in made if node is not None]


def _url(node: Any, resource: Lead) -> Any:
    led = resource(node.value)
    return _url_token(node, led) if led else ast.IdentToken(node.source_line, 0, "none")


def _function(node: Any, resource: Lead) -> Any:
    if node.lower_name in _FUNCTIONS_DROPPED:
        return ast.IdentToken(node.source_line, 0, "none")
    if node.lower_name == "url":
        named = next((one for one in node.arguments if one.type == "string"), None)
        return _url(named, resource) if named else None
    node.arguments = _kept(node.arguments, resource)
    return node


def _block(node: Any, resource: Lead) -> Any:
    node.content = _kept(node.content, resource)
    return node


def _at_rule(node: Any, resource: Lead) -> Any:
    if node.lower_at_keyword == "import":  # its address is led already
        return node if node.content is None else None
    return None if node.lower_at_keyword in _AT_RULES_DROPPED else _rule(node, resource)


def _rule(node: Any, resource: Lead) -> Any:
    node.prelude = _kept(node.prelude, resource)
    if node.content is not None:
        node.content = _kept(node.content, resource)
    return node


def _lead_import(node: Any, style: Lead) -> None:
    """Lead the address of an ``@import``; what is behind it (layer, media) stays."""
    prelude = [one for one in node.prelude if one.type not in ("whitespace", "comment")]
    first = prelude[0] if prelude else None
    named = None
    if first is not None and first.type in ("string", "url"):
        named = first.value
    elif first is not None and first.type == "function" and first.lower_name == "url":
        named = next((one.value for one in first.arguments if one.type == "string"), None)
    led = style(named) if named is not None else None
    if first is None or led is None:
        node.prelude, node.content = [], []  # no such rule: dropped with the others
        return
    behind = node.prelude[node.prelude.index(first) + 1 :]
    space = ast.WhitespaceToken(node.source_line, 0, " ")
    node.prelude = [space, _url_token(first, led), *_kept(behind, lambda _: None)]


def _url_token(node: Any, address: str) -> Any:
    said = "".join(c if c not in "\"\\\n\r\f<>'" else f"%{ord(c):02X}" for c in address)
    return ast.URLToken(node.source_line, 0, said, f'url("{said}")')


_HANDLERS: dict[str, Callable[[Any, Lead], Any]] = {
    "url": _url,
    "function": _function,
    "() block": _block,
    "[] block": _block,
    "{} block": _block,
    "qualified-rule": _rule,
    "at-rule": _at_rule,
    "error": lambda node, resource: None,
    "comment": lambda node, resource: None,
    # "<!--" and "-->", of sheets that hid from browsers of old.
    "literal": lambda node, resource: None if node.value in ("<!--", "-->") else node,
}
