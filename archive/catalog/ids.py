"""Names of organs and reports that stay the same in every rebuild of the catalog.

An organ is known by its place and by what is left of its name without the place, so that
昆明市官渡区人民政府六甲街道办事处 and 官渡区六甲街道办事处 are one organ, and two 教育局 of
different places are two.
"""

import hashlib
import re
import unicodedata

from archive.records import Issuer

TOWN_KINDS = frozenset({"subdistrict_office", "town_government"})

# What stays of a name without its place, in the words of the full official name.
_SAME_WORDS = {
    "": "人民政府",
    "政府": "人民政府",
    "政府办": "人民政府办公室",
    "政府办公室": "人民政府办公室",
    "政府办公厅": "人民政府办公厅",
    "人民政府办": "人民政府办公室",
}
_SAME_WORDS_OF_SUBDISTRICTS = {
    "": "办事处",
    "办": "办事处",
    "街道办": "办事处",
    "街道办事处": "办事处",
}
# 随县经济开发区（以下简称开发区）: how the text will call the organ is no part of its name.
_SHORT_FORM = re.compile(r"\((?:以下)?简称[^)]*\)")
# 第一师阿拉尔市 is 阿拉尔市: the corps (兵团) and its divisions are no places of GB/T 2260.
_CORPS = re.compile(r"(?:(?:新疆生产建设)?兵团)?第[一二三四五六七八九十]+师|(?:新疆生产建设)?兵团")
# A short run of place names before the last place of the path, e.g. 云南省楚雄州 before 楚雄市.
_PLACES_BEFORE = re.compile(r"(?:[^省市州盟区县旗]{1,10}[省市州盟区县旗]){1,3}")


def canonical_name(issuer: Issuer) -> str:
    """Return the organ's name without its place, blanks and short forms; "" when it has none."""
    if not issuer.name:
        return ""
    name = re.sub(r"\s+", "", unicodedata.normalize("NFKC", issuer.name))
    name = _SHORT_FORM.sub("", name)
    places = [re.sub(r"\s+", "", place) for place in issuer.path if place.strip()]
    corps = _CORPS.match(name)
    if corps and name.startswith(tuple(places), corps.end()):
        name = name[corps.end() :]
    rest = _without_places(name, places)
    is_subdistrict = issuer.kind == "subdistrict_office"
    if is_subdistrict and places:
        # 官渡区人民政府六甲街道办事处: the district's government stands before the subdistrict.
        rest = _without_places(rest.removeprefix("人民政府"), places)
    same_words = _SAME_WORDS_OF_SUBDISTRICTS if is_subdistrict else _SAME_WORDS
    return same_words.get(rest, rest)


def agency_id(issuer: Issuer) -> str | None:
    """Return the id of the organ, e.g. ``530111008-1a2b3c4d``; None when name or place is unknown.

    The place (township code, else division code, ``central`` for central bodies) and eight hex
    digits of the SHA-256 of the canonical name. Two 城关镇人民政府 whose counties are not known
    must not become one organ: without a place there is no id.
    """
    name = canonical_name(issuer)
    place = issuer.township_code or issuer.division_code
    if issuer.kind == "central_body":
        place = place or "central"
    if not name or not place:
        return None
    return f"{place}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def report_id(agency: str | None, year: int | None, url: str) -> str:
    """Return ``<agency>-<year>``, or an id from the digest of ``url`` when either is unknown."""
    if agency is None or year is None:
        return f"url-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    return f"{agency}-{year}"


def level(kind: str | None, division_code: str | None, township_code: str | None) -> str | None:
    """Return an organ's level: central, province, city, county or town; None: place unknown."""
    if kind == "central_body":
        return "central"
    if township_code or kind in TOWN_KINDS:
        return "town"
    return division_level(division_code)


def division_level(code: str | None) -> str | None:
    """Return the level that the digits of a GB/T 2260 code tell; None without a code.

    A prefecture (地级) is a "city"; townships have nine digits (统计用区划代码).
    """
    if not code:
        return None
    if len(code) > 6:
        return "town"
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


def _without_places(name: str, places: list[str]) -> str:
    """Return ``name`` without the names of ``places`` at its beginning, in any form of lead-in."""
    for place in places:
        name = name.removeprefix(place)
    if places:
        before, last, rest = name.partition(places[-1])
        if last and _PLACES_BEFORE.fullmatch(before):
            return rest
    return name
