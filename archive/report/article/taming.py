"""Markup that would take a parser hours or past its limits, made harmless before it is parsed."""

import re
from collections.abc import Iterator

_LONG_PAGE = 60_000
"""Characters; the tags of a shorter page cannot have attributes enough to matter."""
_LONG_TAG = 20_000
_ATTRIBUTES = 500
"""libxml2 compares every attribute of a tag with all before it."""
# Nothing in it is tried twice: every quote that opens is taken to its end or that of the page.
_TAG = re.compile(
    r"<[a-zA-Z][\w:-]*+(?:[^<>\"'=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))|[=\"'])*+"
)
_ATTRIBUTE = re.compile(r"\s[^\s=<>\"']")
_NAME = re.compile(r"<[\w:-]+")
_INLINE = re.compile(r"</?(?:span|font|b|strong|i|em|u|sup|sub|o:p|a)(?:\s[^<>]*)?>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:div|p|section|article|center|form|ul|ol|li|dl|dd|dt|blockquote|main|aside|h[1-6])"
    r"(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
_END = r"</(?:html|body)\s*>"
_EARLY_END = re.compile(rf"{_END}(?=\s*(?:{_END}\s*){{0,4}}(?:[^\s<]|<(?!/|!--)))", re.IGNORECASE)
_ANY = re.compile(r"</?(?!html|body|head|br|script|style)\w[^<>]*>", re.IGNORECASE)


def without_early_end(markup: str) -> str:
    """Return ``markup`` without those ends of the document behind which more of it stands.

    Headers are pasted in whole, with an end of their own; libxml2 drops what follows the first one,
    browsers show it.
    """
    return _EARLY_END.sub("", markup)


def without_long_tags(markup: str) -> str:
    """Return ``markup`` with no attributes in tags that have hundreds of them."""
    if len(markup) < _LONG_PAGE:
        return markup
    return _TAG.sub(_shortened, markup)


def _shortened(tag: re.Match[str]) -> str:
    text = tag[0]
    if len(text) < _LONG_TAG or len(_ATTRIBUTE.findall(text)) < _ATTRIBUTES:
        return text
    name = _NAME.match(text)
    return name[0] if name else ""


def flattened(markup: str) -> Iterator[str]:
    """Yield ``markup`` with less and less nesting: that of tables only, none at all."""
    flat = _BLOCK.sub("<br>", _INLINE.sub("", markup))
    yield flat
    yield _ANY.sub("<br>", flat)
