"""What is odd about a portal besides its system: each oddity by its name in ``data/land.yml``."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from gkcrawl.demo.land.planted import PRIVATE
from gkcrawl.demo.land.portal import Portal
from gkcrawl.demo.land.records import Asked, stable
from gkcrawl.demo.land.spec import Spec
from gkcrawl.demo.rendering import render
from gkcrawl.demo.wire import Page

_VISITS = itertools.count(1)
_HREF = re.compile(r'(href=")((?:/|\./)[^"#]*)(")')
_OLD = "/old2018"
RETRY_AFTER = 1
"""Seconds that a server asks for when it stumbles."""


def instead(portal: Portal, asked: Asked) -> Page | None:
    """Return what a portal answers before it looks for the page; None: nothing."""
    option = portal.spec.option
    if asked.host == option.get("moved_from"):
        return _moved(portal, asked)
    if asked.path == "/robots.txt":
        return _robots(portal)
    if "flaky" in portal.spec.traps and _stumbles(portal, asked):
        return Page("<html><body>503</body></html>", status=503, retry_after=RETRY_AFTER)
    if refusal := option.get("refusal"):
        return Page(render(f"land/odd/refused_{refusal}.html"), status=int(refusal))
    if asked.host.partition(".")[0] in option.get("hijacked", ()):
        return Page(render("land/odd/hijacked.html"))
    for name in sorted(portal.spec.traps & _ANSWERS.keys()):
        if (page := _ANSWERS[name](portal, asked)) is not None:
            return page
    return None


def changed(portal: Portal, asked: Asked, page: Page) -> Page:
    """Return a page as the portal's traps change it."""
    if page.media_type != "text/html" or page.data is not None or page.status != 200:
        return page
    for name in sorted(portal.spec.traps & _CHANGES.keys()):
        # A template's text would escape what replaces a part of it.
        page = replace(page, text=_CHANGES[name](str(page.text)))
    return page


def known(portal: Portal, columns: Sequence[str]) -> list[str]:
    """Return columns as the portals file has them: where ``stale``, as they were years ago."""
    if "stale" not in portal.spec.traps:
        return list(columns)
    parts = [urlsplit(url) for url in columns]
    return [part._replace(path=f"{_OLD}{part.path}").geturl() for part in parts]


def _robots(portal: Portal) -> Page:
    """Return robots.txt; where there is none, what the portal says of everything that is not."""
    status = portal.spec.option.get("robots_status", 200)
    if status != 200:
        return Page(render("land/odd/missing.html"), status=status)
    if not portal.spec.robots:
        return missing(portal.spec)
    return Page(portal.spec.robots, media_type="text/plain")


def missing(spec: Spec) -> Page:
    """Return what a portal says where it has nothing."""
    if spec.missing == "home":
        return Page(status=302, location=spec.home)
    if spec.missing == "soft":
        return Page(render("land/odd/soft_404.html"))
    return Page(render("land/odd/missing.html"), status=404)


def _stumbles(portal: Portal, asked: Asked) -> bool:
    """Tell whether a page is one of those that fail when they are asked for the first time."""
    address = f"{asked.path}?{asked.query}"
    if address in portal.stumbled or stable(address, least=0, most=11):
        return False
    portal.stumbled.add(address)
    return True


def _moved(portal: Portal, asked: Asked) -> Page:
    """Return the redirect of the host where the portal stood before."""
    query = f"?{asked.query}" if asked.query else ""
    return Page(status=301, location=f"{portal.system.origin}{asked.path}{query}")


def _calendar(portal: Portal, asked: Asked) -> Page | None:
    """A calendar without an end, whose links promise much."""
    if asked.path != "/calendar/":
        return None
    month = asked.number("m", 0)
    links = {n: f"/calendar/?m={n}" for n in (month + 1, month + 2, 10_000 + month)}
    html = render("land/odd/calendar.html", links=links)
    return Page(html)


def _redirects(portal: Portal, asked: Asked) -> Page | None:
    """Redirects to addresses of private networks; the last two are written in the page."""
    place = asked.path.removeprefix("/go/")
    if place == asked.path or not place.isdigit() or int(place) >= len(PRIVATE):
        return None
    url = PRIVATE[int(place)]
    if int(place) == 2:
        return Page(render("land/odd/moved_script.html", url=url, title="跳转"))
    if int(place) == 3:
        return Page(render("land/odd/moved_refresh.html", url=url, title="跳转"))
    return Page(status=302, location=url)


def _front(portal: Portal, asked: Asked) -> Page | None:
    """The home page only leads to the real one, by a meta element or by a script."""
    if asked.path == "/" and asked.host == portal.spec.host:
        kind = "script" if stable(portal.spec.key, least=0, most=1) else "refresh"
        url = f"{portal.system.origin}/main/index.html"
        return Page(render(f"land/odd/moved_{kind}.html", url=url, title=portal.spec.name))
    if asked.path == "/main/index.html":
        return portal.answer(replace(asked, path="/"))
    return None


def _framed(portal: Portal, asked: Asked) -> Page | None:
    """A column's page only has a frame, in which the list stands."""
    own = {urlsplit(published.url).path for published in portal.published}
    if asked.path not in own or "frame" in asked.parameters:
        return None
    inside = render("land/odd/frame.html", url=f"{asked.path}?frame=1")
    return portal.system.links_page("政府信息公开年报", (), extra=inside)


def _mobile(portal: Portal, asked: Asked) -> Page | None:
    """The whole site once more below ``/m/``."""
    if not asked.path.startswith("/m/"):
        return None
    page = portal.answer(replace(asked, path=asked.path[2:]))
    if page is None or page.media_type != "text/html":
        return page
    return replace(page, text=str(page.text).replace('href="/', 'href="/m/'))


_ANSWERS: Mapping[str, Callable[[Portal, Asked], Page | None]] = {
    "calendar": _calendar,
    "private": _redirects,
    "framed": _framed,
    "front": _front,
    "mobile": _mobile,
}


def _session(text: str) -> str:
    """Every link carries the number of the visit."""
    visit = f"{next(_VISITS):032X}"

    def stamped(match: re.Match[str]) -> str:
        path, mark, query = match[2].partition("?")
        return f"{match[1]}{path};jsessionid={visit}{mark}{query}{match[3]}"

    return _HREF.sub(stamped, text)


def _clocked(text: str) -> str:
    """Every link carries the time of the visit as a parameter."""
    visit = 1_700_000_000_000 + next(_VISITS)
    return _HREF.sub(lambda m: f"{m[1]}{m[2]}{'&' if '?' in m[2] else '?'}_t={visit}{m[3]}", text)


def _leaks(text: str) -> str:
    """Links that a template left as they are."""
    return _beneath(text, render("land/odd/leaks.html"))


def _dated(text: str) -> str:
    return _beneath(text, '<a href="/calendar/">政府信息公开日历</a>')


def _twinned(text: str) -> str:
    return _beneath(text, '<a href="/m/">手机版</a>')


def _based(text: str) -> str:
    """All addresses are relative to a base that the head names."""
    return text.replace('href="/', 'href="').replace("<title>", '<base href="/"><title>', 1)


def _beneath(text: str, html: str) -> str:
    return text.replace('<div class="foot">', f'{html}<div class="foot">')


_CHANGES: Mapping[str, Callable[[str], str]] = {
    "base": _based,
    "calendar": _dated,
    "clocked": _clocked,
    "leaks": _leaks,
    "mobile": _twinned,
    "session": _session,
}
