"""An HTML page taken apart: its metadata, its article, what hangs on it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from archive.report.article.attachments import attachments_of
from archive.report.article.chrome import without_chrome
from archive.report.article.cleaning import cleaned, main_lines
from archive.report.article.container import MARKS, article_of, between_marks, is_known
from archive.report.article.facts import HEADING_TAGS, metas_of, titles_of
from archive.report.article.headings import count_headings
from archive.report.article.lines import Flow, Line, flow_of, text_of
from archive.report.article.taming import flattened, without_early_end, without_long_tags
from archive.report.chars import squeeze

_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:bdshare|share|print|toolbar|breadcrumb|crumbs?|footer|foot|copyright|pager|page_?nav"
    r"|related|xgxx|xgwz|ewm|qrcode|prev_?next|sxp|weizhi|dqwz|position)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CHROME_TAGS = ("nav", "footer")
_TELLING_TAGS = frozenset([*_CHROME_TAGS, *HEADING_TAGS, "ucapcontent"])
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-decoration[^;]*line-through", re.IGNORECASE
)
_STRUCK = ("del", "s", "strike")
_LONGEST_STRUCK = 200
"""Characters; tags that strike more were never closed."""
_MOST_HIDDEN = 2000
# Elements that only dress text, most of them from Word; a page has thousands.
_DRESS = (
    *("span", "font", "b", "strong", "u", "em", "i", *_STRUCK, "ins", "big", "small", "tt"),
    *("sup", "sub", "nobr", "abbr", "mark", "label", "wbr", "basefont", "o:p", "cite", "code"),
)
_DEEPEST = 2000
"""Elements in elements that the parser takes; what lies deeper it drops."""
_GONE = ("script", "style", "noscript", "select", "button", "input", "textarea", "template")
_FIGURE = re.compile(r"[+-]?\d[\d,.]{0,15}")
_POSITION = re.compile("当前位置|所在位置|您的位置")


@dataclass(frozen=True, slots=True)
class Opened:
    """A page as it reads, with its facts."""

    flow: Flow
    """Its body, line by line."""
    metas: Mapping[str, str]
    """Lower-case name -> content of the first that is not empty."""
    titles: tuple[tuple[str, str], ...]
    """(source, text) of what may be the title, the likeliest first."""
    marked: etree._Element | None
    """What the publishing system marks as the article."""
    known: tuple[etree._Element, ...]
    """Elements into which a publishing system puts articles."""
    tools: tuple[etree._Element, ...]
    """Elements whose names tell that they are no part of an article."""
    is_torn: bool = False
    """It closes more elements than it opens."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds."""

    article: etree._Element
    """The container of the article."""
    lines: tuple[Line, ...]
    """The article, line by line, cleaned."""
    standing: tuple[Line, ...]
    """The article as it stands: blank cells that were saved as lines are lines here."""
    head: str
    """The page's text above the article's first heading, with facts such as 发布时间."""
    breadcrumb: str
    """The text of 当前位置, or empty."""
    attachments: tuple[str, ...]
    links: tuple[str, ...]
    """The texts of all links of the page."""


def parse(text: str) -> etree._Element | None:
    """Return the tree of an HTML page; None: there is nothing to parse."""
    tame = without_long_tags(text)
    root, is_whole = _tree(tame)
    if is_whole:
        return root
    for flat in flattened(tame):
        root, is_whole = _tree(flat)
        if is_whole:
            break
    return root


def _tree(markup: str) -> tuple[etree._Element | None, bool]:
    """Return the tree of ``markup``, and whether nothing lay too deep for the parser."""
    markup = without_early_end(markup)
    # Comments mean nothing but where they mark the article.
    marked = any(mark in markup for mark in MARKS)
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=not marked, remove_pis=True
    )
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None, True
    deep = markup.count("<") > _DEEPEST and any("depth" in e.message for e in parser.error_log)
    return root, not deep


def opened(root: etree._Element, markup: str = "") -> Opened:
    """Return the page whose tree is ``root``, parsed from ``markup``, as it reads; the tree is
    simplified."""
    metas = metas_of(root)
    body = root.find("body")
    body = root if body is None else body
    marked = between_marks(body)
    known, tools, headings, hidden = _named(root)
    titles = tuple(titles_of(root, metas, headings))
    _simplify(root, hidden)
    return Opened(flow_of(body), metas, titles, marked, known, tools, _is_torn(markup))


def take_apart(page: Opened, url: str | None) -> Page:
    """Return the parts of ``page``, found at ``url``."""
    flow = page.flow
    root = flow.root.getroottree().getroot()
    extent = article_of(flow, page.known, page.marked, is_torn=page.is_torn)
    article = extent.element
    aside = _aside(page)
    standing = [flow.lines[n] for n in range(extent.start, extent.end) if n not in aside]
    own = without_chrome(standing)
    is_article = article is not flow.root or count_headings(text_of(own)) >= 3
    lines = cleaned(flow, article, own) if is_article else main_lines(flow, own) or own
    return Page(
        article=article,
        lines=tuple(lines),
        standing=tuple(standing),
        head=_head(flow.lines, lines),
        breadcrumb=_breadcrumb(flow.lines),
        attachments=attachments_of(root, article, flow, url),
        links=tuple(text for a in root.iter("a") if (text := _link_text(a))),
    )


def _is_torn(markup: str) -> bool:
    low = markup.lower()
    return any(low.count(f"</{tag}") > low.count(f"<{tag}") for tag in ("div", "table", "td"))


def _link_text(link: etree._Element) -> str:
    return squeeze(link.get("title") or "".join(link.itertext()))


_Elements = tuple[etree._Element, ...]


def _named(root: etree._Element) -> tuple[_Elements, _Elements, _Elements, _Elements]:
    """Return the elements that by tag, class, id or style are containers, tools, titles, hidden;
    what only dressed text among the first two becomes a block."""
    known: list[etree._Element] = []
    tools: list[etree._Element] = []
    headings: list[etree._Element] = []
    hidden: list[etree._Element] = []
    for element in root.iter("*"):
        tag = element.tag
        if not element.keys() and tag not in _TELLING_TAGS:
            continue
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if len(names) > 1 or tag in _TELLING_TAGS:
            block = known if is_known(element) else None
            if block is None and (tag in _CHROME_TAGS or _CHROME_NAME.search(names)):
                block = tools
            if block is not None:
                block.append(element)
                if tag == "a" or tag in _DRESS:
                    element.tag = "div"
            if tag in HEADING_TAGS or "title" in names or "bt" in names:
                headings.append(element)
        style = element.get("style")
        if (style and _HIDDEN.search(style)) or element.get("hidden") is not None:
            hidden.append(element)
    return tuple(known), tuple(tools), tuple(headings), tuple(hidden[:_MOST_HIDDEN])


def _simplify(root: etree._Element, hidden: _Elements) -> None:
    """Take out of the tree what shows nothing and what only dresses text."""
    outermost: etree._Element | None = None
    for element in hidden:
        inside = any(outer is outermost for outer in element.iterancestors())
        if element.tag in ("html", "body") or inside:
            continue
        outermost = element
        text = "".join(element.itertext())
        # Some pages show their article by script.
        if len(text) < 200 or count_headings(text) < 3:
            element.tag = _GONE[-1]
    for struck in root.iter(*_STRUCK):
        if sum(map(len, struck.itertext())) < _LONGEST_STRUCK and struck.find(".//table") is None:
            struck.tag = _GONE[-1]
    for note in root.iter("sup", "sub"):
        # 5<sup>1</sup> is five with a footnote.
        if note.text and not len(note) and note.text.strip().isalnum():
            note.text = f"[{note.text.strip()}]"
    for field in root.iter("input", "textarea"):
        # A form that was filled in shows its figures too.
        value = (field.get("value") or field.text or "").strip()
        if _FIGURE.fullmatch(value) and field.get("type", "text") in ("text", "number"):
            field.tag, field.text = _DRESS[0], value
    etree.strip_elements(root, *_GONE, with_tail=False)
    etree.strip_tags(root, *_DRESS)


def _aside(page: Opened) -> set[int]:
    """Return which lines are those of share bars, breadcrumbs, pagers and footers, by their
    names."""
    flow = page.flow
    found: set[int] = set()
    for element in page.tools:
        if flow.size(element) < 300 and not count_headings(text_of(flow.within(element))):
            found.update(range(*flow.spans.get(element, (0, 0))))
    return found


def _head(everything: list[Line], lines: list[Line]) -> str:
    """Return the text of the page that stands above the first long line of the article."""
    first = next((line.text for line in lines if len(line.text) > 40), None)
    texts = [line.text for line in everything]
    stop = texts.index(first) if first in texts else min(len(texts), 60)
    return "\n".join(texts[max(0, stop - 60) : stop])


def _breadcrumb(everything: list[Line]) -> str:
    for line in everything[:200]:
        if len(line.text) < 200 and _POSITION.search(line.text):
            return line.text
    return ""
