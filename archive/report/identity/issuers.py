"""Who gives the report: name, kind, scope and place of the issuing organ (发布机关).

A name that leaves its place open is completed by what stands around the document, or stays open,
with a warning that says why; nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import replace

from archive.records import Issuer
from archive.report.chars import fold, simplified, tight
from archive.report.identity.divisions import Place, is_lowest
from archive.report.identity.gazetteer import (
    division_name,
    division_path,
    host_of,
    in_force,
    real_county,
    within,
)
from archive.report.identity.introductions import CITED, OPENING, Found
from archive.report.identity.kinds import is_central, kind_of, scope_of
from archive.report.identity.naming import names_of, place_of
from archive.report.identity.surroundings import Surroundings, chosen, placed, surroundings_of


def identify(
    *,
    title: str | None,
    text: str,
    metas: Mapping[str, str],
    head: str,
    breadcrumb: str,
    hints: Mapping[str, str],
    year: int | None = None,
    page: str = "",
) -> tuple[Issuer, tuple[str, ...]]:
    """Return the issuer and warnings. ``text`` is the report, ``head`` the page above it, ``page``
    all visible text, ``year`` the year reported on: places have the names and codes of it.

    ``hints["portal"]`` (a division code) decides between places of one name and is the place of
    last resort; ``hints["anchor"]`` is the text of the link in the listing.
    """
    names = names_of(title, text, metas, head, breadcrumb, hints)
    first = next(names, None)
    if first is None:
        return Issuer(), ("issuer: not found",)
    if _is_sure(first.name, None, year):
        return _described(first, place_of(first.name, None, year), [], Surroundings(), year, text)
    plain = CITED.sub("", fold(text[:OPENING]))
    around = surroundings_of(metas, (fold(breadcrumb), fold(head), plain), page, hints)
    found = [first, *names]
    best = _best(found, around.code, year)
    place = place_of(best.name, around.code, year)
    return _described(best, place, [f for f in found if f != best], around, year, text)


def _best(found: list[Found], context: str | None, year: int | None) -> Found:
    """Return the first name; or, where it names no place, a later one of the same organ that does
    (区统计局: 咸阳市杨陵区统计局), or any that does where no title names the issuer."""
    first = found[0]
    titled = first.source == "title"
    if _is_sure(first.name, context, year) or (titled and place_of(first.name).end):
        return first
    body = first.name.lstrip("省市县州盟旗区")
    same = (f for f in found[1:] if f.name.endswith(body) or not titled)
    return next((f for f in same if _is_sure(f.name, context, year)), first)


def _is_sure(name: str, context: str | None, year: int | None) -> bool:
    """Whether ``name`` stands by itself: it names its one place, or a central body."""
    place = place_of(name, context, year)
    return (place.found and not place.bare) or is_central(name)


def _described(
    best: Found,
    place: Place,
    others: list[Found],
    around: Surroundings,
    year: int | None,
    text: str,
) -> tuple[Issuer, tuple[str, ...]]:
    """Return the issuer called ``best``, its place completed where its name leaves it open."""
    kind = kind_of(fold(best.name), place)
    issuer = Issuer(
        name=_as_found(best.name, text),
        kind=kind,
        scope=scope_of(fold(best.name), kind),
        source=best.source,
        confidence=best.confidence,
    )
    if place.found and not place.bare:
        if _is_above(kind, place):
            return _open(issuer, f"where in {place.path[-1]} {best.name} lies is not known")
        return _at(issuer, place.code, place.township_code, place.path), ()
    if place.found or place.ambiguous:
        return _one_of(issuer, place, others, around, year)
    if is_central(best.name):
        return issuer, ()
    return _on_site(issuer, others, around, year)


def _is_above(kind: str | None, place: Place) -> bool:
    """Whether ``place`` is not where the organ is but far above it.

    湖南湘江新区 lies in some city of 湖南, 荆门市何集办事处 in some county of 荆门市.
    """
    if place.township_code or place.code is None:
        return False
    if kind == "development_zone":
        return place.code.endswith("0000")
    return kind in ("subdistrict_office", "town_government") and not is_lowest(place.code)


def _one_of(
    issuer: Issuer, place: Place, others: list[Found], around: Surroundings, year: int | None
) -> tuple[Issuer, tuple[str, ...]]:
    """Return the issuer at the one of the places of its name that something else speaks for."""
    candidates = place.ambiguous or (place.township_code or place.code or "",)
    for other in others:
        near = place_of(other.name, around.code, year)
        if near.found and not near.bare:
            whole = near.township_code or near.code or ""
            inside = [c for c in candidates if within(c, whole)]
            if len(inside) == 1:
                return _in(issuer, inside[0], year), ()
    if code := chosen(candidates, around, year):
        return _in(issuer, code, year), ()
    if place.ambiguous:
        return _open(issuer, f"the place of {issuer.name} fits {len(candidates)} divisions")
    only = " ".join(place.path)
    return _open(issuer, f"{issuer.name} may be that of {only}, but nothing else says so")


def _on_site(
    issuer: Issuer, others: list[Found], around: Surroundings, year: int | None
) -> tuple[Issuer, tuple[str, ...]]:
    """Return an issuer that names no place at the site's own division, where it can be its."""
    below = issuer.kind in ("subdistrict_office", "town_government", "development_zone")
    name = issuer.name or ""
    code = None if below else placed(name, around)
    if code is None:
        return _open(issuer, f"the place of {name} is not known")
    warning = f"issuer: {name} names no place; the portal's division is taken"
    return replace(_in(issuer, code, year), confidence=min(issuer.confidence, 0.5)), (warning,)


def _open(issuer: Issuer, why: str) -> tuple[Issuer, tuple[str, ...]]:
    """Return the issuer without a place, and the warning that says why."""
    confidence = round(issuer.confidence * 0.7, 2)
    return replace(issuer, confidence=confidence), (f"issuer: {why}; left open",)


def _in(issuer: Issuer, code: str, year: int | None) -> Issuer:
    """Return the issuer in the division ``code`` of six or nine digits."""
    town = code if len(code) == 9 else None
    county = real_county(code[:6]) if town else host_of(in_force(code, year))
    names = division_path(county, year)
    return _at(issuer, county, town, (*names, division_name(code, year) or "") if town else names)


def _at(issuer: Issuer, code: str | None, township: str | None, path: tuple[str, ...]) -> Issuer:
    return replace(issuer, division_code=code, township_code=township, path=path)


def _as_found(name: str, text: str) -> str:
    """Return ``name`` with the brackets and characters that the text has (it was found in folded
    text), or in those of the organ where a copy was turned into traditional characters."""
    own = tight(text[:OPENING])
    at = fold(own).find(fold(name))
    found = own[at : at + len(name)] if at >= 0 else name
    opening = text[:300]
    turned = sum(a != b for a, b in zip(opening, simplified(opening), strict=True))
    return simplified(found) if turned > len(opening) // 20 else found
