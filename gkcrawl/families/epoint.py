"""新点 (Epoint): 徐州, 营口, 许昌, 黄浦, 松江, 辽阳县, 连云港's bureaus, 阿勒泰.

Three kinds of lists. Static ones, ``/zw/009001/009001002/`` with ``2.html`` behind it. Frames:
``/govxxgk/<organ>/openSubPage.html?specialurl=/govxxgk/…/govlist.html&righttitle=信息公开年度报告``
only shows the address in ``specialurl``. And shells such as ``/dynamic/zwgk/govInfoPub.html?
categorynum=003002``, which post ``{deptcode, categorynum, pageIndex: 0, pageSize, siteGuid}`` to
``/EWB-FRONT/rest/lightfrontaction/getgovinfolist``; siteGuid and the name of the project stand in
``/js/webBuilderCommon.js`` or ``/js/ajaxReq.js``, which is asked once for each host.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gkcrawl.families.answers import json_listing, read_answer
from gkcrawl.families.calls import calls, names, post
from gkcrawl.families.discovery import Kind, Lead
from gkcrawl.families.page import Page
from gkcrawl.families.rows import Entry, Listing, Next
from gkcrawl.families.static import Static, lists_reports

_ACTION = "/rest/lightfrontaction/getgovinfolist"
_ACTION_URL = re.compile(r"""["']([^"'\s]*/rest/lightfrontaction/getgovinfolist)["'?]""", re.I)
_SITE_SCRIPT = re.compile(r"/[^/]*(?:webBuilderCommon|ajaxReq)[^/]*\.js$", re.I)
_GUID = re.compile(r"""siteGuid["']?\s*[:=]\s*["']([\da-f-]{32,36})["']""", re.I)
_PROJECT = re.compile(r"""projectName["']?\s*[:=]\s*["'](/?[\w-]+)["']""", re.I)
_CATEGORY = re.compile(r"""categorynum["']?\s*[:=]\s*["'](\d{3,})["']""", re.I)
_WRAPS = re.compile(r"""["']?params["']?\s*:\s*(?:JSON\.stringify\(\s*)?\{|EWB_YK_Mid""", re.I)
_SHELL = re.compile(
    r"webBuilderCommon|ajaxReq|getgovinfolist|EWB-FRONT|/govInfoPub|/openlist", re.I
)
_PROJECT_NAME = "/EWB-FRONT"
_DEFAULT_SCRIPT = "/js/webBuilderCommon.js"
PAGE_SIZE = 20


class Epoint(Static):
    """Epoint; shells post for their rows, with a number of the site that a script tells."""

    name = "epoint"
    first = 0

    def listing(self, page: Page) -> Listing:
        if page.data is not None:
            return _answer(page)
        if _SITE_SCRIPT.search(urlsplit(page.url).path):
            return _site_told(page)
        if (inner := self.entrance(page.url)) != page.url:
            return Listing(next=(Next(inner),))
        return super().listing(page)

    def requests(self, page: Page, entries: Sequence[Entry]) -> Iterator[Next]:
        """Yield the POST for the list of a shell, or first the script that knows the site."""
        wanted = _wanted(page)
        if lists_reports(entries) or not wanted or not _SHELL.search(f"{page.url} {page.text}"):
            yield from super().requests(page, entries)
        elif site := _site(page, page.text) or _known(page):
            yield _post(page, site, wanted)
        else:
            found = page.tree.xpath("//script/@src")
            sources = (url for url in (page.resolve(str(src)) for src in found) if url)
            here = (url for url in sources if _SITE_SCRIPT.search(urlsplit(url).path))
            script = next(here, None) or page.resolve(_DEFAULT_SCRIPT) or page.url
            if _is_first_to_wait(page, wanted):
                yield Next(script)

    def columns(self, page: Page, *, inside: Kind | None = None) -> tuple[Lead, ...]:
        """Return the leads, those to frames as leads to what the frame shows."""
        leads = super().columns(page, inside=inside)
        return tuple(replace(lead, url=self.entrance(lead.url)) for lead in leads)

    def entrance(self, url: str) -> str:
        """Return the address that a frame shows; every other address as it is."""
        inner = _query(url).get("specialurl")
        target = Page(url, b"").resolve(inner) if inner else None
        return target or url


def _query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _wanted(page: Page) -> dict[str, str]:
    """Return category and organ of a column by its address, its fields or its script."""
    said = {name.lower(): str(value) for name, value in names(page).items()}
    in_script = _CATEGORY.search(page.text)
    category = said.get("categorynum") or (in_script[1] if in_script else "")
    return {"categorynum": category, "deptcode": said.get("deptcode", "")} if category else {}


def _site(page: Page, text: str) -> dict[str, str]:
    """Return siteGuid, endpoint and form of the site by a page or a script, {} if it says none."""
    guid = _GUID.search(text)
    if guid is None:
        return {}
    project = _PROJECT.search(text)
    root = f"/{project[1].lstrip('/')}" if project else _PROJECT_NAME
    written = _ACTION_URL.search(text)
    path = written[1] if written and written[1].startswith(("/", "http")) else root + _ACTION
    if written and written[1] == _ACTION:
        path = root + _ACTION
    url = page.resolve(path) or page.url
    form = "wrapped" if _WRAPS.search(text) or "EWB_YK" in url else "json"
    site = {"siteGuid": guid[1], "url": url, "form": form}
    page.known[f"epoint {urlsplit(page.url).hostname}"] = json.dumps(site)
    return site


def _known(page: Page) -> dict[str, str]:
    """Return what an earlier page told of this host, {} if none did."""
    told = page.known.get(f"epoint {urlsplit(page.url).hostname}")
    return dict(json.loads(told)) if told else {}


def _is_first_to_wait(page: Page, wanted: Mapping[str, str]) -> bool:
    """Note that a column waits for its host's script; tell whether no other did so before."""
    name = _waiting(page)
    columns = json.loads(page.known.get(name, "[]"))
    page.known[name] = json.dumps([*columns, wanted])
    return not columns


def _site_told(page: Page) -> Listing:
    """Return the POSTs for the columns that waited for the site's script."""
    site = _site(page, page.text)
    columns = json.loads(page.known.pop(_waiting(page), "[]")) if site else ()
    # ``otherwise``, since the script itself brought nothing new.
    return Listing(otherwise=tuple(_post(page, site, wanted) for wanted in columns))


def _waiting(page: Page) -> str:
    return f"epoint waiting {urlsplit(page.url).hostname}"


def _post(page: Page, site: Mapping[str, str], wanted: Mapping[str, str]) -> Next:
    """Return the request for the first rows, in the form that the page's own call has."""
    data: dict[str, Any] = {
        "deptcode": wanted.get("deptcode", ""),
        "categorynum": wanted["categorynum"],
        "pageIndex": 0,
        "pageSize": PAGE_SIZE,
        "siteGuid": site["siteGuid"],
    }
    own = next((c for c in calls(page) if c.url.lower().endswith(_ACTION)), None)
    if own is not None and own.method == "POST":
        wrapped = "params" in own.data
        inner = own.data["params"] if wrapped and isinstance(own.data["params"], dict) else own.data
        data = {**{str(k): v for k, v in inner.items() if k != "params"}, **data}
        return post(own.url, {"params": data} if wrapped else data, as_json=own.as_json)
    if site["form"] == "wrapped":
        data = {"params": {**data, "pageIndex": str(data["pageIndex"])}}
    return post(site["url"], data, as_json=True)


def _answer(page: Page) -> Listing:
    """Return the rows of an answer; where it is a refusal, the same as a form, once."""
    listing = json_listing(page, first=0)
    answer = read_answer(page)
    is_json = page.request_body[:1] == b"{"
    if listing.entries or answer.total is not None or not is_json:
        return listing
    data = json.loads(page.request_body)
    return Listing(otherwise=(post(page.url, data),))
