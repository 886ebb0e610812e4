"""What a page says of itself: its metas, and what may be its title."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml import etree

from archive.report.chars import squeeze

HEADING_TAGS = ("h1", "ucaptitle", "h2", "h3")
_MOST = 40
"""Elements looked at; pages have a few that are called a title."""


def metas_of(root: etree._Element) -> dict[str, str]:
    """Return lower-case name -> content of the first meta of that name that is not empty."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = squeeze(meta.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def titles_of(
    root: etree._Element, metas: Mapping[str, str], headings: Sequence[etree._Element]
) -> Iterator[tuple[str, str]]:
    """Yield (source, text) of what may be the title, the likeliest first: meta, ``headings`` (the
    elements that are or are called one), the window's title cut at its separators."""
    if title := metas.get("articletitle"):
        yield "meta:ArticleTitle", _without_site(title, metas)
    plain = (e for e in headings if next(e.iter("a"), None) is None)
    for element in islice(sorted(plain, key=lambda e: e.tag not in HEADING_TAGS[:2]), _MOST):
        # A title has few pieces; a block that is only called so may hold the whole page.
        if 4 < len(text := squeeze("".join(islice(element.itertext(), 60)))) < 120:
            yield "heading", text
    if title := metas.get("og:title"):
        yield "meta:og:title", title
    for element in root.iter("title"):
        window = _without_site("".join(element.itertext()).strip(), metas)
        yield from (("window", squeeze(part)) for part in _window_parts(window))


def _window_parts(title: str) -> Iterator[str]:
    """Yield the parts of a window's title: ``标题_栏目_部门``, ``标题 - 站名``."""
    parts = [
        part.strip() for part in re.split(r"[_|–—]+| - |-(?=[^\d])|[\u00a0\u3000]{2,}|\n", title)
    ]
    yield from (part for part in parts if part)


def _without_site(title: str, metas: Mapping[str, str]) -> str:
    """Return ``title`` without the site's name before it (``保定市人民政府网——…``)."""
    site = metas.get("sitename", "")
    rest = title.removeprefix(site)
    # Without a mark between them the site's name is that of the issuer.
    return rest.lstrip(" -—_|:：") or title if rest.startswith(tuple("-—_|:： ")) else title
