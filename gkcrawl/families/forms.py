"""The next page of a list whose pager fills in a form and sends it by script.

``<a href="javascript:gotoPage(2)">下一页</a>`` with
``function gotoPage(n) { $("#pageNo").val(n); document.pageForm.submit(); }``: old portals in Java
and ASP count their pages so.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from lxml import html

from gkcrawl.families.calls import names, with_query
from gkcrawl.families.jsvalue import read_value
from gkcrawl.families.page import Page
from gkcrawl.families.pagers import run, worded
from gkcrawl.families.rows import Next

_SUBMIT = re.compile(r"\.\s*submit\s*\(")
_FILLED = re.compile(
    r"""(?:getElementById\(\s*["']([\w-]+)["']\s*\)|\$\(\s*["']\#([\w-]+)["']\s*\)"""
    r"""|\$\(\s*["']\w*\[name=["']?([\w-]+)["']?\]["']\s*\)|\b([\w-]+))"""
    r"""\s*\.\s*(?:value\s*=(?!=)\s*|val\(\s*)(?!\))""",
    re.X,
)


def submitted(page: Page) -> Next | None:
    """Return what the pager's form asks for when its script sends it; None: there is no such
    pager, or this is the last page."""
    tries = (_sent(page, code) for element in worded(page) for code in _codes(element))
    return next(filter(None, tries), None)


def _codes(element: html.HtmlElement) -> Iterator[str]:
    href = element.get("href") or ""
    yield from (
        code
        for code in (element.get("onclick"), href if href.lower().startswith("javascript:") else "")
        if code
    )


def _sent(page: Page, code: str) -> Next | None:
    """Return the request that a piece of script sends by a form, None if it sends none or one
    that is filled in as the page has it already."""
    script, local = run(page, code)
    if not _SUBMIT.search(script):
        return None
    known = names(page) | local
    filled = {
        next(filter(None, match.groups())): read_value(script, match.end(), known)
        for match in _FILLED.finditer(script)
    }
    for form in page.tree.iter("form"):
        fields = {field.get("name") or "": field for field in _fields(form)}
        data = {name: field.get("value") or "" for name, field in fields.items()}
        changed = {
            name: str(filled[key])
            for name, field in fields.items()
            for key in (field.get("id"), name)
            if isinstance(filled.get(key), int | str)
        }
        if any(data[name] != value for name, value in changed.items()):
            return _request(page, form, data | changed)
    return None


def _fields(form: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield the inputs of a form that are sent with it."""
    for field in form.iter("input"):
        kind = (field.get("type") or "text").lower()
        if field.get("name") and kind in ("hidden", "text", "number"):
            yield field


def _request(page: Page, form: html.HtmlElement, data: dict[str, str]) -> Next | None:
    url = page.resolve(form.get("action") or page.url)
    if url is None:
        return None
    if (form.get("method") or "get").lower() != "post":
        return Next(with_query(url, data))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Next(url, method="POST", body=urlencode(data).encode(), headers=headers)
