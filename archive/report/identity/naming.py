"""The names that a document and its page give for the issuer, the surest first.

Asked in order: the title, the report's own words, the page's facts (ContentSource, 发布机构), its
breadcrumb, the listing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from archive.report.chars import HAN, fold, simplified, tight
from archive.report.identity.divisions import Place, resolve
from archive.report.identity.gazetteer import NOW, division_path, gazetteer, short_names, times
from archive.report.identity.introductions import (
    AREAS,
    OPENING,
    ORGAN_END,
    PRONOUN,
    Found,
    introduced,
    own_word,
    signed,
)
from archive.report.identity.kinds import VERTICAL, is_central
from archive.report.identity.titles import first_lines, issuer_part, year_in

_PUBLISHER = re.compile(
    rf"(?:发布机构|发文机关|公开机构|制作单位|发布单位|信息来源|来源)\s*[:|]*\s*(?P<name>[{HAN}]{{3,30}})"
)
_FIRST_HEADING = re.compile(r"\s*[一1][、.．]")
_SENT_OUT = re.compile("关于(?:公布|发布|公开|印发)")
_PLACE = rf"[{HAN}]{{1,12}}?[省市县区州旗盟]|[{HAN}]{{1,6}}(?:街道|镇|乡)"
_ORGAN = re.compile(rf"(?:{_PLACE})*[{HAN}]*?(?:{ORGAN_END}|[省市县区州])")

# What stands behind the name of a city without its kind in the names of offices of upper bodies.
_UPPER_OFFICE = re.compile(r"(?<!总)(?:调查队|(?:中心)?支[行局]|监管分局)$")


def place_of(name: str, context: str | None = None, year: int | None = None) -> Place:
    """Return the place that ``name`` begins with, or has behind the name of an upper body
    (国家税务总局昆明市税务局); see ``resolve``."""
    place = resolve(name, context, year)
    if not place.end and (match := VERTICAL.match(simplified(name))):
        rest = name[match.end() :]
        place = resolve(rest, context, year)
        if not place.end and (region := _region_named(rest)):
            place = Place(region, None, division_path(region, year), 2)
        return replace(place, end=place.end + match.end()) if place.end else place
    return place


def _region_named(name: str) -> str | None:
    """Return the province or city that ``name`` begins with, without its kind (云南调查总队,
    铜陵调查队, 昆明中心支行).

    None: it begins with none, or with a name that others have too (吉林, 朝阳).
    """
    office = _UPPER_OFFICE.search(name)
    for end in (office.start(),) if office else (3, 2):
        codes = gazetteer().weak.get(name[:end], "").split()
        if len(codes) == 1 and codes[0].endswith("0000"):
            return codes[0]
        if len(codes) == 1 and office and not _is_county(name[:end]):
            return codes[0]
        if codes:
            return None
    return None


def _is_county(bare: str) -> bool:
    """Whether any county now has the name ``bare``, its kind left out."""
    everywhere = (code for codes in gazetteer().counties.values() for code in codes)
    return any(
        bare == short_names(time.name)[-1] and not time.away(NOW)
        for code in everywhere
        for time in times(code)
    )


def _is_full(name: str) -> bool:
    """Whether ``name`` names a place, or is that of a central body."""
    return bool(place_of(name).end or is_central(name))


def names_of(
    title: str | None,
    text: str,
    metas: Mapping[str, str],
    head: str,
    breadcrumb: str,
    hints: Mapping[str, str],
) -> Iterator[Found]:
    """Yield the names that the document and its page give, the surest first."""
    name = issuer_part(title) if title else None
    if name is None:
        name = _above(head)
    titled = [Found(name, "title", 0.98)] if name and not PRONOUN.match(name) else []
    # X关于公布… names who publishes; 现将Y…予以公布 who reports.
    sent_out = title is not None and _SENT_OUT.search(title) is not None
    if not sent_out:
        yield from titled
    # A name with its place goes before one without.
    yield from sorted(introduced(text), key=lambda f: not _is_full(f.name))
    if sent_out:
        yield from titled
    own = own_word(tight(fold(text[:OPENING])))
    page = (f for f in (signed(text), *_of_page(metas, head, breadcrumb)) if f)
    yield from (f for f in page if _can_be(f.name, own))
    if name := issuer_part(hints.get("anchor", "")):
        yield Found(name, "listing", 0.6)


def _above(head: str) -> str | None:
    """Return the issuer in a title that stands, over a line or several, above the article."""
    lines = head.split("\n")
    stop = next((n for n, line in enumerate(lines) if _FIRST_HEADING.match(line)), len(lines))
    titles = (line for line in first_lines(lines[max(0, stop - 8) : stop]) if year_in(line))
    parts = (part for line in titles if (part := issuer_part(line)))
    return next((part for part in parts if _is_full(part)), None)


def _of_page(metas: Mapping[str, str], head: str, breadcrumb: str) -> Iterator[Found]:
    """Yield the organs that the page names as its publisher."""
    for key in ("contentsource", "source", "author", "publisher"):
        if name := _organ(metas.get(key, "")):
            yield Found(name, "meta", 0.7)
    for label in _PUBLISHER.finditer(fold(head)):
        if name := _organ(label["name"]):
            yield Found(name, "meta", 0.7)
    for part in reversed(re.split(r"[>»/|\s]+", breadcrumb)):
        if name := _organ(part):
            yield Found(name, "breadcrumb", 0.6)


def _can_be(name: str, own: str) -> bool:
    """Whether the organ ``name`` may call itself 我局 (``own``: 局), or its area 我县.

    What publishes a page is often not what reports.
    """
    if own not in AREAS:
        return own in name[-8:]
    return not own or bool(re.search(rf"{own}(?:(?:人民)?政府.*)?$", name))


def _organ(text: str) -> str | None:
    """Return ``text`` where it names an organ with its place; None: 本站, 原创, a website."""
    plain = fold(text).strip()
    fits = 3 <= len(plain) <= 40 and _ORGAN.fullmatch(plain) and _is_full(plain)
    return plain if fits else None
