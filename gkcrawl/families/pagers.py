"""The next page of a list, by what its pager shows: words, numbers, a menu, or a script.

Nothing is guessed: the address of a next page stands in the page, or is put together by a function
that does. Of systems whose pages are known to be numbered see `gkcrawl.families.pagecounts`.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html

from gkcrawl.families.addresses import key
from gkcrawl.families.calls import names, scripts
from gkcrawl.families.jsvalue import LONGEST, read_arguments, read_value
from gkcrawl.families.page import Page, content, squeeze
from gkcrawl.families.pagecounts import page_count
from gkcrawl.families.titles import NEXT_PAGE, plain

_NEXT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:next|nextpage|pagenext|next_page|p_next)(?:$|[\s_-])", re.I
)
_NUMBER = re.compile(r"^[\[第]?\s*(\d{1,3})\s*[\]页]?$")
_ADDRESSES = ("data-url", "data-href", "data-link", "tagname")
_ADDRESS = re.compile(r"^(?:https?:)?/|^[\w./-]*\?|\.(?:s?html?|jspx?|aspx?|php)\b")
_HERE = re.compile(r"\b(?:active|current|cur|on)\b", re.I)
_ARROW = re.compile(r"^[>›»]{1,2}$|^→$")
_OFF = re.compile(r"disabled|\bno-?link\b", re.I)
_ASSIGNED = (
    r"""(?:location(?:\.href)?|\.action|\.src)\s*=(?!=)\s*|location\.(?:replace|assign)\(|open\("""
)
_GOES = re.compile(_ASSIGNED)
_CALLED = re.compile(
    r"^\s*(?:javascript:)?\s*(?:return\s+)?(?:void\(0\);?)?([A-Za-z_$][\w$]*)\s*\(", re.I
)
_FIRST = re.compile(r"([?&])(?:cur_?|current_?)?p(?:age)?(?:_?(?:no|num|index))?=[01](?:&|$)", re.I)

MOST_NUMBERS = 60
"""Links that are numbers; a calendar has 31, a pager a dozen."""


def following(page: Page) -> str | None:
    """Return the address of the next page; None: this is the last, or none can be told."""
    for element in page.tree.iter("link"):
        if (element.get("rel") or "").lower() == "next" and (url := _target(page, element)):
            return url
    targets = (_target(page, element) for element in worded(page))
    return next(filter(None, targets), None) or _numbered_link(page) or _chosen(page)


def has_pager(page: Page) -> bool:
    """Tell whether a page shows a pager, be it on its last page."""
    return bool(page_count(page) or next(worded(page), None) is not None)


def worded(page: Page) -> Iterator[html.HtmlElement]:
    """Yield the elements that say 下一页, by text, title, class or the picture inside."""
    for element in page.tree.iter("a", "span", "button", "input", "li", "em"):
        if element.tag in ("span", "li", "em") and (len(element) or not element.get("onclick")):
            continue
        words = [content(element), element.get("title") or "", element.get("value") or ""]
        words += [image.get("alt") or "" for image in element.iter("img")]
        is_class = element.tag == "a" and _NEXT_CLASS.search(element.get("class") or "")
        said = [word for word in map(squeeze, words) if word]
        is_arrow = any(map(_ARROW.match, said)) and _is_among_numbers(element)
        if any(map(_says_next, said)) or is_arrow or (is_class and not said):
            yield element


def _says_next(words: str) -> bool:
    return NEXT_PAGE.search(plain(words)) is not None


def _is_among_numbers(element: html.HtmlElement) -> bool:
    """Tell whether an arrow stands in a pager; beside a headline it leads to more of something."""
    parent = _pager_of(element)
    return parent is not None and any(_NUMBER.match(content(a)) for a in parent.iter("a", "span"))


def _target(page: Page, element: html.HtmlElement) -> str | None:
    """Return where an element leads, by its address or by the script that it runs."""
    if _OFF.search(element.get("class") or ""):
        return None
    href = element.get("href") or ""
    others = (element.get(name) or "" for name in _ADDRESSES)
    found = [url for url in map(page.resolve, (href, *others)) if url]
    codes = (
        href if href.lstrip().lower().startswith("javascript:") else "",
        element.get("onclick"),
    )
    found += [url for url in (_scripted(page, code) for code in codes if code) if url]
    urls = [url.partition("#")[0] for url in found]
    return next((url for url in urls if key(_unnumbered(url)) != key(_unnumbered(page.url))), None)


def _unnumbered(url: str) -> str:
    """Return an address without the number of a first page: ``list.php?id=7&page=1``."""
    return _FIRST.sub(r"\1", url).rstrip("?&")


def _scripted(page: Page, code: str) -> str | None:
    """Return where a piece of script goes, by itself or by the function that it calls."""
    code = _bare(code)
    if _GOES.search(code):
        return _goes(page, code, {})
    called = _CALLED.match(code)
    if called is None:
        return None
    given = read_arguments(code, called.end())
    if defined := _defined(page, called[1], given):
        return _goes(page, *defined)
    # EasySite: ``queryArticleByCondition(this, '/eportal/ui?pageId=30&currentPage=2')``.
    named = (value for value in given if isinstance(value, str) and _ADDRESS.search(value))
    return next((url for url in map(page.resolve, named) if url), None)


def run(page: Page, code: str) -> tuple[str, dict[str, object]]:
    """Return the script that a piece of script comes to, which is itself or the body of the
    function that it calls, and the values of that function's parameters."""
    code = _bare(code)
    called = _CALLED.match(code)
    given = read_arguments(code, called.end()) if called else ()
    return (called and _defined(page, called[1], given)) or (code, {})


def _bare(code: str) -> str:
    return re.sub(r"^\s*javascript:", "", code, flags=re.I)


def _defined(
    page: Page, function: str, given: tuple[object, ...]
) -> tuple[str, dict[str, object]] | None:
    """Return the body of a function of the page and the values of its parameters."""
    text = scripts(page)
    definition = re.search(
        rf"function\s+{re.escape(function)}\s*\(([^)]*)\)\s*\{{"
        rf"|\b{re.escape(function)}\s*=\s*function\s*\(([^)]*)\)\s*\{{",
        text,
    )
    if definition is None:
        return None
    parameters = (definition[1] or definition[2] or "").replace(" ", "").split(",")
    body = text[definition.end() : definition.end() + LONGEST]
    end = re.search(r"\bfunction\s+\w+\s*\(", body)
    return body[: end.start()] if end else body, dict(zip(parameters, given, strict=False))


def _goes(page: Page, code: str, local: dict[str, object]) -> str | None:
    """Return the address that a script sends its visitor to, that with a variable part first."""
    known = names(page) | {"location.pathname": urlsplit(page.url).path} | local
    known |= {
        match[1]: read_value(code, match.end(), known)
        for match in re.finditer(r"\bvar\s+(\w+)\s*=\s*", code)
    }
    found: list[tuple[bool, str]] = []
    for match in _GOES.finditer(code):
        target = read_value(code, match.end(), known)
        url = page.resolve(target) if isinstance(target, str) else None
        if url is not None:
            rest = code[match.end() : match.end() + 200].split(";")[0]
            found.append((any(re.search(rf"\b{name}\b", rest) for name in local if name), url))
    return max(found, default=(False, None))[1]


def _numbered_link(page: Page) -> str | None:
    """Return the link with the number behind that of this page, in a pager without words."""
    groups: dict[html.HtmlElement, dict[int, html.HtmlElement]] = {}
    for anchor in page.tree.iter("a"):
        match = _NUMBER.match(content(anchor))
        if match and (parent := _pager_of(anchor)) is not None:
            groups.setdefault(parent, {}).setdefault(int(match[1]), anchor)
    for parent, links in groups.items():
        current = _current(page, parent, links) if len(links) <= MOST_NUMBERS else None
        if current is not None and current + 1 in links:
            return _target(page, links[current + 1])
    return None


def _pager_of(anchor: html.HtmlElement) -> html.HtmlElement | None:
    """Return what holds the numbers of a pager: two levels up where each has a box of its own."""
    parent = anchor.getparent()
    if parent is not None and parent.tag in ("li", "span", "td") and len(parent) == 1:
        return parent.getparent()
    return parent


def _current(
    page: Page, parent: html.HtmlElement, links: dict[int, html.HtmlElement]
) -> int | None:
    """Return the number of this page in its pager: it is no link, or a link to itself."""
    for number, anchor in links.items():
        url = page.resolve(anchor.get("href") or "")
        box = anchor.getparent()
        marks = f"{anchor.get('class')} {None if box is None else box.get('class')}"
        if (url and key(url) == key(page.url)) or _HERE.search(marks):
            return number
    linked = {id(anchor) for anchor in links.values()}
    for element in parent.iterdescendants(
        "span", "strong", "b", "em", "i", "font", "li", "td", "a"
    ):
        if id(element) in linked or element.find(".//a") is not None:
            continue
        if match := _NUMBER.match(content(element)):
            return int(match[1])
    # Bare text between the links: ``1 <a>2</a> <a>3</a>``.
    bare = [parent.text or "", *((child.tail or "") for child in parent)]
    for words in bare:
        if match := _NUMBER.match(words.strip()):
            return int(match[1])
    # All are links, and none leads here: the page came without its number.
    return 1 if min(links) <= 2 else None


def _chosen(page: Page) -> str | None:
    """Return the option behind the chosen one of a menu whose options are pages."""
    for menu in page.tree.iter("select"):
        options = list(menu.iter("option"))
        if not 2 <= len(options) <= 200 or not all(_NUMBER.match(content(o)) for o in options):
            continue
        urls = [page.resolve(option.get("value") or "") for option in options]
        if not all(urls) or any(_NUMBER.match(option.get("value") or "") for option in options):
            continue
        here = [n for n, url in enumerate(urls) if url and key(url) == key(page.url)]
        marked = [n for n, option in enumerate(options) if option.get("selected") is not None]
        place = (here or marked or [0])[0]
        return urls[place + 1] if place + 1 < len(urls) else None
    return None
