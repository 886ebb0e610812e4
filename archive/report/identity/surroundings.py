"""What stands around a report and tells in which division it was published.

A name such as 城关镇人民政府 or 区统计局 leaves the place out, since everyone on the site knows it.
The site tells: its identification code (网站标识码, ten digits, six of them a division code), its
name, the breadcrumb, the organ that runs it, and what the report itself mentions. All this is used
to complete a name, never instead of one: a portal also holds the reports of other divisions.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive.report.chars import HAN
from archive.report.identity.divisions import resolve
from archive.report.identity.gazetteer import division_name, within

_SITE_CODE = re.compile(r"网站标识码\s*[:：]?\s*(?P<code>\d{6})\d{4}(?!\d)")
_META_CODE = re.compile(r"(?P<code>\d{6})\d{4}$")
# What a name without its place begins with, and how the names of such divisions end.
_LEVELS = {"省": "省", "市": "市", "县": "县", "州": "州", "盟": "盟", "旗": "旗", "区": "区"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a document stood."""

    code: str | None = None
    """The division of the portal or of the site; None: not told."""
    texts: tuple[str, ...] = ()
    """What may name the place, the nearest to the document first, folded."""


def surroundings_of(
    metas: Mapping[str, str], texts: Iterable[str], page: str, hints: Mapping[str, str]
) -> Surroundings:
    """Return the surroundings of a document.

    ``texts`` are the page's own lines and the report's, without the names of cited documents;
    ``page`` is the whole page, ``hints["portal"]`` the code of the portal that was crawled.
    """
    tail = page[-1500:]
    site = _META_CODE.match(metas.get("siteidcode", "")) or _SITE_CODE.search(tail)
    name = resolve(metas.get("sitename", ""))
    codes = (
        hints.get("portal"),
        site["code"] if site else None,
        None if name.bare else name.code,
    )
    named = " ".join(metas.get(key, "") for key in ("sitename", "contentsource", "keywords"))
    return Surroundings(
        next((code for code in codes if code and division_name(code)), None),
        tuple(text for text in (named, *texts, tail) if text.strip()),
    )


def chosen(candidates: tuple[str, ...], around: Surroundings, year: int | None) -> str | None:
    """Return the one of several ``candidates`` (codes) that the surroundings speak for; None: they
    speak for none, or for several."""
    if around.code and (inside := [c for c in candidates if within(c, around.code)]):
        return inside[0] if len(inside) == 1 else _named(inside, around, year)
    return _named(candidates, around, year)


def _named(candidates: Iterable[str], around: Surroundings, year: int | None) -> str | None:
    """Return the candidate whose county, else whose city, is named first and alone."""
    outer = {
        c: [o for o in (c[:6], c[:4] + "00") if o != c and not o.endswith("0000")]
        for c in candidates
    }
    for text in around.texts:
        for level in range(2):
            named = [
                c
                for c, codes in outer.items()
                if level < len(codes) and _is_named(division_name(codes[level], year), text)
            ]
            if len(named) == 1:
                return named[0]
            if named:
                break
    return None


def _is_named(name: str | None, text: str) -> bool:
    """Whether ``text`` names the division: 成县 stands in 建成县级平台, too, and is not named."""
    if not name or name not in text:
        return False
    before = rf"(?:(?<![{HAN}])|(?<=[在由与对经]))" if len(name) < 3 else ""
    return re.search(f"{before}{name}(?!级)", text) is not None


def placed(name: str, around: Surroundings) -> str | None:
    """Return the code of the site's division where the organ ``name``, which names no place, can be
    that division's own: 区统计局 on the site of a district, 财政局 on that of a county.

    None: the site's division is not known, or may be one above that of the organ.
    """
    code = around.code
    own = division_name(code) if code else None
    if code is None or own is None:
        return None
    level = _LEVELS.get(name[0])
    if level is None:
        return None if code.endswith("00") else code
    return code if own.endswith(level) else None
