"""An HTML page taken apart: its metadata, its article, what hangs on it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from archive.report.attachments import attachments_of
from archive.report.chrome import without_chrome
from archive.report.cleaning import cleaned, main_text
from archive.report.container import BEGIN, article_of, size_of
from archive.report.lines import Line, render, squeeze, text_of
from archive.report.sections import count_headings

_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:bdshare|share|print|toolbar|breadcrumb|crumbs?|footer|foot|copyright|pager|page_?nav"
    r"|related|xgxx|xgwz|ewm|qrcode|prev_?next|sxp|weizhi|dqwz|position)(?:$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds."""

    article: HtmlElement
    """The container of the article, without tools and navigation."""
    lines: tuple[Line, ...]
    """The article, line by line, cleaned."""
    standing: str
    """The article's text as it stands: blank cells that were saved as lines are lines here."""
    head: str
    """The page's text above the article's first heading, with facts such as 发布时间."""
    metas: Mapping[str, str]
    """Lower-case name -> content of the first that is not empty."""
    titles: tuple[tuple[str, str], ...]
    """(source, text) of what may be the title, the likeliest first."""
    breadcrumb: str
    """The text of 当前位置, or empty."""
    attachments: tuple[str, ...]
    links: tuple[str, ...]
    """The texts of all links of the page."""
    everything: str
    """All visible text of the page."""


def parse(text: str) -> HtmlElement | None:
    """Return the tree of an HTML page; None: there is nothing to parse."""
    # Comments mean nothing but where they mark the article.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=not BEGIN.search(text), remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


def take_apart(root: HtmlElement, everything: list[Line], url: str | None) -> Page:
    """Return the parts of the page whose tree is ``root`` and whose lines are ``everything``; the
    tree is changed."""
    metas = _metas(root)
    titles = tuple(_titles(root, metas))
    links = tuple(
        joined for a in root.iter("a") if (joined := squeeze(a.get("title") or a.text_content()))
    )
    article = article_of(root)
    attachments = attachments_of(root, article, url)
    _remove_chrome(article)
    standing = render(article)
    own = without_chrome(standing)
    known = article.tag != "body" or count_headings(text_of(own)) >= 3
    lines = tuple(without_chrome(cleaned(article, own) if known else main_text(root) or own))
    return Page(
        article=article,
        lines=lines,
        standing=text_of(standing),
        head=_head(everything, lines),
        metas=metas,
        titles=titles,
        breadcrumb=_breadcrumb(everything),
        attachments=attachments,
        links=links,
        everything=text_of(everything),
    )


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = squeeze(meta.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def _titles(root: HtmlElement, metas: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what may be the title: meta, headings, the window's title cut at its separators."""
    if title := metas.get("articletitle"):
        yield "meta:ArticleTitle", _without_site(title, metas)
    marked = root.xpath(
        "//h1 | //ucaptitle | //*[@id='ivs_title' or @id='title' or contains(@class, 'title')"
        " or contains(@class, 'bt')][not(descendant::a) and not(self::title)] | //h2 | //h3"
    )
    for element in sorted(marked, key=lambda e: e.tag not in ("h1", "ucaptitle"))[:40]:
        if 4 < len(text := squeeze(element.text_content())) < 120:
            yield "heading", text
    if title := metas.get("og:title"):
        yield "meta:og:title", title
    for element in root.iter("title"):
        window = _without_site(element.text_content().strip(), metas)
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


def _remove_chrome(article: HtmlElement) -> None:
    """Drop share bars, breadcrumbs, pagers and footers inside the article."""
    for element in list(article.iterdescendants()):
        if not isinstance(element.tag, str) or element.tag in ("table", "tbody", "tr", "td"):
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        unwanted = element.tag in ("nav", "footer") or _CHROME_NAME.search(names)
        if unwanted and size_of(element) < 300 and not count_headings(element.text_content()):
            element.drop_tree()


def _head(everything: list[Line], lines: tuple[Line, ...]) -> str:
    """Return the text of the page that stands above the first long line of the article."""
    first = next((line.text for line in lines if len(line.text) > 40), None)
    texts = [line.text for line in everything]
    stop = texts.index(first) if first in texts else min(len(texts), 60)
    return "\n".join(texts[max(0, stop - 60) : stop])


def _breadcrumb(everything: list[Line]) -> str:
    for line in everything[:200]:
        if re.search("当前位置|所在位置|您的位置", line.text) and len(line.text) < 200:
            return line.text
    return ""
