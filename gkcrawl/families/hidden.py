"""Links that are no anchors: menus to choose from, elements with a click, trees in scripts.

Departments and townships stand in a ``<select>`` or in the nodes of a tree (zTree and the like:
``{id:1,pId:0,name:'财政局',url:'/czj/'}``) as often as in a plain list.
"""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag

from lxml import html

from gkcrawl.families.page import Link, Page, content, parse, script_target, squeeze

_DATA_NAMES = ("data-url", "data-href", "data-link", "data-src")
_ADDRESS = re.compile(r"^(?:https?:)?//?[^\s'\"<>]+$|^[\w./-]+/[\w./?=&%-]*$|^[\w./-]+\.s?html?$")
_NAME = re.compile(
    r"""(?<![\w$])["']?(?:name|title|text|label|caption|nodeName|deptname|orgname)["']?\s*:\s*
    (?P<quote>["'])(?P<value>(?:\\.|(?!(?P=quote)).)+)(?P=quote)""",
    re.X | re.I,
)
_URL = re.compile(
    r"""(?<![\w$])["']?(?:url|href|link|linkurl|path|_href|src|htmlurl|chnlurl)["']?\s*:\s*
    (?P<quote>["'])(?P<value>(?:\\.|(?!(?P=quote)).)+)(?P=quote)""",
    re.X | re.I,
)
_ESCAPED = re.compile(r"\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))", re.S)
_HAN = re.compile(r"[\u4e00-\u9fff]")
MOST = 5000
"""Nodes of the trees of one page."""


def hidden_links(page: Page) -> Iterator[Link]:
    """Yield the links of a page that are no anchors, in document order, trees last."""
    for element in page.tree.iter("option"):
        value = (element.get("value") or "").strip()
        if _ADDRESS.match(value):
            yield from _link(page, value, content(element))
    for element in page.tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("a", "area", "option", "script"):
            continue
        value = next((v for name in _DATA_NAMES if (v := element.get(name) or "")), "")
        if not _ADDRESS.match(value):
            value = script_target(element.get("onclick") or "") or ""
        if value:
            yield from _link(page, value, element.get("title") or content(element))
    for script in page.tree.iter("script"):
        text = script.text or ""
        if "<a" in text:
            # Anchors that a script writes out.
            yield from page.links_in(parse(re.sub(r"\\([\"'/])", r"\1", text)))
        yield from _nodes(page, text)


def _nodes(page: Page, script: str) -> Iterator[Link]:
    """Yield the nodes of trees: what has a name and an address between two braces."""
    if ":" not in script:
        return
    for count, part in enumerate(re.split(r"[{}]", script)):
        if count > MOST:
            return
        name, url = _NAME.search(part), _URL.search(part)
        if name and url and _HAN.search(text := _unescape(name["value"])):
            yield from _link(page, _unescape(url["value"]), re.sub(r"<[^>]*>", "", text))


def _link(page: Page, href: str, name: str) -> Iterator[Link]:
    target = page.resolve(href)
    if target is not None:
        url, fragment = urldefrag(target)
        yield Link(url, fragment, squeeze(name)[:100], html.Element("a"))


def _unescape(text: str) -> str:
    def char(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else str(match[3])

    return _ESCAPED.sub(char, text)
